import { DynamoxError } from '../../errors.ts'
import { suggestion } from '../../table/did-you-mean.ts'
import type { Command } from '../command.ts'
import { readExplanations } from '../explanations.ts'
import { align } from '../report/lines.ts'

export const explain: Command = {
  name: 'explain',
  summary: 'explain a rule or warning by its id; without an id, list them all',
  takes: {
    usage: '[rule id]',
    what: 'rule id',
    example: 'W-local-index',
    values: () => readExplanations().map(({ id }) => id),
  },
  otherWords: ['why', 'rule', 'rules', 'doc', 'docs'],
  examples: [['dynamox explain W-local-index', 'what it means, and what to do']],

  async run({ names: [given] }) {
    const rules = readExplanations()
    if (given === undefined) {
      return { exit: 0, extra: { rules }, lines: () => align(rules.map(({ id, means }) => [id, means])) }
    }
    const rule = rules.find(({ id }) => id.toLowerCase() === given.toLowerCase())
    if (rule === undefined) {
      const ids = rules.map(({ id }) => id)
      throw new DynamoxError('usage', `${JSON.stringify(given)} is not a rule id${suggestion(given, ids)}`, {
        hint: 'dynamox explain lists all of them',
      })
    }
    const { id, means, fix } = rule
    const level = id.startsWith('W-')
      ? `a warning; silence it in the config: silence: [${id}]`
      : 'an error: DynamoDB would refuse the request'
    return {
      exit: 0,
      extra: { rules: [rule] },
      lines: ({ bold, dim }) => [`${bold(id)}  ${dim(level)}`, `  ${means}`, `  ${fix}`],
    }
  },
}
