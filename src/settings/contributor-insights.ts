import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { definedOnly, isRecord } from '../table/untyped.ts'
import { readStatus } from './aws-parts.ts'
import { awsBoolean, awsText, structure } from './aws-shape.ts'
import { addedIndex, type Change } from './change.ts'
import { oneOf } from './checks.ts'
import type { Ask, Found, Setting } from './setting.ts'
import { changesOf, ownerOf, type Step, step, type Work } from './step.ts'

/** The keys that CloudWatch Contributor Insights counts: all keys in use, or only throttled keys. */
export type InsightsMode = 'ACCESSED_AND_THROTTLED_KEYS' | 'THROTTLED_KEYS'

type Insights = boolean | InsightsMode

export interface ContributorInsightsFields {
  /** CloudWatch Contributor Insights: `true`, `false`, or what it counts. */
  readonly contributorInsights?: Insights | undefined
}

declare module '../table/definition.ts' {
  interface IndexSettings extends ContributorInsightsFields {}
  interface FollowUpSettings extends ContributorInsightsFields {}
}

const work: Work = {
  name: 'insights',
  expected: '1-16 s',
  leastMs: 1_000,
  isOf: ({ api }) => api === 'UpdateContributorInsights',
}
const until = { kind: 'setting', field: 'contributorInsights' } as const

const shapes = { ContributorInsightsSpecification: structure({ Enabled: awsBoolean, Mode: awsText }) }

export const contributorInsights: Setting<'contributorInsights'> = {
  fields: {
    contributorInsights: {
      check: oneOf([true, false, 'ACCESSED_AND_THROTTLED_KEYS', 'THROTTLED_KEYS']),
      label: 'contributor insights',
      description: 'CloudWatch Contributor Insights: true, false, or what it counts.',
      ofIndexes: true,
      ignoredBy: ['plain-dynalite', 'dynamodb-local', 'extenddb', 'dynoxide'],
      asReported: (value = false) => (value === true ? 'ACCESSED_AND_THROTTLED_KEYS' : value),
      isSame,
    },
  },
  followUp: {
    field: 'contributorInsights',
    title: 'contributor insights',
    requests: ['UpdateContributorInsights'],
    read: readAll,
  },
  /** One call for the table and one for each index that already exists. */
  steps: (changes, { table }) =>
    changesOf(changes, ['contributorInsights']).flatMap(change =>
      insightsSteps(table, change.kind === 'modify-setting' ? undefined : change.index, change.to, change),
    ),
  /** Indexes that this plan creates can be changed only after they are built. */
  stepsAfterBuilds: (changes, { table }) =>
    changes.flatMap(change => {
      const index = addedIndex(change)
      const wanted = index?.contributorInsights ?? false
      return index === undefined || wanted === false ? [] : insightsSteps(table, index.name, wanted, change)
    }),
  works: [work],
  isCarriedOut({ api, input }, { definition }) {
    if (api !== 'UpdateContributorInsights') return true
    const { IndexName, ContributorInsightsAction: action, ContributorInsightsMode: mode } = input
    return isSame(action === 'ENABLE' && (mode ?? true), ownerOf(definition, IndexName).contributorInsights)
  },
  aws: {
    members: shapes,
    indexMembers: shapes,
    read({ ContributorInsightsSpecification: insights }, parent, report) {
      if (!isRecord(insights)) return {}
      const where = `${parent}ContributorInsightsSpecification`
      if (insights.Enabled === undefined) report(`${where}.Enabled`, 'is missing; write true or false')
      if (insights.Enabled === false && insights.Mode !== undefined) report(`${where}.Mode`, 'needs Enabled: true')
      return { contributorInsights: insights.Enabled === true ? (insights.Mode ?? true) : false }
    },
    write({ contributorInsights: value }) {
      if (value === undefined) return {}
      const mode = typeof value === 'string' ? { Mode: value } : {}
      return { ContributorInsightsSpecification: { Enabled: value !== false, ...mode } }
    },
  },
}

/** `true` accepts either mode; a mode that the target does not report counts as equal. */
function isSame(wanted: Insights, live: Insights = false): boolean {
  return wanted === live || (wanted !== false && live !== false && (wanted === true || live === true))
}

/** Reads the insights of the table and of each global index, one call each. */
async function readAll(ask: Ask, table: TableDescription): Promise<Found> {
  const read = (index?: string) =>
    ask(
      'DescribeContributorInsights',
      { TableName: table.TableName, ...(index === undefined ? {} : { IndexName: index }) },
      ({ ContributorInsightsStatus: status, ContributorInsightsMode: mode }) =>
        readStatus(status, isOn => {
          const settings = { contributorInsights: isOn && (mode ?? true) }
          return index === undefined ? { settings } : { indexes: { [index]: settings } }
        }),
    )
  const own = await read()
  if (own?.settings === undefined) return own
  const names = (table.GlobalSecondaryIndexes ?? []).flatMap(({ IndexName }) => IndexName ?? [])
  const ofIndexes = await Promise.all(names.map(read))
  const unknown = ofIndexes.find(one => one?.unknownStatus !== undefined)
  if (unknown !== undefined) return unknown
  return {
    settings: own.settings,
    indexes: Object.assign({}, ...ofIndexes.map(one => one?.indexes ?? {})),
    settling: [own, ...ofIndexes].some(one => one?.settling === true),
    // The reason is the same for each index.
    warnings: ofIndexes.flatMap(one => one?.warnings ?? []).slice(0, 1),
  }
}

function insightsSteps(table: string, index: string | undefined, to: unknown, change: Change): Step[] {
  if (!isInsights(to)) return []
  const input = definedOnly({
    TableName: table,
    IndexName: index,
    ContributorInsightsAction: to === false ? 'DISABLE' : 'ENABLE',
    ContributorInsightsMode: typeof to === 'string' ? to : undefined,
  })
  const request = { api: 'UpdateContributorInsights', input } as const
  const owner = index === undefined ? '' : ` of index ${index}`
  const mode = typeof to === 'string' ? ` (${to})` : ''
  return [
    to === false
      ? step('-', `turn off contributor insights${owner}`, request, [change], { until, work })
      : step('+', `turn on contributor insights${owner}${mode}`, request, [change], { until, work }),
  ]
}

function isInsights(value: unknown): value is Insights {
  return typeof value === 'boolean' || value === 'ACCESSED_AND_THROTTLED_KEYS' || value === 'THROTTLED_KEYS'
}
