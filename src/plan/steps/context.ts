import type { Change } from '../../settings/change.ts'
import type { Step, TableRequest, Until } from '../../settings/step.ts'
import type { BillingMode, TableDefinition } from '../../table/definition.ts'
import { durations, workOf } from '../durations.ts'

/** What a phase needs to know to turn changes into steps. */
export interface Context {
  readonly table: string
  readonly desired: TableDefinition
  /** What is live; absent when the table is about to be created. */
  readonly live: TableDefinition | undefined
  /** How the table is billed once the billing step is through. */
  readonly billing: BillingMode
  /** Whether a capacity can be set for an index of a table that is there. */
  readonly setsIndexCapacity: boolean
  /** Tags and policies are set by ARN. */
  readonly arn: string | undefined
}

/** One phase: the steps for the changes that belong to it, in their order. */
export type Phase = (changes: readonly Change[], context: Context) => Step[]

interface Details {
  readonly until?: Until
  readonly destroys?: boolean
  readonly uses?: readonly string[]
  /** Where more is to be said than how long the request takes. */
  readonly expected?: string
}

/** A step with what is known of its request: how long it takes, and that the table has to be ready again after it. */
export function step(
  sign: Step['sign'],
  summary: string,
  request: TableRequest,
  changes: readonly Change[],
  details: Details = {},
): Step {
  const { until = request.api === 'UpdateTable' ? { kind: 'ready' } : { kind: 'answered' }, destroys = false } = details
  return {
    sign,
    summary,
    request,
    until,
    changes,
    destroys,
    expected: details.expected ?? durations[workOf(request)].expected,
    ...(details.uses === undefined || details.uses.length === 0 ? {} : { uses: details.uses }),
  }
}

type SettingField = Extract<Change, { kind: 'modify-setting' }>['field']

/** The change of one setting among `changes`. */
export function changeOf<F extends SettingField>(
  changes: readonly Change[],
  field: F,
): Extract<Change, { kind: 'modify-setting'; field: F }> | undefined {
  return changes.find(
    (change): change is Extract<Change, { kind: 'modify-setting'; field: F }> =>
      change.kind === 'modify-setting' && change.field === field,
  )
}
