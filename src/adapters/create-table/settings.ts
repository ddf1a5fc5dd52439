import {
  type AwsShape,
  anything,
  awsBoolean,
  awsNumber,
  awsText,
  choice,
  listOf,
  type Report,
  structure,
} from '../../settings/aws-shape.ts'
import { isRecord, show, type UntypedRecord } from '../../table/untyped.ts'

/** A setting in AWS's vocabulary: CreateTable's members, and those that CloudFormation has beside them. */
export interface AwsSetting {
  /** Of a table. */
  readonly members: Readonly<Record<string, AwsShape>>
  /** Of a global index. */
  readonly indexMembers?: Readonly<Record<string, AwsShape>>
  /** Its fields, from a table, or from the global index at `parent`. The members already have their shapes. */
  read(raw: UntypedRecord, parent: string, report: Report): UntypedRecord
}

const capacity: AwsSetting = {
  ...ofTableAndIndexes({
    ProvisionedThroughput: structure({ ReadCapacityUnits: awsNumber, WriteCapacityUnits: awsNumber }),
  }),
  read({ ProvisionedThroughput: units }, parent, report) {
    if (!isRecord(units)) return {}
    for (const member of ['ReadCapacityUnits', 'WriteCapacityUnits'])
      if (units[member] === undefined) report(`${parent}ProvisionedThroughput.${member}`, missing, 'T3')
    return { readCapacity: units.ReadCapacityUnits, writeCapacity: units.WriteCapacityUnits }
  },
}

const onDemandCaps: AwsSetting = {
  ...ofTableAndIndexes({
    OnDemandThroughput: structure({ MaxReadRequestUnits: awsNumber, MaxWriteRequestUnits: awsNumber }),
  }),
  read({ OnDemandThroughput: units }) {
    // AWS writes -1 where there is no cap.
    const cap = (value: unknown) => (value === -1 ? false : value)
    return isRecord(units)
      ? { maxReadUnits: cap(units.MaxReadRequestUnits), maxWriteUnits: cap(units.MaxWriteRequestUnits) }
      : {}
  },
}

const warmThroughput: AwsSetting = {
  ...ofTableAndIndexes({
    WarmThroughput: structure({ ReadUnitsPerSecond: awsNumber, WriteUnitsPerSecond: awsNumber }),
  }),
  read({ WarmThroughput: units }, parent, report) {
    if (!isRecord(units)) return {}
    if (units.ReadUnitsPerSecond === undefined && units.WriteUnitsPerSecond === undefined)
      report(
        `${parent}WarmThroughput`,
        'is empty; give ReadUnitsPerSecond or WriteUnitsPerSecond, or leave it out',
        'W4',
      )
    return { warmReadUnits: units.ReadUnitsPerSecond, warmWriteUnits: units.WriteUnitsPerSecond }
  },
}

const tableClass: AwsSetting = {
  members: { TableClass: awsText },
  read: ({ TableClass }) => ({ tableClass: TableClass }),
}

const encryption: AwsSetting = {
  members: {
    SSESpecification: structure({
      Enabled: awsBoolean,
      // CloudFormation's name of it.
      SSEEnabled: awsBoolean,
      SSEType: choice('KMS', 'AES256'),
      KMSMasterKeyId: awsText,
    }),
  },
  read({ SSESpecification: encryption }, _, report) {
    if (!isRecord(encryption)) return {}
    const where = 'SSESpecification'
    const { Enabled, SSEEnabled, SSEType: type, KMSMasterKeyId: key } = encryption
    if (Enabled !== undefined && SSEEnabled !== undefined && Enabled !== SSEEnabled)
      report(`${where}.SSEEnabled`, 'contradicts Enabled; keep one of them')
    const enabled = Enabled ?? SSEEnabled
    if (type === 'AES256')
      report(
        `${where}.SSEType`,
        'AES256 is not supported; write KMS, or Enabled: false for the key that AWS owns',
        'E1',
      )
    if (enabled !== true) {
      if (type !== undefined) report(`${where}.SSEType`, 'needs Enabled: true', 'E1')
      if (key !== undefined) report(`${where}.KMSMasterKeyId`, 'needs Enabled: true', 'E1')
      return { encryption: 'AWS_OWNED' }
    }
    // `alias/aws/dynamodb` is the key that AWS manages in the account.
    if (key === undefined || key === 'alias/aws/dynamodb') return { encryption: 'AWS_MANAGED' }
    // In CloudFormation KMS is the default.
    if (type === undefined && SSEEnabled === undefined) report(`${where}.KMSMasterKeyId`, 'needs SSEType: "KMS"', 'E1')
    return { encryption: 'CUSTOMER_MANAGED', kmsKeyId: key }
  },
}

const stream: AwsSetting = {
  members: { StreamSpecification: structure({ StreamEnabled: awsBoolean, StreamViewType: awsText }) },
  read({ StreamSpecification: stream }, _, report) {
    if (!isRecord(stream)) return {}
    // CloudFormation has no StreamEnabled: a view type turns the stream on.
    const { StreamEnabled: enabled = true, StreamViewType: view } = stream
    const where = 'StreamSpecification.StreamViewType'
    if (enabled === true && view === undefined) report(where, 'is missing; a stream needs it', 'S1')
    if (enabled === false && view !== undefined) report(where, 'cannot be given when StreamEnabled is false', 'S2')
    return { stream: enabled === false ? false : view }
  },
}

const deletionProtection: AwsSetting = {
  members: { DeletionProtectionEnabled: awsBoolean },
  read: ({ DeletionProtectionEnabled }) => ({ deletionProtection: DeletionProtectionEnabled }),
}

const tags: AwsSetting = {
  members: { Tags: listOf(structure({ Key: awsText, Value: awsText })) },
  read({ Tags: given }, _, report) {
    if (!Array.isArray(given)) return {}
    const tags = new Map<string, unknown>()
    for (const [index, entry] of given.entries()) {
      const { Key: key, Value: text } = isRecord(entry) ? entry : {}
      if (text === undefined) report(`Tags[${index}].Value`, missing, 'A2')
      if (key === undefined) report(`Tags[${index}].Key`, missing, 'A2')
      else if (tags.has(String(key))) report(`Tags[${index}]`, `the key ${show(key)} is given twice; keep one`, 'A3')
      else tags.set(String(key), text)
    }
    return { tags: Object.fromEntries(tags) }
  },
}

const resourcePolicy: AwsSetting = {
  members: { ResourcePolicy: anything },
  read({ ResourcePolicy: policy }, _, report) {
    if (!isRecord(policy)) return { resourcePolicy: policy }
    // CloudFormation keeps the policy, mostly as an object, in PolicyDocument.
    const { PolicyDocument: document, ...others } = policy
    for (const member of Object.keys(others)) {
      report(`ResourcePolicy.${member}`, 'is unknown; write the policy as JSON text, or as { PolicyDocument }')
    }
    if (document === undefined) report('ResourcePolicy.PolicyDocument', missing)
    return { resourcePolicy: isRecord(document) ? JSON.stringify(document) : document }
  },
}

const ttl: AwsSetting = {
  members: { TimeToLiveSpecification: structure({ Enabled: awsBoolean, AttributeName: awsText }) },
  read({ TimeToLiveSpecification: ttl }, _, report) {
    if (!isRecord(ttl)) return {}
    if (ttl.Enabled === undefined) report('TimeToLiveSpecification.Enabled', missingBoolean)
    if (ttl.Enabled === true && ttl.AttributeName === undefined)
      report('TimeToLiveSpecification.AttributeName', missing)
    return { ttl: ttl.Enabled === true ? ttl.AttributeName : false }
  },
}

const pointInTimeRecovery: AwsSetting = {
  members: {
    PointInTimeRecoverySpecification: structure({
      PointInTimeRecoveryEnabled: awsBoolean,
      RecoveryPeriodInDays: awsNumber,
    }),
  },
  read({ PointInTimeRecoverySpecification: recovery }, _, report) {
    if (!isRecord(recovery)) return {}
    const { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days } = recovery
    const where = 'PointInTimeRecoverySpecification'
    if (enabled === undefined) report(`${where}.PointInTimeRecoveryEnabled`, missingBoolean)
    if (enabled === false && days !== undefined)
      report(`${where}.RecoveryPeriodInDays`, 'needs PointInTimeRecoveryEnabled: true')
    return { pointInTimeRecovery: enabled === true ? (days ?? true) : false }
  },
}

const contributorInsights: AwsSetting = {
  ...ofTableAndIndexes({ ContributorInsightsSpecification: structure({ Enabled: awsBoolean, Mode: awsText }) }),
  read({ ContributorInsightsSpecification: insights }, parent, report) {
    if (!isRecord(insights)) return {}
    const where = `${parent}ContributorInsightsSpecification`
    if (insights.Enabled === undefined) report(`${where}.Enabled`, missingBoolean)
    if (insights.Enabled === false && insights.Mode !== undefined) report(`${where}.Mode`, 'needs Enabled: true')
    return { contributorInsights: insights.Enabled === true ? (insights.Mode ?? true) : false }
  },
}

const kinesis: AwsSetting = {
  members: {
    KinesisStreamSpecification: structure({ StreamArn: awsText, ApproximateCreationDateTimePrecision: awsText }),
  },
  read({ KinesisStreamSpecification: stream }, _, report) {
    if (!isRecord(stream)) return {}
    const { StreamArn: arn, ApproximateCreationDateTimePrecision: precision } = stream
    if (arn === undefined) report('KinesisStreamSpecification.StreamArn', missing)
    return { kinesis: { arn, ...(precision === undefined ? {} : { precision }) } }
  },
}

/** All settings of a table except its billing mode. */
export const awsSettings: readonly AwsSetting[] = [
  capacity,
  onDemandCaps,
  warmThroughput,
  tableClass,
  encryption,
  stream,
  deletionProtection,
  tags,
  resourcePolicy,
  ttl,
  pointInTimeRecovery,
  contributorInsights,
  kinesis,
]

const missing = 'is missing'
const missingBoolean = 'is missing; write true or false'

function ofTableAndIndexes(members: Readonly<Record<string, AwsShape>>) {
  return { members, indexMembers: members }
}
