import type { ListContributorInsightsInput, ListTagsOfResourceInput } from '@aws-sdk/client-dynamodb'
import type { Input } from '../../settings/aws-operations.ts'
import type { FollowUpField } from '../../table/live.ts'
import { type Answer, notFound, validation } from './answer.ts'
import { judgeDefinition, repeatedTag } from './judge-create.ts'
import type { Range } from './pace.ts'
import { later, type Plane } from './plane.ts'
import { definitionOf, type IndexState, indexOf, type TableState } from './state.ts'

const wrongToken = validation('The provided NextToken is not valid')

/** An operation on one table that exists. */
export type Handler<Input = unknown> = (plane: Plane, table: TableState, input: Input) => Answer

/** 31 minutes were seen between two changes that AWS took; the documentation says an hour. */
const ttlCoolDownMs = 31 * 60_000

export const updateTimeToLive: Handler<Input<'UpdateTimeToLive'>> = (plane, table, input) => {
  const { Enabled: enabled, AttributeName: attribute = '' } = input.TimeToLiveSpecification ?? {}
  const current = table.settings.ttl === false ? undefined : table.settings.ttl
  if (enabled === true && current === attribute) return validation('TimeToLive is already enabled')
  if (enabled !== true && current === undefined) return validation('TimeToLive is already disabled')
  if (current !== undefined && current !== attribute)
    return validation(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`)
  const { ttlChangedAt: changedAt } = table
  if (changedAt !== undefined && plane.now() - changedAt < plane.coolDown(ttlCoolDownMs))
    return validation('Time to live has been modified multiple times within a fixed interval')
  table.ttlChangedAt = plane.now()
  table.settings.ttl = enabled === true ? attribute : false
  settle(plane, table, 'ttl', plane.timings.ttl)
  return { output: { TimeToLiveSpecification: input.TimeToLiveSpecification } }
}

export const describeTimeToLive: Handler = (_, table) => {
  const { ttl = false } = table.settings
  const status = changing(table, 'ttl', ttl !== false)
  const TimeToLiveDescription = { TimeToLiveStatus: status, ...(ttl === false ? {} : { AttributeName: ttl }) }
  return { output: { TimeToLiveDescription } }
}

export const updateContinuousBackups: Handler<Input<'UpdateContinuousBackups'>> = (plane, table, input) => {
  const { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days } =
    input.PointInTimeRecoverySpecification ?? {}
  if (enabled !== true && days !== undefined) {
    const message = 'Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.'
    return validation(`Invalid Request: ${message}`)
  }
  table.settings.pointInTimeRecovery = enabled === true ? (days ?? 35) : false
  plane.changed(table.name)
  return describeContinuousBackups(plane, table, input)
}

/** No times of backups are reported, because nothing can be restored. */
export const describeContinuousBackups: Handler = (_, table) => {
  const { pointInTimeRecovery: recovery = false } = table.settings
  const isOn = recovery !== false
  const PointInTimeRecoveryDescription = {
    PointInTimeRecoveryStatus: isOn ? 'ENABLED' : 'DISABLED',
    ...(isOn ? { RecoveryPeriodInDays: recovery === true ? 35 : recovery } : {}),
  }
  return {
    output: { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription } },
  }
}

export const tagResource: Handler<Input<'TagResource'>> = (plane, table, { Tags: given = [] }) => {
  if (given.length === 0) return validation('Atleast one Tag needs to be provided as Input.')
  const added = Object.fromEntries(given.map(({ Key = '', Value = '' }) => [Key, Value]))
  const tags = { ...table.settings.tags, ...added }
  const before = definitionOf(table)
  return repeatedTag(given) ?? judgeDefinition({ ...before, tags }, before) ?? writeTags(plane, table, tags)
}

export const untagResource: Handler<Input<'UntagResource'>> = (plane, table, { TagKeys: keys = [] }) => {
  if (keys.length === 0) return validation('Atleast one Tag Key needs to be provided as Input.')
  const reserved = keys.find(key => /^aws:/i.test(key))
  if (reserved !== undefined) return validation(`Tag Key cannot be prefixed with aws:, Key: ${reserved}`)
  const kept = Object.entries(table.settings.tags ?? {}).filter(([key]) => !keys.includes(key))
  return writeTags(plane, table, Object.fromEntries(kept))
}

/** Every tag write locks the tags for a while, and reads lag as long. */
function writeTags(plane: Plane, table: TableState, tags: Readonly<Record<string, string>>): Answer {
  if (plane.now() < table.tagsLockedUntil) {
    const message = `Subscriber limit exceeded: Table tags are being updated: ${table.name}`
    return { type: 'LimitExceededException', message }
  }
  table.tagsLockedUntil = plane.now() + plane.pick(plane.timings.tagLock)
  table.oldTags = table.settings.tags
  table.settings.tags = tags
  plane.changed(table.name)
  return { output: {} }
}

/** All tags are in one answer, so that no token is ever given out. */
export const listTags: Handler<ListTagsOfResourceInput> = (plane, table, input) => {
  if (input.NextToken !== undefined) return wrongToken
  const { settings, oldTags, tagsLockedUntil } = table
  const tags = (plane.now() < tagsLockedUntil ? oldTags : settings.tags) ?? {}
  return { output: { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } }
}

export const updateContributorInsights: Handler<Input<'UpdateContributorInsights'>> = (plane, table, input) => {
  const { IndexName: name, ContributorInsightsAction: action, ContributorInsightsMode: mode } = input
  const owner = ownerOf(table, name)
  if (owner === undefined) return notFound(`Index: ${name} not found`)
  owner.contributorInsights = action === 'ENABLE' ? (mode ?? 'ACCESSED_AND_THROTTLED_KEYS') : false
  table.insightsChangedAt = { ...table.insightsChangedAt, [name ?? '']: plane.now() }
  settle(plane, table, 'contributorInsights', plane.timings.insights)
  const { TableName: _, ...output } = describeInsights(table, name, owner)
  return { output: { TableName: table.name, ...output } }
}

export const describeContributorInsights: Handler<NamedIndex> = (_, table, { IndexName: name }) => {
  const owner = ownerOf(table, name)
  if (owner === undefined) return notFound(`Index: ${name} not found`)
  const changedAt = table.insightsChangedAt?.[name ?? '']
  return {
    output: {
      ...describeInsights(table, name, owner),
      ContributorInsightsRuleList: insightsRules(table, name, owner),
      ...(changedAt === undefined ? {} : { LastUpdateDateTime: changedAt / 1_000 }),
    },
  }
}

/** Accessed keys (C) and throttled keys (T), of the partition key and of both keys together. */
function insightsRules(table: TableState, index: string | undefined, owner: InsightsOwner): readonly string[] {
  const { contributorInsights: mode = false, sortKey } = owner
  if (mode === false) return []
  const kinds = mode === 'THROTTLED_KEYS' ? ['T'] : ['C', 'T']
  const keys = sortKey.length === 0 ? ['PK'] : ['PK', 'SK']
  const name = index === undefined ? table.name : `${table.name}-${index}`
  const at = table.insightsChangedAt?.[index ?? ''] ?? table.createdAt
  return keys.flatMap(key => kinds.map(kind => `DynamoDBContributorInsights-${key}${kind}-${name}-${at}`))
}

/** Of all given tables; the token is the place of the next summary. */
export function listContributorInsights(
  tables: readonly TableState[],
  { NextToken: token = '0', MaxResults: most }: ListContributorInsightsInput,
): Answer {
  const summaries = tables
    .flatMap(table => {
      const owners = [undefined, ...table.indexes.map(({ definition }) => definition.name)]
      return owners.map(name => describeInsights(table, name, ownerOf(table, name) ?? {}))
    })
    .filter(({ ContributorInsightsStatus: status }) => status !== 'DISABLED')
  const from = Number(token)
  if (!/^\d+$/.test(token) || from > summaries.length) return wrongToken
  const end = most === undefined || most === 0 ? summaries.length : from + most
  return {
    output: {
      ContributorInsightsSummaries: summaries.slice(from, end),
      ...(end < summaries.length ? { NextToken: String(end) } : {}),
    },
  }
}

interface NamedIndex {
  readonly TableName?: string | undefined
  readonly IndexName?: string | undefined
}

type InsightsOwner = TableState['settings'] | IndexState['definition']

const ownerOf = (table: TableState, index: string | undefined): InsightsOwner | undefined =>
  index === undefined ? table.settings : indexOf(table, index)?.definition

function describeInsights(
  table: TableState,
  index: string | undefined,
  { contributorInsights: mode = false }: Pick<InsightsOwner, 'contributorInsights'>,
) {
  return {
    TableName: table.name,
    ...(index === undefined ? {} : { IndexName: index }),
    ContributorInsightsStatus: changing(table, 'contributorInsights', mode !== false),
    ...(typeof mode === 'string' ? { ContributorInsightsMode: mode } : {}),
  }
}

function changing({ settling }: TableState, field: FollowUpField, isOn: boolean): string {
  if (settling.includes(field)) return isOn ? 'ENABLING' : 'DISABLING'
  return isOn ? 'ENABLED' : 'DISABLED'
}

/** The setting has changed, and is reported as changing until its time is over. */
export function settle(plane: Plane, table: TableState, field: FollowUpField, range: Range): void {
  if (!table.settling.includes(field)) table.settling.push(field)
  later(plane, table, plane.pick(range), { kind: 'settled', field })
}
