import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dynamox, project } from './support/cli.ts'

// A server in DynamoDB's place that only counts: bad input must never get as far as a request.
let requests = 0
const server = createServer((_, response) => {
  requests += 1
  response.writeHead(500).end()
})
let endpoint = ''
beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const user = `import { defineModel, string } from 'dynamox'
export const User = defineModel({ table: 'users', partitionKey: 'pk', attributes: { pk: string() } })
`
const config = (text: string) => ({ '.dynamoxrc': text })

interface Case {
  readonly name: string
  readonly files?: Record<string, string>
  readonly args: readonly string[]
  readonly code: string
  /** What stderr must say. */
  readonly says: readonly (string | RegExp)[]
}

const cases: readonly Case[] = [
  {
    name: 'no such model file',
    args: ['create', '-m', 'src/models/usr.ts'],
    code: 'model',
    says: ['src/models/usr.ts'],
  },
  { name: 'a glob that matches nothing', args: ['create', '-m', 'models/*.ts'], code: 'model', says: ['models/*.ts'] },
  {
    name: 'a model file with a syntax error',
    files: { 'user.ts': `export const a = 1\nexport const = 2\n` },
    args: ['create', '-m', 'user.ts'],
    code: 'model',
    says: [/user\.ts:2:\d+/],
  },
  {
    name: 'a model file that exports nothing usable says what it does export',
    files: { 'user.ts': `export const answer = 42\nexport function helper() {}\n` },
    args: ['create', '-m', 'user.ts'],
    code: 'model',
    says: ['user.ts', 'answer', 'helper'],
  },
  {
    name: 'a model file that throws',
    files: {
      'user.ts': `const secret: string | undefined = undefined\nif (!secret) throw new Error('SECRET is not set')\nexport {}\n`,
    },
    args: ['create', '-m', 'user.ts'],
    code: 'model',
    says: ['user.ts:2', 'SECRET is not set'],
  },
  { name: 'an unknown flag', args: ['create', '--modle', 'user.ts'], code: 'usage', says: ['--modle', '--model'] },
  { name: 'an unknown command', args: ['craete'], code: 'usage', says: ['craete', 'create'] },
  {
    name: 'an unknown config key, all of them',
    files: config('modles: user.ts\ntables: []\nprefx: a-\n'),
    args: ['create'],
    code: 'config',
    says: ['modles', 'models', 'prefx', 'prefix', '.dynamoxrc'],
  },
  {
    name: 'wrong types in config, all of them',
    files: config('prefix: 1\nallowedAccounts: 12\n'),
    args: ['create'],
    code: 'config',
    says: ['prefix', 'allowedAccounts'],
  },
  {
    name: 'an unknown environment',
    files: config('environments: { prod: { prefix: p- } }\ntables: [{ table: users, partitionKey: pk }]\n'),
    args: ['create', '-e', 'prd'],
    code: 'usage',
    says: ['prd', 'prod'],
  },
  { name: 'a bad duration', args: ['wait', 'users', '--timeout', 'soon'], code: 'usage', says: ['soon', '--timeout'] },
  { name: 'a bad concurrency', args: ['wait', 'users', '--concurrency', '0'], code: 'usage', says: ['--concurrency'] },
  { name: 'delete with nothing named', args: ['delete'], code: 'usage', says: ['table names', '--model'] },
  {
    name: 'delete where only a config is there',
    files: config('tables: [{ table: users, partitionKey: pk }]\n'),
    args: ['delete', '--yes'],
    code: 'usage',
    says: ['--all'],
  },
  { name: 'delete without a terminal and without --yes', args: ['delete', 'users'], code: 'usage', says: ['--yes'] },
  { name: 'create with nothing to work on', args: ['create'], code: 'usage', says: ['--model'] },
  { name: 'create NAME without a key', args: ['create', 'users'], code: 'usage', says: ['--partition-key'] },
  {
    name: 'an unknown table name beside loaded definitions',
    files: { 'user.ts': user },
    args: ['create', 'usres', '-m', 'user.ts'],
    code: 'usage',
    says: ['usres', 'users'],
  },
  {
    name: 'two config files in one folder',
    files: { '.dynamoxrc': 'prefix: a-\n', 'dynamox.config.json': '{}' },
    args: ['create'],
    code: 'config',
    says: ['.dynamoxrc', 'dynamox.config.json'],
  },
  { name: 'no such config file', args: ['create', '--config', 'nope.yaml'], code: 'config', says: ['nope.yaml'] },
  {
    name: 'a YAML syntax error',
    files: config('prefix: a\ntables:\n  - table: [users\n'),
    args: ['create'],
    code: 'config',
    says: [/\.dynamoxrc:\d+/],
  },
  {
    name: 'a glob in YAML without quotes',
    files: config('prefix: a\nmodels: *.ts\n'),
    args: ['create'],
    code: 'config',
    says: ['.dynamoxrc:2:9', '*.ts is read as an alias', 'quote'],
  },
  {
    name: 'a model file without --model',
    files: { 'user.ts': user },
    args: ['create', 'user.ts'],
    code: 'usage',
    says: ['user.ts is a model file', '--model user.ts'],
  },
  {
    name: '{pk:S} in YAML flow',
    files: config('tables:\n  - table: users\n    partitionKey: {pk:S}\n'),
    args: ['create'],
    code: 'config',
    says: [/\.dynamoxrc:3:\d+/, '{pk:S}', 'pk:S without braces'],
  },
  {
    name: 'a bad endpoint',
    args: ['exists', 'users', '--endpoint', 'localhost:8000'],
    code: 'usage',
    says: ['localhost:8000', 'http://'],
  },
  { name: 'a bad table name', args: ['create', 'a', '--partition-key', 'pk'], code: 'definition', says: ['3', 'a'] },
  {
    name: 'a bad key type',
    args: ['create', 'users', '--partition-key', 'pk:BOOL'],
    code: 'definition',
    says: ['pk:BOOL'],
  },
  {
    name: 'a bad billing mode',
    args: ['create', 'users', '--partition-key', 'pk', '--billing-mode', 'FREE'],
    code: 'usage',
    says: ['FREE', 'PAY_PER_REQUEST'],
  },
  {
    name: 'all the problems of a definition at once',
    files: {
      'shop.json': JSON.stringify({
        table: 'x',
        partitionKey: 'pk',
        globalIndexes: { 'by-a': { partitionKey: 'a', projection: ['b', 'b'] } },
        localIndexes: { 'by-c': { sortKey: 'c' } },
      }),
    },
    args: ['create', '-m', 'shop.json'],
    code: 'definition',
    says: ['3 problems', 'by-a', 'local indexes', 'sort key'],
  },
]

describe('bad input: one clear sentence, exit 2, nothing sent', () => {
  test.each(cases)('$name', async ({ files = {}, args, code, says }) => {
    const cwd = await project({ 'package.json': '{}', ...files })
    const target = args.includes('--endpoint') ? [] : ['--endpoint', endpoint]
    const before = requests

    const text = await dynamox([...args, ...target], { cwd })
    expect(text).toMatchObject({ code: 2, stdout: '' })
    for (const part of says)
      expect(text.stderr).toMatch(
        part instanceof RegExp ? part : new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
      )
    expect(text.stderr).not.toMatch(/\n\s+at .*dynamox.*(dist|src)/)

    const json = await dynamox([...args, ...target, '--json'], { cwd })
    expect(json.code).toBe(2)
    expect(json.json).toMatchObject({ version: 1, ok: false, error: { code } })
    expect(requests).toBe(before)
  })

  test('another account than allowedAccounts, before anything is sent to DynamoDB', async () => {
    const cwd = await project(
      config('allowedAccounts: ["111111111111"]\ntables: [{ table: users, partitionKey: pk }]\n'),
    )
    // Not loopback by name, so the guard holds; nothing listens there, and nothing may be asked of it.
    const env = {
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_ACCOUNT_ID: '222222222222',
      AWS_REGION: 'eu-west-1',
    }
    const ran = await dynamox(['create', '--json', '--endpoint', 'http://dynamodb.invalid:8000'], { cwd, env })
    expect(ran.code).toBe(2)
    expect(ran.json.error?.message).toContain('222222222222')
  })
})

test('without a region, the environments of the config are suggested', async () => {
  const cwd = await project({ '.dynamoxrc': 'environments: { dev: { local: true }, prod: {} }\ntables: []\n' })
  const { code, stderr } = await dynamox(['list'], { cwd })
  expect(code).toBe(2)
  expect(stderr).toContain('choose an environment with --env (dev, prod), give a region (--region eu-west-1)')
})

test.each([
  ['us-east1', 2, "error: 'us-east1' is not an AWS region\n  did you mean us-east-1?\n"],
  ['mars', 2, "error: 'mars' is not an AWS region\n  write it like eu-west-1\n"],
  [
    'eu-wst-1',
    3,
    'warning: eu-wst-1 is not a region that dynamox knows; did you mean eu-west-1?\nChecking users, orders in eu-wst-1\nerror: no AWS credentials were found\n',
  ],
  ['nz-north-1', 3, 'Checking users, orders in nz-north-1\nerror: no AWS credentials were found\n'],
  ['', 2, 'Checking users, orders in AWS\nerror: no AWS region is set\n  give a region (--region eu-west-1)'],
])('the region "%s"', async (region, code, text) => {
  const ran = await dynamox(['exists', 'users', 'orders', '--no-config'], { env: { AWS_REGION: region } })
  expect(ran.code).toBe(code)
  expect(ran.stderr.startsWith(text), ran.stderr).toBe(true)
})
