import type { Problem } from '../../errors.ts'
import {
  type AwsShape,
  anything,
  awsBoolean,
  awsNumber,
  awsText,
  checkShape,
  listOf,
  structure,
} from '../../settings/aws-shape.ts'
import { definedOnly, isRecord, type UntypedRecord } from '../../table/untyped.ts'

/**
 * Problems of the properties that are converted to other members of CreateTable; the reader of CreateTable checks the
 * rest.
 */
export function checkProperties(type: string, properties: UntypedRecord): readonly Problem[] {
  const members = converted[type] ?? {}
  const problems: Problem[] = []
  const given = definedOnly(Object.fromEntries(Object.keys(members).map(name => [name, properties[name]])))
  checkShape(given, structure(members), '', (path, message) => problems.push({ path, message }))
  const { GlobalSecondaryIndexes: indexes } = properties
  if (type !== globalTable || !Array.isArray(indexes)) return problems
  for (const index of indexes.filter(isRecord)) {
    const settings = definedOnly(Object.fromEntries(Object.keys(writes).map(name => [name, index[name]])))
    const where = `GlobalSecondaryIndexes.${String(index.IndexName)}`
    checkShape(settings, structure(writes), where, (path, message) => problems.push({ path, message }))
  }
  return problems
}

const globalTable = 'AWS::DynamoDB::GlobalTable'

const scaling = structure({
  MinCapacity: awsNumber,
  MaxCapacity: awsNumber,
  SeedCapacity: awsNumber,
  TargetTrackingScalingPolicyConfiguration: structure({
    DisableScaleIn: awsBoolean,
    ScaleInCooldown: awsNumber,
    ScaleOutCooldown: awsNumber,
    TargetValue: awsNumber,
  }),
})

const reads = {
  ReadProvisionedThroughputSettings: structure({
    ReadCapacityUnits: awsNumber,
    ReadCapacityAutoScalingSettings: scaling,
  }),
  ReadOnDemandThroughputSettings: structure({ MaxReadRequestUnits: awsNumber }),
}

const writes = {
  WriteProvisionedThroughputSettings: structure({
    WriteCapacityUnits: awsNumber,
    WriteCapacityAutoScalingSettings: scaling,
  }),
  WriteOnDemandThroughputSettings: structure({ MaxWriteRequestUnits: awsNumber }),
}

const insights = { ContributorInsightsSpecification: structure({ Enabled: awsBoolean, Mode: awsText }) }

const replica = structure({
  Region: awsText,
  ...reads,
  ...insights,
  GlobalSecondaryIndexes: listOf(structure({ IndexName: awsText, ...reads, ...insights })),
  DeletionProtectionEnabled: awsBoolean,
  GlobalTableSettingsReplicationMode: awsText,
  KinesisStreamSpecification: structure({ StreamArn: awsText, ApproximateCreationDateTimePrecision: awsText }),
  PointInTimeRecoverySpecification: structure({
    PointInTimeRecoveryEnabled: awsBoolean,
    RecoveryPeriodInDays: awsNumber,
  }),
  ReplicaStreamSpecification: structure({ ResourcePolicy: anything }),
  ResourcePolicy: structure({ PolicyDocument: anything }),
  SSESpecification: structure({ KMSMasterKeyId: awsText }),
  TableClass: awsText,
  Tags: listOf(structure({ Key: anything, Value: anything })),
})

const converted: Readonly<Record<string, Readonly<Record<string, AwsShape>>>> = {
  'AWS::Serverless::SimpleTable': { PrimaryKey: structure({ Name: awsText, Type: awsText }) },
  [globalTable]: {
    Replicas: listOf(replica),
    ...writes,
    MultiRegionConsistency: awsText,
    GlobalTableWitnesses: listOf(structure({ Region: awsText })),
  },
}
