import { toDefinition } from '../../src/settings/to-definition.ts'
import type { TableDefinition } from '../../src/table/definition.ts'

/** A table with every setting that one table can have, and nasty names. */
export const everything = define({
  table: 'shop.Orders-dev_1',
  partitionKey: 'customer#id:S',
  sortKey: 'placed at:N',
  billingMode: 'PROVISIONED',
  readCapacity: 3,
  writeCapacity: 4,
  warmReadUnits: 13_000,
  tableClass: 'STANDARD_INFREQUENT_ACCESS',
  encryption: 'CUSTOMER_MANAGED',
  kmsKeyId: 'alias/shop',
  stream: 'NEW_IMAGE',
  ttl: 'expires"at${now}',
  pointInTimeRecovery: 7,
  deletionProtection: true,
  kinesis: { arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/changes', precision: 'MICROSECOND' },
  contributorInsights: 'THROTTLED_KEYS',
  resourcePolicy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Read',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123456789012:root' },
        Action: ['dynamodb:GetItem', 'dynamodb:Query'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalTag/a b': 'it\'s ${not} "a" %{template}' } },
      },
    ],
  }),
  tags: { team: 'on', cost: '0123', 'a b': '', when: '2024-01-01', zero: '=0' },
  globalIndexes: {
    'by-email': { partitionKey: "it's:S", projection: ['a|b', '`c`', '\\n'], contributorInsights: true },
    'by-several': {
      partitionKey: ['tenant:S', 'state:B'],
      sortKey: ['customer#id:S', 'y:N'],
      readCapacity: 6,
      writeCapacity: 7,
      warmWriteUnits: 8,
    },
  },
  localIndexes: { 'by-total': { sortKey: 'total:N', projection: 'KEYS_ONLY' } },
})

/** On-demand, with caps, and everything that can be turned off turned off. */
export const off = define({
  table: 'off',
  partitionKey: 'id:B',
  maxReadUnits: 10,
  maxWriteUnits: false,
  encryption: 'AWS_OWNED',
  stream: false,
  ttl: false,
  pointInTimeRecovery: false,
  deletionProtection: false,
  kinesis: false,
  contributorInsights: false,
  resourcePolicy: false,
  tags: {},
  globalIndexes: { 'by-x': { partitionKey: 'x:S', sortKey: 'id:B', maxWriteUnits: 5, warmReadUnits: 12_000 } },
})

export function define(input: unknown): TableDefinition {
  const { definition, problems } = toDefinition(input, { path: 'test' })
  if (definition === undefined) throw new Error(JSON.stringify(problems))
  return definition
}

/** A table with a vector index. */
export const searched = define({
  table: 'documents',
  partitionKey: 'id',
  vectorIndexes: {
    'by-meaning': {
      attribute: 'vector',
      dimensions: 256,
      distance: 'COSINE',
      partitionKey: 'tenant',
      filters: ['year:N'],
    },
    'by-picture': { attribute: 'picture', dimensions: 3, distance: 'EUCLIDEAN', projection: ['title'] },
  },
})

/** A table in several regions. */
export const global = define({
  table: 'everywhere',
  partitionKey: 'id',
  sortKey: 'at:N',
  stream: 'NEW_AND_OLD_IMAGES',
  ttl: 'until',
  pointInTimeRecovery: true,
  tags: { team: 'shop' },
  maxReadUnits: 7,
  maxWriteUnits: 8,
  encryption: 'AWS_MANAGED',
  globalIndexes: { 'by-x': { partitionKey: 'x', maxReadUnits: 5, maxWriteUnits: 6, contributorInsights: true } },
  localIndexes: { 'by-y': { sortKey: 'y' } },
  replicas: [
    'eu-central-1',
    {
      region: 'us-east-1',
      deletionProtection: true,
      pointInTimeRecovery: 5,
      tableClass: 'STANDARD_INFREQUENT_ACCESS',
      tags: { team: 'other' },
      contributorInsights: 'THROTTLED_KEYS',
      maxReadUnits: 3,
      globalIndexes: { 'by-x': { maxReadUnits: 2 } },
    },
  ],
})

/** Every setting of a replica beside every setting of its table that CDK and DynamoDB pass on differently. */
export const manyRegions = define({
  table: 'every-where',
  partitionKey: 'id',
  stream: 'NEW_AND_OLD_IMAGES',
  tableClass: 'STANDARD_INFREQUENT_ACCESS',
  encryption: 'CUSTOMER_MANAGED',
  kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/own',
  pointInTimeRecovery: 7,
  deletionProtection: true,
  contributorInsights: 'THROTTLED_KEYS',
  kinesis: { arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/changes', precision: 'MILLISECOND' },
  tags: { team: 'shop' },
  warmReadUnits: 13_000,
  consistency: 'STRONG',
  witness: 'eu-west-3',
  vectorIndexes: { near: { attribute: 'vector', dimensions: 3, distance: 'COSINE', filters: ['year:N'] } },
  globalIndexes: {
    off: { partitionKey: 'x', maxReadUnits: 5, contributorInsights: false },
    same: { partitionKey: 'x', contributorInsights: 'THROTTLED_KEYS' },
    several: { partitionKey: ['x', 'y:N'], warmReadUnits: 12_000, contributorInsights: true },
  },
  replicas: [
    {
      region: 'eu-central-1',
      kmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/other',
      globalIndexes: { off: { maxReadUnits: 3 }, several: { contributorInsights: 'THROTTLED_KEYS' } },
    },
  ],
})

/** Names whose identifiers meet each other, or what is derived from them. */
export const colliding = [
  ...[
    'users',
    'Users',
    'us-ers',
    'users2',
    'class',
    'classTable',
    'Class-Table',
    'props',
    '123',
    '---',
    'users_index_1',
  ],
  ...['users-key', 'users-changes', 'users-resource', 'stack', 'Tables-Stack', 'construct'],
].map(name =>
  define({
    table: name,
    partitionKey: 'id',
    ...(name === 'users'
      ? {
          encryption: 'CUSTOMER_MANAGED',
          kmsKeyId: 'alias/users',
          kinesis: { arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/changes' },
          contributorInsights: true,
          globalIndexes: { 'by-x': { partitionKey: 'x', contributorInsights: true } },
          vectorIndexes: { near: { attribute: 'vector', dimensions: 3, distance: 'COSINE' } },
        }
      : { tags: { name }, contributorInsights: name === 'users_index_1' }),
  }),
)
