import { describe, expect, it } from 'vitest'
import { type PlanOptions, planTable } from '../../src/plan/plan-table.ts'
import { describeChange } from '../../src/settings/change.ts'
import type { Capabilities } from '../../src/table/capabilities.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import type { TableInput } from '../../src/table/input.ts'
import type { LiveTable } from '../../src/table/live.ts'
import { live } from '../support/live.ts'
import { table } from '../support/tables.ts'

type Input = Partial<TableInput>

const provisioned = { billingMode: 'PROVISIONED' } as const
const arn = 'arn:aws:kms:eu-west-1:123456789012:key/1234'
const stream = 'arn:aws:kinesis:eu-west-1:123456789012:stream/a'
const email = { 'by-email': { partitionKey: 'email' } } as const

const same: [string, Input, Input][] = [
  [
    'nothing was said',
    {},
    {
      stream: 'NEW_IMAGE',
      tableClass: 'STANDARD_INFREQUENT_ACCESS',
      tags: { a: 'b' },
      ttl: 'x',
      deletionProtection: true,
    },
  ],
  ['the billing mode is a default', {}, { ...provisioned, readCapacity: 100, writeCapacity: 100 }],
  ['the capacity is a default', provisioned, { ...provisioned, readCapacity: 100, writeCapacity: 100 }],
  [
    'the capacity of an index is a default',
    { ...provisioned, globalIndexes: email },
    { ...provisioned, globalIndexes: { 'by-email': { partitionKey: 'email', readCapacity: 50 } } },
  ],
  [
    'the projection is a default',
    { globalIndexes: email },
    { globalIndexes: { 'by-email': { partitionKey: 'email', projection: 'KEYS_ONLY' } } },
  ],
  [
    'indexes are in another order',
    { globalIndexes: { one: { partitionKey: 'a' }, two: { partitionKey: 'b' } } },
    { globalIndexes: { two: { partitionKey: 'b' }, one: { partitionKey: 'a' } } },
  ],
  [
    'included attributes are in another order',
    { globalIndexes: { 'by-email': { partitionKey: 'email', projection: ['b', 'a'] } } },
    { globalIndexes: { 'by-email': { partitionKey: 'email', projection: ['a', 'b'] } } },
  ],
  [
    'key attributes are among the included',
    { globalIndexes: { 'by-email': { partitionKey: 'email', projection: ['a', 'pk', 'email'] } } },
    { globalIndexes: { 'by-email': { partitionKey: 'email', projection: ['a'] } } },
  ],
  ['a live index is not named', {}, { globalIndexes: email }],
  ['a live tag is not named', { tags: { a: '1' } }, { tags: { a: '1', b: '2' } }],
  [
    'defaults are spelled out',
    {
      stream: false,
      ttl: false,
      tableClass: 'STANDARD',
      encryption: 'AWS_OWNED',
      deletionProtection: false,
      pointInTimeRecovery: false,
      contributorInsights: false,
      kinesis: false,
      resourcePolicy: false,
      maxReadUnits: false,
    },
    {},
  ],
  ['recovery is on for any number of days', { pointInTimeRecovery: true }, { pointInTimeRecovery: 7 }],
  ['recovery is on for the usual 35 days', { pointInTimeRecovery: 35 }, { pointInTimeRecovery: true }],
  ['insights are on in either mode', { contributorInsights: true }, { contributorInsights: 'THROTTLED_KEYS' }],
  [
    'a policy is formatted otherwise',
    { resourcePolicy: '{ "b": [1], "a": {"y":1,"x":2} }' },
    { resourcePolicy: '{"a":{"x":2,"y":1},"b":[1]}' },
  ],
  [
    'the Kinesis stream’s precision was not said',
    { kinesis: { arn: stream } },
    { kinesis: { arn: stream, precision: 'MICROSECOND' } },
  ],
  [
    'a KMS key is named by its id',
    { encryption: 'CUSTOMER_MANAGED', kmsKeyId: '1234' },
    { encryption: 'CUSTOMER_MANAGED', kmsKeyId: arn },
  ],
  [
    'a KMS key is named by an alias, whose key is not known',
    { encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'alias/mine' },
    { encryption: 'CUSTOMER_MANAGED', kmsKeyId: arn },
  ],
  [
    'AWS’s own KMS key looks like any other',
    { encryption: 'AWS_MANAGED' },
    { encryption: 'CUSTOMER_MANAGED', kmsKeyId: arn },
  ],
]

const different: [string, Input, Input, string[], PlanOptions?][] = [
  ['another key', { partitionKey: 'id' }, {}, ['key: pk S -> id S']],
  ['another key type', { partitionKey: 'pk:N' }, {}, ['key: pk S -> pk N']],
  ['a sort key', { sortKey: 'sk' }, {}, ['key: pk S -> pk S, sk S']],
  ['billing', provisioned, {}, ['billingMode: PAY_PER_REQUEST -> PROVISIONED']],
  ['billing back', { billingMode: 'PAY_PER_REQUEST' }, provisioned, ['billingMode: PROVISIONED -> PAY_PER_REQUEST']],
  [
    'capacity, one side of it',
    { ...provisioned, readCapacity: 7 },
    { ...provisioned, readCapacity: 5, writeCapacity: 9 },
    ['capacity: 5 read, 9 write -> 7 read, 9 write'],
  ],
  [
    'capacity of an index',
    { ...provisioned, globalIndexes: { 'by-email': { partitionKey: 'email', writeCapacity: 8 } } },
    { ...provisioned, globalIndexes: email },
    ['index by-email capacity: 5 read, 5 write -> 5 read, 8 write'],
  ],
  [
    'caps',
    { maxReadUnits: 10, maxWriteUnits: false },
    { maxWriteUnits: 5 },
    ['maxReadUnits: off -> 10', 'maxWriteUnits: 5 -> off'],
  ],
  [
    'caps of an index',
    { globalIndexes: { 'by-email': { partitionKey: 'email', maxReadUnits: 10 } } },
    { globalIndexes: email },
    ['index by-email maxReadUnits: off -> 10'],
  ],
  ['warm throughput', { warmReadUnits: 20_000 }, {}, ['warmReadUnits: 12000 -> 20000']],
  ['a missing index', { globalIndexes: email }, {}, ['global index by-email: missing (email S, projection ALL)']],
  [
    'an index with another key',
    { globalIndexes: { 'by-email': { partitionKey: 'email', sortKey: 'at:N' } } },
    { globalIndexes: email },
    ['global index by-email: email S, projection ALL -> email S, at N, projection ALL'],
  ],
  [
    'an index with another projection',
    { globalIndexes: { 'by-email': { partitionKey: 'email', projection: ['a'] } } },
    { globalIndexes: email },
    ['global index by-email: email S, projection ALL -> email S, projection [a]'],
  ],
  [
    'an unnamed index, when asked',
    {},
    { globalIndexes: email },
    ['global index by-email: not in the definition (email S, projection ALL)'],
    { dropIndexes: true },
  ],
  [
    'a local index',
    { sortKey: 'sk', localIndexes: { 'by-age': { sortKey: 'age:N' } } },
    { sortKey: 'sk' },
    ['local index by-age: missing (pk S, age N, projection ALL)'],
  ],
  [
    'an unnamed local index, when asked',
    { sortKey: 'sk' },
    { sortKey: 'sk', localIndexes: { 'by-age': { sortKey: 'age:N' } } },
    ['local index by-age: not in the definition (pk S, age N, projection ALL)'],
    { dropIndexes: true },
  ],
  [
    'a local index with another key',
    { sortKey: 'sk', localIndexes: { 'by-age': { sortKey: 'age:N' } } },
    { sortKey: 'sk', localIndexes: { 'by-age': { sortKey: 'age:S' } } },
    ['local index by-age: pk S, age S, projection ALL -> pk S, age N, projection ALL'],
  ],
  ['a stream, on and off', { stream: false }, { stream: 'NEW_IMAGE' }, ['stream: NEW_IMAGE -> off']],
  ['a stream’s view', { stream: 'OLD_IMAGE' }, { stream: 'NEW_IMAGE' }, ['stream: NEW_IMAGE -> OLD_IMAGE']],
  [
    'the table class',
    { tableClass: 'STANDARD_INFREQUENT_ACCESS' },
    {},
    ['tableClass: STANDARD -> STANDARD_INFREQUENT_ACCESS'],
  ],
  ['encryption', { encryption: 'AWS_MANAGED' }, {}, ['encryption: AWS_OWNED -> AWS_MANAGED']],
  [
    'encryption off',
    { encryption: 'AWS_OWNED' },
    { encryption: 'AWS_MANAGED' },
    ['encryption: CUSTOMER_MANAGED -> AWS_OWNED'],
  ],
  [
    'a KMS key',
    { encryption: 'CUSTOMER_MANAGED', kmsKeyId: '5678' },
    { encryption: 'CUSTOMER_MANAGED', kmsKeyId: arn },
    [`kmsKeyId: ${arn} -> 5678`],
  ],
  ['deletion protection', { deletionProtection: true }, {}, ['deletionProtection: off -> on']],
  ['TTL', { ttl: 'expiresAt' }, { ttl: 'until' }, ['ttl: until -> expiresAt']],
  ['TTL off', { ttl: false }, { ttl: 'until' }, ['ttl: until -> off']],
  ['recovery', { pointInTimeRecovery: 7 }, { pointInTimeRecovery: true }, ['pointInTimeRecovery: 35 -> 7']],
  ['recovery off', { pointInTimeRecovery: false }, { pointInTimeRecovery: true }, ['pointInTimeRecovery: 35 -> off']],
  [
    'insights',
    { contributorInsights: 'THROTTLED_KEYS' },
    { contributorInsights: 'ACCESSED_AND_THROTTLED_KEYS' },
    ['contributorInsights: ACCESSED_AND_THROTTLED_KEYS -> THROTTLED_KEYS'],
  ],
  [
    'insights of an index',
    { globalIndexes: { 'by-email': { partitionKey: 'email', contributorInsights: true } } },
    { globalIndexes: email },
    ['index by-email contributorInsights: off -> on'],
  ],
  ['Kinesis', { kinesis: { arn: stream } }, {}, [`kinesis: off -> ${stream}`]],
  ['a policy', { resourcePolicy: '{"a":1}' }, { resourcePolicy: '{"a":2}' }, ['resourcePolicy: {"a":2} -> {"a":1}']],
  ['tags', { tags: { a: '2', c: '3' } }, { tags: { a: '1', b: '2' } }, ['tags: a=1 -> 2, +c=3']],
  ['unnamed tags, when asked', { tags: { a: '1' } }, { tags: { a: '1', b: '2' } }, ['tags: -b'], { pruneTags: true }],
]

const changesOf = (desired: TableDefinition, there: LiveTable, options?: PlanOptions) =>
  planTable(desired, there, options).changes

describe('the changes of a plan', () => {
  it.each(same)('are none where %s', (_, desired, there) => {
    expect(changesOf(table(desired), live(there))).toEqual([])
  })

  it.each(different)('contain %s', (_, desired, there, expected, options) => {
    const changes = changesOf(table(desired), live(there), options).map(describeChange)
    expect(changes).toEqual(expected)
  })

  it('leave out settings that were not read', () => {
    const desired = table({
      ttl: 'expiresAt',
      pointInTimeRecovery: true,
      tags: { a: '1' },
      resourcePolicy: '{}',
      contributorInsights: true,
      kinesis: { arn: stream },
    })
    expect(changesOf(desired, live({}, []))).toEqual([])
    expect(changesOf(desired, live({}, ['ttl'])).map(describeChange)).toEqual(['ttl: off -> expiresAt'])
  })

  it('leave out what the target does not keep', () => {
    const capabilities: Capabilities = {
      engine: 'unknown',
      label: 'it',
      ignores: ['ttl', 'maxReadUnits', 'tags'],
      refuses: [],
    }
    const desired = table({ ttl: 'expiresAt', maxReadUnits: 5, tags: { a: '1' }, stream: 'NEW_IMAGE' })
    expect(changesOf(desired, live(), { capabilities }).map(describeChange)).toEqual(['stream: off -> NEW_IMAGE'])
  })

  it('leave out settings that the target does not report', () => {
    const there = live()
    const definition = {
      ...there.definition,
      deletionProtection: undefined,
      warmReadUnits: undefined,
      tableClass: undefined,
    }
    const bare: LiveTable = { ...there, definition }
    expect(changesOf(table({ deletionProtection: true, warmReadUnits: 20_000, tableClass: 'STANDARD' }), bare)).toEqual(
      [],
    )
  })

  it('never concern what an adapter assumed', () => {
    const assumed = [
      { path: 'partitionKey', message: 'a guess', guess: true },
      { path: 'globalIndexes.by-email', message: 'a guess', guess: true },
    ]
    const desired = {
      ...table({ partitionKey: 'pk:N', globalIndexes: { 'by-email': { partitionKey: 'email:N' } } }),
      assumed,
    }
    expect(changesOf({ ...desired, billingMode: undefined }, live({ globalIndexes: email }))).toEqual([])
  })

  it('count an index that is being deleted as gone', () => {
    const there = live({ globalIndexes: email })
    const leaving: LiveTable = { ...there, indexes: { 'by-email': { status: 'DELETING' } } }
    expect(changesOf(table({ globalIndexes: email }), leaving).map(change => change.kind)).toEqual(['add-index'])
    expect(changesOf(table(), leaving, { dropIndexes: true })).toEqual([])
  })
})
