import type { Problem } from '../../../errors.ts'
import {
  type AwsShape,
  anything,
  awsBoolean,
  awsNumber,
  awsText,
  checkShape,
  listOf,
  structure,
} from '../../../settings/aws-shape.ts'
import { settings } from '../../../settings/catalogue.ts'
import { asRecord, definedOnly, recordsOf, type UntypedRecord } from '../../../table/untyped.ts'

/**
 * Problems of the properties that are converted to other members of CreateTable, and their values with quoted numbers
 * converted; the reader of CreateTable checks the rest.
 */
export function checkProperties(type: string, properties: UntypedRecord) {
  const problems: Problem[] = []
  const check = (holder: UntypedRecord, members: Members, where: string): UntypedRecord => {
    const given = definedOnly(Object.fromEntries(Object.keys(members).map(name => [name, holder[name]])))
    const { value } = checkShape(given, structure(members), where, (path, message) => problems.push({ path, message }))
    return asRecord(value)
  }
  const checked = check(properties, converted[type] ?? {}, '')
  if (type === globalTable)
    for (const index of recordsOf(properties.GlobalSecondaryIndexes))
      check(index, writes, `GlobalSecondaryIndexes.${String(index.IndexName)}`)
  return { problems, checked }
}

type Members = Readonly<Record<string, AwsShape>>

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

const ofTable: Members = Object.assign({}, ...settings.map(({ aws }) => aws?.members))
const shapesOf = (members: readonly string[]) =>
  Object.fromEntries(Object.entries(ofTable).filter(([member]) => members.includes(member)))

/** The settings of a global table that stand on each replica. */
export const ofReplica = [
  ...['PointInTimeRecoverySpecification', 'TableClass', 'DeletionProtectionEnabled', 'Tags', 'ResourcePolicy'],
  ...['ContributorInsightsSpecification', 'KinesisStreamSpecification'],
]

const replica = structure({
  Region: awsText,
  ...reads,
  ...shapesOf(ofReplica),
  GlobalSecondaryIndexes: listOf(
    structure({ IndexName: awsText, ...reads, ...shapesOf(['ContributorInsightsSpecification']) }),
  ),
  GlobalTableSettingsReplicationMode: awsText,
  ReplicaStreamSpecification: structure({ ResourcePolicy: anything }),
  SSESpecification: structure({ KMSMasterKeyId: awsText }),
})

const converted: Readonly<Record<string, Members>> = {
  'AWS::Serverless::SimpleTable': { PrimaryKey: structure({ Name: awsText, Type: awsText }) },
  [globalTable]: {
    Replicas: listOf(replica),
    ...writes,
    MultiRegionConsistency: awsText,
    GlobalTableWitnesses: listOf(structure({ Region: awsText })),
  },
}
