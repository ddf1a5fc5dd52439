import type { Change } from '../../settings/change.ts'
import type { Step } from '../../settings/step.ts'
import type { TableSettings } from '../../table/definition.ts'
import { contributorInsightsRequest } from '../requests.ts'
import { type Phase, step } from './context.ts'

/** For the table and for each index that is there already: a call each. */
export const contributorInsights: Phase = (changes, { table }) =>
  changes.flatMap((change): Step[] => {
    if (change.kind === 'modify-setting' && change.field === 'contributorInsights') {
      return insightsStep(table, undefined, change.to, change)
    }
    if (change.kind === 'modify-index-setting' && change.field === 'contributorInsights') {
      return insightsStep(table, change.index, asInsights(change.to), change)
    }
    return []
  })

/** For indexes that this plan makes: only when they are built. */
export const contributorInsightsOfNewIndexes: Phase = (changes, { table }) =>
  changes.flatMap((change): Step[] => {
    const index = change.kind === 'add-index' ? change.index : change.kind === 'replace-index' ? change.to : undefined
    if (index?.contributorInsights === undefined || index.contributorInsights === false) return []
    return insightsStep(table, index.name, index.contributorInsights, change)
  })

type Insights = TableSettings['contributorInsights']

function insightsStep(table: string, index: string | undefined, to: Insights, change: Change): Step[] {
  if (to === undefined) return []
  const request = contributorInsightsRequest(table, index, to)
  const whose = index === undefined ? '' : ` of index ${index}`
  const mode = typeof to === 'string' ? ` (${to})` : ''
  const until = { kind: 'setting' as const, field: 'contributorInsights' as const }
  return [
    to === false
      ? step('-', `turn off contributor insights${whose}`, request, [change], { until })
      : step('+', `turn on contributor insights${whose}${mode}`, request, [change], { until }),
  ]
}

function asInsights(value: unknown): Insights {
  return typeof value === 'boolean' || value === 'ACCESSED_AND_THROTTLED_KEYS' || value === 'THROTTLED_KEYS'
    ? value
    : undefined
}
