import { boolean, choice, list, number, type Structure, structure, text } from './shapes.ts'

// The inputs of the operations, as the service model has them. Business rules are elsewhere.

const name = text([3, 255], '[a-zA-Z0-9_.-]+')
/** A table's name or its ARN. */
const table = text([1, 1024])
const arn = text([1, 1283])
const attribute = text([1, 255])
const capacity = structure('ProvisionedThroughput', {
  'WriteCapacityUnits!': number(1),
  'ReadCapacityUnits!': number(1),
})
const onDemand = structure('OnDemandThroughput', { MaxReadRequestUnits: number(), MaxWriteRequestUnits: number() })
const warm = structure('WarmThroughput', { ReadUnitsPerSecond: number(1), WriteUnitsPerSecond: number(1) })
const throughput = { ProvisionedThroughput: capacity, OnDemandThroughput: onDemand, WarmThroughput: warm }
const keyElement = structure('KeySchemaElement', {
  'AttributeName!': attribute,
  'KeyType!': choice('HASH', 'RANGE'),
})
const projection = structure('Projection', {
  ProjectionType: choice('ALL', 'INCLUDE', 'KEYS_ONLY'),
  NonKeyAttributes: list(attribute, 1, 20),
})
const definitions = list(
  structure('AttributeDefinition', { 'AttributeName!': attribute, 'AttributeType!': choice('B', 'N', 'S') }),
)
const globalIndex = {
  'IndexName!': name,
  'KeySchema!': list(keyElement, 1),
  'Projection!': projection,
  ...throughput,
}
const vectorIndex = {
  'IndexName!': name,
  'VectorAttribute!': structure('VectorAttribute', { 'AttributeName!': attribute }),
  SearchSchema: list(
    structure('SearchSchemaElement', {
      'AttributeName!': attribute,
      'SearchSchemaElementType!': choice('HASH', 'INLINE_FILTER'),
    }),
    1,
  ),
  'Projection!': projection,
  'Dimensions!': number(1, 4096),
  'DistanceFunction!': choice('DOT_PRODUCT', 'COSINE', 'EUCLIDEAN'),
}
const inRegion = (kind: string) => structure(`${kind}ReplicationGroupMemberAction`, { 'RegionName!': text() })
const witnessIn = (kind: string) => structure(`${kind}GlobalTableWitnessGroupMemberAction`, { 'RegionName!': text() })
const replicationMode = choice('ENABLED', 'DISABLED', 'ENABLED_WITH_OVERRIDES')
const stream = structure('StreamSpecification', {
  'StreamEnabled!': boolean,
  StreamViewType: choice('NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'),
})
const encryption = structure('SSESpecification', {
  Enabled: boolean,
  SSEType: choice('AES256', 'KMS'),
  KMSMasterKeyId: text(),
})
const billing = choice('PROVISIONED', 'PAY_PER_REQUEST')
const tags = list(structure('Tag', { 'Key!': text(), 'Value!': text() }))
const precision = structure('KinesisStreamingConfiguration', {
  ApproximateCreationDateTimePrecision: choice('MILLISECOND', 'MICROSECOND'),
})
const kinesisStream = { 'TableName!': table, 'StreamArn!': text([37, 1024]) }
const policyOwner = { 'ResourceArn!': arn, ExpectedRevisionId: text([1, 255]) }

/** A table's name where an operation also takes its ARN. */
export const nameInput = structure('TableInput', { 'TableName!': name })

/** The members of the input of each operation that the control plane answers. */
const members = {
  CreateTable: {
    'AttributeDefinitions!': definitions,
    TableName: name,
    'KeySchema!': list(keyElement, 1, 2),
    LocalSecondaryIndexes: list(
      structure('LocalSecondaryIndex', {
        'IndexName!': name,
        'KeySchema!': list(keyElement, 1, 2),
        'Projection!': projection,
      }),
    ),
    GlobalSecondaryIndexes: list(structure('GlobalSecondaryIndex', globalIndex)),
    VectorIndexes: list(structure('VectorIndex', vectorIndex)),
    BillingMode: billing,
    ...throughput,
    StreamSpecification: stream,
    SSESpecification: encryption,
    Tags: tags,
    TableClass: text(),
    DeletionProtectionEnabled: boolean,
    ResourcePolicy: text(),
    GlobalTableSourceArn: text(),
    GlobalTableSettingsReplicationMode: replicationMode,
  },
  UpdateTable: {
    AttributeDefinitions: definitions,
    TableName: table,
    BillingMode: billing,
    ...throughput,
    GlobalSecondaryIndexUpdates: list(
      structure('GlobalSecondaryIndexUpdate', {
        Update: structure('UpdateGlobalSecondaryIndexAction', { 'IndexName!': name, ...throughput }),
        Create: structure('CreateGlobalSecondaryIndexAction', globalIndex),
        Delete: structure('DeleteGlobalSecondaryIndexAction', { 'IndexName!': name }),
      }),
    ),
    VectorIndexUpdates: list(
      structure('VectorIndexUpdate', {
        Create: structure('CreateVectorIndexAction', vectorIndex),
        Delete: structure('DeleteVectorIndexAction', { 'IndexName!': name }),
      }),
    ),
    StreamSpecification: stream,
    SSESpecification: encryption,
    ReplicaUpdates: list(
      structure('ReplicationGroupUpdate', {
        Create: inRegion('Create'),
        Update: inRegion('Update'),
        Delete: inRegion('Delete'),
        Disassociate: inRegion('Disassociate'),
      }),
      1,
    ),
    GlobalTableWitnessUpdates: list(
      structure('GlobalTableWitnessGroupUpdate', {
        Create: witnessIn('Create'),
        Delete: witnessIn('Delete'),
      }),
      1,
      1,
    ),
    MultiRegionConsistency: choice('EVENTUAL', 'STRONG'),
    GlobalTableSettingsReplicationMode: replicationMode,
    DisassociationProtectionEnabled: boolean,
    TableClass: text(),
    DeletionProtectionEnabled: boolean,
  },
  DeleteTable: { TableName: table },
  DescribeTable: { TableName: table },
  ListTables: {
    ExclusiveStartTableName: name,
    Limit: number(1, 100),
  },
  UpdateTimeToLive: {
    TableName: table,
    'TimeToLiveSpecification!': structure('TimeToLiveSpecification', {
      'Enabled!': boolean,
      'AttributeName!': attribute,
    }),
  },
  DescribeTimeToLive: { TableName: table },
  UpdateContinuousBackups: {
    TableName: table,
    'PointInTimeRecoverySpecification!': structure('PointInTimeRecoverySpecification', {
      'PointInTimeRecoveryEnabled!': boolean,
      RecoveryPeriodInDays: number(1, 35),
    }),
  },
  DescribeContinuousBackups: { TableName: table },
  TagResource: { 'ResourceArn!': arn, 'Tags!': tags },
  UntagResource: { 'ResourceArn!': arn, 'TagKeys!': list(text()) },
  ListTagsOfResource: { 'ResourceArn!': arn, NextToken: text() },
  PutResourcePolicy: {
    ...policyOwner,
    'Policy!': text(),
    ConfirmRemoveSelfResourceAccess: boolean,
  },
  GetResourcePolicy: { 'ResourceArn!': arn },
  DeleteResourcePolicy: policyOwner,
  UpdateContributorInsights: {
    TableName: table,
    IndexName: name,
    'ContributorInsightsAction!': choice('ENABLE', 'DISABLE'),
    ContributorInsightsMode: choice('ACCESSED_AND_THROTTLED_KEYS', 'THROTTLED_KEYS'),
  },
  DescribeContributorInsights: { TableName: table, IndexName: name },
  ListContributorInsights: {
    TableName: table,
    NextToken: text(),
    MaxResults: number(undefined, 100),
  },
  EnableKinesisStreamingDestination: {
    ...kinesisStream,
    EnableKinesisStreamingConfiguration: precision,
  },
  DisableKinesisStreamingDestination: {
    ...kinesisStream,
    EnableKinesisStreamingConfiguration: precision,
  },
  UpdateKinesisStreamingDestination: {
    ...kinesisStream,
    UpdateKinesisStreamingConfiguration: precision,
  },
  DescribeKinesisStreamingDestination: { TableName: table },
  DescribeLimits: {},
  DescribeEndpoints: {},
} satisfies Readonly<Record<string, Structure['members']>>

export type Operation = keyof typeof members

export const isOperation = (name: string): name is Operation => Object.hasOwn(members, name)

/** The input of an operation. */
export const inputOf = (operation: Operation): Structure => inputs[operation]

const inputs = Object.fromEntries(
  Object.entries(members).map(([name, its]) => [name, structure(`${name}Input`, its)]),
) as Readonly<Record<Operation, Structure>>
