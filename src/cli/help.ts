import { type CommandName, commandNames, commands } from './command-specs.ts'
import { type OptionGroup, type OptionSpec, options, optionsOf } from './program.ts'

const width = 80

/** The program's help, one line each. */
export function programHelp(): string[] {
  const everywhere = Object.values(options).filter(option => option.commands.length === commandNames.length)
  return [
    'dynamox: DynamoDB tables from the models and config you already have',
    '',
    'Usage: dynamox <command> [tables...] [options]',
    '',
    'Commands',
    ...rows(commandNames.map(name => [name, commands[name].summary])),
    '',
    'Options of every command',
    ...rows([...everywhere.map(toRow), helpRow, ['-V, --version', 'print the version']]),
    '',
    'Examples',
    ...examples([...commands.create.examples, ...commands.exists.examples]),
    '',
    ...exitCodes(undefined),
    '',
    'dynamox <command> --help shows the options of a command.',
  ]
}

/** One command's help, one line each. */
export function commandHelp(name: CommandName): string[] {
  const command = commands[name]
  const own = optionsOf(name)
  const groups = [...new Set(own.map(option => option.group))]
  return [
    `Usage: dynamox ${command.usage}`,
    '',
    ...wrap(sentence(command.summary), width),
    '',
    ...groups.flatMap(group => [group, ...rows(rowsOf(own, group)), ...(group === 'Definition' ? indexHelp : []), '']),
    command.examples.length === 1 ? 'Example' : 'Examples',
    ...examples(command.examples),
    '',
    ...exitCodes(command.no),
  ]
}

type Row = readonly [left: string, right: string]

const helpRow: Row = ['-h, --help', 'print this help']

const indexHelp = [
  '',
  '  An index is written name=by-status,partitionKey=status:S,sortKey=at:N; then,',
  '  if you like, projection=ALL or KEYS_ONLY, or include=attribute (repeatable).',
  '  --lsi takes no partitionKey. A JSON object with the same fields will do too.',
]

function rowsOf(own: readonly OptionSpec[], group: OptionGroup): Row[] {
  const found = own.filter(option => option.group === group).flatMap(withNo)
  return group === 'Output' ? [...found, helpRow] : found
}

function withNo(option: OptionSpec): Row[] {
  const [flag] = /--[\w-]+/.exec(option.flags) ?? []
  return option.no === undefined || flag === undefined
    ? [toRow(option)]
    : [toRow(option), [flag.replace('--', '--no-'), option.no]]
}

function toRow(option: OptionSpec): Row {
  return [option.flags, option.env === undefined ? option.meaning : `${option.meaning} (${option.env})`]
}

/** Two columns; a left side that is too long gets a line of its own. */
function rows(entries: readonly Row[]): string[] {
  const longest = Math.max(...entries.map(([left]) => left.length).filter(length => length <= 24))
  const indent = ' '.repeat(longest + 4)
  return entries.flatMap(([left, right]) => {
    const lines = wrap(right, width - indent.length)
    const [first = '', ...more] = lines.map(line => indent + line)
    return left.length > longest
      ? [`  ${left}`, first, ...more]
      : [`  ${left.padEnd(longest)}  ${first.slice(indent.length)}`, ...more]
  })
}

function examples(entries: readonly Row[]): string[] {
  return entries.flatMap(([line, meaning]) => [`  ${line}`, `      ${meaning}`])
}

function exitCodes(no: string | undefined): string[] {
  const meaning = no === undefined ? 'the answer is no' : `no: ${no}`
  const codes = `0 done, 1 ${meaning}, 2 your input, 3 DynamoDB said no or is out of reach, 4 time ran out, 130 interrupted`
  return ['Exit codes', ...wrap(codes, width - 2).map(line => `  ${line}`)]
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
