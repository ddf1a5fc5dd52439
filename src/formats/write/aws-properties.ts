import { createTableInput } from '../../plan/create-table-input.ts'
import { billingOf } from '../../settings/billing.ts'
import { settings } from '../../settings/catalogue.ts'
import type { Replica, TableDefinition } from '../../table/definition.ts'
import { asRecord, definedOnly, isRecord, recordsOf, type UntypedRecord } from '../../table/untyped.ts'
import { ofReplica } from '../read/cloudformation/check-properties.ts'

/** The properties of `AWS::DynamoDB::Table`: CreateTable's members, with CloudFormation's spelling and additions. */
export function tableProperties(definition: TableDefinition): UntypedRecord {
  const input = createTableInput({ ...definition, extra: undefined })
  const { TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = input
  const billing = billingOf(definition)
  const indexes = (GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }, at) => {
    const index = definition.globalIndexes[at]
    const members =
      index === undefined
        ? []
        : settings.map(each => each.aws?.write?.(index) ?? each.createIndexMembers?.(index, billing))
    return { IndexName, KeySchema, Projection, ...Object.assign({}, ...members) }
  })
  return definedOnly({
    TableName,
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes: indexes.length === 0 ? undefined : indexes,
    LocalSecondaryIndexes,
    ...Object.assign(
      {},
      ...settings.map(each => each.aws?.write?.(definition) ?? each.createMembers?.(definition, billing)),
    ),
  })
}

/** The properties of `AWS::DynamoDB::GlobalTable`. The first replica is the table in the stack's own region. */
export function globalTableProperties(table: TableDefinition): UntypedRecord {
  const { replicas = [], consistency, witness } = table
  const view = 'NEW_AND_OLD_IMAGES'
  const all = tableProperties({ ...table, stream: table.stream === undefined ? view : table.stream })
  const { ProvisionedThroughput, OnDemandThroughput, GlobalSecondaryIndexes, SSESpecification, ...rest } = all
  const shared = Object.entries(rest).filter(([name]) => !ofReplica.includes(name))
  return definedOnly({
    ...Object.fromEntries(shared),
    ...writeSettings(all),
    GlobalSecondaryIndexes: Array.isArray(GlobalSecondaryIndexes) ? GlobalSecondaryIndexes.map(sharedIndex) : undefined,
    SSESpecification: isRecord(SSESpecification) ? without(SSESpecification, ['KMSMasterKeyId']) : undefined,
    MultiRegionConsistency: consistency,
    GlobalTableWitnesses: typeof witness === 'string' ? [{ Region: witness }] : undefined,
    Replicas: [
      { Region: { Ref: 'AWS::Region' }, ...replicaProperties(table) },
      ...replicas.map(replica => ({ Region: replica.region, ...replicaProperties(asTable(table, replica)) })),
    ],
  })
}

/** Notes on the settings that a global table cannot express. */
export function globalTableNotes(table: TableDefinition): readonly string[] {
  if ((table.replicas ?? []).length === 0 || billingOf(table) !== 'PROVISIONED') return []
  return ['a global table has no fixed write capacity: auto scaling starts with it and keeps it']
}

/** A replica as a table: its own settings, and those that it takes from the table. */
function asTable(table: TableDefinition, replica: Replica): TableDefinition {
  const { name, partitionKey, sortKey, billingMode, localIndexes } = table
  const { tableClass, readCapacity, writeCapacity, maxReadUnits } = table
  const { region: _, globalIndexes: ofIndexes = {}, ...own } = replica
  return {
    ...{ name, partitionKey, sortKey, billingMode, localIndexes, assumed: [] },
    ...{ tableClass, readCapacity, writeCapacity, maxReadUnits },
    ...own,
    globalIndexes: table.globalIndexes.map(({ contributorInsights: _, ...index }) => ({
      ...index,
      ...ofIndexes[index.name],
    })),
  }
}

function replicaProperties(table: TableDefinition): UntypedRecord {
  const all = tableProperties(table)
  const indexes = recordsOf(all.GlobalSecondaryIndexes).map(replicaIndex)
  const used = indexes.filter(index => Object.keys(index).length > 1)
  return definedOnly({
    // CreateTable leaves out what is off by default.
    ...(table.deletionProtection === false ? { DeletionProtectionEnabled: false } : {}),
    ...definedOnly(Object.fromEntries(ofReplica.map(name => [name, all[name]]))),
    ...readSettings(all),
    GlobalSecondaryIndexes: used.length === 0 ? undefined : used,
    SSESpecification: table.kmsKeyId === undefined ? undefined : { KMSMasterKeyId: table.kmsKeyId },
  })
}

function sharedIndex(index: UntypedRecord): UntypedRecord {
  const read = ['ProvisionedThroughput', 'OnDemandThroughput', 'ContributorInsightsSpecification']
  return { ...without(index, read), ...writeSettings(index) }
}

function replicaIndex(index: UntypedRecord): UntypedRecord {
  const { IndexName, ContributorInsightsSpecification } = index
  return definedOnly({ IndexName, ContributorInsightsSpecification, ...readSettings(index) })
}

function readSettings({ ProvisionedThroughput, OnDemandThroughput }: UntypedRecord): UntypedRecord {
  const { ReadCapacityUnits } = asRecord(ProvisionedThroughput)
  const { MaxReadRequestUnits } = asRecord(OnDemandThroughput)
  return definedOnly({
    ReadProvisionedThroughputSettings: ReadCapacityUnits === undefined ? undefined : { ReadCapacityUnits },
    ReadOnDemandThroughputSettings: MaxReadRequestUnits === undefined ? undefined : { MaxReadRequestUnits },
  })
}

function writeSettings({ ProvisionedThroughput, OnDemandThroughput }: UntypedRecord): UntypedRecord {
  const { WriteCapacityUnits: units } = asRecord(ProvisionedThroughput)
  const { MaxWriteRequestUnits } = asRecord(OnDemandThroughput)
  const scaling = {
    MinCapacity: units,
    MaxCapacity: units,
    SeedCapacity: units,
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 70 },
  }
  return definedOnly({
    WriteProvisionedThroughputSettings: units === undefined ? undefined : { WriteCapacityAutoScalingSettings: scaling },
    WriteOnDemandThroughputSettings: MaxWriteRequestUnits === undefined ? undefined : { MaxWriteRequestUnits },
  })
}

const without = (record: UntypedRecord, names: readonly string[]): UntypedRecord =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
