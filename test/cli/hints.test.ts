import { expect, test } from 'vitest'
import { project, runCli } from './support/run-cli.ts'
import { tinyApi } from './support/tiny-api.ts'

const shop = `tables: [{ table: users, partitionKey: id }]
environments: { prod: { region: eu-west-1, prefix: prod- }, dev: { suffix: -dev } }
`
const hint = async (...argv: string[]) => {
  const { code, stderr } = await runCli(argv, { cwd: await project({ '.dynamoxrc': shop }), api: tinyApi() })
  expect(code).toBe(2)
  return stderr.split('\n').slice(-3).join('\n')
}

test.each([
  [
    ['delete', 'prod-users', '--yes'],
    'prod-users',
    'the only defined table is users; prod-users looks like a table of --env prod; --plain takes names literally',
  ],
  [
    ['delete', 'x-dev', '--yes'],
    'x-dev',
    'the only defined table is users; x-dev looks like a table of --env dev; --plain takes names literally',
  ],
  [['delete', 'other', '--yes'], 'other', 'the only defined table is users; --plain takes names literally'],
  [
    ['plan', 'prod-users'],
    'prod-users',
    'the only defined table is users; prod-users looks like a table of --env prod',
  ],
  [['plan', 'prod-x', '--env', 'prod'], 'prod-x', 'the only defined table is users'],
])('%s', async (argv, name, expected) => {
  expect(await hint(...argv)).toBe(`error: table "${name}" is not defined\n  ${expected}\n`)
})

test('a file that does not exist is not called a model file', async () => {
  expect(await hint('create', 'bad/nosuch.ts')).toBe(
    'error: bad/nosuch.ts is neither a table name nor a file that exists\n  a model file that exists is given with --model: dynamox create --model src/models/user.ts\n',
  )
})
