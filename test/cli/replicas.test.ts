// Consent, protection and permissions of global tables: each region counts.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { project, runCli } from './support/run-cli.ts'
import { globalIndex, liveTable, type TinyApi, tinyApi } from './support/tiny-api.ts'

const account = '123456789012'

const carts = (replicas: string, more = '') => `${more}
tables:
  - table: carts
    partitionKey: pk:S
    billingMode: PAY_PER_REQUEST
    replicas: ${replicas}
`

/** `carts` in eu-west-1 with a replica in us-east-2, and an index that no definition here has. */
function there(): TinyApi {
  const replicas = [{ region: 'us-east-2', deletionProtection: false, tags: {} }]
  const table = liveTable({
    name: 'carts',
    itemCount: 1204,
    replicas,
    stream: 'NEW_AND_OLD_IMAGES',
    globalIndexes: [globalIndex('old', 'x')],
  })
  const live = { ...table, replicaStatuses: { 'us-east-2': 'ACTIVE' }, read: ['replicas'] } as const
  return tinyApi({ tables: [live], account })
}

const removal = [{ TableName: 'carts', ReplicaUpdates: [{ Delete: { RegionName: 'us-east-2' } }] }]
const inputs = (api: TinyApi) => api.sent.map(({ input }) => input)

describe('removing a replica needs the consent of a deletion', () => {
  test.each<[string, string, number, readonly object[]]>([
    ['the name of the table', 'carts\n', 0, removal],
    ['a yes is not enough', 'y\n', 2, []],
    ['another name', 'users\n', 2, []],
    ['nothing', '\n', 2, []],
  ])('%s', async (_, input, expected, sent) => {
    const cwd = await project({ '.dynamoxrc': carts('[]') })
    const api = there()
    const { code, stderr } = await runCli(['update'], { cwd, api, tty: true, input })
    expect({ code, sent: inputs(api) }).toEqual({ code: expected, sent })
    expect(stderr).toContain('- remove the replica in us-east-2 with its copy of about 1,204 items')
    expect(stderr).toContain('To apply these changes to carts, type carts: ')
  })

  test('a plain yes on an endpoint of this machine', async () => {
    const cwd = await project({ '.dynamoxrc': carts('[]') })
    const api = there()
    const target = { kind: 'endpoint', endpoint: 'http://localhost:8000', region: 'eu-west-1' } as const
    const { code } = await runCli(['update'], { cwd, api, target, tty: true, input: 'y\n' })
    expect({ code, sent: inputs(api) }).toEqual({ code: 0, sent: removal })
  })

  test.each<[string, readonly string[], number, readonly object[]]>([
    ['without a terminal it is refused', [], 2, []],
    ['--yes agrees in advance', ['--yes'], 0, removal],
    ['a dry run asks nothing and sends nothing', ['--dry-run'], 0, []],
  ])('%s', async (_, flags, expected, sent) => {
    const cwd = await project({ '.dynamoxrc': carts('[]') })
    const api = there()
    const { code } = await runCli(['update', ...flags], { cwd, api })
    expect({ code, sent: inputs(api) }).toEqual({ code: expected, sent })
  })
})

describe('deleting a table with replicas removes them after the same consent', () => {
  const both = [...removal, { TableName: 'carts' }]

  test.each<[string, readonly string[], string | undefined, number, readonly object[]]>([
    ['the name of the table', [], 'carts\n', 0, both],
    ['a yes is not enough', [], 'y\n', 2, []],
    ['nothing', [], '\n', 2, []],
    ['without a terminal it is refused', [], undefined, 2, []],
    ['--yes agrees in advance', ['--yes'], undefined, 0, both],
    ['--json asks nothing', ['--json'], undefined, 2, []],
    ['--json with --yes', ['--json', '--yes'], undefined, 0, both],
    ['a dry run asks nothing and sends nothing', ['--dry-run'], undefined, 0, []],
  ])('%s', async (_, flags, input, expected, sent) => {
    const cwd = await project({ '.dynamoxrc': carts('[us-east-2]') })
    const api = there()
    const terminal = input === undefined ? {} : { tty: true, input }
    const { code, stderr } = await runCli(['delete', 'carts', '--no-wait', ...flags], { cwd, api, ...terminal })
    expect({ code, sent: inputs(api) }).toEqual({ code: expected, sent })
    if (input !== undefined) expect(stderr).toMatch(/about 1,204 items.*; and the replicas in us-east-2/)
  })
})

describe('a protected environment counts in every region', () => {
  const prod = (region: string) => `environments: { prod: { region: ${region}, protected: true } }`
  const message = (command: string) =>
    `error: carts is a table of the protected environment prod, and ${command} may destroy data in it\n`
  const refused: readonly [string, string, readonly string[]][] = [
    ['a replica that is removed', '[]', ['update', '--yes']],
    [
      'an index of the table, which its replica loses too',
      '[us-east-2]',
      ['update', '--drop-indexes', '--yes', '--no-wait'],
    ],
    ['the table with its replicas', '[us-east-2]', ['delete', 'carts', '--yes']],
    ['tables that match', '[us-east-2]', ['delete', '--match', 'ca*', '--yes']],
  ]
  test.each(refused)('%s', async (_, replicas, argv) => {
    const [command = ''] = argv
    const run = async (region: string, ...more: readonly string[]) => {
      const cwd = await project({ '.dynamoxrc': carts(replicas, prod(region)) })
      const api = there()
      const { code, stderr } = await runCli([...argv, ...more], { cwd, api, env: { AWS_REGION: 'eu-west-1' } })
      return { code, stderr, sent: api.sent.length }
    }
    const stopped = await run('us-east-2')
    expect(stopped).toMatchObject({ code: 2, sent: 0 })
    expect(stopped.stderr).toContain(message(command))
    for (const allowed of [await run('us-west-2'), await run('us-east-2', '--allow-protected')]) {
      expect(allowed).toMatchObject({ code: 0 })
      expect(allowed.sent).toBeGreaterThan(0)
    }
  })
})

test.each<[string, string, readonly string[]]>([
  ['adding a replica', '[us-east-2, us-west-2]', ['update']],
  ['removing one', '[]', ['update', '--yes']],
  ['what a replica has for itself', '[{ region: us-east-2, deletionProtection: true }]', ['update']],
  ['deleting the table', '[us-east-2]', ['delete', 'carts', '--yes']],
])('allowedAccounts: %s in another account sends nothing', async (_, replicas, argv) => {
  const cwd = await project({ '.dynamoxrc': carts(replicas, 'allowedAccounts: ["999999999999"]') })
  const api = there()
  const { code, stderr } = await runCli(argv, { cwd, api })
  expect({ code, sent: api.sent }).toEqual({ code: 2, sent: [] })
  expect(stderr).toContain(
    `these credentials belong to account ${account}, and allowedAccounts allows only 999999999999`,
  )
})

test.each<[string, Readonly<Record<string, string>>]>([
  ['AWS_REGION', { AWS_REGION: 'us-east-2' }],
  ['the shared files', { AWS_CONFIG_FILE: 'aws-config', AWS_PROFILE: 'shop' }],
])("a replica in the table's own region, which %s names, is refused offline", async (_, env) => {
  const cwd = await project({
    '.dynamoxrc': carts('[us-east-2]'),
    'aws-config': '[profile shop]\nregion = us-east-2\n',
  })
  const file = env.AWS_CONFIG_FILE === undefined ? {} : { AWS_CONFIG_FILE: join(cwd, env.AWS_CONFIG_FILE) }
  expect(await runCli(['show'], { cwd, env: { ...env, ...file } })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: "error: .dynamoxrc: carts › replicas: us-east-2 is the table's own region; name only the other regions\n",
  })
  expect(await runCli(['show'], { cwd, env: { ...env, ...file, AWS_REGION: 'eu-west-1' } })).toMatchObject({ code: 0 })
})

describe('--iam', () => {
  const items = ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem']
  const words = (...all: readonly string[]) => [...all].sort().join(' ')
  const ownReads = words(
    'DescribeContinuousBackups',
    'DescribeContributorInsights',
    'DescribeTable',
    'ListTagsOfResource',
  )

  test.each<[string, string, string, Readonly<Record<string, string>>]>([
    [
      'adding a replica',
      'update',
      '[us-east-2, us-west-2]',
      {
        'eu-west-1': words('DescribeTable', 'UpdateTable'),
        'us-east-2': ownReads,
        'us-west-2': words('CreateTable', 'CreateTableReplica', ...items, ...ownReads.split(' ')),
        iam: 'CreateServiceLinkedRole',
      },
    ],
    [
      'removing one',
      'plan',
      '[]',
      {
        'eu-west-1': words('DescribeTable', 'UpdateTable'),
        'us-east-2': words('DeleteTable', 'DeleteTableReplica', ...ownReads.split(' ')),
      },
    ],
    [
      'what a replica has for itself',
      'update',
      '[{ region: us-east-2, deletionProtection: true, tags: { a: b } }]',
      {
        'eu-west-1': 'DescribeTable',
        'us-east-2': words('TagResource', 'UpdateTable', ...ownReads.split(' ')),
      },
    ],
    [
      'deleting the table, whose replicas are looked at first',
      'delete carts',
      '[us-east-2]',
      {
        'eu-west-1': words('DeleteTable', 'DescribeTable', 'UpdateTable'),
        'us-east-2': words('DeleteTable', 'DeleteTableReplica', ...ownReads.split(' ')),
      },
    ],
    [
      'deleting protected replicas',
      'delete carts --disable-protection',
      '[us-east-2]',
      {
        'eu-west-1': words('DeleteTable', 'DescribeTable', 'UpdateTable'),
        'us-east-2': words('DeleteTable', 'DeleteTableReplica', 'UpdateTable', ...ownReads.split(' ')),
      },
    ],
    [
      'deleting a table of STRONG consistency and its witness',
      'delete carts',
      '[us-east-2]\n    consistency: STRONG\n    witness: us-west-2',
      {
        'eu-west-1': words('DeleteGlobalTableWitness', 'DeleteTable', 'DescribeTable', 'UpdateTable'),
        'us-east-2': words('DeleteTable', 'DeleteTableReplica', ...ownReads.split(' ')),
        'us-west-2': 'DeleteGlobalTableWitness',
      },
    ],
  ])('%s', async (_, command, replicas, expected) => {
    const cwd = await project({ '.dynamoxrc': carts(replicas) })
    const api = there()
    const { code, stdout } = await runCli([...command.split(' '), '--iam'], { cwd, api })
    expect({ code, policy: byRegion(stdout), sent: api.sent }).toEqual({ code: 0, policy: expected, sent: [] })
  })
})

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: readonly string[] }[]
}

/** The actions on the table in each region, and those on roles. */
function byRegion(text: string): Record<string, string> {
  const found = new Map<string, Set<string>>()
  for (const { Action, Resource } of (JSON.parse(text) as Policy).Statement) {
    for (const arn of Resource) {
      const [, , service = '', region = ''] = arn.split(':')
      const place = service === 'dynamodb' ? region : service
      found.set(place, new Set([...(found.get(place) ?? []), ...Action.map(action => action.replace(/^\w+:/, ''))]))
    }
  }
  return Object.fromEntries([...found].map(([place, actions]) => [place, [...actions].sort().join(' ')]))
}
