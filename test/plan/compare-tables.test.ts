import { describe, expect, test } from 'vitest'
import { withDefaults, withoutDefaults } from '../../src/plan/aws-defaults.ts'
import { compareTables } from '../../src/plan/compare-tables.ts'
import { engines } from '../../src/settings/engines.ts'
import type { TableInput } from '../../src/table/input.ts'
import { live, liveOf } from '../support/live.ts'
import { table } from '../support/tables.ts'

type Input = Partial<TableInput>

const linesOf = (from: Input, to: Input) => compareTables({ definition: table(from) }, { definition: table(to) }).lines

describe('two definitions', () => {
  const same: readonly (readonly [what: string, from: Input, to: Input])[] = [
    ['left out and written: billing', {}, { billingMode: 'PAY_PER_REQUEST' }],
    ['left out and written: off', {}, { ttl: false, stream: false, deletionProtection: false, tags: {} }],
    ['left out and written: defaults', {}, { encryption: 'AWS_OWNED', tableClass: 'STANDARD', warmReadUnits: 12_000 }],
    ['capacity', { billingMode: 'PROVISIONED' }, { billingMode: 'PROVISIONED', readCapacity: 5, writeCapacity: 5 }],
    ['the stream of replicas', { replicas: ['us-east-2'] }, { replicas: ['us-east-2'], stream: 'NEW_AND_OLD_IMAGES' }],
    ['days of recovery', { pointInTimeRecovery: true }, { pointInTimeRecovery: 35 }],
    ['insights', { contributorInsights: true }, { contributorInsights: 'ACCESSED_AND_THROTTLED_KEYS' }],
    ['a policy', { resourcePolicy: '{"a":1,"b":2}' }, { resourcePolicy: '{ "b": 2, "a": 1 }' }],
    [
      'order of indexes and of their attributes',
      { globalIndexes: { 'by-a': { partitionKey: 'x', projection: ['p', 'q'] }, 'by-b': { partitionKey: 'y' } } },
      { globalIndexes: { 'by-b': { partitionKey: 'y' }, 'by-a': { partitionKey: 'x', projection: ['q', 'p'] } } },
    ],
    [
      'left out and written: what a replica has for itself',
      { replicas: ['us-east-2'], globalIndexes: { 'by-x': { partitionKey: 'x' } } },
      {
        replicas: [
          {
            ...{ region: 'us-east-2', deletionProtection: false, pointInTimeRecovery: false, tags: {} },
            ...{ contributorInsights: false, globalIndexes: { 'by-x': { contributorInsights: false } } },
          },
        ],
        globalIndexes: { 'by-x': { partitionKey: 'x' } },
      },
    ],
    [
      'left out and written: what a replica takes from its table',
      {
        ...{ replicas: ['us-east-2'], tableClass: 'STANDARD_INFREQUENT_ACCESS', maxReadUnits: 9 },
        globalIndexes: { 'by-x': { partitionKey: 'x', maxReadUnits: 4 } },
      },
      {
        tableClass: 'STANDARD_INFREQUENT_ACCESS',
        maxReadUnits: 9,
        replicas: [
          {
            ...{ region: 'us-east-2', tableClass: 'STANDARD_INFREQUENT_ACCESS', maxReadUnits: 9 },
            globalIndexes: { 'by-x': { maxReadUnits: 4 } },
          },
        ],
        globalIndexes: { 'by-x': { partitionKey: 'x', maxReadUnits: 4 } },
      },
    ],
  ]
  test.each(same)('the same: %s', (_, from, to) => {
    expect(linesOf(from, to)).toEqual([])
    expect(linesOf(to, from)).toEqual([])
  })

  const different: readonly (readonly [from: Input, to: Input, lines: readonly string[]])[] = [
    [{}, { ttl: 'until' }, ['+ turn on TTL on until']],
    [{ ttl: 'until' }, {}, ['- turn off TTL on until']],
    [{ partitionKey: 'id' }, { partitionKey: 'id:N' }, ['~ key: id S -> id N']],
    [{ tags: { a: '1', b: '2' } }, { tags: { a: '1', c: '3' } }, ['~ set tags c=3', '- remove tags b']],
    [{ pointInTimeRecovery: 7 }, { pointInTimeRecovery: true }, ['~ change point-in-time recovery (35 days)']],
    [
      { encryption: 'AWS_MANAGED' },
      { encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'alias/a' },
      ['~ encrypt with alias/a'],
    ],
    [
      { encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'alias/a' },
      { encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'alias/b' },
      ['~ encrypt with alias/b'],
    ],
    [{ warmReadUnits: 20_000 }, {}, ['~ warmReadUnits: 20000 -> 12000']],
    [
      { billingMode: 'PROVISIONED' },
      { billingMode: 'PROVISIONED', readCapacity: 6, writeCapacity: 5 },
      ['~ set capacity: 5 read, 5 write -> 6 read, 5 write'],
    ],
    // What only the first names for a replica is a difference as well; what the table changes for both is said once.
    [
      { replicas: [{ region: 'us-east-2', deletionProtection: true, pointInTimeRecovery: 7, maxReadUnits: 3 }] },
      { replicas: ['us-east-2'], maxReadUnits: 5 },
      [
        '~ set maxReadUnits: off -> 5',
        '~ change the replica in us-east-2: maxReadUnits: 3 -> 5',
        '- turn off point-in-time recovery in us-east-2',
        '- turn off deletion protection in us-east-2',
      ],
    ],
    [
      { replicas: ['us-east-2'], maxReadUnits: 4 },
      { replicas: ['us-east-2'], maxReadUnits: 5 },
      ['~ set maxReadUnits: 4 -> 5'],
    ],
    [
      { globalIndexes: { 'by-a': { partitionKey: 'x' } } },
      { globalIndexes: { 'by-b': { partitionKey: 'x', projection: 'KEYS_ONLY' } } },
      ['- drop global index by-a', '+ add global index by-b (x S, projection KEYS_ONLY)'],
    ],
    [
      { sortKey: 'at', localIndexes: { 'by-x': { sortKey: 'x' } } },
      { sortKey: 'at', localIndexes: { 'by-x': { sortKey: 'x', projection: 'KEYS_ONLY' } } },
      [
        `~ local index by-x: ${table({}).partitionKey[0]?.name} S, x S, projection ALL -> ${table({}).partitionKey[0]?.name} S, x S, projection KEYS_ONLY`,
      ],
    ],
  ]
  test.each(different)('%j -> %j', (from, to, lines) => {
    expect(linesOf(from, to)).toEqual(lines)
  })

  test('guesses of an adapter and what the config ignores are not compared', () => {
    const provisioned = table({ billingMode: 'PROVISIONED', ttl: 'until' })
    const guessed = {
      ...table({}),
      assumed: [
        { path: 'billingMode', message: 'assumed', guess: true },
        { path: 'ttl', message: 'differences are ignored by the config', guess: false },
      ],
    }
    expect(compareTables({ definition: guessed }, { definition: provisioned }).changes).toEqual([])
    expect(compareTables({ definition: provisioned }, { definition: guessed }).changes).toEqual([])
  })
})

describe('a live table', () => {
  const wanted = table({ ttl: 'until', tags: { a: '1' }, encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'alias/a' })

  test('equal tables have no differences, whichever is compared with the other', () => {
    const found = liveOf(wanted)
    const side = { definition: found.definition, live: found }
    expect(compareTables(side, { definition: wanted }).lines).toEqual([])
    expect(compareTables({ definition: wanted }, side).lines).toEqual([])
  })

  test('what the definition leaves out is compared with AWS defaults, except for warm throughput', () => {
    const found = live({ ttl: 'until', deletionProtection: true, warmReadUnits: 20_000 })
    const side = { definition: found.definition, live: found }
    expect(compareTables(side, { definition: table({}) }).lines).toEqual([
      '- turn off TTL on until',
      '- turn off deletion protection',
    ])
    expect(compareTables({ definition: table({}) }, side).lines).toEqual([
      '+ turn on TTL on until',
      '+ turn on deletion protection',
    ])
  })

  test('a setting that could not be read, or that the target does not keep, is not compared', () => {
    const found = live({}, ['tags'])
    const side = { definition: found.definition, live: found }
    expect(compareTables(side, { definition: table({ ttl: 'until' }) }).lines).toEqual([])
    expect(compareTables({ definition: table({ ttl: 'until' }) }, side).lines).toEqual([])
    const onDynalite = { ...side, capabilities: engines['plain-dynalite'] }
    expect(compareTables(onDynalite, { definition: table({ deletionProtection: true }) }).lines).toEqual([])
  })
})

describe('defaults', () => {
  test('what is left out is filled in, and taken out again', () => {
    const input: Input = { ttl: 'until', globalIndexes: { 'by-a': { partitionKey: 'x', maxReadUnits: 4 } } }
    const filled = withDefaults(table(input))
    expect(filled).toMatchObject({
      pointInTimeRecovery: false,
      tags: {},
      tableClass: 'STANDARD',
      warmReadUnits: 12_000,
      globalIndexes: [
        { name: 'by-a', maxReadUnits: 4, maxWriteUnits: false, contributorInsights: false, warmWriteUnits: 4_000 },
      ],
    })
    expect(withoutDefaults(filled)).toEqual(table(input))
  })
})
