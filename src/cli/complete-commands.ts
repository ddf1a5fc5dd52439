import { DynamoxError } from '../errors.ts'
import type { CommandName } from './command-specs.ts'
import type { Flags } from './flags.ts'
import { type OptionSpec, options, partsOf } from './program.ts'

// Those that work on tables at the target.
const completed: readonly CommandName[] = ['create', 'exists', 'delete', 'wait', 'plan', 'update', 'list']
const commands = new RegExp(`\\bdynamox (${completed.join('|')})\\b`, 'g')
const groups: readonly OptionSpec['group'][] = ['What to work on', 'Where', 'Definition']

/**
 * The text with this run's own models, config and target in every dynamox command that it names, so that the command
 * can be typed as it stands: `dynamox wait users` becomes `dynamox wait --local users`.
 */
export function completeCommands(text: string, flags: Flags): string {
  return text.replace(commands, (line, command: CommandName) => [line, ...wordsFor(command, flags)].join(' '))
}

/** The same for an error: what it says to do next, and about each problem. */
export function completeError(error: DynamoxError, flags: Flags): DynamoxError {
  const { code, message, table, cause } = error
  const hint = error.hint === undefined ? undefined : completeCommands(error.hint, flags)
  const problems = error.problems?.map(problem => ({ ...problem, message: completeCommands(problem.message, flags) }))
  return new DynamoxError(code, message, { hint, problems, table, cause })
}

function wordsFor(command: CommandName, flags: Flags): string[] {
  return (Object.keys(options) as (keyof Flags)[]).flatMap(name => {
    const option = options[name]
    if (!groups.includes(option.group) || !option.commands.includes(command)) return []
    return wordsOf(partsOf(option).long, flags[name])
  })
}

function wordsOf(long: string, value: Flags[keyof Flags]): string[] {
  if (value === undefined) return []
  if (value === true) return [long]
  if (value === false) return [long.replace('--', '--no-')]
  const values = typeof value === 'object' ? value : [String(value)]
  return values.flatMap(each => [long, quote(each)])
}

/** As a shell takes it. */
function quote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
