import { describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/catalogue.ts'
import { parseArguments } from '../../src/cli/program.ts'

const color = true

describe('command lines', () => {
  test.each([
    [['create'], { command: 'create', names: [], flags: { color } }],
    [['exists', 'a', 'b', 'a'], { command: 'exists', names: ['a', 'b'], flags: { color } }],
    [
      ['--local', 'create', 'users', '-m', 'a.ts', '--model=b.ts', 'orders', '--timeout', '5m'],
      {
        command: 'create',
        names: ['users', 'orders'],
        flags: { color, local: true, model: ['a.ts', 'b.ts'], timeout: 300_000 },
      },
    ],
    [
      ['--region', 'eu-west-1', 'exists', 'users'],
      { command: 'exists', names: ['users'], flags: { color, region: 'eu-west-1' } },
    ],
    [
      ['create', '--no-wait', '--no-config', '--no-color', 'users'],
      { command: 'create', names: ['users'], flags: { color: false, wait: false, config: false } },
    ],
    [
      ['create', '--wait', '-c', 'x.yaml'],
      { command: 'create', names: [], flags: { color, wait: true, config: 'x.yaml' } },
    ],
    [
      ['exists', '-qm', 'a.ts', 'users'],
      { command: 'exists', names: ['users'], flags: { color, quiet: true, model: ['a.ts'] } },
    ],
    [['exists', '--', '-odd', '--json'], { command: 'exists', names: ['-odd', '--json'], flags: { color } }],
    [
      ['create', 't', '--gsi', 'name=a', '--gsi', 'name=b', '--tag', 'k=v', '--read-capacity', '5'],
      { command: 'create', names: ['t'], flags: { color, gsi: ['name=a', 'name=b'], tag: ['k=v'], readCapacity: 5 } },
    ],
    [
      ['create', 't', '--billing-mode', 'pay-per-request', '--encryption', 'aws_owned'],
      { command: 'create', names: ['t'], flags: { color, billingMode: 'PAY_PER_REQUEST', encryption: 'AWS_OWNED' } },
    ],
    [['wait', 't', '--for', 'gone'], { command: 'wait', names: ['t'], flags: { color, for: 'gone' } }],
    [
      ['create', '--no-prefix', '--no-suffix'],
      { command: 'create', names: [], flags: { color, prefix: false, suffix: false } },
    ],
    [
      ['local', '--port', '0', '--', 'npm', 'test', '--', '--json'],
      { command: 'local', names: [], flags: { color, port: 0 }, program: ['npm', 'test', '--', '--json'] },
    ],
    [['--realistic', 'local'], { command: 'local', names: [], flags: { color, realistic: 1 } }],
    [['local', '--realistic=10x'], { command: 'local', names: [], flags: { color, realistic: 10 } }],
    [
      ['local', '--realistic=0.5', '--', 'app', '--realistic'],
      { command: 'local', names: [], flags: { color, realistic: 0.5 }, program: ['app', '--realistic'] },
    ],
  ])('%j', async (argv, { command, ...expected }) => {
    expect(await parseArguments(argv)).toEqual({
      kind: 'run',
      command: expect.objectContaining({ name: command }),
      ...expected,
    })
  })

  test.each<[readonly string[], Readonly<Record<string, string>>, string | undefined]>([
    [['list'], { DYNAMOX_ENV: 'dev' }, 'dev'],
    [['list', '--env', 'prod'], { DYNAMOX_ENV: 'dev' }, 'prod'],
    [['list'], { DYNAMOX_ENV: '' }, undefined],
    [['explain'], { DYNAMOX_ENV: 'dev' }, undefined],
  ])('%j with %j', async (argv, variables, env) => {
    const parsed = await parseArguments(argv, variables)
    expect(parsed.kind === 'run' && parsed.flags.env).toBe(env)
  })

  test.each([
    [['--help'], 'dynamox <command>'],
    [['-h'], 'dynamox <command>'],
    [['help'], 'dynamox <command>'],
    [['help', 'create'], 'dynamox create'],
    [['create', 'users', '--help'], 'dynamox create'],
    [['--json', '-h', 'list'], 'dynamox list'],
  ])('%j is help', async (argv, usage) => {
    expect(await parseArguments(argv)).toEqual({ kind: 'help', text: expect.stringContaining(`Usage: ${usage} `) })
  })

  test.each([[['create', '--version']], [['-V']]])('%j is the version', async argv => {
    expect(await parseArguments(argv)).toEqual({ kind: 'version' })
  })

  test.each([
    [[], 'no command given', 'dynamox --help lists the commands'],
    [['crate'], "unknown command 'crate'", 'did you mean create?'],
    [['xyz'], "unknown command 'xyz'", `the commands are ${commands.map(({ name }) => name).join(', ')}`],
    [['create', '--regin', 'x'], "unknown option '--regin'", 'did you mean --region?'],
    [['--regin', 'x', 'create'], "unknown option '--regin'", 'did you mean --region?'],
    [['--zzzzz', 'x'], "unknown option '--zzzzz'", 'dynamox --help lists the options'],
    [['create', '--modle=x'], "unknown option '--modle=x'", 'did you mean --model?'],
    [['create', '--zzzzz'], "unknown option '--zzzzz'", 'dynamox create --help lists the options'],
    [['create', '-x'], "unknown option '-x'", 'dynamox create --help lists the options'],
    [['delete', '--gsi', 'a'], '--gsi is not an option of delete', 'it belongs to create, show and export'],
    [['show', '--no-wait'], '--no-wait is not an option of show', 'it belongs to create, delete and update'],
    [['create', '--model'], '--model needs a value: --model <file or glob>', undefined],
    [['create', '-m'], '--model needs a value: --model <file or glob>', undefined],
    [['create', '--model', '--json'], '--model needs a value: --model <file or glob>', undefined],
    [['create', '--json=true'], '--json takes no value', 'write --json alone, or leave it out'],
    [['create', '--no-wait=1'], '--no-wait takes no value', 'write --no-wait alone, or leave it out'],
    [['create', '--help=1'], '--help takes no value', 'write --help alone, or leave it out'],
    [['--version=1'], '--version takes no value', 'write --version alone, or leave it out'],
    [['create', '--no-yes'], "unknown option '--no-yes'", 'leave out --yes instead'],
    [['create', '--no-model=a'], "unknown option '--no-model=a'", 'leave out --model instead'],
    [['show', '-m=a.ts'], '-m=a.ts must be written without "="', 'write -m a.ts, or --model=a.ts'],
    [
      ['create', '--timeout', '-5'],
      '--timeout "-5" is not a valid duration',
      'give seconds or a number with a unit: 30, 30s, 5m, 1h',
    ],
    [['create', '--concurrency=-1'], '--concurrency "-1" is not a whole number above 0', undefined],
    [['describe'], 'describe takes one table name, but got none', 'for example dynamox describe users'],
    [
      ['describe', 'a', 'b'],
      'describe takes one table name, but got 2',
      'one after the other: dynamox describe a; dynamox describe b',
    ],
    [
      ['describe', 'a', '--local', 'b', '--model', 'src/*.ts'],
      'describe takes one table name, but got 2',
      "one after the other: dynamox describe --model 'src/*.ts' --local a; dynamox describe --model 'src/*.ts' --local b",
    ],
    [
      ['describe', '--env', 'dev'],
      'describe takes one table name, but got none',
      'for example dynamox describe --env dev users',
    ],
    [
      ['local', 'npm', 'test'],
      'local takes no table names, but got "npm"',
      'put a command to run after --: dynamox local -- npm test',
    ],
    [['local', '--model', '--', 'npm', 'test'], '--model needs a value: --model <file or glob>', undefined],
    [['local', '--'], 'no command given after --', undefined],
    [
      ['list', 'users', '--local'],
      'list takes no table names, but got "users"',
      'dynamox describe --local users shows one table',
    ],
    [
      ['init', 'here'],
      'init takes no table names, but got "here"',
      'dynamox init works in the current folder; --out names the config',
    ],
    [
      ['local', 'npm'],
      'local takes no table names, but got "npm"',
      'put a command to run after --: dynamox local -- npm',
    ],
    [['exists', ''], 'a table name is empty', 'is a variable of your shell not set?'],
    [
      ['create', '--prefix', ''],
      '--prefix is empty',
      "is a variable of your shell not set? Use --no-prefix to ignore the config's prefix",
    ],
    [['local', '--realistic=0'], '--realistic "0" is not a number above 0', 'for example --realistic=10x'],
    [['local', '--realistic=fast'], '--realistic "fast" is not a number above 0', 'for example --realistic=10x'],
    [
      ['local', '--realistic', '10x'],
      'local takes no table names, but got "10x"',
      'put a command to run after --: dynamox local -- 10x',
    ],
    [['local', '--port', '99999'], '--port "99999" is not a valid port (0-65535)', undefined],
    [['create', '--endpoint', ''], '--endpoint is empty', 'is a variable of your shell not set?'],
    [['wait', 'x', '--for', 'ready'], '--for "ready" is not one of active, gone', undefined],
    [['wait', 'x', '--for', 'a b'], '--for "a b" is not one of active, gone', undefined],
    [
      ['create', 'x', '--encryption', 'aws-ownd'],
      '--encryption "aws-ownd" is not one of AWS_OWNED, AWS_MANAGED, CUSTOMER_MANAGED',
      'did you mean AWS_OWNED?',
    ],
    [['create', '--concurrency', '0'], '--concurrency "0" is not a whole number above 0', undefined],
    [['create', '--read-capacity', '1.5'], '--read-capacity "1.5" is not a whole number above 0', undefined],
    [
      ['wait', 'x', '--timeout', 'soon'],
      '--timeout "soon" is not a valid duration',
      'give seconds or a number with a unit: 30, 30s, 5m, 1h',
    ],
  ])('%j is refused', async (argv, message, hint) => {
    await expect(parseArguments(argv)).rejects.toThrow(expect.objectContaining({ code: 'usage', message, hint }))
  })

  test.each([
    ['tf', 'did you mean terraform?'],
    ['cfn', 'did you mean cloudformation?'],
    ['md', undefined],
    ['.*', undefined],
  ])('an abbreviation of one choice is recognised: %s', async (text, hint) => {
    await expect(parseArguments(['export', '--to', text])).rejects.toThrow(
      expect.objectContaining({ code: 'usage', hint }),
    )
  })
})
