import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Target } from '../../src/aws/target.ts'
import { everything, off } from '../formats/tables.ts'
import { createFakeAws } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { project, runCli } from './support/run-cli.ts'

function fake(...tables: Parameters<ReturnType<typeof createFakeAws>['put']>[0][]) {
  const aws = createFakeAws(createVirtualClock())
  for (const each of tables) aws.put(each)
  return aws
}

describe('pull', () => {
  test('every setting comes back, and plans as unchanged', async () => {
    const api = fake({ ...everything, kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/own' }, off)
    const cwd = await project()
    for (const file of ['tables.yaml', 'tables.ts', 'tables.json', 'template.yaml']) {
      const to = file === 'template.yaml' ? ['--to', 'cloudformation'] : []
      expect(await runCli(['pull', '--out', file, '-q', ...to], { cwd, api })).toMatchObject({
        code: 0,
        stdout: `${file}  created\n`,
        stderr: '',
      })
      const { code, stdout } = await runCli(['plan', '--check', '--model', file, '-q'], { cwd, api })
      expect({ file, code, stdout }).toEqual({
        file,
        code: 0,
        stdout: 'off                unchanged\nshop.Orders-dev_1  unchanged\n',
      })
    }
  })

  test('without what AWS would give a new table anyway', async () => {
    const api = fake(table({ table: 'users', deletionProtection: false }))
    const { stdout } = await runCli(['pull', '--json'], { cwd: await project(), api })
    const { tables, files, format } = JSON.parse(stdout)
    expect({ tables, format }).toEqual({ tables: [{ name: 'users' }], format: 'dynamox' })
    expect(parse(files[0].text)).toEqual({
      tables: [{ table: 'users', partitionKey: 'pk:S', billingMode: 'PAY_PER_REQUEST' }],
    })
  })

  test('the prefix of the config: only its tables, by the names that models have', async () => {
    const api = fake(table({ table: 'dev-users' }), table({ table: 'prod-users' }))
    const cwd = await project({ '.dynamoxrc': 'prefix: dev-\n' })
    const { stdout, stderr } = await runCli(['pull'], { cwd, api })
    expect(parse(stdout).tables.map((each: { table: string }) => each.table)).toEqual(['users'])
    expect(stderr).toContain('left out: 1 of 2 tables, which lack the prefix dev-')
    const whole = await runCli(['pull', '--to', 'create-table'], { cwd, api })
    expect(JSON.parse(whole.stdout)).toMatchObject({ TableName: 'dev-users' })
  })

  test.each([
    [['pull', 'missing'], 3, 'error: table missing does not exist in eu-west-1'],
    [['pull', '--to', 'cdk', '--import'], 2, 'error: --import cannot be combined with --to cdk'],
    [['pull', '--to', 'pdf'], 2, 'error: --to "pdf" is not one of '],
    [['pull', '--to', 'cloudformation', '--import'], 2, 'error: 2 files cannot be written to the terminal or a pipe'],
    [
      ['pull', '--out', 'package.json'],
      2,
      'error: package.json already exists and has other content; nothing was written',
    ],
    [['pull', '--out', 'package.json/x'], 2, 'error: package.json/x cannot be written: '],
    [['pull', '--out', '/dev/null', '--force'], 2, 'error: /dev/null is not a regular file'],
    [
      ['pull', '--out', `${'x'.repeat(300)}.yaml`],
      2,
      `error: ${'x'.repeat(300)}.yaml cannot be written: ENAMETOOLONG: name too long`,
    ],
  ])('%j', async (argv, exit, message) => {
    const { code, stderr } = await runCli(argv, { cwd: await project(), api: fake(table({ table: 'users' })) })
    expect({
      code,
      error: stderr
        .split('\n')
        .find(line => line.startsWith('error'))
        ?.slice(0, message.length),
    }).toEqual({
      code: exit,
      error: message,
    })
  })

  test('--out - is stdout', async () => {
    const { code, stdout } = await runCli(['pull', '--out', '-'], { cwd: await project(), api: fake(table({})) })
    expect({ code, tables: parse(stdout).tables }).toMatchObject({ code: 0, tables: [{ table: 'users' }] })
  })

  test('--force replaces a file; a folder gets the usual names', async () => {
    const cwd = await project({ 'a.yaml': 'tables: []\n' })
    const api = fake(table({ table: 'users' }))
    expect(await runCli(['pull', '--out', 'a.yaml', '--force'], { cwd, api })).toMatchObject({
      code: 0,
      stdout: 'a.yaml  replaced\n',
    })
    expect(await runCli(['pull', '--out', 'new/', '--to', 'create-table'], { cwd, api })).toMatchObject({
      code: 0,
      stdout: 'new/users.json  created\n',
    })
  })

  test.each<[Target, string]>([
    [
      { kind: 'aws', region: 'eu-west-1' },
      'error: no tables found in eu-west-1, account 123456789012\n  check --region and --profile\n',
    ],
    [
      { kind: 'endpoint', endpoint: 'http://localhost:8000' },
      'error: no tables found at http://localhost:8000 (eu-west-1)\n  check --endpoint and --region\n',
    ],
    [
      { kind: 'local', endpoint: 'http://localhost:8000' },
      'error: no tables found on the embedded engine (http://localhost:8000)\n  dynamox create creates the tables of models and config\n',
    ],
  ])('no tables: %j', async (target, stderr) => {
    expect(await runCli(['pull'], { cwd: await project(), api: fake(), target })).toMatchObject({ code: 2, stderr })
  })
})
