import { DynamoxError } from '../../errors.ts'
import { suggestion } from '../../table/did-you-mean.ts'
import type { Command, Invocation } from '../command.ts'
import { align } from '../report/format.ts'
import type { Result } from '../report/report.ts'

export const explain: Command = {
  name: 'explain',
  summary: 'explain a rule or warning by its id; without an id, list them all',
  takes: 'rule',
  reads: 'nothing',
  examples: [['dynamox explain W-local-index', 'what it means, and what to do']],
  run,
}

async function run({ names: [given] }: Invocation): Promise<Result> {
  const { explanations } = await import('../explanations.ts')
  const entries = Object.entries(explanations)
  if (given === undefined) {
    return {
      exit: 0,
      extra: { rules: entries.map(([id, { means, fix }]) => ({ id, means, fix })) },
      lines: () => align(entries.map(([id, { means }]) => [id, means])),
    }
  }
  const [id, found] = entries.find(([each]) => each.toLowerCase() === given.toLowerCase()) ?? []
  if (id === undefined || found === undefined) {
    const ids = entries.map(([each]) => each)
    throw new DynamoxError('usage', `${JSON.stringify(given)} is not a rule id${suggestion(given, ids)}`, {
      hint: 'dynamox explain lists all of them',
    })
  }
  const isWarning = id.startsWith('W-')
  const level = isWarning
    ? `a warning; silence it in the config: silence: [${id}]`
    : 'an error: DynamoDB would refuse the request'
  return {
    exit: 0,
    extra: { rules: [{ id, ...found }] },
    lines: ({ bold, dim }) => [`${bold(id)}  ${dim(level)}`, `  ${found.means}`, `  ${found.fix}`],
  }
}
