import { describe, expect, test } from 'vitest'
import { parseArguments } from '../../src/cli/parse.ts'

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
    [['create', '--prefix', '', 'x'], { command: 'create', names: ['x'], flags: { color, prefix: '' } }],
    [
      ['create', 't', '--gsi', 'name=a', '--gsi', 'name=b', '--tag', 'k=v', '--read-capacity', '5'],
      { command: 'create', names: ['t'], flags: { color, gsi: ['name=a', 'name=b'], tag: ['k=v'], readCapacity: 5 } },
    ],
    [
      ['create', 't', '--billing-mode', 'pay-per-request', '--encryption', 'aws_owned'],
      { command: 'create', names: ['t'], flags: { color, billingMode: 'PAY_PER_REQUEST', encryption: 'AWS_OWNED' } },
    ],
    [['wait', 't', '--for', 'gone'], { command: 'wait', names: ['t'], flags: { color, for: 'gone' } }],
  ])('%j', (argv, expected) => {
    expect(parseArguments(argv)).toEqual({ kind: 'run', ...expected })
  })

  test.each([
    [['--help'], { kind: 'help', command: undefined }],
    [['-h'], { kind: 'help', command: undefined }],
    [['help'], { kind: 'help', command: undefined }],
    [['help', 'create'], { kind: 'help', command: 'create' }],
    [['create', 'users', '--help'], { kind: 'help', command: 'create' }],
    [['--json', '-h', 'list'], { kind: 'help', command: 'list' }],
    [['create', '--version'], { kind: 'version' }],
    [['-V'], { kind: 'version' }],
  ])('%j', (argv, expected) => {
    expect(parseArguments(argv)).toEqual(expected)
  })

  test.each([
    [[], 'no command', 'dynamox --help lists the commands'],
    [['crate'], 'no command "crate"', 'did you mean create?'],
    [
      ['xyz'],
      'no command "xyz"',
      'the commands are create, exists, delete, wait, plan, update, show, list, local, init',
    ],
    [['create', '--regin', 'x'], 'unknown option --regin', 'did you mean --region?'],
    [['--regin', 'x', 'create'], 'unknown option --regin', 'did you mean --region?'],
    [['--zzzzz', 'x'], 'unknown option --zzzzz', 'dynamox --help lists the options'],
    [['create', '--modle=x'], 'unknown option --modle', 'did you mean --model?'],
    [['create', '--zzzzz'], 'unknown option --zzzzz', 'dynamox create --help lists the options'],
    [['create', '-x'], 'unknown option -x', 'dynamox create --help lists the options'],
    [['delete', '--gsi', 'a'], '--gsi is not an option of delete', 'it belongs to create and show'],
    [['show', '--no-wait'], '--no-wait is not an option of show', 'it belongs to create, delete and update'],
    [['create', '--model'], '--model needs a value: --model <file or glob>', undefined],
    [['create', '-m'], '--model needs a value: --model <file or glob>', undefined],
    [['create', '--model', '--json'], '--model needs a value: --model <file or glob>', undefined],
    [['create', '--json=1'], '--json takes no value', undefined],
    [['create', '--help=1'], '--help takes no value', undefined],
    [['--version=1'], '--version takes no value', undefined],
    [['local', '--model', '--', 'npm', 'test'], '--model needs a value: --model <file or glob>', undefined],
    [['local', '--'], '-- is followed by no command', undefined],
    [['list', 'users'], 'list takes no names, and got "users"', undefined],
    [['exists', ''], 'a table name is empty', 'is a variable of your shell not set?'],
    [['create', '--endpoint', ''], '--endpoint is empty', 'is a variable of your shell not set?'],
    [['wait', 'x', '--for', 'ready'], '--for "ready" is not one of active, gone', undefined],
    [
      ['create', 'x', '--encryption', 'aws-ownd'],
      '--encryption "aws-ownd" is not one of AWS_OWNED, AWS_MANAGED, CUSTOMER_MANAGED',
      'did you mean AWS_OWNED?',
    ],
    [['create', '--concurrency', '0'], '--concurrency "0" is not a whole number above 0', undefined],
    [['create', '--read-capacity', '1.5'], '--read-capacity "1.5" is not a whole number above 0', undefined],
    [
      ['wait', 'x', '--timeout', 'soon'],
      '--timeout "soon" is not a duration',
      'give seconds or a number with a unit: 30, 30s, 5m, 1h',
    ],
  ])('%j is refused', (argv, message, hint) => {
    expect(() => parseArguments(argv)).toThrow(expect.objectContaining({ code: 'usage', message, hint }))
  })
})
