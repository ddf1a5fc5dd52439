import type { GlobalSecondaryIndexUpdate, UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { Step, TableRequest } from '../settings/step.ts'
import type { GlobalIndex, TableDefinition, Throughput } from '../table/definition.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import { sameKey, sameKmsKey, samePolicy, sameProjection, sameRecovery } from './same-value.ts'
import { billingOf } from './throughput.ts'

/**
 * Whether what is live shows that a request was carried out. Decides what to do when an answer was lost, when another
 * process was quicker, and when a description may be older than the request. What the target does not report counts
 * as carried out.
 */
export function isCarriedOut(request: TableRequest, live: LiveTable | undefined): boolean {
  if (request.api === 'DeleteTable') return live === undefined || live.status === 'DELETING'
  if (live === undefined) return false
  const { definition, read } = live
  const known = (field: FollowUpField) => read.includes(field)
  switch (request.api) {
    case 'CreateTable':
      return true
    case 'UpdateTable':
      return tableShows(request.input, live)
    case 'UpdateTimeToLive': {
      const { Enabled, AttributeName } = request.input.TimeToLiveSpecification ?? {}
      return !known('ttl') || (definition.ttl ?? false) === (Enabled === true ? AttributeName : false)
    }
    case 'UpdateContinuousBackups': {
      const { PointInTimeRecoveryEnabled = false, RecoveryPeriodInDays } =
        request.input.PointInTimeRecoverySpecification ?? {}
      const wanted = PointInTimeRecoveryEnabled ? (RecoveryPeriodInDays ?? true) : false
      return !known('pointInTimeRecovery') || sameRecovery(wanted, definition.pointInTimeRecovery)
    }
    case 'TagResource':
      return (
        !known('tags') || (request.input.Tags ?? []).every(({ Key, Value }) => definition.tags?.[Key ?? ''] === Value)
      )
    case 'UntagResource':
      return !known('tags') || (request.input.TagKeys ?? []).every(key => definition.tags?.[key] === undefined)
    case 'PutResourcePolicy': {
      const { resourcePolicy } = definition
      if (!known('resourcePolicy')) return true
      return typeof resourcePolicy === 'string' && samePolicy(request.input.Policy ?? '', resourcePolicy)
    }
    case 'DeleteResourcePolicy':
      return !known('resourcePolicy') || typeof definition.resourcePolicy !== 'string'
    case 'UpdateContributorInsights': {
      const { IndexName, ContributorInsightsAction, ContributorInsightsMode } = request.input
      const owner =
        IndexName === undefined ? definition : definition.globalIndexes.find(({ name }) => name === IndexName)
      const current = owner?.contributorInsights ?? false
      if (!known('contributorInsights')) return true
      if (ContributorInsightsAction === 'DISABLE') return current === false
      return (
        current !== false &&
        (ContributorInsightsMode === undefined || current === true || current === ContributorInsightsMode)
      )
    }
    case 'EnableKinesisStreamingDestination':
      return !known('kinesis') || kinesisOf(definition)?.arn === request.input.StreamArn
    case 'DisableKinesisStreamingDestination':
      return !known('kinesis') || kinesisOf(definition)?.arn !== request.input.StreamArn
    case 'UpdateKinesisStreamingDestination': {
      const wanted = request.input.UpdateKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision
      return !known('kinesis') || kinesisOf(definition)?.precision === wanted
    }
    default:
      return request satisfies never
  }
}

/** Whether a step has nothing left to do: its request was carried out, or what it prepares is there already. */
export function isStepDone(step: Step, live: LiveTable | undefined): boolean {
  return isCarriedOut(step.request, live) || (live !== undefined && isMadeAnew(step, live))
}

/** Whether what a step takes away only to make it anew is as wanted by now: somebody else was at it as well. */
export function isMadeAnew({ changes, until }: Step, live: LiveTable): boolean {
  const [change, ...others] = changes
  if (change === undefined || others.length > 0) return false
  if (change.kind === 'replace-index') return until.kind === 'index-gone' && isIndexMadeAnew(change.to, live)
  if (change.kind !== 'modify-setting') return false
  const { definition, read } = live
  switch (change.field) {
    case 'stream':
      return typeof change.to === 'string' && definition.stream === change.to
    case 'ttl':
      return read.includes('ttl') && typeof change.to === 'string' && definition.ttl === change.to
    case 'kinesis': {
      const arn = kinesisOf({ kinesis: change.to })?.arn
      return read.includes('kinesis') && arn !== undefined && kinesisOf(definition)?.arn === arn
    }
    default:
      return false
  }
}

function isIndexMadeAnew(to: GlobalIndex, live: LiveTable): boolean {
  const index = live.definition.globalIndexes.find(({ name }) => name === to.name)
  if (index === undefined || live.indexes[to.name]?.status === 'DELETING') return false
  const { partitionKey, sortKey } = live.definition
  const keys = new Set([...partitionKey, ...sortKey, ...to.partitionKey, ...to.sortKey].map(({ name }) => name))
  return (
    sameKey(index.partitionKey, to.partitionKey) &&
    sameKey(index.sortKey, to.sortKey) &&
    sameProjection(index.projection, to.projection, keys)
  )
}

/** The settings outside DescribeTable that have to be read to judge a request. */
export function fieldsToJudge(request: TableRequest): FollowUpField[] {
  switch (request.api) {
    case 'UpdateTimeToLive':
      return ['ttl']
    case 'UpdateContinuousBackups':
      return ['pointInTimeRecovery']
    case 'TagResource':
    case 'UntagResource':
      return ['tags']
    case 'PutResourcePolicy':
    case 'DeleteResourcePolicy':
      return ['resourcePolicy']
    case 'UpdateContributorInsights':
      return ['contributorInsights']
    case 'EnableKinesisStreamingDestination':
    case 'DisableKinesisStreamingDestination':
    case 'UpdateKinesisStreamingDestination':
      return ['kinesis']
    case 'CreateTable':
    case 'UpdateTable':
    case 'DeleteTable':
      return []
    default:
      return request satisfies never
  }
}

const kinesisOf = ({ kinesis }: Pick<TableDefinition, 'kinesis'>) => (kinesis === false ? undefined : kinesis)

function tableShows(input: UpdateTableCommandInput, live: LiveTable): boolean {
  const { definition } = live
  const { StreamSpecification: stream, SSESpecification: encryption } = input
  return (
    (input.BillingMode === undefined || input.BillingMode === billingOf(definition)) &&
    showsThroughput(input, definition) &&
    (stream === undefined ||
      (definition.stream ?? false) === (stream.StreamEnabled === true ? stream.StreamViewType : false)) &&
    (encryption === undefined || showsEncryption(encryption, definition)) &&
    (input.TableClass === undefined || input.TableClass === (definition.tableClass ?? 'STANDARD')) &&
    (input.DeletionProtectionEnabled === undefined ||
      input.DeletionProtectionEnabled === (definition.deletionProtection ?? input.DeletionProtectionEnabled)) &&
    (input.GlobalSecondaryIndexUpdates ?? []).every(update => showsIndex(update, live))
  )
}

function showsEncryption(
  wanted: NonNullable<UpdateTableCommandInput['SSESpecification']>,
  definition: TableDefinition,
): boolean {
  const isOwned = (definition.encryption ?? 'AWS_OWNED') === 'AWS_OWNED'
  if (wanted.Enabled !== true) return isOwned
  return !isOwned && (wanted.KMSMasterKeyId === undefined || sameKmsKey(wanted.KMSMasterKeyId, definition.kmsKeyId))
}

function showsIndex(update: GlobalSecondaryIndexUpdate, live: LiveTable): boolean {
  const name = (update.Create ?? update.Update ?? update.Delete)?.IndexName
  const index = live.definition.globalIndexes.find(other => other.name === name)
  const leaving = index === undefined || live.indexes[index.name]?.status === 'DELETING'
  if (update.Delete !== undefined) return leaving
  if (leaving) return false
  return update.Update === undefined || showsThroughput(update.Update, index)
}

type ThroughputInput = Pick<UpdateTableCommandInput, 'ProvisionedThroughput' | 'OnDemandThroughput' | 'WarmThroughput'>

function showsThroughput(input: ThroughputInput, live: Throughput): boolean {
  const { ProvisionedThroughput: capacity, OnDemandThroughput: caps, WarmThroughput: warm } = input
  const capped = (wanted: number | undefined, current: number | false | undefined) =>
    wanted === undefined || (wanted === -1 ? typeof current !== 'number' : wanted === current)
  return (
    (capacity?.ReadCapacityUnits ?? live.readCapacity) === live.readCapacity &&
    (capacity?.WriteCapacityUnits ?? live.writeCapacity) === live.writeCapacity &&
    capped(caps?.MaxReadRequestUnits, live.maxReadUnits) &&
    capped(caps?.MaxWriteRequestUnits, live.maxWriteUnits) &&
    (warm?.ReadUnitsPerSecond ?? 0) <= (live.warmReadUnits ?? Number.POSITIVE_INFINITY) &&
    (warm?.WriteUnitsPerSecond ?? 0) <= (live.warmWriteUnits ?? Number.POSITIVE_INFINITY)
  )
}
