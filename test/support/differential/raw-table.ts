/** A CreateTable input that need not be right: what the differential tests send, and hand to our own reading. */
export interface RawTable {
  [member: string]: unknown
  TableName: string
  AttributeDefinitions?: RawAttribute[]
  KeySchema?: RawKey[]
  GlobalSecondaryIndexes?: RawIndex[]
  LocalSecondaryIndexes?: RawIndex[]
  BillingMode?: string
  ProvisionedThroughput?: Record<string, number>
  OnDemandThroughput?: Record<string, number>
  WarmThroughput?: Record<string, number>
  StreamSpecification?: Record<string, unknown>
  SSESpecification?: Record<string, unknown>
  TableClass?: string
  DeletionProtectionEnabled?: boolean
  Tags?: { Key: string; Value: string }[]
}

export interface RawAttribute {
  AttributeName: string
  AttributeType: string
}

export interface RawKey {
  AttributeName: string
  KeyType: string
}

export interface RawIndex {
  IndexName: string
  KeySchema?: RawKey[]
  Projection?: { ProjectionType?: string; NonKeyAttributes?: string[] }
  ProvisionedThroughput?: Record<string, number>
  OnDemandThroughput?: Record<string, number>
  WarmThroughput?: Record<string, number>
}

export function hash(name: string): RawKey {
  return { AttributeName: name, KeyType: 'HASH' }
}

export function range(name: string): RawKey {
  return { AttributeName: name, KeyType: 'RANGE' }
}

/** Both lists of indexes. */
export function indexesOf({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: RawTable): RawIndex[] {
  return [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes]
}
