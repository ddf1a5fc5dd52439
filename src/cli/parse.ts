import { parseArgs } from 'node:util'
import { DynamoxError } from '../errors.ts'
import { didYouMean } from '../table/did-you-mean.ts'
import { type CommandName, commandNames, commands } from './command-specs.ts'
import type { Flags } from './flags.ts'
import { parseDuration } from './options/duration.ts'
import { type OptionSpec, options, partsOf } from './program.ts'

export type Parsed =
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run'
      readonly command: CommandName
      readonly names: readonly string[]
      readonly flags: Flags
      /** What follows `--`, for a command that runs another program. */
      readonly program?: readonly string[] | undefined
    }

/** Reads a command line; options stand before or after the command and its names. Throws `usage`. */
export function parseArguments(argv: readonly string[]): Parsed {
  const cut = argv.indexOf('--')
  const own = cut < 0 ? argv : argv.slice(0, cut)
  const after = argv.slice(own.length + 1)
  const tokens = tokensOf(own)
  const [first, ...others] = tokens.filter(isPositional)
  const help = asksFor('help', tokens)
  if (asksFor('version', tokens)) return { kind: 'version' }
  if (first === undefined && help) return { kind: 'help', command: undefined }
  if (first === undefined) throw new DynamoxError('usage', 'no command', { hint: 'dynamox --help lists the commands' })
  const words = others.map(({ value }) => value)
  if (first.value === 'help') {
    const [topic] = [...words, ...after]
    return { kind: 'help', command: topic === undefined ? undefined : toCommand(topic) }
  }
  const stray = tokens.find(
    token => token.kind === 'option' && token.index < first.index && !switches.has(token.rawName),
  )
  if (stray?.kind === 'option' && !isCommand(first.value) && !help) throw unknownOption(stray.rawName)
  const command = toCommand(first.value)
  if (help) return { kind: 'help', command }
  const flags = readFlags(command, tokens)
  const runs = cut >= 0 && commands[command].runs === true
  const names = readNames(command, runs ? words : [...words, ...after])
  if (!runs) return { kind: 'run', command, names, flags }
  if (after.length === 0) throw new DynamoxError('usage', '-- is followed by no command')
  return { kind: 'run', command, names, flags, program: after }
}

function asksFor(name: 'help' | 'version', tokens: readonly Token[]): boolean {
  const found = tokens.find(token => token.kind === 'option' && token.name === name)
  if (found?.kind === 'option' && found.inlineValue === true) throw takesNoValue(found.rawName)
  return found !== undefined
}

interface Switch {
  readonly key: string
  readonly option: OptionSpec
  /** What it sets a flag without a value to. */
  readonly on: boolean
}

/** Every way to type every option, as in `--model`, `-m` and `--no-wait`. */
const switches: ReadonlyMap<string, Switch> = new Map(
  Object.entries(options).flatMap(([key, option]) => {
    const { long, short } = partsOf(option)
    const found = { key, option, on: !long.startsWith('--no-') }
    return [
      [long, found] as const,
      ...(short === undefined ? [] : [[short, found] as const]),
      ...(option.no === undefined ? [] : [[long.replace('--', '--no-'), { ...found, on: false }] as const]),
    ]
  }),
)

const hasValue = ({ option, on }: Switch) => option.value !== undefined && on

type Token = ReturnType<typeof tokensOf>[number]

const isPositional = (token: Token) => token.kind === 'positional'

/** Node splits the words by what each option takes; what they mean is decided here, where we can say it in our words. */
function tokensOf(argv: readonly string[]) {
  const declared: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'V' },
  }
  for (const [flag, found] of switches) {
    const { long, short } = partsOf(found.option)
    if (!flag.startsWith('--')) continue
    declared[flag.slice(2)] = {
      type: hasValue(found) ? 'string' : 'boolean',
      ...(short !== undefined && flag === long ? { short: short.slice(1) } : {}),
    }
  }
  return parseArgs({ args: [...argv], options: declared, strict: false, allowPositionals: true, tokens: true }).tokens
}

const isCommand = (word: string): word is CommandName => commandNames.some(name => name === word)

function toCommand(word: string): CommandName {
  if (isCommand(word)) return word
  throw new DynamoxError('usage', `no command ${JSON.stringify(word)}`, {
    hint: guess(word, commandNames) ?? `the commands are ${commandNames.join(', ')}`,
  })
}

function readFlags(command: CommandName, tokens: readonly Token[]): Flags {
  const flags: Record<string, unknown> = { color: true }
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { rawName, value, inlineValue } = token
    const found = switches.get(rawName)
    if (found === undefined) throw unknownOption(rawName, command)
    const { key, option } = found
    if (!option.commands.includes(command)) {
      throw new DynamoxError('usage', `${rawName} is not an option of ${command}`, {
        hint: `it belongs to ${listed(option.commands)}`,
      })
    }
    if (hasValue(found)) flags[key] = readValue(option, value, flags[key])
    else if (inlineValue === true) throw takesNoValue(rawName)
    else flags[key] = found.on
  }
  return flags
}

const takesNoValue = (flag: string) => new DynamoxError('usage', `${flag} takes no value`)

function readNames(command: CommandName, names: readonly string[]): string[] {
  const unwanted = names[0]
  if (unwanted !== undefined && !commands[command].names) {
    throw new DynamoxError('usage', `${command} takes no names, and got ${JSON.stringify(unwanted)}`, {
      hint:
        commands[command].runs === true
          ? `a command to run stands after --: dynamox ${command} -- ${unwanted}`
          : undefined,
    })
  }
  const empty = names.some(name => name.trim() === '')
  if (empty) throw new DynamoxError('usage', 'a table name is empty', { hint: 'is a variable of your shell not set?' })
  return [...new Set(names)]
}

function readValue(option: OptionSpec, text: string | undefined, previous: unknown): unknown {
  const { long, argument = '<value>' } = partsOf(option)
  if (text === undefined || switches.has(text)) {
    throw new DynamoxError('usage', `${long} needs a value: ${long} ${argument}`)
  }
  if (text.trim() === '' && option.value !== 'maybe-empty') {
    throw new DynamoxError('usage', `${long} is empty`, { hint: 'is a variable of your shell not set?' })
  }
  if (option.choices !== undefined) return choose(long, text, option.choices)
  switch (option.value) {
    case 'list':
      return [...(Array.isArray(previous) ? previous : []), text]
    case 'count':
      return readCount(long, text)
    case 'duration':
      return parseDuration(text, long)
    case 'port':
      return readPort(long, text)
    default:
      return text
  }
}

function choose(long: string, text: string, choices: readonly string[]): string {
  const plain = normal(text)
  const found = choices.find(choice => normal(choice) === plain)
  if (found !== undefined) return found
  throw new DynamoxError('usage', `${long} ${JSON.stringify(text)} is not one of ${choices.join(', ')}`, {
    hint: guess(plain, choices),
  })
}

const normal = (text: string) => text.toLowerCase().replaceAll('-', '_')

function readCount(long: string, text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number
  throw new DynamoxError('usage', `${long} ${JSON.stringify(text)} is not a whole number above 0`)
}

function readPort(long: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw new DynamoxError('usage', `${long} ${JSON.stringify(text)} is no port: 0 to 65535`)
}

/** `command`: the one whose options it may be, as far as it is known. */
function unknownOption(flag: string, command?: CommandName): DynamoxError {
  const candidates = [...switches]
    .filter(([, { option }]) => command === undefined || option.commands.includes(command))
    .map(([name]) => name)
  const help = command === undefined ? 'dynamox --help' : `dynamox ${command} --help`
  return new DynamoxError('usage', `unknown option ${flag}`, {
    hint: guess(flag, candidates) ?? `${help} lists the options`,
  })
}

function guess(word: string, candidates: readonly string[]): string | undefined {
  const found = didYouMean(word, candidates)
  return found === undefined ? undefined : `did you mean ${found}?`
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
