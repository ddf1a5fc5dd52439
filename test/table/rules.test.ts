import { describe, expect, test } from 'vitest'
import { readInput } from '../../src/settings/read-input.ts'
import { fillDefaults, toDefinition } from '../../src/settings/to-definition.ts'
import { rules, validateDefinition } from '../../src/settings/validate.ts'
import type { VectorIndexInput } from '../../src/settings/vector-indexes.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import type { TableInput } from '../../src/table/input.ts'
import { nameRules } from '../../src/table/rules/names.ts'

type Part = Partial<TableInput>

/** A rule, what breaks only it and how that reads, and the nearest input that is accepted. */
interface Case {
  readonly rule: string
  readonly broken: Part
  readonly reads: readonly string[]
  readonly accepted: Part
}

const base: TableInput = { table: 'users', partitionKey: 'pk:S', sortKey: 'sk:S' }
const index = (partitionKey: string | string[], more: object = {}) => ({ partitionKey, ...more })
const named = <T>(count: number, value: (number: number) => T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [`index-${number}`, value(number)]))
const attributes = (count: number, prefix = 'a') => Array.from({ length: count }, (_, number) => `${prefix}${number}`)
const provisioned: Part = { billingMode: 'PROVISIONED', readCapacity: 5, writeCapacity: 5 }
const customer: Part = { encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'alias/users' }
const policy = (length: number) => `{"Statement":"${'x'.repeat(length - 16)}"}`
const vector = (more: object = {}) =>
  ({ attribute: 'v', dimensions: 3, distance: 'COSINE', ...more }) as VectorIndexInput
const near = (more: object = {}): Part => ({ vectorIndexes: { near: vector(more) } })
const tags = (count: number) => Object.fromEntries(attributes(count).map(name => [name, 'x']))

const cases: readonly Case[] = [
  {
    rule: 'M1',
    broken: { ...provisioned, replicas: ['us-east-2'] },
    reads: [
      'writeCapacity: replicas need on-demand or auto-scaled writes, not a fixed capacity; write billingMode: PAY_PER_REQUEST, or leave writeCapacity to auto scaling',
    ],
    accepted: { ...provisioned, writeCapacity: undefined, replicas: ['us-east-2'] },
  },
  {
    rule: 'M2',
    broken: { consistency: 'STRONG', replicas: ['us-east-2'] },
    reads: ['consistency: STRONG needs three regions: two replicas, or one replica and a witness, not 1 replica'],
    accepted: { consistency: 'STRONG', replicas: ['us-east-2', 'us-west-2'] },
  },
  {
    rule: 'M2',
    broken: { consistency: 'STRONG', replicas: ['us-east-2', 'eu-west-1'], witness: 'us-west-2' },
    reads: [
      'consistency: STRONG needs three regions: two replicas, or one replica and a witness, not 2 replicas and a witness',
    ],
    accepted: { consistency: 'STRONG', replicas: ['us-east-2'], witness: 'us-west-2' },
  },
  {
    rule: 'M2',
    broken: { replicas: ['us-east-2'], witness: 'us-west-2' },
    reads: ['witness: a witness needs consistency: STRONG'],
    accepted: { replicas: ['us-east-2'], witness: false },
  },
  ...(['KEYS_ONLY', false] as const).map(stream => ({
    rule: 'M3',
    broken: { stream, replicas: ['us-east-2'] },
    reads: [`stream: replicas need NEW_AND_OLD_IMAGES, not ${stream}; leave it out to turn it on`],
    accepted: { stream: 'NEW_AND_OLD_IMAGES', replicas: ['us-east-2'] } as const,
  })),
  {
    rule: 'M4',
    broken: { replicas: ['us-east-2', { region: 'us-east-2' }] },
    reads: ['replicas: "us-east-2" is listed twice'],
    accepted: { replicas: ['us-east-2', { region: 'us-east-1' }] },
  },
  {
    rule: 'M4',
    broken: { replicas: ['useast2'] },
    reads: ['replicas[0]: "useast2" is not a valid region; did you mean "us-east-2"?'],
    accepted: { replicas: ['us-gov-west-1'] },
  },
  {
    rule: 'M4',
    broken: { consistency: 'STRONG', replicas: ['us-east-2'], witness: 'us-east-2' },
    reads: ['witness: "us-east-2" is also the region of a replica'],
    accepted: { consistency: 'STRONG', replicas: ['us-east-2'], witness: 'us-west-2' },
  },
  {
    rule: 'M5',
    broken: { ...customer, replicas: ['us-east-2'] },
    reads: [
      'replicas[0]: the table has a customer-managed key, and a key is of one region; write { region: us-east-2, kmsKeyId }',
    ],
    accepted: { ...customer, replicas: [{ region: 'us-east-2', kmsKeyId: 'alias/users' }] },
  },
  {
    rule: 'M5',
    broken: { replicas: [{ region: 'us-east-2', kmsKeyId: 'alias/users' }] },
    reads: ['replicas[0].kmsKeyId: needs encryption: CUSTOMER_MANAGED, and a key of its own, for the table'],
    accepted: { ...customer, replicas: [{ region: 'us-east-2', kmsKeyId: 'alias/users' }] },
  },
  {
    rule: 'M6',
    broken: { replicas: [{ region: 'us-east-2', readCapacity: 5 }] },
    reads: ['replicas[0].readCapacity: needs billingMode PROVISIONED, of the table'],
    accepted: { billingMode: 'PROVISIONED', replicas: [{ region: 'us-east-2', readCapacity: 5 }] },
  },
  {
    rule: 'M6',
    broken: { billingMode: 'PROVISIONED', replicas: [{ region: 'us-east-2', maxReadUnits: 5 }] },
    reads: ['replicas[0].maxReadUnits: cannot be combined with billingMode PROVISIONED'],
    accepted: { replicas: [{ region: 'us-east-2', maxReadUnits: 5 }] },
  },
  {
    rule: 'M6',
    broken: {
      globalIndexes: { 'by-a': index('a') },
      replicas: [{ region: 'us-east-2', globalIndexes: { 'by-b': { contributorInsights: true } } }],
    },
    reads: ['replicas[0].globalIndexes.by-b: not a global index of the table; the table has "by-a"'],
    accepted: {
      globalIndexes: { 'by-a': index('a') },
      replicas: [{ region: 'us-east-2', globalIndexes: { 'by-a': { contributorInsights: true } } }],
    },
  },
  {
    rule: 'M6',
    broken: { replicas: [{ region: 'us-east-2', pointInTimeRecovery: 36, tags: { 'aws:x': '' } }] },
    reads: [
      'replicas[0].pointInTimeRecovery: must be 1 to 35 days, or false for off, not 36',
      'replicas[0].tags.aws:x: tag keys that start with "aws:" are reserved for AWS',
    ],
    accepted: { replicas: [{ region: 'us-east-2', pointInTimeRecovery: 35, tags: { 'aws-x': '' } }] },
  },
  ...(['attribute', 'dimensions', 'distance'] as const).map(field => ({
    rule: 'V0',
    broken: near({ [field]: undefined }),
    reads: [
      `vectorIndexes.near.${field}: is missing; write ${
        {
          attribute: 'the name of the attribute that holds the vectors',
          dimensions: 'the length of the vectors, 1 to 4096',
          distance: 'COSINE, DOT_PRODUCT or EUCLIDEAN',
        }[field]
      }`,
    ],
    accepted: near(),
  })),
  {
    rule: 'V1',
    broken: { ...provisioned, ...near() },
    reads: ['billingMode: PROVISIONED cannot be combined with vector indexes; write PAY_PER_REQUEST'],
    accepted: { billingMode: 'PAY_PER_REQUEST', ...near() },
  },
  {
    rule: 'V4',
    broken: near({ attribute: 'sk' }),
    reads: ['vectorIndexes.near.attribute: "sk" is also in sortKey; a vector can be neither a key nor a filter'],
    accepted: near({ attribute: 'SK' }),
  },
  {
    rule: 'V4',
    broken: { globalIndexes: { 'by-v': index('v') }, ...near() },
    reads: [
      'vectorIndexes.near.attribute: "v" is also in globalIndexes.by-v.partitionKey; a vector can be neither a key nor a filter',
    ],
    accepted: { globalIndexes: { 'by-v': index('w') }, ...near() },
  },
  {
    rule: 'V4',
    broken: { vectorIndexes: { near: vector(), far: vector({ attribute: 'w', filters: ['v'] }) } },
    reads: [
      'vectorIndexes.near.attribute: "v" is also in vectorIndexes.far.filters; a vector can be neither a key nor a filter',
    ],
    accepted: { vectorIndexes: { near: vector(), far: vector({ attribute: 'w', filters: ['x'] }) } },
  },
  {
    rule: 'V5',
    broken: { vectorIndexes: { near: vector(), far: vector({ dimensions: 4 }) } },
    reads: [
      'vectorIndexes.far.dimensions: "v" has 3 dimensions in another vector index and 4 here; use one length for an attribute',
    ],
    accepted: { vectorIndexes: { near: vector(), far: vector({ distance: 'EUCLIDEAN' }) } },
  },
  ...[0, 4097].map(dimensions => ({
    rule: 'V5',
    broken: near({ dimensions }),
    reads: [`vectorIndexes.near.dimensions: must be 1 to 4096, not ${dimensions}`],
    accepted: near({ dimensions: dimensions === 0 ? 1 : 4096 }),
  })),
  {
    rule: 'V5',
    broken: near({ partitionKey: ['a', 'b'] }),
    reads: [
      'vectorIndexes.near.partitionKey: 2 attributes; a vector index can have at most one partition key attribute',
    ],
    accepted: near({ partitionKey: ['a'] }),
  },
  {
    rule: 'V5',
    broken: near({ filters: attributes(19) }),
    reads: ['vectorIndexes.near.filters: 19 attributes; a vector index can have at most 18 filters'],
    accepted: near({ filters: attributes(18) }),
  },
  {
    rule: 'V5',
    broken: near({ partitionKey: 'a', filters: ['b', 'b', 'a'] }),
    reads: [
      'vectorIndexes.near.filters: "b" is listed twice',
      'vectorIndexes.near.filters: "a" is also the partition key; name it once',
    ],
    accepted: near({ partitionKey: 'a', filters: ['b', 'c'] }),
  },
  {
    rule: 'V5',
    broken: near({ attribute: 'v'.repeat(256) }),
    reads: [`vectorIndexes.near.attribute: "${'v'.repeat(57)}..." has 256 bytes in UTF-8; DynamoDB allows 255`],
    accepted: near({ attribute: 'v'.repeat(255) }),
  },
  {
    rule: 'G3',
    broken: { globalIndexes: { near: index('a') }, ...near() },
    reads: ['vectorIndexes.near: another index is already named "near"'],
    accepted: { globalIndexes: { nearer: index('a') }, ...near() },
  },
  {
    rule: 'N4',
    broken: { vectorIndexes: { ab: vector() } },
    reads: ['vectorIndexes.ab: index name "ab" has 2 characters; DynamoDB allows 3 to 255'],
    accepted: { vectorIndexes: { abc: vector() } },
  },
  {
    rule: 'K10',
    broken: { globalIndexes: { 'by-year': index('year:S') }, ...near({ filters: ['year:N'] }) },
    reads: [
      'vectorIndexes.near.filters: attribute "year" is defined as string in globalIndexes.by-year.partitionKey and number here; use one type in all keys of a table',
    ],
    accepted: { globalIndexes: { 'by-year': index('year:N') }, ...near({ filters: ['year:N'] }) },
  },
  {
    rule: 'P3',
    broken: near({ projection: [] }),
    reads: ['vectorIndexes.near.projection: the list is empty; name the attributes to include, or write KEYS_ONLY'],
    accepted: near({ projection: ['a'] }),
  },
  {
    rule: 'N1',
    broken: { table: '' },
    reads: ['table: the table has no name; set "table"'],
    accepted: { table: 'abc' },
  },
  {
    rule: 'N2',
    broken: { table: 'ab' },
    reads: ['table: table name "ab" has 2 characters; DynamoDB allows 3 to 255'],
    accepted: { table: 'abc' },
  },
  {
    rule: 'N2',
    broken: { table: 'x'.repeat(256) },
    reads: [`table: table name "${'x'.repeat(57)}..." has 256 characters; DynamoDB allows 3 to 255`],
    accepted: { table: 'x'.repeat(255) },
  },
  {
    rule: 'N3',
    broken: { table: 'my table/ü' },
    reads: [
      'table: table name "my table/ü" contains " ", "/" and "ü"; only letters a to z, digits, "_", "." and "-" are allowed',
    ],
    accepted: { table: 'My_table.9-' },
  },
  {
    rule: 'N4',
    broken: { globalIndexes: { ab: index('a') }, localIndexes: { 'a b': { sortKey: 'b' } } },
    reads: [
      'globalIndexes.ab: index name "ab" has 2 characters; DynamoDB allows 3 to 255',
      'localIndexes.a b: index name "a b" contains " "; only letters a to z, digits, "_", "." and "-" are allowed',
    ],
    accepted: { globalIndexes: { users: index('a') }, localIndexes: { 'a-b': { sortKey: 'b' } } },
  },
  {
    rule: 'K1',
    broken: { partitionKey: [], globalIndexes: { 'by-a': index([]) } },
    reads: [
      "partitionKey: a table needs a partition key, such as 'pk'",
      "globalIndexes.by-a.partitionKey: a global index needs a partition key, such as 'email'",
    ],
    accepted: { globalIndexes: { 'by-a': index('a') } },
  },
  {
    rule: 'K2',
    broken: { partitionKey: ['pk', 'N'], sortKey: ['a', 'b', 'c'], localIndexes: { 'by-a': { sortKey: ['d', 'e'] } } },
    reads: [
      "partitionKey: a table has one partition key attribute, not 2 (pk, N); only global indexes take lists; for type N write 'pk:N'",
      'sortKey: a table has one sort key attribute, not 3 (a, b, c); only global indexes take lists',
      'localIndexes.by-a.sortKey: a local index has one sort key attribute, not 2 (d, e); only global indexes take lists',
    ],
    accepted: { partitionKey: ['pk'], sortKey: ['a'], localIndexes: { 'by-a': { sortKey: ['d'] } } },
  },
  {
    rule: 'K5',
    broken: {
      sortKey: 'pk',
      globalIndexes: { 'by-a': index('a', { sortKey: 'a' }) },
      localIndexes: { 'by-b': { sortKey: 'pk' } },
    },
    reads: [
      'sortKey: "pk" is also the partition key; use two attributes',
      'globalIndexes.by-a.sortKey: "a" is also the partition key; use two attributes',
      'localIndexes.by-b.sortKey: "pk" is also the partition key; use two attributes',
    ],
    accepted: {
      sortKey: 'PK',
      globalIndexes: { 'by-a': index('sk', { sortKey: 'pk' }) },
      localIndexes: { 'by-b': { sortKey: 'PK' } },
    },
  },
  {
    rule: 'G6',
    broken: { globalIndexes: { 'by-a': index(['a', 'b', 'a'], { sortKey: ['c', 'c'] }) } },
    reads: [
      'globalIndexes.by-a.partitionKey: "a" is listed twice; name each attribute once',
      'globalIndexes.by-a.sortKey: "c" is listed twice; name each attribute once',
    ],
    accepted: { globalIndexes: { 'by-a': index(['a', 'b'], { sortKey: ['c', 'd'] }) } },
  },
  {
    rule: 'K10',
    broken: {
      globalIndexes: { 'by-a': index('sk:N') },
      localIndexes: { 'by-b': { sortKey: 'b:N' }, 'by-c': { sortKey: 'b:B' } },
    },
    reads: [
      'globalIndexes.by-a.partitionKey: attribute "sk" is defined as string in sortKey and number here; use one type in all keys of a table',
      'localIndexes.by-c.sortKey: attribute "b" is defined as number in localIndexes.by-b.sortKey and binary here; use one type in all keys of a table',
    ],
    accepted: {
      globalIndexes: { 'by-a': index('sk:S') },
      localIndexes: { 'by-b': { sortKey: 'b:N' }, 'by-c': { sortKey: 'b:N' } },
    },
  },
  {
    rule: 'K12',
    broken: { partitionKey: ':S', sortKey: 'é'.repeat(128) },
    reads: [
      "partitionKey: the partition key has an empty name; write the attribute's name",
      `sortKey: sort key "${'é'.repeat(57)}..." has 256 bytes in UTF-8; DynamoDB allows 255`,
    ],
    accepted: { partitionKey: ' ', sortKey: `${'é'.repeat(127)}x` },
  },
  {
    rule: 'L4',
    broken: { localIndexes: named(6, number => ({ sortKey: `a${number}` })) },
    reads: ['localIndexes: 6 local indexes; a table can have at most 5'],
    accepted: { localIndexes: named(5, number => ({ sortKey: `a${number}` })) },
  },
  {
    rule: 'G3',
    broken: { globalIndexes: { same: index('a') }, localIndexes: { same: { sortKey: 'b' } } },
    reads: ['localIndexes.same: another index is already named "same"'],
    accepted: { globalIndexes: { same: index('a') }, localIndexes: { Same: { sortKey: 'b' } } },
  },
  {
    rule: 'G4',
    broken: { globalIndexes: { 'by-a': index(attributes(5), { sortKey: attributes(6, 'b') }) } },
    reads: [
      'globalIndexes.by-a.partitionKey: 5 attributes; a partition key can have at most 4',
      'globalIndexes.by-a.sortKey: 6 attributes; a sort key can have at most 4',
    ],
    accepted: { globalIndexes: { 'by-a': index(attributes(4), { sortKey: attributes(4, 'b') }) } },
  },
  {
    rule: 'L1',
    broken: { sortKey: undefined, localIndexes: { 'by-a': { sortKey: 'a' }, 'by-b': { sortKey: 'b' } } },
    reads: ['sortKey: local indexes need a table with a sort key; add one, or use global indexes'],
    accepted: { localIndexes: { 'by-a': { sortKey: 'sk' } } },
  },
  {
    rule: 'L3',
    broken: { localIndexes: { 'by-a': { sortKey: [] } } },
    reads: ["localIndexes.by-a.sortKey: a local index needs a sort key, such as 'placedAt'"],
    accepted: { localIndexes: { 'by-a': { sortKey: 'a' } } },
  },
  {
    rule: 'P3',
    broken: { localIndexes: { 'by-a': { sortKey: 'a', projection: [] } } },
    reads: ['localIndexes.by-a.projection: the list is empty; name the attributes to include, or write KEYS_ONLY'],
    accepted: { localIndexes: { 'by-a': { sortKey: 'a', projection: ['pk'] } } },
  },
  {
    rule: 'P4',
    broken: { globalIndexes: { 'by-a': index('a', { projection: attributes(21) }) } },
    reads: ['globalIndexes.by-a.projection: 21 attributes; an index can include at most 20 by name (ALL includes all)'],
    accepted: { globalIndexes: { 'by-a': index('a', { projection: attributes(20) }) } },
  },
  {
    rule: 'P5',
    broken: { globalIndexes: { 'by-a': index('a', { projection: ['x', 'y', 'x'] }) } },
    reads: ['globalIndexes.by-a.projection: "x" is listed twice; name it once'],
    accepted: { globalIndexes: { 'by-a': index('a', { projection: ['x', 'X', 'a'] }) } },
  },
  {
    rule: 'P6',
    broken: {
      globalIndexes: named(5, number => index(`k${number}`, { projection: attributes(20) })),
      localIndexes: { 'by-a': { sortKey: 'a', projection: ['a0'] } },
    },
    reads: [
      'globalIndexes: the indexes include 101 attributes by name, counting an attribute once for each index; DynamoDB allows 100 in all',
    ],
    accepted: {
      globalIndexes: named(5, number => index(`k${number}`, { projection: attributes(20) })),
      localIndexes: { 'by-a': { sortKey: 'a', projection: 'KEYS_ONLY' } },
    },
  },
  {
    rule: 'P-name',
    broken: { globalIndexes: { 'by-a': index('a', { projection: ['', 'x'.repeat(256)] }) } },
    reads: [
      'globalIndexes.by-a.projection: attribute name "" has 0 characters; DynamoDB allows 1 to 255',
      `globalIndexes.by-a.projection: attribute name "${'x'.repeat(57)}..." has 256 characters; DynamoDB allows 1 to 255`,
    ],
    accepted: { globalIndexes: { 'by-a': index('a', { projection: ['x'.repeat(255)] }) } },
  },
  {
    rule: 'T2',
    broken: { billingMode: 'PAY_PER_REQUEST', readCapacity: 5, writeCapacity: 5 },
    reads: [
      'readCapacity: cannot be combined with billingMode PAY_PER_REQUEST; leave it out, or write PROVISIONED',
      'writeCapacity: cannot be combined with billingMode PAY_PER_REQUEST; leave it out, or write PROVISIONED',
    ],
    accepted: { billingMode: 'PAY_PER_REQUEST', maxReadUnits: 5, maxWriteUnits: 5 },
  },
  {
    rule: 'T5',
    broken: { billingMode: 'PAY_PER_REQUEST', globalIndexes: { 'by-a': index('a', { readCapacity: 5 }) } },
    reads: [
      'globalIndexes.by-a.readCapacity: cannot be combined with billingMode PAY_PER_REQUEST; leave it out, or write PROVISIONED',
    ],
    accepted: { ...provisioned, globalIndexes: { 'by-a': index('a', { readCapacity: 5 }) } },
  },
  {
    rule: 'T3',
    broken: { ...provisioned, readCapacity: 0, globalIndexes: { 'by-a': index('a', { writeCapacity: -1 }) } },
    reads: ['readCapacity: must be at least 1, not 0', 'globalIndexes.by-a.writeCapacity: must be at least 1, not -1'],
    accepted: { ...provisioned, readCapacity: 1, globalIndexes: { 'by-a': index('a', { writeCapacity: 1 }) } },
  },
  {
    rule: 'O1',
    broken: { ...provisioned, maxReadUnits: 5, globalIndexes: { 'by-a': index('a', { maxWriteUnits: 5 }) } },
    reads: [
      'maxReadUnits: cannot be combined with billingMode PROVISIONED; it caps on-demand billing',
      'globalIndexes.by-a.maxWriteUnits: cannot be combined with billingMode PROVISIONED; it caps on-demand billing',
    ],
    accepted: { ...provisioned, maxReadUnits: false, globalIndexes: { 'by-a': index('a', { maxWriteUnits: false }) } },
  },
  {
    rule: 'O2',
    broken: { maxReadUnits: 0, globalIndexes: { 'by-a': index('a', { maxWriteUnits: -1 }) } },
    reads: [
      'maxReadUnits: must be at least 1, not 0; false means no cap',
      'globalIndexes.by-a.maxWriteUnits: must be at least 1, not -1; false means no cap',
    ],
    accepted: { maxReadUnits: 1, globalIndexes: { 'by-a': index('a', { maxWriteUnits: false }) } },
  },
  {
    rule: 'W1',
    broken: { warmReadUnits: 11_999, globalIndexes: { 'by-a': index('a', { warmWriteUnits: 3_999 }) } },
    reads: [
      'warmReadUnits: must be at least 12000 (the minimum with on-demand billing), not 11999',
      'globalIndexes.by-a.warmWriteUnits: must be at least 4000 (the minimum with on-demand billing), not 3999',
    ],
    accepted: { warmReadUnits: 12_000, globalIndexes: { 'by-a': index('a', { warmWriteUnits: 4_000 }) } },
  },
  {
    rule: 'W2',
    broken: {
      ...provisioned,
      warmReadUnits: 4,
      globalIndexes: { 'by-a': index('a', { writeCapacity: 9, warmWriteUnits: 8 }) },
    },
    reads: [
      'warmReadUnits: must be at least 5 (the provisioned capacity), not 4',
      'globalIndexes.by-a.warmWriteUnits: must be at least 9 (the provisioned capacity), not 8',
    ],
    accepted: {
      ...provisioned,
      warmReadUnits: 5,
      globalIndexes: { 'by-a': index('a', { writeCapacity: 9, warmWriteUnits: 9 }) },
    },
  },
  {
    rule: 'E1',
    broken: { encryption: 'AWS_MANAGED', kmsKeyId: 'alias/users' },
    reads: ['encryption: must be CUSTOMER_MANAGED beside a kmsKeyId, not AWS_MANAGED'],
    accepted: { encryption: 'AWS_MANAGED' },
  },
  {
    rule: 'E1',
    broken: { kmsKeyId: 'alias/users' },
    reads: ['encryption: must be CUSTOMER_MANAGED beside a kmsKeyId, not left out'],
    accepted: customer,
  },
  {
    rule: 'E1',
    broken: { encryption: 'CUSTOMER_MANAGED' },
    reads: ['kmsKeyId: encryption CUSTOMER_MANAGED needs the key: its ARN, id or alias'],
    accepted: customer,
  },
  {
    rule: 'X-name',
    broken: { ttl: 'x'.repeat(256) },
    reads: [`ttl: attribute name "${'x'.repeat(57)}..." has 256 characters; DynamoDB allows 255`],
    accepted: { ttl: 'x'.repeat(255) },
  },
  {
    rule: 'R1',
    broken: { pointInTimeRecovery: 36 },
    reads: ['pointInTimeRecovery: must be 1 to 35 days, or false for off, not 36'],
    accepted: { pointInTimeRecovery: 35 },
  },
  {
    rule: 'R1',
    broken: { pointInTimeRecovery: 0 },
    reads: ['pointInTimeRecovery: must be 1 to 35 days, or false for off, not 0'],
    accepted: { pointInTimeRecovery: 1 },
  },
  {
    rule: 'R2',
    broken: { resourcePolicy: policy(20_481) },
    reads: ['resourcePolicy: the policy has 20481 bytes, spaces included; DynamoDB allows 20480'],
    accepted: { resourcePolicy: policy(20_480) },
  },
  {
    rule: 'R2',
    broken: { resourcePolicy: '{Statement: []}' },
    reads: ['resourcePolicy: the policy is not a valid JSON object'],
    accepted: { resourcePolicy: '{}' },
  },
  {
    rule: 'Z1',
    broken: { kinesis: { arn: 'arn:aws:firehose:eu-west-1:1:x' } },
    reads: [
      'kinesis.arn: "arn:aws:firehose:eu-west-1:1:x" is not a valid ARN of a data stream (arn:aws:kinesis:<region>:<account>:stream/<name>)',
    ],
    accepted: { kinesis: { arn: 'arn:aws-cn:kinesis:cn-north-1:1:stream/x' } },
  },
  {
    rule: 'A1',
    broken: { tags: tags(51) },
    reads: ['tags: 51 tags; a table can have at most 50'],
    accepted: { tags: tags(50) },
  },
  {
    rule: 'A2',
    broken: { tags: { '': 'x', 'a,b': 'c;d', k: 'v'.repeat(257) } },
    reads: [
      'tags.: the key "" has 0 characters; AWS allows 1 to 128',
      'tags.a,b: the key "a,b" contains ","; only letters, digits, spaces and + - = . _ : / @ are allowed',
      'tags.a,b: the value "c;d" contains ";"; only letters, digits, spaces and + - = . _ : / @ are allowed',
      `tags.k: the value "${'v'.repeat(57)}..." has 257 characters; AWS allows 0 to 256`,
    ],
    accepted: { tags: { 'größe 名前': '', 'a+-=._:/@9': 'हिन्दी', ['k'.repeat(128)]: 'v'.repeat(256) } },
  },
  {
    rule: 'A3',
    broken: { tags: { 'AWS:team': 'x' } },
    reads: ['tags.AWS:team: tag keys that start with "aws:" are reserved for AWS'],
    accepted: { tags: { 'team:aws:': 'aws:x' } },
  },
]

describe.each(cases)('$rule', ({ rule, broken, reads, accepted }) => {
  test(`refused: ${reads[0]?.slice(0, 60)}`, () => {
    const { problems } = toDefinition({ ...base, ...broken }, { path: '' })
    expect(problems).toEqual(
      reads.map(line => {
        const [path, ...message] = line.split(': ')
        return { path, message: message.join(': '), rule }
      }),
    )
  })

  test('accepts the nearest valid input', () => {
    expect(toDefinition({ ...base, ...accepted }, { path: '' }).problems).toEqual([])
  })
})

describe('warnings', () => {
  test.each<[string, Part, string[]]>([
    ['T10', { ...provisioned, readCapacity: 40_001 }, ["readCapacity: 40001 exceeds AWS's default quota of 40000"]],
    [
      'G2',
      { globalIndexes: named(21, number => index(`a${number}`)) },
      ["globalIndexes: 21 global indexes exceed AWS's default quota of 20"],
    ],
    ...(
      [
        ['undefined-users', 'contains "undefined"'],
        ['users_undefined', 'contains "undefined"'],
        ['undefinedUsers', 'contains "undefined"'],
        ['null.users', 'contains "null"'],
        ['users-NaN', 'contains "NaN"'],
        ['-users', 'starts with "-"'],
        ['users-', 'ends with "-"'],
        ['_users', 'starts with "_"'],
        ['users.', 'ends with "."'],
        ['app--users', 'contains "--"'],
        ['app..users', 'contains ".."'],
        ['app-.users', 'contains "-."'],
      ] as const
    ).map(([table, found]): [string, Part, string[]] => [
      'W-undefined-name',
      { table },
      [`table: table name "${table}" ${found}; is a variable not set?`],
    ]),
    [
      'W-undefined-name',
      {
        partitionKey: 'tenant#undefined',
        sortKey: '[object Object]',
        ttl: 'undefined-at',
        globalIndexes: { 'by-null': index('email'), 'by-': { ...index('at'), projection: ['a', 'null_b'] } },
      },
      [
        'globalIndexes.by-null: index name "by-null" contains "null"; is a variable not set?',
        'globalIndexes.by-: index name "by-" ends with "-"; is a variable not set?',
        'partitionKey: partition key "tenant#undefined" contains "undefined"; is a variable not set?',
        'sortKey: sort key "[object Object]" contains "[object Object]"; is a variable not set?',
        'ttl: attribute "undefined-at" contains "undefined"; is a variable not set?',
        'globalIndexes.by-.projection: attribute "null_b" contains "null"; is a variable not set?',
      ],
    ],
    [
      'W-default-capacity',
      { billingMode: 'PROVISIONED', readCapacity: 1, globalIndexes: { 'by-a': index('a') } },
      [
        'writeCapacity: not given: writeCapacity, globalIndexes.by-a.readCapacity, globalIndexes.by-a.writeCapacity; PROVISIONED starts with 5 units, which are charged',
      ],
    ],
    [
      'W-same-index',
      {
        globalIndexes: {
          same: index('pk', { sortKey: 'sk' }),
          one: index('a'),
          two: index('a'),
          three: index('a', { projection: 'KEYS_ONLY' }),
        },
      },
      [
        'globalIndexes.same: the index has the same key as the table; query the table instead',
        'globalIndexes.two: the index is the same as "one"; every write is charged twice',
      ],
    ],
    [
      'W-local-index',
      { localIndexes: { 'by-a': { sortKey: 'a' }, 'by-b': { sortKey: 'b' } } },
      [
        'localIndexes: a table with local indexes holds at most 10 GB per partition key value, and "by-a" and "by-b" cannot be added, changed or removed later',
      ],
    ],
    [
      'V2',
      { vectorIndexes: named(6, () => vector()) },
      ["vectorIndexes: 6 vector indexes exceed AWS's default quota of 5"],
    ],
    ['W-ttl-type', { ttl: 'sk' }, ['ttl: "sk" is S; only a number (epoch seconds) makes items expire']],
  ])('%s', (rule, part, lines) => {
    const { problems, warnings } = toDefinition({ ...base, ...part }, { path: '' })
    expect(problems).toEqual([])
    expect(warnings.map(({ path, message }) => `${path}: ${message}`)).toEqual(lines)
    expect(new Set(warnings.map(warning => warning.rule))).toEqual(new Set([rule]))
  })

  test.each<[string, Part]>([
    ['an attribute with a colon', { partitionKey: 'tenant:id' }],
    ['a number as ttl', { sortKey: 'sk:N', ttl: 'sk' }],
    ['a ttl that is not a key', { ttl: 'expiresAt' }],
    ['another sort key', { globalIndexes: { 'by-a': index('pk', { sortKey: 'a' }) } }],
    ['chosen capacity', provisioned],
    ['five vector indexes', { vectorIndexes: named(5, () => vector()) }],
    ['twenty global indexes', { globalIndexes: named(20, number => index(`a${number}`)) }],
    ['names that only look like stray values', { table: 'nullable-nan_finance', partitionKey: '_id', sortKey: 'x_' }],
  ])('none: %s', (_, part) => {
    expect(toDefinition({ ...base, ...part }, { path: '' })).toMatchObject({ problems: [], warnings: [] })
  })
})

describe('a definition that was made by hand', () => {
  const { definition } = toDefinition(base, { path: '' })
  const bare = {
    name: 'users',
    partitionKey: [],
    sortKey: [],
    globalIndexes: [],
    localIndexes: [],
    assumed: [],
    ...definition,
  }
  const key = (name: string) => ({ name, type: 'S' as const })

  test.each([
    [
      'T1',
      { billingMode: 'PROVISIONED' as const, readCapacity: 5 },
      ['users › writeCapacity: PROVISIONED billing needs a writeCapacity'],
    ],
    [
      'T4',
      {
        ...{ billingMode: 'PROVISIONED' as const, readCapacity: 5, writeCapacity: 5 },
        globalIndexes: [
          { name: 'by-a', partitionKey: [key('a')], sortKey: [], projection: 'ALL' as const, writeCapacity: 5 },
        ],
      },
      ['users › globalIndexes.by-a.readCapacity: PROVISIONED billing needs a readCapacity'],
    ],
    [
      'L2',
      { localIndexes: [{ name: 'by-a', partitionKey: [key('a')], sortKey: [key('b')], projection: 'ALL' as const }] },
      [
        'users › localIndexes.by-a.partitionKey: partition key "a" is not the table\'s "pk"; a local index shares it, a global index need not',
      ],
    ],
    [
      'K11',
      JSON.parse('{"sortKey": [{"name": "age", "type": "BOOL"}]}'),
      ['users › sortKey: sort key "age" has the type BOOL; a key must be S (string), N (number) or B (binary)'],
    ],
  ])('%s', (rule, part, lines) => {
    const { problems } = validateDefinition({ ...bare, ...part }, 'users')
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual(lines)
    expect(problems.map(problem => problem.rule)).toEqual(lines.map(() => rule))
  })
})

test('every rule of the catalogue has a case here', () => {
  const warnings = [
    'G2',
    'V2',
    'T10',
    'W-undefined-name',
    'W-default-capacity',
    'W-same-index',
    'W-local-index',
    'W-ttl-type',
  ]
  const byHand = ['T1', 'T4', 'L2', 'K11']
  const covered = new Set([...cases.map(({ rule }) => rule), ...warnings, ...byHand])
  expect(rules.map(({ id }) => id).filter(id => !covered.has(id))).toEqual([])
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
})

test('a name is checked in every table', () => {
  const problems = (table: string) => toDefinition({ ...base, table }, { path: 't' }).problems.map(({ rule }) => rule)
  expect(['users', 'orders', 'x', 'a b c', 'users'].map(problems)).toEqual([[], [], ['N2'], ['N3'], []])
})

test('no rule but those of names looks at the name', () => {
  const nameless = (definition: TableDefinition) =>
    new Proxy(definition, {
      get(target, key) {
        if (key === 'name') throw new Error('the name was looked at')
        return Reflect.get(target, key)
      },
    })
  for (const part of cases.flatMap(({ broken, accepted }) => [broken, accepted])) {
    const definition = fillDefaults(readInput({ ...base, ...part }, 't').table, 'users')
    for (const rule of rules.filter(rule => !nameRules.includes(rule))) {
      expect(() => [...rule.check(nameless(definition))], rule.id).not.toThrow()
    }
  }
})

test('every rule of AWS that needs no live state is checked somewhere', () => {
  // Ids as in the catalogue; what a definition cannot say is checked where raw CreateTable inputs are read.
  const wanted = [
    ...['N1', 'N2', 'N3', 'N4', 'K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9', 'K10', 'K11', 'K12'],
    ...['G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'L1', 'L2', 'L3', 'L4', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6'],
    ...['T1', 'T2', 'T3', 'T4', 'T5', 'T10', 'O1', 'O2', 'W1', 'W2', 'W4'],
    ...['S1', 'S2', 'E1', 'C1', 'A1', 'A2', 'A3', 'R1', 'R2'],
    ...['V1', 'V2', 'V3', 'V4', 'V5', 'M1', 'M2'],
  ]
  const inRawInputs = ['K3', 'K4', 'K6', 'K7', 'K8', 'K9', 'G1', 'G5', 'P1', 'P2', 'W4', 'S1', 'S2', 'V3']
  const asWrongValues = ['C1']
  const covered = new Set([...rules.map(({ id }) => id), ...inRawInputs, ...asWrongValues])
  expect(wanted.filter(id => !covered.has(id))).toEqual([])
})
