import { describe, expect, test } from 'vitest'
import { isError } from '../../src/local/control-plane/answer.ts'
import { createControlPlane } from '../../src/local/control-plane/control-plane.ts'
import type { Operation } from '../../src/local/control-plane/inputs.ts'
import { awsTimings, noTimings, type Timings } from '../../src/local/control-plane/pace.ts'

const IP = 'One or more parameter values were invalid: '
const S = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' })
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' })
const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/users'
const capacity = (units: number) => ({ ReadCapacityUnits: units, WriteCapacityUnits: units })
const Projection = { ProjectionType: 'ALL' }
const index = (IndexName: string, key: string, more: object = {}) => ({
  IndexName,
  KeySchema: [hash(key)],
  Projection,
  ...more,
})
const table = {
  TableName: 'users',
  AttributeDefinitions: [S('pk'), S('a')],
  KeySchema: [hash('pk')],
  GlobalSecondaryIndexes: [index('by-a', 'a')],
  BillingMode: 'PAY_PER_REQUEST',
}
const provisioned = {
  ...table,
  BillingMode: 'PROVISIONED',
  ProvisionedThroughput: capacity(5),
  GlobalSecondaryIndexes: [index('by-a', 'a', { ProvisionedThroughput: capacity(5) })],
}

const policyOf = (action: string, more: object = {}) =>
  JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: `dynamodb:${action}`, Resource: arn, ...more },
    ],
  })

interface DescribedThroughput {
  readonly ProvisionedThroughput: object
  readonly GlobalSecondaryIndexes: readonly { readonly ProvisionedThroughput: object }[]
}

/** A control plane where everything takes no time, with `made` in it. */
const planeWith = (...made: readonly object[]) => planeAt(noTimings, ...made)

function planeAt(timings: Timings, ...made: readonly object[]) {
  let now = Date.UTC(2026, 10, 22)
  const plane = createControlPlane({ account: '000000000000', region: 'us-east-1', now: () => now, timings })
  const send = (operation: Operation, input: object) => {
    const given = plane.answer(operation, input)
    plane.advance()
    return isError(given) ? `${given.type}: ${given.message}` : given.output
  }
  for (const input of made) expect(send('CreateTable', input)).toHaveProperty('TableDescription')
  const later = (ms: number) => {
    now += ms
    plane.advance()
  }
  return { send, later }
}

test('a table that an older version left UPDATING without any work is ACTIVE after the next start', () => {
  const plane = createControlPlane({ account: '000000000000', region: 'us-east-1', now: Date.now })
  plane.answer('CreateTable', table)
  plane.advance()
  const kept = structuredClone(plane.tables.get('users'))
  if (kept === undefined) throw new Error('no table')
  plane.put({ ...kept, status: 'UPDATING' })
  expect(plane.tables.get('users')).toMatchObject({ status: 'ACTIVE' })
})

const drop = { TableName: 'users', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-a' } }] }
const add = {
  TableName: 'users',
  AttributeDefinitions: [S('b')],
  GlobalSecondaryIndexUpdates: [{ Create: index('by-b', 'b') }],
}
const inUse = (what: string) =>
  `ResourceInUseException: Attempt to change a resource which is still in use: ${what}: users`
const [created, allocated, built] = [30_000, 60_000, 1_100_000]

describe('while work is under way, at the pace of AWS', () => {
  const [one, users] = [{ Create: index('by-c', 'b') }, { TableName: 'users' }]
  const protect = { ...users, DeletionProtectionEnabled: true }
  const sameBilling = { ...users, BillingMode: 'PAY_PER_REQUEST' }
  const addMore = { ...add, GlobalSecondaryIndexUpdates: [one] }
  const oneOnline =
    'LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table'
  const allocating =
    'ResourceInUseException: Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the index is active'
  const give = (names: string) => ({ ...users, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: names } }] })

  test.each<[string, (readonly [Operation, object, number])[], Operation, object, string | undefined]>([
    ['a table that is created refuses a change', [], 'UpdateTable', protect, inUse('Table is being created')],
    ['also one that changes nothing', [], 'UpdateTable', sameBilling, inUse('Table is being created')],
    ['and its deletion', [], 'DeleteTable', users, inUse('Table is being created')],
    ['and another creation', [], 'CreateTable', table, inUse('Table is being created')],
    [
      'a change refuses another',
      [['UpdateTable', { ...users, TableClass: 'STANDARD' }, 0]],
      'UpdateTable',
      { ...users, OnDemandThroughput: { MaxReadRequestUnits: 5 } },
      inUse('Table is being updated'),
    ],
    [
      'but takes protection',
      [['UpdateTable', { ...users, TableClass: 'STANDARD' }, 0]],
      'UpdateTable',
      protect,
      undefined,
    ],
    ['an index that is allocated refuses another', [['UpdateTable', add, 0]], 'UpdateTable', addMore, oneOnline],
    ['and its own deletion', [['UpdateTable', add, 0]], 'UpdateTable', give('by-b'), allocating],
    ['while it is filled, another is refused', [['UpdateTable', add, allocated]], 'UpdateTable', addMore, oneOnline],
    [
      'while it is filled, it can be given up',
      [['UpdateTable', add, allocated]],
      'UpdateTable',
      give('by-b'),
      undefined,
    ],
    [
      'while it is filled, the table cannot be deleted',
      [['UpdateTable', add, allocated]],
      'DeleteTable',
      users,
      'ValidationException: Cannot delete table while indexes are being created, updated, or deleted.',
    ],
    [
      'while it is filled, the billing mode stays',
      [['UpdateTable', add, allocated]],
      'UpdateTable',
      {
        ...users,
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: capacity(5),
        GlobalSecondaryIndexUpdates: ['by-a', 'by-b'].map(IndexName => ({
          Update: { IndexName, ProvisionedThroughput: capacity(5) },
        })),
      },
      inUse('Index is being created or deleted'),
    ],
    ['once it is built, another is taken', [['UpdateTable', add, built]], 'UpdateTable', addMore, undefined],
    ['an index that is dropped refuses another', [['UpdateTable', drop, 0]], 'UpdateTable', addMore, oneOnline],
    [
      'a table that is deleted refuses to be',
      [['DeleteTable', users, 0]],
      'DeleteTable',
      users,
      inUse('Table is being deleted'),
    ],
    [
      'and a change that changes nothing',
      [['DeleteTable', users, 0]],
      'UpdateTable',
      sameBilling,
      inUse('Table is being deleted'),
    ],
    [
      'and a name in use',
      [['DeleteTable', users, 0]],
      'CreateTable',
      table,
      'ResourceInUseException: Table already exists: users',
    ],
    [
      'new tags are locked for a moment',
      [
        ['DescribeTable', users, 0],
        ['TagResource', { ResourceArn: arn, Tags: [{ Key: 'a', Value: '1' }] }, 0],
      ],
      'TagResource',
      { ResourceArn: arn, Tags: [{ Key: 'b', Value: '1' }] },
      'LimitExceededException: Subscriber limit exceeded: Table tags are being updated: users',
    ],
  ])('%s', (_, before, operation, input, says) => {
    const { send, later } = planeAt(awsTimings, table)
    for (const [first, given, ms] of before) {
      later(created)
      expect(send(first, given)).toBeTypeOf('object')
      later(ms)
    }
    const answer = send(operation, input)
    if (says === undefined) expect(answer).toBeTypeOf('object')
    else expect(answer).toBe(says)
  })
})

describe('limits that pass with time', () => {
  test('the fifth decrease of a day, within the hour', () => {
    const { send, later } = planeWith(provisioned)
    const lower = (units: number) =>
      send('UpdateTable', {
        TableName: 'users',
        ProvisionedThroughput: { ReadCapacityUnits: units, WriteCapacityUnits: 5 },
      })
    for (const units of [4, 3, 2, 1]) expect(lower(units)).toHaveProperty('TableDescription')
    expect(send('UpdateTable', { TableName: 'users', ProvisionedThroughput: capacity(9) })).toHaveProperty(
      'TableDescription',
    )
    expect(lower(8)).toMatch(
      /^LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are limited/,
    )
    later(3_600_001)
    expect(lower(8)).toHaveProperty('TableDescription')
  })

  test('a refused call does not count as a decrease, and the next day starts at zero', () => {
    const { send, later } = planeWith(provisioned)
    const change = (more: object) => send('UpdateTable', { TableName: 'users', ...more })
    const lower = { Update: { IndexName: 'by-a', ProvisionedThroughput: capacity(4) } }
    const twice = [lower, { Create: index('by-a', 'a', { ProvisionedThroughput: capacity(1) }) }]
    expect(change({ AttributeDefinitions: [S('a')], GlobalSecondaryIndexUpdates: twice })).toMatch(/^Validation/)
    const described = () => (send('DescribeTable', { TableName: 'users' }) as { Table: DescribedThroughput }).Table
    expect(described().GlobalSecondaryIndexes[0]?.ProvisionedThroughput).toMatchObject({ NumberOfDecreasesToday: 0 })
    change({ ProvisionedThroughput: capacity(9) })
    later(1_000)
    change({ ProvisionedThroughput: capacity(3) })
    const start = Date.UTC(2026, 10, 22) / 1_000
    const last = { LastIncreaseDateTime: start, LastDecreaseDateTime: start + 1 }
    expect(described().ProvisionedThroughput).toMatchObject({ ...capacity(3), NumberOfDecreasesToday: 1, ...last })
    later(86_400_000)
    expect(described().ProvisionedThroughput).toMatchObject({ NumberOfDecreasesToday: 0, ...last })
  })

  test('TTL is changed once in half an hour', () => {
    const { send, later } = planeWith(table)
    const set = (Enabled: boolean) =>
      send('UpdateTimeToLive', { TableName: 'users', TimeToLiveSpecification: { Enabled, AttributeName: 'at' } })
    expect(set(true)).toEqual({ TimeToLiveSpecification: { Enabled: true, AttributeName: 'at' } })
    expect(set(true)).toBe('ValidationException: TimeToLive is already enabled')
    expect(set(false)).toBe(
      'ValidationException: Time to live has been modified multiple times within a fixed interval',
    )
    later(3_600_000)
    expect(set(false)).toHaveProperty('TimeToLiveSpecification')
    expect(send('DescribeTimeToLive', { TableName: 'users' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' },
    })
  })
})

test.each([
  [provisioned, { ProvisionedThroughput: capacity(9), WarmThroughput: { ReadUnitsPerSecond: 50 } }],
  [table, { OnDemandThroughput: { MaxReadRequestUnits: 7 }, WarmThroughput: { ReadUnitsPerSecond: 20_000 } }],
])('all members of one index update take effect (%#)', (made, wanted) => {
  const { send, later } = planeWith(made)
  const update = { IndexName: 'by-a', ...wanted }
  send('UpdateTable', { TableName: 'users', GlobalSecondaryIndexUpdates: [{ Update: update }] })
  later(1)
  expect(send('DescribeTable', { TableName: 'users' })).toMatchObject({ Table: { GlobalSecondaryIndexes: [wanted] } })
})

test('fractions are cut off, as all these numbers are whole', () => {
  const { send } = planeWith({
    ...provisioned,
    ProvisionedThroughput: { ReadCapacityUnits: 1.5, WriteCapacityUnits: 2 },
  })
  expect(send('DescribeTable', { TableName: 'users' })).toMatchObject({
    Table: { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 } },
  })
})

test('CreateTable answers with warm throughput only where it was sent', () => {
  const warm = { WarmThroughput: { ReadUnitsPerSecond: 13_000, WriteUnitsPerSecond: 4_000 } }
  const { send } = planeWith()
  const indexes = [index('by-a', 'a'), index('by-b', 'a', warm)]
  expect(send('CreateTable', { ...table, GlobalSecondaryIndexes: indexes })).toMatchObject({
    TableDescription: { WarmThroughput: undefined, GlobalSecondaryIndexes: [{ WarmThroughput: undefined }, warm] },
  })
})

test('a protected table is not deleted', () => {
  const { send, later } = planeWith({ ...table, DeletionProtectionEnabled: true })
  expect(send('DeleteTable', { TableName: 'users' })).toBe(
    'ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  )
  expect(send('UpdateTable', { TableName: 'users', DeletionProtectionEnabled: false })).toHaveProperty(
    'TableDescription',
  )
  later(1)
  expect(send('DeleteTable', { TableName: 'arn:aws:dynamodb:us-east-1:000000000000:table/users' })).toHaveProperty(
    'TableDescription',
  )
  expect(send('DescribeTable', { TableName: 'users' })).toBe(
    'ResourceNotFoundException: Requested resource not found: Table: users not found',
  )
})

test('settings with operations of their own are kept and reported', () => {
  const { send, later } = planeWith(table)
  const named = { TableName: 'users' }
  send('UpdateContinuousBackups', {
    ...named,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
  })
  expect(send('DescribeContinuousBackups', named)).toMatchObject({
    ContinuousBackupsDescription: {
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 7 },
    },
  })
  send('TagResource', { ResourceArn: arn, Tags: [{ Key: 'team', Value: 'shop' }] })
  later(1)
  expect(send('ListTagsOfResource', { ResourceArn: arn })).toEqual({ Tags: [{ Key: 'team', Value: 'shop' }] })
  send('PutResourcePolicy', { ResourceArn: arn, Policy: policyOf('GetItem') })
  expect(send('GetResourcePolicy', { ResourceArn: arn })).toMatchObject({ Policy: policyOf('GetItem') })
  send('UpdateContributorInsights', { ...named, IndexName: 'by-a', ContributorInsightsAction: 'ENABLE' })
  expect(send('DescribeContributorInsights', { ...named, IndexName: 'by-a' })).toMatchObject({
    ContributorInsightsStatus: 'ENABLED',
  })
  const StreamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/changes'
  send('EnableKinesisStreamingDestination', { ...named, StreamArn })
  expect(send('DescribeKinesisStreamingDestination', named)).toMatchObject({
    KinesisDataStreamDestinations: [{ StreamArn, DestinationStatus: 'ACTIVE' }],
  })
  expect(send('DescribeEndpoints', {})).toMatchObject({ Endpoints: [{ CachePeriodInMinutes: 1440 }] })
  expect(send('TagResource', { ResourceArn: 'users', Tags: [] })).toBe(
    `ValidationException: ${IP}ARNs must start with 'arn:': users`,
  )
})

describe('Kinesis destinations', () => {
  const named = { TableName: 'users' }
  const [one, two] = ['one', 'two'].map(name => ({
    ...named,
    StreamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
  }))
  const [enable, disable, update] = [
    'EnableKinesisStreamingDestination',
    'DisableKinesisStreamingDestination',
    'UpdateKinesisStreamingDestination',
  ] as const
  const precision = (ApproximateCreationDateTimePrecision: string) => ({
    ...one,
    UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision },
  })
  const refused = (what: string, why: string) =>
    `ValidationException: Table is not in a valid state to ${what} Kinesis Streaming Destination: ${why} operation.`
  const notEnabled = refused(
    'enable',
    'EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE',
  )
  const notActive = refused('disable', 'KinesisStreamingDestination must be ACTIVE to perform DISABLE')
  const on = { StreamArn: one?.StreamArn, DestinationStatus: 'ENABLING' }

  test.each<[string, (readonly [Operation, object | undefined])[], unknown, readonly string[]]>([
    [
      'the answer has the configuration',
      [[enable, one]],
      { ...named, ...on, EnableKinesisStreamingConfiguration: {} },
      ['ENABLING'],
    ],
    [
      'a second stream is refused',
      [
        [enable, one],
        [enable, two],
      ],
      notEnabled,
      ['ENABLING'],
    ],
    [
      'a stream that is being enabled cannot be disabled',
      [
        [enable, one],
        [disable, one],
      ],
      notActive,
      ['ENABLING'],
    ],
    ['a stream that is not there cannot be disabled', [[disable, one]], notActive, []],
    [
      'a bucket is not a stream',
      [[enable, { ...named, StreamArn: 'arn:aws:s3:us-east-1:000000000000:bucket/one' }]],
      "ValidationException: 1 validation error detected: Value 'arn:aws:s3:us-east-1:000000000000:bucket/one' at 'streamArn' failed to satisfy constraint: Member must be the ARN of a Kinesis data stream",
      [],
    ],
  ])('%s', (_, calls, says, statuses) => {
    const { send, later } = planeAt(awsTimings, table)
    later(created)
    // Settings with operations of their own are refused for another moment.
    later(created)
    expect(calls.map(([operation, input]) => send(operation, input ?? {})).at(-1)).toEqual(says)
    expect(send('DescribeKinesisStreamingDestination', named)).toMatchObject({
      KinesisDataStreamDestinations: statuses.map(DestinationStatus => ({ DestinationStatus })),
    })
  })

  test('every status is reported, and no precision that was not given', () => {
    const { send, later } = planeAt(awsTimings, table)
    later(created)
    // Settings with operations of their own are refused for another moment.
    later(created)
    const seen = () => send('DescribeKinesisStreamingDestination', named)
    const reported = (DestinationStatus: string, more: object = {}) => ({
      ...named,
      KinesisDataStreamDestinations: [{ StreamArn: one?.StreamArn, DestinationStatus, ...more }],
    })
    const fine = { ApproximateCreationDateTimePrecision: 'MICROSECOND' }
    send(enable, one ?? {})
    later(10_000)
    expect(seen()).toEqual(reported('ACTIVE'))
    expect(send(update, precision('MILLISECOND'))).toBe(
      'ValidationException: Invalid Request: Precision is already set to the desired value',
    )
    expect(send(update, precision('MICROSECOND'))).toMatchObject({ DestinationStatus: 'UPDATING' })
    expect(seen()).toEqual(reported('UPDATING', fine))
    later(10_000)
    expect(send(disable, one ?? {})).toMatchObject({ DestinationStatus: 'DISABLING' })
    expect(seen()).toEqual(reported('DISABLING', fine))
    later(10_000)
    expect(seen()).toEqual(reported('DISABLED', fine))
    send(enable, two ?? {})
    later(10_000)
    expect(seen()).toMatchObject({
      KinesisDataStreamDestinations: [{ DestinationStatus: 'DISABLED' }, { DestinationStatus: 'ACTIVE' }],
    })
  })
})

describe('resource policies', () => {
  const streaming = { ...table, StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } }
  const stream = `${arn}/stream/2026-11-22T00:00:00.000`

  test('a stream has a policy of its own', () => {
    const { send, later } = planeWith(streaming)
    send('PutResourcePolicy', { ResourceArn: arn, Policy: policyOf('GetItem') })
    later(15_000)
    send('PutResourcePolicy', { ResourceArn: stream, Policy: policyOf('GetRecords') })
    expect(send('GetResourcePolicy', { ResourceArn: arn })).toMatchObject({ Policy: policyOf('GetItem') })
    expect(send('GetResourcePolicy', { ResourceArn: stream })).toMatchObject({ Policy: policyOf('GetRecords') })
    later(15_000)
    send('DeleteResourcePolicy', { ResourceArn: stream })
    expect(send('GetResourcePolicy', { ResourceArn: stream })).toMatch(/^PolicyNotFoundException: /)
    expect(send('GetResourcePolicy', { ResourceArn: arn })).toMatchObject({ Policy: policyOf('GetItem') })
    const unknown = `${arn}/stream/1999-01-01T00:00:00.000`
    expect(send('PutResourcePolicy', { ResourceArn: unknown, Policy: policyOf('GetRecords') })).toBe(
      `ResourceNotFoundException: Requested resource not found: ResourceArn: ${unknown} not found`,
    )
  })

  test('the same policy keeps its revision, another has to wait', () => {
    const { send, later } = planeWith(table)
    const put = (action: string) => send('PutResourcePolicy', { ResourceArn: arn, Policy: policyOf(action) })
    const first = put('GetItem')
    expect(put('GetItem')).toEqual(first)
    expect(put('PutItem')).toBe(
      'ThrottlingException: Resource-based policy for table users modified within the previous 15000 milliseconds. Please try again after 2026-11-22T00:00:15.000Z',
    )
    later(15_000)
    expect(put('PutItem')).not.toEqual(first)
  })

  test.each([
    ['no statement', '{"Version":"2012-10-17"}', 'Missing required field Statement'],
    ['an unknown effect', policyOf('GetItem', { Effect: 'Maybe' }), 'Invalid effect: Maybe'],
    ["another service's action", policyOf('GetItem', { Action: 's3:GetObject' }), 'Invalid action: s3:GetObject'],
  ])('%s is refused', (_, Policy, says) => {
    const { send } = planeWith(table)
    const refusal = `ValidationException: ${IP}Invalid policy document: ${says}`
    expect(send('PutResourcePolicy', { ResourceArn: arn, Policy })).toBe(refusal)
    expect(send('CreateTable', { ...table, TableName: 'others', ResourcePolicy: Policy })).toBe(refusal)
  })
})

test('backups are not ready for a moment after a table became ACTIVE', () => {
  const { send, later } = planeAt(awsTimings, table)
  later(created)
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true }
  expect(send('UpdateContinuousBackups', { TableName: 'users', PointInTimeRecoverySpecification })).toBe(
    'ContinuousBackupsUnavailableException: Backups are being enabled for the table: users. Please retry later',
  )
})

test('contributor insights have rules, and are listed for all tables, page by page', () => {
  const { send } = planeWith(table, { ...table, TableName: 'others' })
  const enable = (more: object) => send('UpdateContributorInsights', { ContributorInsightsAction: 'ENABLE', ...more })
  enable({ TableName: 'users' })
  enable({ TableName: 'users', IndexName: 'by-a', ContributorInsightsMode: 'THROTTLED_KEYS' })
  enable({ TableName: 'others' })
  const at = Date.UTC(2026, 10, 22)
  expect(send('DescribeContributorInsights', { TableName: 'users' })).toMatchObject({
    ContributorInsightsRuleList: [
      `DynamoDBContributorInsights-PKC-users-${at}`,
      `DynamoDBContributorInsights-PKT-users-${at}`,
    ],
    LastUpdateDateTime: at / 1_000,
  })
  const summary = (TableName: string, more: object = {}) => expect.objectContaining({ TableName, ...more })
  expect(send('ListContributorInsights', { MaxResults: 2 })).toEqual({
    ContributorInsightsSummaries: [summary('others'), summary('users')],
    NextToken: '2',
  })
  expect(send('ListContributorInsights', { MaxResults: 2, NextToken: '2' })).toEqual({
    ContributorInsightsSummaries: [summary('users', { IndexName: 'by-a' })],
  })
})

test.each<[Operation, object]>([
  ['ListTagsOfResource', { ResourceArn: arn, NextToken: 'abc' }],
  ['ListContributorInsights', { NextToken: 'abc' }],
])('%s refuses a token that it did not give', (operation, input) => {
  expect(planeWith(table).send(operation, input)).toBe('ValidationException: The provided NextToken is not valid')
})
