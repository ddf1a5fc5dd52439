import { describe, expect, test } from 'vitest'
import { DynamoxError } from '../../src/errors.ts'
import { project, runCli } from './support/run-cli.ts'
import { globalIndex, liveTable, tinyApi } from './support/tiny-api.ts'

const config = `allowedAccounts: ["123456789012"]
tables:
  - { table: users, partitionKey: pk, ttl: expires }
  - { table: orders, partitionKey: pk, globalIndexes: { by-at: { partitionKey: at } } }
environments: { dev: { prefix: dev- } }
`
const orders = JSON.stringify({
  TableName: 'orders',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
})
const live = [liveTable({ name: 'orders', globalIndexes: [globalIndex('by-at', 'at'), globalIndex('old', 'x')] })]
const account = '123456789012'

type Policy = {
  readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: readonly string[] }[]
}

/** `users: CreateTable DescribeTable`. */
const shortly = (text: string) =>
  (JSON.parse(text) as Policy).Statement.map(
    ({ Action, Resource }) =>
      `${Resource.map(arn => arn.replace(/^arn:aws:dynamodb:eu-west-1:123456789012:table\//, '')).join(',')}: ${Action.map(action => action.replace('dynamodb:', '')).join(' ')}`,
  )

const describeAll = (tables: string) =>
  `${tables}: DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource`

const streams = `arn:aws:kinesis:eu-west-1:${account}:stream/*: kinesis:DescribeStream kinesis:DescribeStreamSummary`

describe('--iam', () => {
  test.each<[readonly string[], readonly string[]]>([
    [
      ['create'],
      ['users: CreateTable DescribeTable DescribeTimeToLive UpdateTimeToLive', 'orders: CreateTable DescribeTable'],
    ],
    [
      ['create', 'users', '--tag', 'a=b'],
      ['users: CreateTable DescribeTable DescribeTimeToLive ListTagsOfResource TagResource UpdateTimeToLive'],
    ],
    [['exists'], ['orders,users: DescribeTable']],
    [['wait', 'users'], ['users: DescribeTable']],
    [['delete', 'users'], ['users: DeleteTable DescribeTable']],
    [['delete', 'users', '--disable-protection'], ['users: DeleteTable DescribeTable UpdateTable']],
    [
      ['delete', '--match', 'pr-*'],
      ['*: ListTables', 'pr-*: DeleteTable DescribeTable'],
    ],
    [
      ['delete', '--match', 'pr-*', '--tag', 'a=b'],
      ['*: ListTables', 'pr-*: DeleteTable DescribeTable ListTagsOfResource'],
    ],
    [['list'], ['*: ListTables', '*: DescribeTable']],
    [['plan'], ['users: CreateTable DescribeTable DescribeTimeToLive UpdateTimeToLive', 'orders: DescribeTable']],
    [['plan', 'orders', '--drop-indexes'], ['orders: DescribeTable UpdateTable']],
    [
      ['describe', 'users'],
      [describeAll('users'), streams],
    ],
    [
      ['pull', 'users'],
      [describeAll('users'), streams],
    ],
    [
      ['diff', 'live', 'orders.json'],
      [describeAll('orders'), streams],
    ],
    [
      ['diff', 'env:dev', 'live'],
      [describeAll('dev-orders,dev-users'), streams],
    ],
    [
      ['diff', 'live', 'live:dev', '--match-by', 'keys'],
      [describeAll('orders,users'), streams, describeAll('dev-orders,dev-users')],
    ],
    [['diff', 'orders.json', 'env:dev'], []],
    [['local'], []],
    [['update', 'orders', '--drop-indexes'], ['orders: DescribeTable UpdateTable']],
  ])('%j', async (argv, expected) => {
    const cwd = await project({ '.dynamoxrc': config, 'orders.json': orders })
    const api = tinyApi({ tables: live, account })
    const { code, stdout, stderr } = await runCli([...argv, '--iam'], { cwd, api })
    expect(code, stderr).toBe(0)
    expect({ code, stderr, policy: shortly(stdout), sent: api.sent }).toMatchObject({
      code: 0,
      policy: expected,
      sent: [],
    })
  })

  test('the policy of a saved plan covers what its steps need', async () => {
    const cwd = await project({ '.dynamoxrc': config })
    const api = () => tinyApi({ tables: live, account })
    expect(await runCli(['plan', 'orders', '--drop-indexes', '--out', 'plan.json'], { cwd, api: api() })).toMatchObject(
      {
        code: 0,
      },
    )
    const { stdout } = await runCli(['update', '--plan', 'plan.json', '--iam'], { cwd, api: api() })
    expect(shortly(stdout)).toEqual(['orders: DescribeTable UpdateTable'])
  })

  test('nothing that is sent to AWS needs nothing', async () => {
    const { code, stdout, stderr } = await runCli(['local', '--iam'])
    expect({ code, policy: JSON.parse(stdout), stderr }).toEqual({
      code: 0,
      policy: { Version: '2012-10-17', Statement: [] },
      stderr: 'local sends nothing to AWS; it needs no permissions\n',
    })
  })

  test('only plans contact the target', async () => {
    const cwd = await project({ '.dynamoxrc': config })
    const failing = { users: new DynamoxError('access-denied', 'access denied') }
    expect(await runCli(['exists', 'users', '--iam'], { cwd, api: tinyApi({ failing }) })).toMatchObject({ code: 0 })
  })

  test('a plan that cannot describe the tables names the missing permissions, and fails', async () => {
    const cwd = await project({ '.dynamoxrc': config })
    const failing = { orders: new DynamoxError('access-denied', 'access denied') }
    const { code, stdout, stderr } = await runCli(['plan', 'orders', '--iam'], { cwd, api: tinyApi({ failing }) })
    expect({ code, policy: shortly(stdout) }).toEqual({ code: 3, policy: ['orders: DescribeTable'] })
    expect(stderr).toContain('error: access denied')
  })

  test('an unknown account is written as *, with a warning', async () => {
    const { stdout, stderr } = await runCli(['exists', 'users', '--no-config', '--iam'], { api: tinyApi() })
    expect(stdout).toContain('"arn:aws:dynamodb:eu-west-1:*:table/users"')
    expect(stderr).toContain('the AWS account is not known')
  })

  test('a policy that is too long causes a warning', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `table-${at}`)
    const { code, stderr } = await runCli(['exists', ...names, '--no-config', '--iam'], { api: tinyApi({ account }) })
    expect(code).toBe(0)
    expect(stderr).toMatch(/warning: the policy has \d+ characters; AWS allows 6144 in a managed policy/)
  })

  test('--json has the policy; commands that contact nothing have no --iam', async () => {
    const { stdout } = await runCli(['exists', 'users', '--no-config', '--iam', '--json'], {
      api: tinyApi({ account }),
    })
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, policy: { Version: '2012-10-17' } })
    expect(await runCli(['show', '--iam'])).toMatchObject({ code: 2 })
  })
})
