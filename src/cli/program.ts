import type { Command as Commander, CommanderError, Help, Option } from 'commander'
import { DynamoxError } from '../errors.ts'
import type { EnvironmentVariables } from '../table/environment-variable.ts'
import { upperFirst } from '../table/text.ts'
import { inSentence } from '../table/untyped.ts'
import { calledHere, commands } from './catalogue.ts'
import type { Command } from './command.ts'
import { type OptionSpec, partsOf } from './options/option.ts'
import { belongsTo, type Flags, optionEntries, optionsOf } from './options/options.ts'

export type Parsed =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run'
      readonly command: Command
      readonly names: readonly string[]
      readonly flags: Flags
      /** The words after `--`, for a command that runs another program. */
      readonly program?: readonly string[] | undefined
    }

/** Parses a command line; options may come before or after the command and its names. Throws `usage`. */
export async function parseArguments(
  argv: readonly string[],
  variables: EnvironmentVariables = {},
  columns?: number,
): Promise<Parsed> {
  const commander = await import('commander')
  const cut = argv.indexOf('--')
  const own = (cut < 0 ? argv : argv.slice(0, cut)).map(word => presets.get(word) ?? word)
  const after = cut < 0 ? undefined : argv.slice(cut + 1)
  let found: Parameters<OnCommand> | undefined
  const root = new commander.Command('dynamox')
  declare(root, argv, columns ?? 80, (...called) => {
    found = called
  })
  try {
    root.parse(own, { from: 'user' })
  } catch (error) {
    if (!(error instanceof commander.CommanderError)) throw error
    // Without a command, commander prints its help.
    if (error.code !== 'commander.help') throw usageError(error, root.args[0])
  }
  hideOptions(root)
  const { help, version, ...given } = root.opts<Flags & { readonly version?: true }>()
  if (version === true) return { kind: 'version' }
  const [command, words = []] = found ?? []
  if (command === 'help') {
    const [topic] = [...words, ...(after ?? [])]
    return parseArguments(topic === undefined ? ['--help'] : [topic, '--help'], variables, columns)
  }
  if (help === true) {
    const sub = root.commands.find(each => each.name() === command?.name)
    return { kind: 'help', text: helpText(sub ?? root) }
  }
  if (command === undefined)
    throw new DynamoxError('usage', 'no command given', {
      hint: 'dynamox --help lists the commands',
    })
  refuseForeignOptions(command, given)
  const flags = withVariables(command, withReporter(given), variables)
  if (command.takes !== 'program')
    return { kind: 'run', command, names: namesOf(command, [...words, ...(after ?? [])], flags), flags }
  namesOf(command, words, flags)
  if (after?.length === 0) throw new DynamoxError('usage', 'no command given after --')
  return { kind: 'run', command, names: [], flags, ...(after === undefined ? {} : { program: after }) }
}

/** `--json` and `--reporter json` are the same. */
function withReporter(flags: Flags): Flags {
  const { json, reporter } = flags
  if (json !== true) return reporter === 'json' ? { ...flags, json: true } : flags
  if (reporter === undefined || reporter === 'json') return { ...flags, reporter: 'json' }
  throw new DynamoxError('usage', `--json and --reporter ${reporter} cannot be combined`)
}

/** Options that were not given have the values of their environment variables. */
function withVariables(command: Command, flags: Flags, variables: EnvironmentVariables): Flags {
  const found = optionEntries.flatMap(entry => {
    const [name, { env, read }] = entry
    const text = env === undefined ? undefined : variables[env]
    if (!text || env === undefined || flags[name] !== undefined || !belongsTo(command, entry)) return []
    return [[name, read?.(text, env, undefined)]]
  })
  return { ...flags, ...Object.fromEntries(found) }
}

type OnCommand = (command: Command | 'help', words: readonly string[]) => void

/**
 * Declares the program to commander. The root parses all options, so that they may come before or after the command;
 * the options of subcommands serve only help and suggestions.
 */
function declare(root: Commander, argv: readonly string[], columns: number, onCommand: OnCommand): void {
  root
    .exitOverride()
    .configureOutput({ ...silent, getOutHelpWidth: () => Math.min(100, columns) })
    .helpOption(false)
    .description('DynamoDB tables from the models and config you already have.')
    .usage('<command> [tables...] [options]')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: command => command.name(), formatItem, minWidthToWrap: 1 })
  const help = Object.assign(root.createHelp(), { helpWidth: Math.min(100, columns) })
  for (const [, spec] of optionEntries) for (const option of optionsFrom(root, spec)) root.addOption(option)
  const version = root.createOption('-V, --version', 'print the version')
  root.addOption(version)
  root.hook('preSubcommand', hideOptions)
  for (const command of commands) {
    const sub = root
      .command(command.name)
      .summary(command.summary)
      .description(sentence(command.summary))
      .usage(usageOf(command))
      .argument('[words...]')
      .action((words: readonly string[]) => onCommand(command, words))
    // Declaring options takes milliseconds, and only a command's help and suggestions need its own.
    if (!argv.includes(command.name)) continue
    for (const spec of optionsOf(command)) for (const option of optionsFrom(root, spec)) sub.addOption(option)
    addEnd(sub, () => {
      const index = command.defines === true ? [help.boxWrap(indexHelp, help.helpWidth)] : []
      return [...index, examplesOf(help, [command]), exitCodesOf(help, command)]
    })
  }
  root
    .command('help', { hidden: true })
    .argument('[words...]')
    .action((words: readonly string[]) => onCommand('help', words))
  addEnd(root, () => {
    const everywhere = optionEntries
      .filter(entry => commands.every(command => belongsTo(command, entry)))
      .flatMap(([, spec]) => optionsFrom(root, spec))
    return [
      globalOptions(help, [...everywhere, version]),
      examplesOf(help, commands.slice(0, 2)),
      exitCodesOf(help, { exit1: 'negative result: a table does not exist, or differs' }),
      'dynamox <command> --help shows the options of a command.',
    ]
  })
}

/** Commander suggests visible options: all of them until the command is known, then those of the command. */
function hideOptions({ options }: Commander): void {
  for (const option of options) option.hideHelp()
}

// Give these options their preset explicitly, so that they do not take the next word as their value.
const presets: ReadonlyMap<string, string> = new Map(
  optionEntries.flatMap(([, spec]) => {
    const { long } = partsOf(spec)
    return spec.preset === undefined ? [] : [[long, `${long}=${spec.preset}`] as const]
  }),
)

// The least width for meanings beside their options.
const besideWidth = 30

/** One option or command with its meaning; on a narrow terminal, the meaning stands below. */
function formatItem(term: string, termWidth: number, meaning: string, help: Help): string {
  const width = help.helpWidth ?? 80
  const indent = termWidth + 4
  if (meaning === '') return `  ${term}`
  if (width - indent >= besideWidth) {
    const lines = help.boxWrap(meaning, width - indent).split('\n')
    return `  ${term.padEnd(termWidth)}  ${lines.join(`\n${' '.repeat(indent)}`)}`
  }
  return [
    `  ${term}`,
    ...help
      .boxWrap(meaning, width - 6)
      .split('\n')
      .map(line => `      ${line}`),
  ].join('\n')
}

const negated = (long: string) => long.replace('--', '--no-')

// Throw errors; main reports them.
const silent = { writeOut: () => {}, writeErr: () => {} }

/** The option for commander; an option with a `--no-` form becomes two. */
function optionsFrom(root: Commander, spec: OptionSpec): Option[] {
  const { flags, meaning, group, env, read, no } = spec
  const { long } = partsOf(spec)
  const option = root.createOption(flags, env === undefined ? meaning : `${meaning} (${env})`).helpGroup(`${group}:`)
  if (read !== undefined)
    option.argParser((text: string, previous: unknown) => read(checkValue(text, spec), long, previous))
  if (no === undefined) return [option]
  return [option, root.createOption(negated(long), no).helpGroup(`${group}:`)]
}

/** Refuses an empty value, and a value that is another option. */
function checkValue(text: string, spec: OptionSpec): string {
  const { long, short } = partsOf(spec)
  const isOption = optionEntries.some(([, other]) => Object.values(partsOf(other)).includes(text))
  if (isOption) throw valueMissing(spec.flags)
  if (text.startsWith('=') && short !== undefined)
    throw new DynamoxError('usage', `${short}${text} must be written without "="`, {
      hint: `write ${short} ${text.slice(1)}, or ${long}${text}`,
    })
  if (text.trim() !== '') return text
  const onPurpose = spec.no === undefined ? '' : ` Use ${negated(long)} to ${spec.no}`
  throw new DynamoxError('usage', `${long} is empty`, { hint: `is a variable of your shell not set?${onPurpose}` })
}

/** `--model needs a value: --model <file or glob>`, from `-m, --model <file or glob>`. */
function valueMissing(flags: string): DynamoxError {
  const long = flags.replace(/^-\w, /, '')
  return new DynamoxError('usage', `${long.split(' ')[0]} needs a value: ${long}`)
}

function withNo(spec: OptionSpec): string[] {
  const { long } = partsOf(spec)
  return spec.no === undefined ? [long] : [long, negated(long)]
}

/** Turns a message of commander into a DynamoxError; `first` is the first word that is not a known option. */
function usageError(error: CommanderError, first = ''): DynamoxError {
  const [, withoutValue] = /^error: option '(.*)' argument missing/.exec(error.message) ?? []
  if (withoutValue !== undefined) return valueMissing(withoutValue)
  const [, message = '', meant] = /^error: (.*?)\.?(?:\n\(Did you mean (.*)\?\))?$/s.exec(error.message) ?? []
  const [, flag = ''] = /^unknown option '(--[\w-]+)=/.exec(message) ?? []
  if (flag === '--version' || optionEntries.some(([, spec]) => spec.read === undefined && withNo(spec).includes(flag)))
    return new DynamoxError('usage', `${flag} takes no value`, { hint: `write ${flag} alone, or leave it out` })
  return new DynamoxError('usage', message, { hint: hint() })

  function hint(): string | undefined {
    const long = optionEntries.map(([, spec]) => partsOf(spec).long)
    const [, positive = ''] = /^unknown option '--no(-[\w-]+)/.exec(message) ?? []
    if (long.includes(`-${positive}`)) return `leave out -${positive} instead`
    const [, withoutDash = ''] = /^unknown option '(-[\w-]+)/.exec(message) ?? []
    if (long.includes(`-${withoutDash}`)) return `did you mean -${withoutDash}?`
    const here = calledHere(first)
    if (here !== undefined || meant !== undefined)
      return `did you mean ${here === undefined ? meant : commandLine(here)}?`
    if (error.code === 'commander.unknownCommand')
      return `the commands are ${commands.map(({ name }) => name).join(', ')}`
    if (error.code !== 'commander.unknownOption') return undefined
    const command = commands.find(({ name }) => name === first)
    return `dynamox ${command === undefined ? '' : `${command.name} `}--help lists the options`
  }
}

/** A command by its name, anything longer as it is typed. */
const commandLine = (meant: string) => (/^[a-z]+$/.test(meant) ? meant : `dynamox ${meant}`)

function refuseForeignOptions(command: Command, flags: Flags): void {
  for (const entry of optionEntries) {
    const [name, spec] = entry
    if (flags[name] === undefined || belongsTo(command, entry)) continue
    const { long } = partsOf(spec)
    const owners = commands.filter(owner => belongsTo(owner, entry)).map(owner => owner.name)
    const given = flags[name] === false ? negated(long) : long
    throw new DynamoxError('usage', `${given} is not an option of ${command.name}`, {
      hint: `it belongs to ${inSentence(owners, 'and')}`,
    })
  }
}

function namesOf({ name, takes, insteadOfNames }: Command, words: readonly string[], flags: Flags): string[] {
  if (takes === 'sources') return [...words]
  const [first] = words
  if (first !== undefined && (takes === 'nothing' || takes === 'program')) {
    const hint = insteadOfNames?.(words)
    throw new DynamoxError('usage', `${name} takes no table names, but got ${JSON.stringify(first)}`, {
      hint: hint === undefined ? undefined : completeCommands(hint, flags),
    })
  }
  const word = takes === 'table' ? oneTable : typeof takes === 'object' ? takes : undefined
  if (word !== undefined && (words.length > 1 || (first === undefined && word.usage.startsWith('<')))) {
    const message = `${name} takes one ${word.what}, but got ${words.length === 0 ? 'none' : words.length}`
    const each = words.map(one => `dynamox ${name} ${one}`).join('; ')
    const hint = words.length > 1 ? `one after the other: ${each}` : `for example dynamox ${name} ${word.example}`
    throw new DynamoxError('usage', message, { hint: completeCommands(hint, flags) })
  }
  if (words.some(each => each.trim() === '')) {
    throw new DynamoxError('usage', 'a table name is empty', { hint: 'is a variable of your shell not set?' })
  }
  return [...new Set(words)]
}

const oneTable = { usage: '<table>', what: 'table name', example: 'users' } as const

function helpText(command: Commander): string {
  let text = ''
  command.configureOutput({
    writeOut: part => {
      text += part
    },
  })
  command.outputHelp()
  return text.trimEnd()
}

const usages = {
  nothing: '[options]',
  tables: '[tables...] [options]',
  table: `${oneTable.usage} [options]`,
  sources: '<a> <b> [options]',
  program: '[options] [-- command...]',
} as const

const usageOf = ({ takes }: Command): string => (typeof takes === 'object' ? `${takes.usage} [options]` : usages[takes])

const sentence = (text: string) => `${upperFirst(text)}.`

function addEnd(command: Commander, sections: () => readonly string[]): void {
  const text = () =>
    sections()
      .map(section => `\n${section}`)
      .join('\n')
  command.addHelpText('after', text)
}

const indexHelp = [
  'An index is written name=by-status,partitionKey=status:S,sortKey=at:N. Optional: projection=ALL or KEYS_ONLY, or',
  'include=attribute (repeatable). --lsi takes no partitionKey. --vector-index takes name, attribute, dimensions,',
  'distance=COSINE, DOT_PRODUCT or EUCLIDEAN, and optionally partitionKey, filters (repeatable) and a projection.',
  'A JSON object with the same fields works too.',
].join(' ')

/** The options that every command has. They come after the list of commands; commander would put them first. */
function globalOptions(help: Help, options: readonly Option[]): string {
  const width = Math.max(...options.map(({ flags }) => flags.length))
  const lines = options.map(option => help.formatItem(option.flags, width, option.description, help))
  return ['Options of every command:', ...lines].join('\n')
}

function examplesOf(help: Help, shown: readonly Command[]): string {
  // A command line stays in one piece.
  const below = (meaning: string) => help.boxWrap(meaning, (help.helpWidth ?? 80) - 6).replace(/^/gm, ' '.repeat(6))
  const lines = shown.flatMap(({ examples }) => examples.map(([line, meaning]) => `  ${line}\n${below(meaning)}`))
  return ['Examples:', ...lines].join('\n')
}

function exitCodesOf(help: Help, { exit1, exit0 = 'done, or nothing to do' }: Partial<Command> = {}): string {
  const codes = [
    ['0', exit0],
    ...(exit1 === undefined ? [] : [['1', exit1] as const]),
    ['2', 'the command line, config, model or definition is wrong'],
    ['3', 'DynamoDB refused, or cannot be reached'],
    ['4', 'timed out'],
    ['130', 'interrupted (143 by SIGTERM)'],
    ['70', 'a bug in dynamox'],
  ] as const
  return ['Exit codes:', ...codes.map(([code, meaning]) => help.formatItem(code, 3, meaning, help))].join('\n')
}

const groups: readonly OptionSpec['group'][] = ['What to work on', 'Where', 'Definition']

/**
 * Adds this run's model, config and target options to every dynamox command in a text, so that it can be copied and
 * run: `dynamox wait users` becomes `dynamox wait --local users`.
 */
export function completeCommands(text: string, flags: Flags, variables: EnvironmentVariables = {}): string {
  const contacting = commands.filter(({ contacts }) => contacts)
  const named = new RegExp(`\\bdynamox (${contacting.map(({ name }) => name).join('|')})\\b`, 'g')
  return text.replace(named, (line, name: string) => {
    const command = contacting.find(each => each.name === name)
    const words = optionEntries.flatMap(([key, option]) => {
      // A command's own options, such as --all, select tables; suggested commands name theirs.
      if (command === undefined || !groups.includes(option.group) || option.on?.(command) !== true) return []
      // A variable of the shell holds for the copied command as well.
      const isFromVariable = option.env !== undefined && flags[key] === variables[option.env]
      return isFromVariable ? [] : wordsOf(partsOf(option).long, flags[key])
    })
    return [line, ...words].join(' ')
  })
}

function wordsOf(long: string, value: unknown): string[] {
  if (value === undefined) return []
  if (value === true) return [long]
  if (value === false) return [negated(long)]
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.flatMap(each => [long, quote(String(each))])
}

/** Quotes a word for a shell. */
function quote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
