import { describe, expect, test } from 'vitest'
import { isError } from '../../src/local/control-plane/answer.ts'
import { createControlPlane } from '../../src/local/control-plane/control-plane.ts'
import type { Operation } from '../../src/local/control-plane/inputs.ts'

const IP = 'One or more parameter values were invalid: '
const S = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' })
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' })
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' })
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

/** A control plane where everything takes no time, with `made` in it. */
function planeWith(...made: readonly object[]) {
  let now = Date.UTC(2026, 10, 22)
  const plane = createControlPlane({ account: '000000000000', region: 'us-east-1', now: () => now })
  const send = (operation: Operation, input: object) => {
    const given = plane.answer(operation, input)
    plane.advance()
    return isError(given) ? `${given.type}: ${given.message}` : given.output
  }
  for (const input of made) expect(send('CreateTable', input)).toHaveProperty('TableDescription')
  const later = (ms: number) => {
    now += ms
  }
  return { send, later }
}

const one = '1 validation error detected: '
const failed = 'failed to satisfy constraint: Member must'

test.each<[string, object, string]>([
  ['N1', { TableName: undefined }, "The parameter 'TableName' is required but was not present in the request"],
  ['N2', { TableName: 'ab' }, `${one}Value 'ab' at 'tableName' ${failed} have length greater than or equal to 3`],
  [
    'N3',
    { TableName: 'a b!' },
    `${one}Value 'a b!' at 'tableName' ${failed} satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
  ],
  ['K1', { KeySchema: undefined }, `${one}Value null at 'keySchema' ${failed} not be null`],
  ['K3', { KeySchema: [range('pk')] }, 'Invalid KeySchema: The first KeySchemaElement is not a HASH key type'],
  [
    'K7',
    { KeySchema: [hash('x')] },
    `${IP}Some index key attributes are not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: [pk, a]`,
  ],
  [
    'K9',
    { AttributeDefinitions: [S('pk'), S('a'), S('z')] },
    `${IP}Some AttributeDefinitions are not used. AttributeDefinitions: [pk, a, z], keys used: [pk, a]`,
  ],
  ['K10', { AttributeDefinitions: [S('pk'), S('a'), S('a')] }, 'Attribute Name is duplicated: a'],
  ['G1', { GlobalSecondaryIndexes: [] }, `${IP}List of GlobalSecondaryIndexes is empty`],
  ['G3', { GlobalSecondaryIndexes: [index('by-a', 'a'), index('by-a', 'pk')] }, `${IP}Duplicate index name: by-a`],
  ['P1', { GlobalSecondaryIndexes: [index('by-a', 'a', { Projection: {} })] }, `${IP}Unknown ProjectionType: null`],
  [
    'P2',
    {
      GlobalSecondaryIndexes: [index('by-a', 'a', { Projection: { ProjectionType: 'ALL', NonKeyAttributes: ['x'] } })],
    },
    `${IP}ProjectionType is ALL, but NonKeyAttributes is specified`,
  ],
  [
    'T1',
    { BillingMode: undefined },
    `${IP}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
  ],
  [
    'T2',
    { ProvisionedThroughput: capacity(5) },
    `${IP}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
  ],
  [
    'T3',
    { ProvisionedThroughput: capacity(0) },
    `2 validation errors detected: Value '0' at 'provisionedThroughput.writeCapacityUnits' ${failed} have value greater than or equal to 1; Value '0' at 'provisionedThroughput.readCapacityUnits' ${failed} have value greater than or equal to 1`,
  ],
  [
    'T4',
    { BillingMode: 'PROVISIONED', ProvisionedThroughput: capacity(5) },
    `${IP}ProvisionedThroughput is not specified for index: by-a`,
  ],
  [
    'T5',
    { GlobalSecondaryIndexes: [index('by-a', 'a', { ProvisionedThroughput: capacity(5) })] },
    `${IP}ProvisionedThroughput should not be specified for index: by-a when BillingMode is PAY_PER_REQUEST`,
  ],
  [
    'O2',
    { OnDemandThroughput: { MaxReadRequestUnits: 0 } },
    `${IP}Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range`,
  ],
  [
    'S1',
    { StreamSpecification: { StreamEnabled: true } },
    `${IP}Table is being created with a stream enabled, UpdateViewType is required`,
  ],
  [
    'E1',
    { SSESpecification: { Enabled: true, KMSMasterKeyId: 'alias/x' } },
    `${IP}SSEType KMS is required if KMSMasterKeyId is specified`,
  ],
  [
    'C1',
    { TableClass: 'COLD' },
    'Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS].',
  ],
  ['A2', { Tags: [{ Key: 'a&b', Value: '' }] }, 'The Tag Key provided is invalid, Key: a&b'],
  ['A3', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'Tag Key cannot be prefixed with aws:, Key: aws:x'],
])('CreateTable, rule %s', (_, change, message) => {
  expect(planeWith().send('CreateTable', { ...table, ...change })).toBe(`ValidationException: ${message}`)
})

test.each<[string, object, object, string]>([
  [
    'U2',
    table,
    { GlobalSecondaryIndexUpdates: [], TableClass: 'STANDARD' },
    `ValidationException: ${IP}List of GlobalSecondaryIndexUpdates is empty`,
  ],
  [
    'U9',
    table,
    { TableClass: 'STANDARD', DeletionProtectionEnabled: true },
    `ValidationException: ${IP}TableClass modification must be the only operation in the request`,
  ],
  [
    'U8',
    table,
    { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'none' } }] },
    'ResourceNotFoundException: Requested resource not found: Index none for table users',
  ],
  [
    'U5',
    table,
    { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-a' } }, { Create: index('by-b', 'pk') }] },
    'LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  ],
  [
    'U6',
    table,
    { GlobalSecondaryIndexUpdates: [{ Create: index('by-b', 'b') }] },
    `ValidationException: ${IP}AttributeDefinitions is not specified for index: by-b`,
  ],
  [
    'T7',
    table,
    { ProvisionedThroughput: capacity(5) },
    `ValidationException: ${IP}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
  ],
  [
    'T8',
    table,
    { BillingMode: 'PROVISIONED', ProvisionedThroughput: capacity(5) },
    `ValidationException: ${IP}ProvisionedThroughput must be specified for index: by-a`,
  ],
  [
    'W3',
    table,
    { WarmThroughput: { ReadUnitsPerSecond: 1 } },
    `ValidationException: ${IP}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not supported`,
  ],
  [
    'S4',
    { ...table, StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
    { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } },
    'ValidationException: Table already has an enabled stream: TableName: users',
  ],
  [
    'U11',
    provisioned,
    { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' }, ProvisionedThroughput: capacity(7) },
    `ValidationException: ${IP}You cannot modify stream status while updating table IOPS`,
  ],
])('UpdateTable, rule %s', (_, made, change, message) => {
  expect(planeWith(made).send('UpdateTable', { TableName: 'users', ...change })).toBe(message)
})

describe('what holds for a while', () => {
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
  const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/users'
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
  send('PutResourcePolicy', { ResourceArn: arn, Policy: '{}' })
  expect(send('GetResourcePolicy', { ResourceArn: arn })).toMatchObject({ Policy: '{}' })
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
