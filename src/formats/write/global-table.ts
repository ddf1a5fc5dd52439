import { billingOf } from '../../settings/billing.ts'
import type { Replica, TableDefinition } from '../../table/definition.ts'
import { isRecord, type UntypedRecord } from '../../table/untyped.ts'
import { ofReplica } from '../cloudformation/check-properties.ts'
import { tableProperties } from './aws-properties.ts'

/** The properties of `AWS::DynamoDB::GlobalTable`. The first replica is the table in the stack's own region. */
export function globalTableProperties(table: TableDefinition): UntypedRecord {
  const { replicas = [], consistency, witness } = table
  const view = 'NEW_AND_OLD_IMAGES'
  const all = tableProperties({ ...table, stream: table.stream === undefined ? view : table.stream })
  const { ProvisionedThroughput, OnDemandThroughput, GlobalSecondaryIndexes, SSESpecification, ...rest } = all
  const shared = Object.entries(rest).filter(([name]) => !ofReplica.includes(name))
  return {
    ...Object.fromEntries(shared),
    ...writeSettings(all),
    ...(Array.isArray(GlobalSecondaryIndexes)
      ? { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(sharedIndex) }
      : {}),
    ...(isRecord(SSESpecification) ? { SSESpecification: without(SSESpecification, ['KMSMasterKeyId']) } : {}),
    ...(consistency === undefined ? {} : { MultiRegionConsistency: consistency }),
    ...(typeof witness === 'string' ? { GlobalTableWitnesses: [{ Region: witness }] } : {}),
    Replicas: [
      { Region: { Ref: 'AWS::Region' }, ...replicaProperties(table) },
      ...replicas.map(replica => ({ Region: replica.region, ...replicaProperties(asTable(table, replica)) })),
    ],
  }
}

/** What a global table cannot express. */
export function globalTableNotes(table: TableDefinition): readonly string[] {
  if ((table.replicas ?? []).length === 0 || billingOf(table) !== 'PROVISIONED') return []
  return ['a global table has no fixed write capacity: auto scaling starts with it and keeps it']
}

/** A replica as a table: its own settings, and those that it takes from the table. */
function asTable(table: TableDefinition, replica: Replica): TableDefinition {
  const { name, partitionKey, sortKey, billingMode, localIndexes } = table
  const { region: _, globalIndexes: ofIndexes = {}, ...own } = replica
  const inherited = {
    readCapacity: table.readCapacity,
    writeCapacity: table.writeCapacity,
    maxReadUnits: table.maxReadUnits,
  }
  return {
    ...{ name, partitionKey, sortKey, billingMode, localIndexes, tableClass: table.tableClass, assumed: [] },
    ...inherited,
    ...own,
    globalIndexes: table.globalIndexes.map(({ contributorInsights: _, ...index }) => ({
      ...index,
      ...ofIndexes[index.name],
    })),
  }
}

function replicaProperties(table: TableDefinition): UntypedRecord {
  const all = tableProperties(table)
  const indexes = Array.isArray(all.GlobalSecondaryIndexes) ? all.GlobalSecondaryIndexes.map(replicaIndex) : []
  const used = indexes.filter(index => Object.keys(index).length > 1)
  return {
    // CreateTable leaves out what is off by default.
    ...(table.deletionProtection === false ? { DeletionProtectionEnabled: false } : {}),
    ...Object.fromEntries(ofReplica.flatMap(name => (all[name] === undefined ? [] : [[name, all[name]]]))),
    ...readSettings(all),
    ...(used.length === 0 ? {} : { GlobalSecondaryIndexes: used }),
    ...(table.kmsKeyId === undefined ? {} : { SSESpecification: { KMSMasterKeyId: table.kmsKeyId } }),
  }
}

function sharedIndex(index: UntypedRecord): UntypedRecord {
  const read = ['ProvisionedThroughput', 'OnDemandThroughput', 'ContributorInsightsSpecification']
  return { ...without(index, read), ...writeSettings(index) }
}

function replicaIndex(index: UntypedRecord): UntypedRecord {
  const { IndexName, ContributorInsightsSpecification: insights } = index
  return {
    IndexName,
    ...(insights === undefined ? {} : { ContributorInsightsSpecification: insights }),
    ...readSettings(index),
  }
}

function readSettings({ ProvisionedThroughput: units, OnDemandThroughput: caps }: UntypedRecord): UntypedRecord {
  const cap = isRecord(caps) ? caps.MaxReadRequestUnits : undefined
  return {
    ...(isRecord(units) ? { ReadProvisionedThroughputSettings: { ReadCapacityUnits: units.ReadCapacityUnits } } : {}),
    ...(cap === undefined ? {} : { ReadOnDemandThroughputSettings: { MaxReadRequestUnits: cap } }),
  }
}

function writeSettings({ ProvisionedThroughput: units, OnDemandThroughput: caps }: UntypedRecord): UntypedRecord {
  const cap = isRecord(caps) ? caps.MaxWriteRequestUnits : undefined
  const write = isRecord(units) ? units.WriteCapacityUnits : undefined
  const scaling = {
    MinCapacity: write,
    MaxCapacity: write,
    SeedCapacity: write,
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 70 },
  }
  return {
    ...(write === undefined
      ? {}
      : { WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: scaling } }),
    ...(cap === undefined ? {} : { WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: cap } }),
  }
}

const without = (record: UntypedRecord, names: readonly string[]): UntypedRecord =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
