import type { Command } from 'commander'
import { DynamoxError } from '../errors.ts'
import { didYouMean } from '../table/did-you-mean.ts'
import type { Flags } from './flags.ts'
import { parseDuration } from './options/duration.ts'
import { type CommandName, commandNames, commands, type OptionSpec, options, optionsOf, partsOf } from './program.ts'

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
export async function parseArguments(argv: readonly string[]): Promise<Parsed> {
  const { word, rest, help, version } = pickCommand(argv)
  if (version) return { kind: 'version' }
  if (word === 'help') return { kind: 'help', command: rest[0] === undefined ? undefined : toCommand(rest[0]) }
  if (word === undefined && help) return { kind: 'help', command: undefined }
  if (word === undefined) throw new DynamoxError('usage', 'no command', { hint: 'dynamox --help lists the commands' })
  const command = toCommand(word)
  if (help) return { kind: 'help', command }
  const end = commands[command].runs === true ? rest.indexOf('--') : -1
  if (end < 0) return { kind: 'run', command, ...(await parseWith(command, rest)) }
  const program = rest.slice(end + 1)
  if (program.length === 0) throw new DynamoxError('usage', '-- is followed by no command')
  return { kind: 'run', command, program, ...(await parseWith(command, rest.slice(0, end))) }
}

const switches = new Map(
  Object.values(options).flatMap(option => {
    const { long, short } = partsOf(option)
    return [long, short, ...(option.no === undefined ? [] : [noForm(long)])]
      .filter(flag => flag !== undefined)
      .map(flag => [flag, option] as const)
  }),
)

function noForm(long: string): string {
  return long.replace('--', '--no-')
}

/** The first word that is neither an option nor an option's value. */
function pickCommand(argv: readonly string[]) {
  let help = false
  let version = false
  let wordAt: number | undefined
  for (let at = 0; at < argv.length; at++) {
    const token = argv[at] ?? ''
    if (token === '--') break
    if (token === '-h' || token === '--help') help = true
    else if (token === '-V' || token === '--version') version = true
    else if (!token.startsWith('-') || token === '-') wordAt ??= at
    else if (switches.get(token)?.value !== undefined && token !== '--no-config') at++
  }
  return {
    word: wordAt === undefined ? undefined : argv[wordAt],
    rest: argv.filter((_, at) => at !== wordAt),
    help,
    version,
  }
}

function toCommand(word: string): CommandName {
  const found = commandNames.find(name => name === word)
  if (found !== undefined) return found
  throw new DynamoxError('usage', `no command ${JSON.stringify(word)}`, {
    hint: guess(word, commandNames) ?? `the commands are ${commandNames.join(', ')}`,
  })
}

async function parseWith(command: CommandName, rest: readonly string[]): Promise<{ names: string[]; flags: Flags }> {
  const commander = await import('commander')
  const program = new commander.Command(command)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .helpOption(false)
    .allowExcessArguments()
    .argument('[names...]')
  for (const option of optionsOf(command)) addOption(program, option)
  try {
    program.parse([...rest], { from: 'user' })
  } catch (error) {
    if (error instanceof commander.CommanderError) throw toUsageError(error, command)
    throw error
  }
  const names = program.args
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
  return { names: [...new Set(names)], flags: program.opts<Flags>() }
}

function addOption(program: Command, option: OptionSpec): void {
  const { long } = partsOf(option)
  if (option.value === undefined) program.option(option.flags, option.meaning)
  else {
    const read = (text: string, previous: unknown) => readValue(option, text, previous)
    program.option(option.flags, option.meaning, read)
  }
  if (option.no !== undefined) program.option(noForm(long), option.no)
}

function readValue(option: OptionSpec, text: string, previous: unknown): unknown {
  const { long, argument = '<value>' } = partsOf(option)
  if (switches.has(text)) throw needsValue(long, argument)
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

function needsValue(long: string, argument: string): DynamoxError {
  return new DynamoxError('usage', `${long} needs a value: ${long} ${argument}`)
}

/** Commander's words in ours; an option that another command takes is said to be that. */
function toUsageError(error: { readonly code: string; readonly message: string }, command: CommandName): DynamoxError {
  const [, flag = ''] = /'(?:-\w, )?([^' ]+)[^']*'/.exec(error.message) ?? []
  const bare = flag.split('=')[0] ?? flag
  const known = switches.get(bare)
  if (error.code === 'commander.optionMissingArgument' && known !== undefined) {
    const { long, argument = '<value>' } = partsOf(known)
    return needsValue(long, argument)
  }
  if (error.code !== 'commander.unknownOption') return new DynamoxError('usage', error.message.replace(/^error: /, ''))
  if (known !== undefined) {
    if (known.commands.includes(command)) return new DynamoxError('usage', `${bare} takes no value`)
    return new DynamoxError('usage', `${bare} is not an option of ${command}`, {
      hint: `it belongs to ${listed(known.commands)}`,
    })
  }
  const candidates = [...switches].filter(([, option]) => option.commands.includes(command)).map(([name]) => name)
  return new DynamoxError('usage', `unknown option ${bare}`, {
    hint: guess(bare, candidates) ?? `dynamox ${command} --help lists the options`,
  })
}

function guess(word: string, candidates: readonly string[]): string | undefined {
  const found = didYouMean(word, candidates)
  return found === undefined ? undefined : `did you mean ${found}?`
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
