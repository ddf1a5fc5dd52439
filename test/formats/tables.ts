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
