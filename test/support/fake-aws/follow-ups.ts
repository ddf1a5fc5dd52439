import type { Refusal } from '../../../src/apply/ports.ts'
import type { TableRequest } from '../../../src/settings/step.ts'
import type { TableSettings } from '../../../src/table/definition.ts'
import { type FakeTable, illegal, inUse } from './state.ts'
import type { World } from './update-table.ts'

export type FollowUpRequest = Exclude<TableRequest, { api: 'CreateTable' | 'UpdateTable' | 'DeleteTable' }>

/** 31 minutes were seen between two changes that AWS took; the documentation says an hour. */
const ttlCoolDownMs = 31 * 60_000

/** The calls for what CreateTable cannot carry, and for what has an API of its own. */
export function followUp(world: World, table: FakeTable, request: FollowUpRequest): Refusal | 'no-op' | undefined {
  if (table.status === 'CREATING' || table.status === 'DELETING') return inUse(`Table is being ${table.status}`)
  if (world.now() < table.readyAt) return { kind: 'not-found', message: `Table not found: ${table.name}` }
  const { settings } = table
  switch (request.api) {
    case 'UpdateTimeToLive':
      return timeToLive(
        world,
        table,
        request.input.TimeToLiveSpecification ?? { Enabled: undefined, AttributeName: undefined },
      )
    case 'UpdateContinuousBackups': {
      const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays } = request.input.PointInTimeRecoverySpecification ?? {}
      if (PointInTimeRecoveryEnabled !== true && RecoveryPeriodInDays !== undefined)
        return illegal('Cannot specify RecoveryPeriodInDays when disabling')
      settings.pointInTimeRecovery = PointInTimeRecoveryEnabled === true ? (RecoveryPeriodInDays ?? 35) : false
      return undefined
    }
    case 'TagResource': {
      const tags = request.input.Tags ?? []
      if (tags.length === 0) return illegal('Atleast one Tag needs to be provided as Input.')
      return writeTags(world, table, {
        ...settings.tags,
        ...Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      })
    }
    case 'UntagResource': {
      const keys = request.input.TagKeys ?? []
      if (keys.length === 0) return illegal('Atleast one Tag Key needs to be provided as Input.')
      return writeTags(
        world,
        table,
        Object.fromEntries(Object.entries(settings.tags ?? {}).filter(([key]) => !keys.includes(key))),
      )
    }
    case 'PutResourcePolicy':
      settings.resourcePolicy = request.input.Policy
      return undefined
    case 'DeleteResourcePolicy':
      settings.resourcePolicy = false
      return undefined
    case 'UpdateContributorInsights': {
      const { IndexName, ContributorInsightsAction, ContributorInsightsMode } = request.input
      const owner = IndexName === undefined ? settings : table.indexes.get(IndexName)?.definition
      if (owner === undefined) return { kind: 'not-found', message: `Requested resource not found: Index ${IndexName}` }
      owner.contributorInsights =
        ContributorInsightsAction === 'ENABLE' ? (ContributorInsightsMode ?? 'ACCESSED_AND_THROTTLED_KEYS') : false
      settle(world, table, 'contributorInsights', world.timings.insights)
      return undefined
    }
    default:
      return kinesis(world, table, request)
  }
}

function timeToLive(
  world: World,
  table: FakeTable,
  wanted: { Enabled: boolean | undefined; AttributeName: string | undefined },
) {
  const current = table.settings.ttl
  if (wanted.Enabled === true && typeof current === 'string') {
    if (current !== wanted.AttributeName)
      return illegal(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`)
    return 'no-op' as const
  }
  if (wanted.Enabled !== true && typeof current !== 'string') return 'no-op' as const
  if (wanted.Enabled !== true && current !== wanted.AttributeName)
    return illegal('TimeToLive is active on a different AttributeName')
  if (table.ttlChangedAt !== undefined && world.now() - table.ttlChangedAt < ttlCoolDownMs) {
    return {
      kind: 'cool-down' as const,
      message: 'Time to live has been modified multiple times within a fixed interval',
    }
  }
  table.ttlChangedAt = world.now()
  table.settings.ttl = wanted.Enabled === true ? (wanted.AttributeName ?? false) : false
  settle(world, table, 'ttl', world.timings.ttl)
  return undefined
}

/** Every tag write locks the tags for a while, and reads lag as long. */
function writeTags(world: World, table: FakeTable, tags: Readonly<Record<string, string>>): Refusal | undefined {
  if (world.now() < table.tagsLockedUntil) return inUse(`Table tags are being updated: ${table.name}`)
  table.tagsLockedUntil = world.now() + world.pick(world.timings.tagLock)
  table.staleTags = { until: table.tagsLockedUntil, tags: table.settings.tags ?? {} }
  table.settings.tags = tags
  return undefined
}

type KinesisRequest = Extract<FollowUpRequest, { api: `${string}KinesisStreamingDestination` }>

function kinesis(world: World, table: FakeTable, request: KinesisRequest): Refusal | undefined {
  const { settings } = table
  const current = settings.kinesis === undefined || settings.kinesis === false ? undefined : settings.kinesis
  const { StreamArn: arn = '' } = request.input
  if (table.settling.has('kinesis')) return inUse('Table is already being updated for Kinesis')
  const next = ((): TableSettings['kinesis'] | Refusal => {
    switch (request.api) {
      case 'EnableKinesisStreamingDestination': {
        if (current?.arn === arn)
          return illegal('Table is not in a valid state to enable Kinesis Streaming Destination')
        return {
          arn,
          precision:
            request.input.EnableKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision ?? 'MILLISECOND',
        }
      }
      case 'DisableKinesisStreamingDestination':
        return current?.arn === arn
          ? false
          : illegal('Table is not in a valid state to disable Kinesis Streaming Destination')
      case 'UpdateKinesisStreamingDestination': {
        const precision = request.input.UpdateKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision
        if (current?.arn !== arn || current.precision === precision)
          return illegal('Precision is already set to the desired value')
        return { arn, precision }
      }
      default:
        return request satisfies never
    }
  })()
  if (typeof next === 'object' && 'kind' in next) return next
  settings.kinesis = next
  settle(world, table, 'kinesis', world.timings.kinesis)
  return undefined
}

function settle(
  world: World,
  table: FakeTable,
  field: 'ttl' | 'contributorInsights' | 'kinesis',
  range: readonly [number, number],
): void {
  table.settling.add(field)
  world.later(world.pick(range), () => table.settling.delete(field))
}
