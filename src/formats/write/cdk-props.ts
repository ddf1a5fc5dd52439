import { projectionInput } from '../../settings/aws-parts.ts'
import { billingOf } from '../../settings/billing.ts'
import type {
  GlobalIndex,
  KeyAttribute,
  LocalIndex,
  Replica,
  ReplicaIndex,
  TableDefinition,
} from '../../table/definition.ts'
import { Code, typescriptLiteral } from './code.ts'

/** The properties of `Table`: a table of one region. */
export function tableProps(table: TableDefinition, id: string) {
  const { stream, kinesis } = table
  const { precision } = kinesis || {}
  return {
    tableName: table.name,
    ...keysOf(table),
    billingMode: enumOf('BillingMode', billingOf(table)),
    ...capacityOf(table),
    ...encryptionOf(table, id),
    stream: enumOf('StreamViewType', stream),
    kinesisPrecisionTimestamp: enumOf('ApproximateCreationDateTimePrecision', precision),
    ...sharedProps(table, id),
  }
}

/** The properties of `TableV2`: a table of several regions, of which the stack's own is not listed. */
export function globalTableProps(table: TableDefinition, id: string) {
  const { replicas = [], consistency, witness } = table
  return {
    tableName: table.name,
    ...keysOf(table),
    billing: billingOfRegions(table),
    warmThroughput: warmthOf(table),
    encryption: encryptionOfRegions(table, id),
    ...sharedProps(table, id),
    tags: tagsOf(table),
    multiRegionConsistency: enumOf('MultiRegionConsistency', consistency),
    witnessRegion: witness || undefined,
    replicas: replicas.map(replica => replicaProps(replica, table)),
  }
}

/** An index of `Table`. */
export const indexProps = (index: GlobalIndex) => ({
  indexName: index.name,
  ...indexKeysOf(index),
  ...projectionOf(index),
  ...capacityOf(index),
  ...insightsOf(index),
})

/** An index of `TableV2`, which has no insights of its own. */
export const globalTableIndexProps = (index: GlobalIndex) => ({
  indexName: index.name,
  ...indexKeysOf(index),
  ...projectionOf(index),
  ...readsOf(index),
  writeCapacity: index.writeCapacity === undefined ? undefined : autoScaled(index.writeCapacity),
  maxWriteRequestUnits: index.maxWriteUnits || undefined,
  warmThroughput: warmthOf(index),
})

export const localIndexProps = (index: LocalIndex) => ({
  indexName: index.name,
  sortKey: index.sortKey[0] && attribute(index.sortKey[0]),
  ...projectionOf(index),
})

function sharedProps(table: TableDefinition, id: string) {
  const { ttl, kinesis, tableClass, resourcePolicy } = table
  return {
    kinesisStream: kinesis
      ? call('kinesis.Stream.fromStreamArn', new Code('this'), `${id}Changes`, kinesis.arn)
      : undefined,
    timeToLiveAttribute: ttl === false ? undefined : ttl,
    tableClass: enumOf('TableClass', tableClass),
    ...recoveryOf(table),
    ...insightsOf(table),
    deletionProtection: table.deletionProtection,
    resourcePolicy:
      typeof resourcePolicy === 'string' ? call('iam.PolicyDocument.fromJson', JSON.parse(resourcePolicy)) : undefined,
    removalPolicy: new Code('cdk.RemovalPolicy.RETAIN'),
  }
}

/** `TableV2` passes these settings of the table on; DynamoDB does not, so a replica that names none has them off. */
function replicaProps(replica: Replica, table: TableDefinition) {
  const own = <Value>(value: Value | undefined, ofTable: unknown) =>
    value ?? (ofTable === undefined ? undefined : (false as const))
  const { contributorInsights } = table
  const options = table.globalIndexes.flatMap(index => {
    const settings = replica.globalIndexes?.[index.name]
    if (settings === undefined && contributorInsights === undefined) return []
    const insights = own(settings?.contributorInsights, contributorInsights)
    // Options of an index replace what it takes from the table.
    return [[index.name, { ...readsOf({ ...index, ...settings }), ...insightsOf({ contributorInsights: insights }) }]]
  })
  return {
    region: replica.region,
    ...readsOf(replica),
    tableClass: enumOf('TableClass', replica.tableClass),
    deletionProtection: own(replica.deletionProtection, table.deletionProtection),
    ...recoveryOf({ pointInTimeRecovery: own(replica.pointInTimeRecovery, table.pointInTimeRecovery) }),
    ...insightsOf({ contributorInsights: own(replica.contributorInsights, contributorInsights) }),
    tags: tagsOf(replica),
    globalSecondaryIndexOptions: options.length === 0 ? undefined : Object.fromEntries(options),
  }
}

const enumOf = (name: string, member: string | false | undefined) =>
  member ? new Code(`dynamodb.${name}.${member}`) : undefined

const call = (name: string, ...values: readonly unknown[]) =>
  new Code(`${name}(${values.map(value => typescriptLiteral(value)).join(', ')})`)

const attributeTypes = { S: 'STRING', N: 'NUMBER', B: 'BINARY' } as const

const attribute = ({ name, type }: KeyAttribute) => ({ name, type: enumOf('AttributeType', attributeTypes[type]) })

const keysOf = ({ partitionKey: [partition], sortKey: [sort] }: Pick<LocalIndex, 'partitionKey' | 'sortKey'>) => ({
  partitionKey: partition && attribute(partition),
  sortKey: sort && attribute(sort),
})

function indexKeysOf(index: GlobalIndex) {
  if (index.partitionKey.length === 1 && index.sortKey.length < 2) return keysOf(index)
  return {
    partitionKeys: index.partitionKey.map(attribute),
    sortKeys: index.sortKey.length === 0 ? undefined : index.sortKey.map(attribute),
  }
}

function projectionOf({ projection }: LocalIndex) {
  const { ProjectionType, NonKeyAttributes } = projectionInput(projection)
  return { projectionType: enumOf('ProjectionType', ProjectionType), nonKeyAttributes: NonKeyAttributes }
}

const capacityOf = (owner: TableDefinition | GlobalIndex) => ({
  readCapacity: owner.readCapacity,
  writeCapacity: owner.writeCapacity,
  maxReadRequestUnits: owner.maxReadUnits || undefined,
  maxWriteRequestUnits: owner.maxWriteUnits || undefined,
  warmThroughput: warmthOf(owner),
})

function warmthOf({ warmReadUnits, warmWriteUnits }: TableDefinition | GlobalIndex) {
  if (warmReadUnits === undefined && warmWriteUnits === undefined) return undefined
  return { readUnitsPerSecond: warmReadUnits, writeUnitsPerSecond: warmWriteUnits }
}

const readsOf = ({ readCapacity, maxReadUnits }: ReplicaIndex) => ({
  readCapacity: readCapacity === undefined ? undefined : call('dynamodb.Capacity.fixed', readCapacity),
  maxReadRequestUnits: maxReadUnits || undefined,
})

/** A global table has no fixed write capacity. */
const autoScaled = (units: number) =>
  call('dynamodb.Capacity.autoscaled', { minCapacity: units, maxCapacity: units, seedCapacity: units })

function billingOfRegions(table: TableDefinition): Code {
  const { readCapacity = 5, writeCapacity = 5 } = table
  if (billingOf(table) === 'PROVISIONED')
    return call('dynamodb.Billing.provisioned', {
      ...readsOf({ readCapacity }),
      writeCapacity: autoScaled(writeCapacity),
    })
  const { maxReadRequestUnits, maxWriteRequestUnits } = capacityOf(table)
  const isCapped = maxReadRequestUnits !== undefined || maxWriteRequestUnits !== undefined
  return call('dynamodb.Billing.onDemand', ...(isCapped ? [{ maxReadRequestUnits, maxWriteRequestUnits }] : []))
}

function encryptionOf({ encryption, kmsKeyId: key }: TableDefinition, id: string) {
  if (encryption === undefined) return {}
  if (key === undefined)
    return { encryption: enumOf('TableEncryption', encryption === 'AWS_OWNED' ? 'DEFAULT' : 'AWS_MANAGED') }
  return { encryption: enumOf('TableEncryption', 'CUSTOMER_MANAGED'), encryptionKey: keyOf(key, id) }
}

function encryptionOfRegions({ encryption, kmsKeyId: key, replicas = [] }: TableDefinition, id: string) {
  if (encryption === undefined) return undefined
  if (key === undefined)
    return call(`dynamodb.TableEncryptionV2.${encryption === 'AWS_OWNED' ? 'dynamoOwnedKey' : 'awsManagedKey'}`)
  const arns = replicas.map(({ region, kmsKeyId = '' }) => [region, keyArn(kmsKeyId, region)])
  return call('dynamodb.TableEncryptionV2.customerManagedKey', keyOf(key, id), Object.fromEntries(arns))
}

function keyOf(key: string, id: string): Code {
  const [scope, name] = [new Code('this'), `${id}Key`]
  if (key.startsWith('alias/')) return call('kms.Alias.fromAliasName', scope, name, key)
  return call('kms.Key.fromKeyArn', scope, name, keyArn(key))
}

/** An id or alias of a key as the ARN in the stack's region, or in another one. */
function keyArn(key: string, region?: string): unknown {
  if (key.startsWith('arn:')) return key
  const [resource, resourceName] = key.startsWith('alias/') ? ['alias', key.slice('alias/'.length)] : ['key', key]
  return call('this.formatArn', { service: 'kms', region, resource, resourceName })
}

function recoveryOf({ pointInTimeRecovery: recovery }: Pick<TableDefinition, 'pointInTimeRecovery'>) {
  if (recovery === undefined) return {}
  return {
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: recovery !== false,
      recoveryPeriodInDays: typeof recovery === 'number' ? recovery : undefined,
    },
  }
}

function insightsOf({ contributorInsights: insights }: Pick<GlobalIndex, 'contributorInsights'>) {
  if (insights === undefined) return {}
  return {
    contributorInsightsSpecification: {
      enabled: insights !== false,
      mode: typeof insights === 'string' ? enumOf('ContributorInsightsMode', insights) : undefined,
    },
  }
}

function tagsOf({ tags = {} }: Pick<TableDefinition, 'tags'>) {
  const entries = Object.entries(tags)
  return entries.length === 0 ? undefined : entries.map(([key, value]) => ({ key, value }))
}
