import { describe, expect, test } from 'vitest'
import { project, runCli } from './support/run-cli.ts'

const shop = `prefix: dev-
tables:
  - table: users
    partitionKey: pk:S
  - table: orders
    partitionKey: customerId:S
    sortKey: placedAt:N
    billingMode: PROVISIONED
    readCapacity: 5
    writeCapacity: 7
    ttl: expiresAt
    deletionProtection: false
    pointInTimeRecovery: 7
    tags: { team: shop, stage: dev }
    globalIndexes:
      by-status: { partitionKey: [tenant:S, status:S], sortKey: placedAt:N, projection: KEYS_ONLY }
      by-total: { partitionKey: total:N, projection: [name], readCapacity: 3, writeCapacity: 2 }
    localIndexes:
      by-total-of: { sortKey: total:N }
`

describe('show', () => {
  test('text shows keys, settings, indexes and sources', async () => {
    const cwd = await project({ '.dynamoxrc': shop })
    const { code, stdout } = await runCli(['show'], { cwd })
    expect(stdout.split('\n')).toEqual([
      'dev-users  (users)',
      '  partition key  pk S',
      '  billing mode   PAY_PER_REQUEST (default)',
      '  from           .dynamoxrc › tables[0]',
      '',
      'dev-orders  (orders)',
      '  partition key           customerId S',
      '  sort key                placedAt N',
      '  billing mode            PROVISIONED',
      '  read capacity           5',
      '  write capacity          7',
      '  TTL attribute           expiresAt',
      '  point-in-time recovery  on, 7 days',
      '  tags                    team=shop, stage=dev',
      '  deletion protection     off',
      '  from                    .dynamoxrc › tables[1]',
      '  global indexes',
      '    NAME       PARTITION KEY       SORT KEY    PROJECTION    OPTIONS',
      '    by-status  tenant S, status S  placedAt N  KEYS_ONLY     5 read, 5 write (default)',
      '    by-total   total N             -           INCLUDE name  3 read, 2 write',
      '  local indexes',
      '    NAME         PARTITION KEY  SORT KEY  PROJECTION',
      '    by-total-of  customerId S   total N   ALL',
      '',
    ])
    expect(code).toBe(0)
  })

  test('shows the origins of values, the defaults, and the members without a field', async () => {
    const cwd = await project({
      '.dynamoxrc': `
defaults: { tags: { team: shop } }
overrides:
  orders: { ttl: expiresAt, globalIndexes: { by-status: { readCapacity: 9, projection: KEYS_ONLY } } }
environments: { prod: { deletionProtection: true } }
tables:
  - table: orders
    partitionKey: id
    billingMode: PROVISIONED
    readCapacity: 9
    globalIndexes: { by-status: { partitionKey: status, writeCapacity: 3 }, by-at: { partitionKey: at, readCapacity: 1 } }
    extra: { GlobalTableSettingsReplicationMode: ENABLED }
`,
    })
    const { stdout } = await runCli(['show', '-e', 'prod'], { cwd })
    expect(stdout.split('\n')).toEqual([
      'orders',
      '  partition key        id S',
      '  billing mode         PROVISIONED',
      '  read capacity        9',
      '  write capacity       5 (default)',
      '  TTL attribute        expiresAt (.dynamoxrc overrides.orders)',
      '  tags                 team=shop (.dynamoxrc defaults)',
      '  deletion protection  on (.dynamoxrc environments.prod)',
      '  extra                GlobalTableSettingsReplicationMode',
      '  from                 .dynamoxrc › tables[0]',
      '  global indexes',
      '    NAME       PARTITION KEY  SORT KEY  PROJECTION                               OPTIONS',
      '    by-status  status S       -         KEYS_ONLY (.dynamoxrc overrides.orders)  9 read (.dynamoxrc overrides.orders), 3 write',
      '    by-at      at S           -         ALL                                      1 read, 5 write (default)',
      '',
    ])
    const json = await runCli(['show', '-e', 'prod', '--json'], { cwd })
    expect(JSON.parse(json.stdout).tables[0].origins).toEqual({
      tags: '.dynamoxrc defaults',
      ttl: '.dynamoxrc overrides.orders',
      deletionProtection: '.dynamoxrc environments.prod',
      'globalIndexes.by-status.readCapacity': '.dynamoxrc overrides.orders',
      'globalIndexes.by-status.projection': '.dynamoxrc overrides.orders',
    })
  })

  test('as JSON: definition, request and source', async () => {
    const cwd = await project({ '.dynamoxrc': shop })
    const { code, stdout } = await runCli(['show', 'users', '--json'], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      command: 'show',
      ok: true,
      tables: [
        {
          name: 'dev-users',
          definition: { name: 'dev-users', partitionKey: [{ name: 'pk', type: 'S' }], billingMode: 'PAY_PER_REQUEST' },
          request: {
            TableName: 'dev-users',
            BillingMode: 'PAY_PER_REQUEST',
            KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          },
          source: [{ file: '.dynamoxrc', export: 'tables[0]' }],
        },
      ],
    })
    expect(code).toBe(0)
  })

  test('a table from flags alone, and an override of one that is defined', async () => {
    const cwd = await project({ '.dynamoxrc': shop })
    const alone = await runCli(['show', 'extra', '--partition-key', 'id:N', '--ttl', 'at', '--no-config'], { cwd })
    expect(alone.stdout).toBe(
      [
        'extra',
        '  partition key  id N',
        '  billing mode   PAY_PER_REQUEST (default)',
        '  TTL attribute  at',
        '  from           flags',
        '',
      ].join('\n'),
    )
    const over = await runCli(['show', 'users', '--ttl', 'at', '--json'], { cwd })
    expect(JSON.parse(over.stdout)).toMatchObject({ tables: [{ name: 'dev-users', definition: { ttl: 'at' } }] })
  })

  const own = "is the table's own region; name only the other regions"
  test.each<[string, string, string]>([
    ['a replica', 'region: us-east-2', `.dynamoxrc:1:55: tables[0] carts › replicas[0]: us-east-2 ${own}`],
    ['a witness', 'region: eu-west-1', `.dynamoxrc:1:88: tables[0] carts › witness: eu-west-1 ${own}`],
    [
      'the environment names it',
      'region: eu-central-1\nenvironments: { prod: { region: us-east-2 } }',
      `.dynamoxrc:1:55: tables[0] carts › replicas[0]: us-east-2 ${own}`,
    ],
    ['another region', 'region: eu-central-1', ''],
    ['no region is known', 'strict: false', ''],
    ['an engine has its own', 'region: us-east-2\nlocal: true', ''],
    ['an endpoint too', 'region: us-east-2\nendpoint: http://localhost:8000', ''],
  ])('no replica in the own region: %s', async (_, config, says) => {
    const strong = 'replicas: [us-east-2], consistency: STRONG, witness: eu-west-1'
    const carts = `tables: [{ table: carts, partitionKey: id, ${strong} }]`
    const cwd = await project({ '.dynamoxrc': `${carts}\n${config}\n` })
    const { code, stderr } = await runCli(['show', ...(config.includes('prod') ? ['--env', 'prod'] : [])], { cwd })
    expect({ code, stderr }).toEqual({ code: says === '' ? 0 : 2, stderr: expect.stringContaining(says) })
  })

  test('an unknown name beside an unreadable model reports the model', async () => {
    const cwd = await project({ '.dynamoxrc': `${shop}  - { tabel: posts, partitionKey: pk }\n` })
    const { code, stderr } = await runCli(['show', 'posts'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('unknown field "tabel"; did you mean "table"?')
  })

  test.each([
    [['show', '--no-config'], 'error: nothing to show: no model and no config with tables\n'],
    [['show', 'usrs'], 'error: table "usrs" is not defined; did you mean "users"?\n'],
    [['show', '--ttl', 'at'], 'error: definition flags apply to exactly one table, but 2 are selected\n'],
    [['show', '-m', 'nope.ts'], 'error: '],
    [['show', 'users', '--gsi', 'name=x'], 'error: --gsi "name=x" has no partitionKey\n'],
  ])('%j is refused', async (argv, says) => {
    const cwd = await project({ '.dynamoxrc': shop })
    const { code, stdout, stderr } = await runCli(argv, { cwd })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(says)
  })
})
