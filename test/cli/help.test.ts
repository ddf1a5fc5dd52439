import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { commands } from '../../src/cli/catalogue.ts'
import { create } from '../../src/cli/commands/create.ts'
import { partsOf } from '../../src/cli/options/option.ts'
import { belongsTo, optionEntries, optionsOf } from '../../src/cli/options/options.ts'
import { parseArguments } from '../../src/cli/program.ts'
import { runCli } from './support/run-cli.ts'

async function helpOf(argv: readonly string[], columns?: number): Promise<string[]> {
  const parsed = await parseArguments(argv, {}, columns)
  return parsed.kind === 'help' ? parsed.text.split('\n') : []
}

describe('help', () => {
  test.each(commands.map(({ name }) => name))(
    '%s fits a terminal, and shows options, examples and exit codes',
    async name => {
      const command = commands.find(each => each.name === name)
      const lines = await helpOf([name, '--help'], 80)
      const text = lines.join('\n')
      expect(lines.filter(line => line.length > 80)).toEqual([])
      for (const option of command === undefined ? [] : optionsOf(command)) {
        expect(text).toMatch(new RegExp(`^ +(-\\w, )?${partsOf(option).long} `, 'm'))
      }
      expect(text).toMatch(/^Examples:\n {2}dynamox /m)
      expect(text).toMatch(/^Exit codes:\n {2}0 {4}done/m)
      expect(/^ {2}1 /m.test(text)).toBe(command?.exit1 !== undefined)
    },
  )

  test('dynamox --help shows the commands and the exit codes', async () => {
    const lines = await helpOf(['--help'], 80)
    expect(lines.filter(line => line.length > 80)).toEqual([])
    const until = lines.indexOf('Commands:') + 1
    expect(lines.slice(0, until)).toEqual([
      'Usage: dynamox <command> [tables...] [options]',
      '',
      'DynamoDB tables from the models and config you already have.',
      '',
      'Commands:',
    ])
    const rest = lines.slice(until, lines.indexOf('', until))
    expect(rest.flatMap(line => /^ {2}(\w+) {2,}\w/.exec(line)?.[1] ?? [])).toEqual(commands.map(({ name }) => name))
    expect(lines.slice(until + rest.length, until + rest.length + 13)).toEqual([
      '',
      'Options of every command:',
      '  --reporter <name>  text (default), json, github or markdown',
      '  --json             print one JSON document on stdout and nothing else there',
      '  -q, --quiet        print results and errors only',
      '  --verbose          also print every request sent and every state seen',
      '  --no-color         no colour; NO_COLOR, FORCE_COLOR and CI are honoured too',
      '  -h, --help         print this help',
      '  -V, --version      print the version',
      '',
      'Examples:',
      '  dynamox create --local --model src/models/user.ts',
      '      on the embedded engine',
    ])
  })

  test.each([60, 80, 120])('meanings are wrapped on %i columns', async columns => {
    for (const argv of [['-h'], ...commands.map(({ name }) => [name, '-h'])]) {
      const lines = await helpOf(argv, columns)
      // A command line in an example, and the usage, stay in one piece.
      const wide = lines.filter(line => line.length > columns && !/^( {2}|Usage: )dynamox /.test(line))
      expect(wide).toEqual([])
    }
  })

  test('a wide terminal is used, up to 100 columns', async () => {
    const longest = async (columns: number) => {
      const lines = await helpOf(['create', '-h'], columns)
      return Math.max(...lines.map(line => line.length))
    }
    expect(await longest(200)).toBeGreaterThan(80)
    expect(await longest(200)).toBeLessThanOrEqual(100)
  })
})

describe('the catalogue of options', () => {
  test('every option has the name of its flag', () => {
    const camel = (long: string) =>
      long.replace(/^--(no-)?/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    expect(optionEntries.map(([, option]) => camel(partsOf(option).long))).toEqual(optionEntries.map(([name]) => name))
  })

  test('every option belongs to a command', () => {
    expect(
      optionEntries.filter(entry => !commands.some(command => belongsTo(command, entry))).map(([name]) => name),
    ).toEqual([])
  })
})

test('completion shows what an option means for the command', async () => {
  // The library prints by itself.
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  onTestFinished(() => log.mockRestore())
  await runCli(['complete', '--', 'create', '--stric'])
  expect(log.mock.calls.flat().join('\n')).toBe(`--strict\t${create.meanings?.strict}\n:4`)
})
