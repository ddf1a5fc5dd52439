import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { type Plan, type PlanOptions, planTable } from '../../src/plan/plan-table.ts'
import { engines } from '../../src/settings/engines.ts'
import type { TableInput } from '../../src/table/input.ts'
import type { LiveTable } from '../../src/table/live.ts'
import { live } from '../support/live.ts'
import { table } from '../support/tables.ts'

type Input = Partial<TableInput>

const plan = (desired: Input, there: Input | LiveTable | undefined, options?: PlanOptions): Plan =>
  planTable(table(desired), there === undefined ? undefined : 'definition' in there ? there : live(there), options)

/** Each step in one line: its operation and all it sends but the table's name. */
function lines({ steps }: Plan): string[] {
  return steps.map(({ sign, request }) => {
    const { TableName, ResourceArn, ...input } = { TableName: '', ResourceArn: '', ...request.input }
    return `${sign} ${request.api} ${JSON.stringify(input).replaceAll('"', '')}`
  })
}

const provisioned = { billingMode: 'PROVISIONED' } as const
const onDemand = { billingMode: 'PAY_PER_REQUEST' } as const
const email = { 'by-email': { partitionKey: 'email' } } as const
const age = { 'by-age': { partitionKey: 'age:N' } } as const
const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/'

/** The call that adds an index on `name`, with the definitions of all keys that the table has then. */
const createIndex = (name: string, ...defined: readonly string[]) => {
  const definitions = ['pk:S', ...defined].map(each => each.replace(/(.*):(.)/, '{AttributeName:$1,AttributeType:$2}'))
  return `{AttributeDefinitions:[${definitions}],GlobalSecondaryIndexUpdates:[{Create:{IndexName:by-${name},KeySchema:[{AttributeName:${name},KeyType:HASH}],Projection:{ProjectionType:ALL}}}]}`
}
const createEmail = createIndex('email', 'email:S')
const createAgeToo = createIndex('age', 'email:S', 'age:N')
const capacity = (read: number, write: number) =>
  `ProvisionedThroughput:{ReadCapacityUnits:${read},WriteCapacityUnits:${write}}`

const updates: [string, Input, Input, string[], PlanOptions?][] = [
  ['nothing', {}, {}, []],
  ['a switch to on-demand', onDemand, provisioned, ['~ UpdateTable {BillingMode:PAY_PER_REQUEST}']],
  [
    'a switch to on-demand with caps, in one call',
    { ...onDemand, maxReadUnits: 100, maxWriteUnits: 50 },
    provisioned,
    [
      '~ UpdateTable {BillingMode:PAY_PER_REQUEST,OnDemandThroughput:{MaxReadRequestUnits:100,MaxWriteRequestUnits:50}}',
    ],
  ],
  [
    'a switch to on-demand with a stream, in one call',
    { ...onDemand, stream: 'NEW_IMAGE' },
    provisioned,
    ['~ UpdateTable {BillingMode:PAY_PER_REQUEST,StreamSpecification:{StreamEnabled:true,StreamViewType:NEW_IMAGE}}'],
  ],
  [
    'a switch to on-demand with caps and a stream: no three in one call',
    { ...onDemand, maxReadUnits: 100, stream: 'NEW_IMAGE' },
    provisioned,
    [
      '~ UpdateTable {BillingMode:PAY_PER_REQUEST,OnDemandThroughput:{MaxReadRequestUnits:100}}',
      '+ UpdateTable {StreamSpecification:{StreamEnabled:true,StreamViewType:NEW_IMAGE}}',
    ],
  ],
  [
    'a switch to on-demand with a new index, in one call',
    { ...onDemand, globalIndexes: email },
    provisioned,
    [`~ UpdateTable {BillingMode:PAY_PER_REQUEST,${createEmail.slice(1)}`],
  ],
  [
    'a switch to provisioned: a capacity for every live index, named or not',
    {
      ...provisioned,
      readCapacity: 10,
      writeCapacity: 3,
      globalIndexes: { 'by-email': { partitionKey: 'email', readCapacity: 7 } },
    },
    { globalIndexes: { ...email, ...age } },
    [
      `~ UpdateTable {BillingMode:PROVISIONED,${capacity(10, 3)},GlobalSecondaryIndexUpdates:[{Update:{IndexName:by-email,${capacity(7, 5)}}},{Update:{IndexName:by-age,${capacity(5, 5)}}}]}`,
    ],
  ],
  [
    'a switch to provisioned after an index is dropped and before one is added, which has capacity then',
    { ...provisioned, globalIndexes: email },
    { globalIndexes: age },
    [
      '- UpdateTable {GlobalSecondaryIndexUpdates:[{Delete:{IndexName:by-age}}]}',
      `~ UpdateTable {BillingMode:PROVISIONED,${capacity(5, 5)}}`,
      `+ UpdateTable ${createEmail.replace('ProjectionType:ALL}', `ProjectionType:ALL},${capacity(5, 5)}`)}`,
    ],
    { dropIndexes: true },
  ],
  [
    'capacities of a table and its indexes, in one call',
    { ...provisioned, readCapacity: 10, globalIndexes: { 'by-email': { partitionKey: 'email', writeCapacity: 9 } } },
    { ...provisioned, globalIndexes: email },
    [
      `~ UpdateTable {${capacity(10, 5)},GlobalSecondaryIndexUpdates:[{Update:{IndexName:by-email,${capacity(5, 9)}}}]}`,
    ],
  ],
  [
    'the capacity of one index and a new index, in one call',
    { ...provisioned, globalIndexes: { 'by-age': { partitionKey: 'age:N', writeCapacity: 9 }, ...email } },
    { ...provisioned, globalIndexes: age },
    [
      `~ UpdateTable ${createIndex('email', 'age:N', 'email:S')
        .replace('[{Create', `[{Update:{IndexName:by-age,${capacity(5, 9)}}},{Create`)
        .replace('ProjectionType:ALL}', `ProjectionType:ALL},${capacity(5, 5)}`)
        .replace(/^\{(AttributeDefinitions:.*?\]),(.*)\}$/, '{$2,$1}')}`,
    ],
  ],
  [
    'caps of the table and of indexes, in two calls, -1 for off',
    {
      maxReadUnits: false,
      maxWriteUnits: 5,
      globalIndexes: { 'by-email': { partitionKey: 'email', maxReadUnits: 3 } },
    },
    { maxReadUnits: 9, globalIndexes: email },
    [
      '~ UpdateTable {OnDemandThroughput:{MaxReadRequestUnits:-1,MaxWriteRequestUnits:5}}',
      '~ UpdateTable {GlobalSecondaryIndexUpdates:[{Update:{IndexName:by-email,OnDemandThroughput:{MaxReadRequestUnits:3}}}]}',
    ],
  ],
  [
    'warm throughput, each in a call of its own',
    { warmReadUnits: 15_000, globalIndexes: { 'by-email': { partitionKey: 'email', warmWriteUnits: 5_000 } } },
    { globalIndexes: email },
    [
      '~ UpdateTable {WarmThroughput:{ReadUnitsPerSecond:15000}}',
      '~ UpdateTable {GlobalSecondaryIndexUpdates:[{Update:{IndexName:by-email,WarmThroughput:{WriteUnitsPerSecond:5000}}}]}',
    ],
  ],
  [
    'a stream on',
    { stream: 'KEYS_ONLY' },
    {},
    ['+ UpdateTable {StreamSpecification:{StreamEnabled:true,StreamViewType:KEYS_ONLY}}'],
  ],
  [
    'a stream off',
    { stream: false },
    { stream: 'KEYS_ONLY' },
    ['- UpdateTable {StreamSpecification:{StreamEnabled:false}}'],
  ],
  [
    'a stream with another view: off, then on',
    { stream: 'NEW_IMAGE' },
    { stream: 'KEYS_ONLY' },
    [
      '- UpdateTable {StreamSpecification:{StreamEnabled:false}}',
      '+ UpdateTable {StreamSpecification:{StreamEnabled:true,StreamViewType:NEW_IMAGE}}',
    ],
  ],
  [
    'the table class',
    { tableClass: 'STANDARD_INFREQUENT_ACCESS' },
    {},
    ['~ UpdateTable {TableClass:STANDARD_INFREQUENT_ACCESS}'],
  ],
  ['encryption on', { encryption: 'AWS_MANAGED' }, {}, ['~ UpdateTable {SSESpecification:{Enabled:true,SSEType:KMS}}']],
  [
    'encryption with a key of one’s own',
    { encryption: 'CUSTOMER_MANAGED', kmsKeyId: '1234' },
    {},
    ['~ UpdateTable {SSESpecification:{Enabled:true,SSEType:KMS,KMSMasterKeyId:1234}}'],
  ],
  [
    'encryption off',
    { encryption: 'AWS_OWNED' },
    { encryption: 'AWS_MANAGED' },
    ['~ UpdateTable {SSESpecification:{Enabled:false}}'],
  ],
  ['TTL on', { ttl: 'until' }, {}, ['+ UpdateTimeToLive {TimeToLiveSpecification:{Enabled:true,AttributeName:until}}']],
  [
    'TTL off',
    { ttl: false },
    { ttl: 'until' },
    ['- UpdateTimeToLive {TimeToLiveSpecification:{Enabled:false,AttributeName:until}}'],
  ],
  [
    'TTL by another attribute: off, then on, with the long work between',
    { ttl: 'until', globalIndexes: email },
    { ttl: 'expiresAt' },
    [
      '- UpdateTimeToLive {TimeToLiveSpecification:{Enabled:false,AttributeName:expiresAt}}',
      `+ UpdateTable ${createEmail}`,
      '+ UpdateTimeToLive {TimeToLiveSpecification:{Enabled:true,AttributeName:until}}',
    ],
  ],
  [
    'recovery on',
    { pointInTimeRecovery: 7 },
    {},
    [
      '+ UpdateContinuousBackups {PointInTimeRecoverySpecification:{PointInTimeRecoveryEnabled:true,RecoveryPeriodInDays:7}}',
    ],
  ],
  [
    'recovery for other days',
    { pointInTimeRecovery: 7 },
    { pointInTimeRecovery: true },
    [
      '~ UpdateContinuousBackups {PointInTimeRecoverySpecification:{PointInTimeRecoveryEnabled:true,RecoveryPeriodInDays:7}}',
    ],
  ],
  [
    'recovery off',
    { pointInTimeRecovery: false },
    { pointInTimeRecovery: true },
    ['- UpdateContinuousBackups {PointInTimeRecoverySpecification:{PointInTimeRecoveryEnabled:false}}'],
  ],
  [
    'tags',
    { tags: { a: '2' } },
    { tags: { a: '1', b: '1' } },
    ['~ TagResource {Tags:[{Key:a,Value:2}]}', '- UntagResource {TagKeys:[b]}'],
    { pruneTags: true },
  ],
  ['a policy', { resourcePolicy: '{}' }, {}, ['+ PutResourcePolicy {Policy:{}}']],
  ['no policy', { resourcePolicy: false }, { resourcePolicy: '{}' }, ['- DeleteResourcePolicy {}']],
  [
    'another Kinesis stream',
    { kinesis: { arn: `${arn}b`, precision: 'MICROSECOND' } },
    { kinesis: { arn: `${arn}a` } },
    [
      `- DisableKinesisStreamingDestination {StreamArn:${arn}a}`,
      `+ EnableKinesisStreamingDestination {StreamArn:${arn}b,EnableKinesisStreamingConfiguration:{ApproximateCreationDateTimePrecision:MICROSECOND}}`,
    ],
  ],
  [
    'another precision',
    { kinesis: { arn: `${arn}a`, precision: 'MICROSECOND' } },
    { kinesis: { arn: `${arn}a`, precision: 'MILLISECOND' } },
    [
      `~ UpdateKinesisStreamingDestination {StreamArn:${arn}a,UpdateKinesisStreamingConfiguration:{ApproximateCreationDateTimePrecision:MICROSECOND}}`,
    ],
  ],
  [
    'insights of the table, and of an index once it is there',
    {
      contributorInsights: 'THROTTLED_KEYS',
      globalIndexes: { 'by-email': { partitionKey: 'email', contributorInsights: true } },
    },
    {},
    [
      '+ UpdateContributorInsights {ContributorInsightsAction:ENABLE,ContributorInsightsMode:THROTTLED_KEYS}',
      `+ UpdateTable ${createEmail}`,
      '+ UpdateContributorInsights {IndexName:by-email,ContributorInsightsAction:ENABLE}',
    ],
  ],
  [
    'indexes, one at a time',
    { globalIndexes: { ...email, ...age } },
    {},
    [`+ UpdateTable ${createEmail}`, `+ UpdateTable ${createAgeToo}`],
  ],
  [
    'an index with another key: dropped, then recreated',
    { globalIndexes: email },
    { globalIndexes: { 'by-email': { partitionKey: 'email:N' } } },
    ['- UpdateTable {GlobalSecondaryIndexUpdates:[{Delete:{IndexName:by-email}}]}', `+ UpdateTable ${createEmail}`],
  ],
  [
    'an index of several attributes: definitions of all keys that the table has then, each once',
    {
      sortKey: 'sk',
      globalIndexes: {
        'by-place': { partitionKey: ['pk:S', 'city'], sortKey: ['sk', 'at:N'], projection: ['name', 'pk'] },
      },
    },
    { sortKey: 'sk' },
    [
      '+ UpdateTable {AttributeDefinitions:[{AttributeName:pk,AttributeType:S},{AttributeName:sk,AttributeType:S},{AttributeName:city,AttributeType:S},{AttributeName:at,AttributeType:N}],GlobalSecondaryIndexUpdates:[{Create:{IndexName:by-place,KeySchema:[{AttributeName:pk,KeyType:HASH},{AttributeName:city,KeyType:HASH},{AttributeName:sk,KeyType:RANGE},{AttributeName:at,KeyType:RANGE}],Projection:{ProjectionType:INCLUDE,NonKeyAttributes:[name,pk]}}}]}',
    ],
  ],
  [
    'an index with caps and warm throughput of its own, in the call that creates it',
    { globalIndexes: { 'by-email': { partitionKey: 'email', maxReadUnits: 9, warmWriteUnits: 5_000 } } },
    {},
    [
      `+ UpdateTable ${createEmail.replace('ProjectionType:ALL}', 'ProjectionType:ALL},OnDemandThroughput:{MaxReadRequestUnits:9},WarmThroughput:{WriteUnitsPerSecond:5000}')}`,
    ],
  ],
  [
    'an index that is dropped: no definitions',
    {},
    { globalIndexes: email },
    ['- UpdateTable {GlobalSecondaryIndexUpdates:[{Delete:{IndexName:by-email}}]}'],
    { dropIndexes: true },
  ],
  [
    'a cap of one kind: nothing of the other',
    { maxWriteUnits: 7 },
    { maxReadUnits: 9 },
    ['~ UpdateTable {OnDemandThroughput:{MaxWriteRequestUnits:7}}'],
  ],
  [
    'the capacity of an index alone: nothing of the table',
    { ...provisioned, globalIndexes: { 'by-email': { partitionKey: 'email', readCapacity: 9 } } },
    { ...provisioned, globalIndexes: email },
    [`~ UpdateTable {GlobalSecondaryIndexUpdates:[{Update:{IndexName:by-email,${capacity(9, 5)}}}]}`],
  ],
  [
    'protection off',
    { deletionProtection: false },
    { deletionProtection: true },
    ['- UpdateTable {DeletionProtectionEnabled:false}'],
  ],
  [
    'insights off',
    { contributorInsights: false },
    { contributorInsights: true },
    ['- UpdateContributorInsights {ContributorInsightsAction:DISABLE}'],
  ],
  [
    'no Kinesis stream',
    { kinesis: false },
    { kinesis: { arn: `${arn}a` } },
    [`- DisableKinesisStreamingDestination {StreamArn:${arn}a}`],
  ],
  [
    'another policy',
    { resourcePolicy: '{"a":1}' },
    { resourcePolicy: '{}' },
    ['~ PutResourcePolicy {Policy:{\\a\\:1}}'],
  ],
  [
    'everything, protection last',
    {
      ...onDemand,
      stream: 'NEW_IMAGE',
      tableClass: 'STANDARD_INFREQUENT_ACCESS',
      encryption: 'AWS_MANAGED',
      warmReadUnits: 15_000,
      ttl: 'until',
      tags: { a: '1' },
      deletionProtection: true,
      globalIndexes: email,
    },
    {},
    [
      '+ UpdateTable {StreamSpecification:{StreamEnabled:true,StreamViewType:NEW_IMAGE}}',
      '~ UpdateTable {TableClass:STANDARD_INFREQUENT_ACCESS}',
      '+ UpdateTimeToLive {TimeToLiveSpecification:{Enabled:true,AttributeName:until}}',
      '~ TagResource {Tags:[{Key:a,Value:1}]}',
      '~ UpdateTable {SSESpecification:{Enabled:true,SSEType:KMS}}',
      `+ UpdateTable ${createEmail}`,
      '~ UpdateTable {WarmThroughput:{ReadUnitsPerSecond:15000}}',
      '+ UpdateTable {DeletionProtectionEnabled:true}',
    ],
  ],
]

// Every other combination of two members in one call is refused.
const together: readonly string[][] = [
  ['BillingMode', 'ProvisionedThroughput'],
  ['BillingMode', 'ProvisionedThroughput', 'Update'],
  ['ProvisionedThroughput', 'Update'],
  ['BillingMode', 'OnDemandThroughput'],
  ['BillingMode', 'StreamSpecification'],
  ['BillingMode', 'Create'],
  ['Create', 'Update'],
]

/** What AWS would refuse in an UpdateTable whatever the table is like. */
function shapeErrors(input: Partial<UpdateTableCommandInput>): string[] {
  const { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: updates, ...own } = input
  const entries = updates ?? []
  const actions = entries.map(entry => Object.keys(entry).join('+'))
  const members = [...Object.keys(own), ...new Set(actions)]
  const isTaken =
    members.length === 1 ||
    together.some(set => set.length === members.length && set.every(member => members.includes(member)))
  const indexes = entries.map(({ Create, Update, Delete }) => (Create ?? Update ?? Delete)?.IndexName)
  const online =
    actions.filter(action => action !== 'Update').length + entries.filter(({ Update }) => Update?.WarmThroughput).length
  const used = [
    ...new Set(entries.flatMap(({ Create }) => Create?.KeySchema?.map(key => key.AttributeName ?? '') ?? [])),
  ]
  const defined = AttributeDefinitions?.map(attribute => attribute.AttributeName ?? '') ?? []
  return [
    ...(members.length === 0 && updates === undefined ? ['nothing to change'] : []),
    ...emptyMembers(input),
    ...(members.length > 1 && !isTaken ? [`together: ${members.join(', ')}`] : []),
    ...(new Set(indexes).size < indexes.length ? ['an index twice'] : []),
    ...(online > 1 ? ['two index builds'] : []),
    // Definitions beyond those of the new index are ignored; some engines replace the list of the table by them.
    ...(used.every(name => defined.includes(name)) && (used.length > 0 || defined.length === 0)
      ? []
      : [`defined: ${defined}; used: ${used}`]),
  ]
}

function emptyMembers(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  const members = Object.entries(value)
  if (members.length === 0 && path !== '') return [`${path} is empty`]
  return members.flatMap(([name, member]) => emptyMembers(member, path === '' ? name : `${path}.${name}`))
}

describe('planTable for a live table', () => {
  it.each(updates)('%s', (_, desired, there, expected, options) => {
    const made = plan(desired, there, options)
    expect(lines(made)).toEqual(expected)
    expect(made.blocked).toEqual([])
    expect(JSON.parse(JSON.stringify(made))).toEqual(made)
  })

  it.each(updates)('%s: no call that AWS refuses for its shape', (_, desired, there, __, options) => {
    const inputs = plan(desired, there, options).steps.flatMap(({ request }) =>
      request.api === 'UpdateTable' ? [request.input] : [],
    )
    expect(inputs.flatMap(shapeErrors)).toEqual([])
  })

  it.each<[string, Partial<UpdateTableCommandInput>, string[]]>([
    ['nothing', {}, ['nothing to change']],
    ['an empty structure', { OnDemandThroughput: {} }, ['OnDemandThroughput is empty']],
    [
      'an empty list',
      { TableClass: 'STANDARD', GlobalSecondaryIndexUpdates: [] },
      ['GlobalSecondaryIndexUpdates is empty'],
    ],
    [
      'two that go alone',
      { TableClass: 'STANDARD', DeletionProtectionEnabled: true },
      ['together: TableClass, DeletionProtectionEnabled'],
    ],
    [
      'caps and a stream',
      { OnDemandThroughput: { MaxReadRequestUnits: 1 }, StreamSpecification: { StreamEnabled: false } },
      ['together: OnDemandThroughput, StreamSpecification'],
    ],
    [
      'definitions of nothing',
      { TableClass: 'STANDARD', AttributeDefinitions: [{ AttributeName: 'a', AttributeType: 'S' }] },
      ['defined: a; used: '],
    ],
  ])('what that check finds: %s', (_, input, errors) => {
    expect(shapeErrors(input)).toEqual(errors)
  })

  it('does not set the capacity of an index to what the engine has kept for it', () => {
    const kept = live({ ...onDemand, globalIndexes: { ...email, ...age } })
    const globalIndexes = kept.definition.globalIndexes.map(index =>
      index.name === 'by-email' ? { ...index, readCapacity: 5, writeCapacity: 5 } : index,
    )
    const desired = { ...provisioned, globalIndexes: { ...email, ...age } }
    expect(lines(plan(desired, { ...kept, definition: { ...kept.definition, globalIndexes } }))).toEqual([
      `~ UpdateTable {BillingMode:PROVISIONED,${capacity(5, 5)},GlobalSecondaryIndexUpdates:[{Update:{IndexName:by-age,${capacity(5, 5)}}}]}`,
    ])
  })

  it('names settings that could not be read', () => {
    const { unread, steps } = plan({ ttl: 'until', tags: { a: '1' } }, live({}, ['tags']))
    expect(unread).toEqual(['ttl'])
    expect(steps.map(({ request }) => request.api)).toEqual(['TagResource'])
    expect(plan({ ttl: 'until' }, live({}, ['ttl']))).not.toHaveProperty('unread')
  })

  it('says what a switch to provisioned will be charged for, also what the user did not write', () => {
    const made = plan({ ...provisioned, readCapacity: 7 }, { globalIndexes: age })
    expect(made.steps.map(({ summary }) => summary)).toEqual([
      'switch billing to provisioned (7 read, 5 write; index by-age 5 read, 5 write)',
    ])
  })

  it('gives for each step what must hold afterwards, what it destroys, its duration and the quotas that it uses', () => {
    const made = plan(
      { ...onDemand, ttl: 'until', tableClass: 'STANDARD_INFREQUENT_ACCESS', stream: false },
      { ...provisioned, ttl: 'expiresAt', stream: 'NEW_IMAGE', globalIndexes: age },
      { dropIndexes: true },
    )
    expect(
      made.steps.map(({ summary, until, destroys, expected, uses }) => ({
        summary,
        until: until.kind,
        destroys,
        expected,
        uses,
      })),
    ).toEqual([
      { summary: 'drop global index by-age', until: 'index-gone', destroys: true, expected: '3-5 s' },
      {
        summary: 'switch billing to on-demand (PAY_PER_REQUEST); turn off the stream (NEW_IMAGE)',
        until: 'ready',
        destroys: true,
        expected: '2-3 min',
        uses: ['one of 4 switches to on-demand in 24 hours'],
      },
      {
        summary: 'change the table class to STANDARD_INFREQUENT_ACCESS',
        until: 'ready',
        destroys: false,
        expected: '4-6 s',
        uses: ['one of 2 table class changes in 30 days'],
      },
      {
        summary: 'turn off TTL on expiresAt, to turn it on for until',
        until: 'setting',
        destroys: true,
        expected: '1-2 s',
        uses: ['one TTL change an hour'],
      },
      {
        summary: 'turn on TTL on until',
        until: 'answered',
        destroys: false,
        expected: 'up to 1 h after it was turned off',
        uses: ['one TTL change an hour'],
      },
    ])
  })

  it('says which quota a lower capacity uses', () => {
    const made = plan(
      { ...provisioned, readCapacity: 3, globalIndexes: { 'by-email': { partitionKey: 'email', writeCapacity: 1 } } },
      { ...provisioned, globalIndexes: email },
    )
    expect(made.steps[0]?.uses).toEqual([
      'one of 4 capacity decreases of the table in a UTC day, then one an hour',
      'one of 4 capacity decreases of index by-email in a UTC day, then one an hour',
    ])
  })

  it.each(Object.values(engines).map(capabilities => [capabilities.engine, capabilities] as const))(
    'has the durations and quotas of AWS only where they apply: %s',
    (name, capabilities) => {
      const live = { tableClass: 'STANDARD' } as const
      const { steps } = plan({ tableClass: 'STANDARD_INFREQUENT_ACCESS' }, live, { capabilities })
      const isAws = name === 'aws' || name === 'unknown'
      for (const { expected, uses } of steps)
        expect([expected, uses].map(each => each !== undefined)).toEqual([isAws, isAws])
      if (isAws) expect(steps).toHaveLength(1)
    },
  )

  it('keeps the cause of every step', () => {
    const made = plan({ stream: 'NEW_IMAGE', ttl: 'until' }, { stream: 'OLD_IMAGE' })
    expect(
      made.steps.map(step => step.changes.map(change => ('field' in change ? change.field : change.kind))),
    ).toEqual([['stream'], ['stream'], ['ttl']])
  })

  it('names live settings that are not in the definition, and keeps them', () => {
    const made = plan({ tags: {} }, { globalIndexes: email, tags: { a: '1' } })
    expect(made.steps).toEqual([])
    expect(made.notices).toEqual([
      'left alone: 1 index that the definition does not have (by-email)',
      'left alone: 1 tag that the definition does not have (a)',
    ])
  })

  it('names settings that could not be compared', () => {
    const there = { ...live({}, []), warnings: ['tags were not read: dynamodb:ListTagsOfResource is not allowed'] }
    expect(plan({ tags: { a: '1' } }, there).notices).toEqual(there.warnings)
    expect(plan({ ttl: 'until' }, live({}, [])).notices).toEqual(['not compared, since it was not read: ttl'])
  })
})

const blocked: [string, Input, Input, string, string, PlanOptions?][] = [
  [
    'another key',
    { partitionKey: 'id' },
    {},
    'users › partitionKey',
    'the partition key cannot be changed (pk S -> id S)',
  ],
  [
    'a new local index',
    { sortKey: 'sk', localIndexes: { 'by-age': { sortKey: 'age:N' } } },
    { sortKey: 'sk' },
    'users › localIndexes.by-age',
    'a local index cannot be added to an existing table; make it a global index',
  ],
  [
    'dropping a local index',
    { sortKey: 'sk' },
    { sortKey: 'sk', localIndexes: { 'by-age': { sortKey: 'age:N' } } },
    'users › localIndexes.by-age',
    'keep it in the definition',
    { dropIndexes: true },
  ],
  [
    'lower warm throughput',
    { warmReadUnits: 13_000 },
    { warmReadUnits: 20_000 },
    'users › warmReadUnits',
    'can only be raised, and is 20000 now',
  ],
  [
    'lower warm throughput of an index',
    { globalIndexes: { 'by-email': { partitionKey: 'email', warmReadUnits: 13_000 } } },
    { globalIndexes: { 'by-email': { partitionKey: 'email', warmReadUnits: 15_000 } } },
    'users › globalIndexes.by-email.warmReadUnits',
    'can only be raised',
  ],
  [
    'caps on a provisioned table',
    { maxReadUnits: 5 },
    provisioned,
    'users › maxReadUnits',
    'billingMode: PAY_PER_REQUEST',
  ],
  [
    'a new index on a key attribute with another type',
    { globalIndexes: { 'by-age': { partitionKey: 'age:S' } } },
    { globalIndexes: { other: { partitionKey: 'age:N' } } },
    'users › globalIndexes.by-age',
    'attribute age is a number in index other and cannot be a string here',
  ],
]

describe('changes that cannot be made in place', () => {
  it.each(blocked)('%s is blocked, with a hint', (_, desired, there, path, words, options) => {
    const { blocked: problems, steps } = plan(desired, there, options)
    expect(problems).toEqual([{ path, message: expect.stringContaining(words) }])
    expect(steps).toEqual([])
  })

  it('does not exclude other changes from the plan', () => {
    const made = plan({ partitionKey: 'id', stream: 'NEW_IMAGE' }, {})
    expect([made.blocked.length, made.steps.length]).toEqual([1, 1])
  })

  it('ignores the type of an attribute whose index is dropped', () => {
    expect(
      plan(
        { globalIndexes: { 'by-age': { partitionKey: 'age:S' } } },
        { globalIndexes: { other: { partitionKey: 'age:N' } } },
        { dropIndexes: true },
      ).blocked,
    ).toEqual([])
  })
})

describe('planTable for a missing table', () => {
  it('creates it, then sends what CreateTable cannot carry', () => {
    const made = plan(
      { ttl: 'until', pointInTimeRecovery: true, contributorInsights: false, kinesis: { arn: `${arn}a` } },
      undefined,
    )
    expect(made.steps.map(step => [step.request.api, step.until.kind])).toEqual([
      ['CreateTable', 'ready'],
      ['UpdateTimeToLive', 'answered'],
      ['UpdateContinuousBackups', 'answered'],
      ['EnableKinesisStreamingDestination', 'setting'],
    ])
    expect(made.steps[0]).toMatchObject({
      sign: '+',
      summary: 'create table users (pk S)',
      expected: '2-6 s',
      changes: [],
    })
  })

  it('treats a table that is being deleted as missing', () => {
    expect(plan({}, { ...live(), status: 'DELETING' }).steps.map(step => step.request.api)).toEqual(['CreateTable'])
  })

  it('leaves out what the target does not keep, and says so', () => {
    const made = plan({ ttl: 'until', stream: false, tags: { a: '1' } }, undefined, {
      capabilities: engines['plain-dynalite'],
    })
    expect(made.steps.map(step => step.request.api)).toEqual(['CreateTable'])
    expect(made.notices).toEqual([
      'ttl: not kept by plain dynalite, left out',
      'tags: not kept by plain dynalite, left out',
    ])
  })

  it('says once that the embedded engine writes no stream records: where a stream is turned on', () => {
    const options = { capabilities: engines.dynalite }
    const notice = 'stream: kept by dynalite (the embedded engine), which writes no stream records'
    expect(plan({ stream: 'KEYS_ONLY' }, undefined, options).notices).toEqual([notice])
    expect(plan({ stream: 'KEYS_ONLY' }, {}, options).notices).toEqual([notice])
    expect(plan({ stream: 'KEYS_ONLY' }, { stream: 'KEYS_ONLY' }, options).notices).toEqual([])
    expect(plan({ stream: false }, { stream: 'KEYS_ONLY' }, options).notices).toEqual([])
    expect(plan({ stream: 'KEYS_ONLY' }, undefined, { capabilities: engines.aws }).notices).toEqual([])
  })

  it('leaves out an index that the target cannot have, and says so', () => {
    const made = plan({ globalIndexes: { 'by-two': { partitionKey: ['x', 'y'] } } }, undefined, {
      capabilities: engines['plain-dynalite'],
    })
    expect(made.blocked).toEqual([])
    expect(made.notices).toEqual([
      'globalIndexes.by-two: plain dynalite does not support keys of several attributes, left out',
    ])
    expect(made.steps[0]?.request.input).not.toHaveProperty('GlobalSecondaryIndexes')
  })
})

describe('a target that cannot change indexes', () => {
  it('blocks the plan', () => {
    const made = plan({ globalIndexes: email }, {}, { capabilities: engines['plain-dynalite'] })
    expect(made.steps).toEqual([])
    expect(made.blocked[0]?.message).toContain('dynalite cannot change the indexes of a live table')
  })
})

describe('an index that kept its capacity on an on-demand table, as on DynamoDB Local', () => {
  const kept = (units: number): LiveTable => {
    const there = live({ globalIndexes: email })
    const globalIndexes = there.definition.globalIndexes.map(index => ({
      ...index,
      readCapacity: units,
      writeCapacity: units,
    }))
    return { ...there, definition: { ...there.definition, globalIndexes } }
  }
  it.each([
    [5, `~ UpdateTable {BillingMode:PROVISIONED,${capacity(5, 5)}}`],
    [
      7,
      `~ UpdateTable {BillingMode:PROVISIONED,${capacity(5, 5)},GlobalSecondaryIndexUpdates:[{Update:{IndexName:by-email,${capacity(5, 5)}}}]}`,
    ],
  ])('%i: it is set only where it changes', (units, line) => {
    expect(lines(plan({ ...provisioned, globalIndexes: email }, kept(units)))).toEqual([line])
    expect(lines(plan({ ...onDemand, globalIndexes: email }, kept(units)))).toEqual([])
    expect(lines(plan({ globalIndexes: email }, kept(units)))).toEqual([])
  })
})

describe('a target that cannot change encryption', () => {
  it.each(['extenddb', 'dynoxide'] as const)(
    '%s: keeps it at creation, leaves a change out, and plans the rest',
    name => {
      const capabilities = engines[name]
      const wanted = { encryption: 'AWS_MANAGED', deletionProtection: true } as const
      expect(lines(plan(wanted, undefined, { capabilities }))[0]).toContain('SSESpecification:{Enabled:true')
      const made = plan(wanted, {}, { capabilities })
      expect(lines(made)).toEqual(['+ UpdateTable {DeletionProtectionEnabled:true}'])
      expect(made.notices).toEqual([
        `left out, since ${capabilities.label} cannot do it: encryption: AWS_OWNED -> AWS_MANAGED`,
      ])
    },
  )
})

describe('a target that sets no capacity of an index once the table is there', () => {
  const capabilities = engines.extenddb
  const each = { readCapacity: 5, writeCapacity: 5 }
  const more = { readCapacity: 9, writeCapacity: 9 }

  it('leaves such a change out, and says so', () => {
    const there = { ...provisioned, ...each, globalIndexes: { 'by-email': { partitionKey: 'email', ...each } } }
    const made = plan({ ...there, ...more, globalIndexes: { 'by-email': { partitionKey: 'email', ...more } } }, there, {
      capabilities,
    })
    expect(lines(made)).toEqual([`~ UpdateTable {${capacity(9, 9)}}`])
    expect(made.notices).toEqual([
      'left out, since ExtendDB cannot do it: index by-email capacity: 5 read, 5 write -> 9 read, 9 write',
    ])
  })

  it('switches to provisioned, and adds an index, without one', () => {
    const desired = {
      ...provisioned,
      ...each,
      globalIndexes: { ...email, 'by-age': { partitionKey: 'age:N', ...each } },
    }
    const made = plan(desired, { ...onDemand, globalIndexes: email }, { capabilities })
    expect(lines(made)).toEqual([
      `~ UpdateTable {BillingMode:PROVISIONED,${capacity(5, 5)}}`,
      `+ UpdateTable ${createAgeToo}`,
    ])
    expect(made.notices).toEqual([
      'global index by-age is added without its capacity: ExtendDB sets one only when it creates a table',
    ])
  })
})
