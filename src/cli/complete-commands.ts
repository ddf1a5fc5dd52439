import { commands } from './catalogue.ts'
import { type OptionSpec, partsOf } from './options/option.ts'
import { type Flags, optionEntries } from './options/options.ts'

const groups: readonly OptionSpec['group'][] = ['What to work on', 'Where', 'Definition']

/**
 * The text with this run's own models, config and target in every dynamox command that it names, so that the command
 * can be typed as it stands: `dynamox wait users` becomes `dynamox wait --local users`.
 */
export function completeCommands(text: string, flags: Flags): string {
  const contacting = commands.filter(({ contacts }) => contacts)
  const named = new RegExp(`\\bdynamox (${contacting.map(({ name }) => name).join('|')})\\b`, 'g')
  return text.replace(named, (line, name: string) => {
    const command = contacting.find(each => each.name === name)
    const words = optionEntries.flatMap(([key, option]) =>
      command !== undefined && groups.includes(option.group) && option.on(command)
        ? wordsOf(partsOf(option).long, flags[key])
        : [],
    )
    return [line, ...words].join(' ')
  })
}

function wordsOf(long: string, value: unknown): string[] {
  if (value === undefined) return []
  if (value === true) return [long]
  if (value === false) return [long.replace('--', '--no-')]
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.flatMap(each => [long, quote(String(each))])
}

/** As a shell takes it. */
function quote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
