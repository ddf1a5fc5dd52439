import type { Change } from '../settings/change.ts'
import type { Step } from '../settings/step.ts'
import { isGiven } from '../table/assumed.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { addBeside } from './add-beside.ts'
import { sortOutBlocked } from './blocked.ts'
import { combineSteps } from './combine-steps.ts'
import { describeChange, keyText } from './describe-change.ts'
import { type DiffOptions, diffToTarget } from './diff.ts'
import { remainingIndexes, unnamedIndexes, unnamedLocalIndexes } from './diff-indexes.ts'
import { unnamedTags } from './diff-tags.ts'
import { billingAfter } from './diff-throughput.ts'
import { durations, workOf } from './durations.ts'
import { fitToTarget } from './fit-to-target.ts'
import { followUps } from './follow-ups.ts'
import { stepsFor } from './phases.ts'
import type { Plan } from './plan.ts'
import { createTableRequest } from './requests.ts'
import type { Context } from './steps/context.ts'
import { billingOf } from './throughput.ts'

export interface PlanOptions extends DiffOptions {
  /** planDelete: turn deletion protection off first. */
  readonly disableProtection?: boolean | undefined
  /** Add a changed index under another name and keep the old one, instead of dropping it and making it anew. */
  readonly safeReplace?: boolean | undefined
}

/**
 * What to do so that the table is as the definition says: create it where it is missing, else the shortest sequence
 * of calls that AWS takes, one logical change each. A function of its arguments; nothing is contacted.
 */
export function planTable(definition: TableDefinition, live: LiveTable | undefined, options: PlanOptions = {}): Plan {
  const { definition: fitted, notices, refused } = fitToTarget(definition, options.capabilities)
  // A table on its way out is as good as gone: the name is free again in a moment.
  if (live === undefined || live.status === 'DELETING') {
    return { table: fitted.name, steps: creationSteps(fitted), blocked: refused, notices }
  }
  const differences = diffToTarget(fitted, live, options)
  const {
    changes,
    desired,
    notices: beside,
  } = options.safeReplace === true
    ? addBeside(differences.changes, fitted, live)
    : { changes: differences.changes, desired: fitted, notices: [] }
  const { possible, blocked } = sortOutBlocked(changes, desired, live, options.capabilities)
  const context: Context = {
    table: desired.name,
    desired,
    live: { ...live.definition, globalIndexes: remainingIndexes(possible, live) },
    billing: billingAfter(desired, live.definition),
    setsIndexCapacity: options.capabilities?.ignores.includes('indexCapacityChanges') !== true,
    arn: live.arn,
  }
  return {
    table: desired.name,
    steps: combineSteps(stepsFor(possible, context)),
    blocked: [...refused, ...blocked],
    notices: [
      ...notices,
      ...beside,
      ...unnamed(desired, live, options),
      ...unreadable(desired, live),
      ...leftOut(differences.leftOut, possible, context, options.capabilities),
    ],
  }
}

/** CreateTable, and what it cannot carry. */
function creationSteps(desired: TableDefinition): Step[] {
  const request = createTableRequest(desired)
  const create: Step = {
    sign: '+',
    summary: `create table ${desired.name} (${keyText(desired)})`,
    request,
    until: { kind: 'ready' },
    changes: [],
    destroys: false,
    expected: durations[workOf(request)].expected,
  }
  const context: Context = {
    table: desired.name,
    desired,
    live: undefined,
    billing: billingOf(desired),
    setsIndexCapacity: true,
    arn: undefined,
  }
  return [create, ...stepsFor(followUpChanges(desired), context)]
}

/** What a new table lacks, as changes from AWS's defaults. */
function followUpChanges(desired: TableDefinition): Change[] {
  const fields = ['ttl', 'pointInTimeRecovery', 'contributorInsights', 'kinesis'] as const
  const ofTable = fields
    .filter(field => desired[field] !== undefined && desired[field] !== false)
    .map(field => ({ kind: 'modify-setting', field, from: false, to: desired[field] }) as Change)
  const ofIndexes = desired.globalIndexes
    .filter(index => index.contributorInsights !== undefined && index.contributorInsights !== false)
    .map((index): Change => {
      const { name, contributorInsights } = index
      return {
        kind: 'modify-index-setting',
        index: name,
        field: 'contributorInsights',
        from: false,
        to: contributorInsights,
      }
    })
  return [...ofTable, ...ofIndexes]
}

/** What a target's limits leave out, so that nobody waits for it. */
function leftOut(
  changes: readonly Change[],
  possible: readonly Change[],
  { desired, billing, setsIndexCapacity }: Context,
  capabilities: Capabilities | undefined,
): string[] {
  const label = capabilities?.label ?? 'this target'
  const made = possible.flatMap(change =>
    change.kind === 'add-index' ? [change.index] : change.kind === 'replace-index' ? [change.to] : [],
  )
  const withCapacity = made.filter(({ name, readCapacity, writeCapacity }) => {
    const given = (field: string) => isGiven(desired, `globalIndexes.${name}.${field}`)
    return (
      (readCapacity !== undefined && given('readCapacity')) || (writeCapacity !== undefined && given('writeCapacity'))
    )
  })
  return [
    ...changes.map(change => `left out, since ${label} cannot do it: ${describeChange(change)}`),
    ...(setsIndexCapacity || billing === 'PAY_PER_REQUEST' ? [] : withCapacity).map(
      ({ name }) => `global index ${name} is made without its capacity: ${label} sets one only when it creates a table`,
    ),
  ]
}

/** What is live and not in the definition; it stays unless dropping was asked for. */
function unnamed(desired: TableDefinition, live: LiveTable, options: DiffOptions): string[] {
  const indexes = [...unnamedIndexes(desired, live), ...unnamedLocalIndexes(desired, live)].map(({ name }) => name)
  const tags = live.read.includes('tags') && desired.tags !== undefined ? unnamedTags(desired, live) : []
  return [
    ...(indexes.length === 0 || options.dropIndexes === true
      ? []
      : [
          `left alone: ${plural(indexes.length, 'index', 'indexes')} that the definition does not have (${indexes.join(', ')})`,
        ]),
    ...(tags.length === 0 || options.pruneTags === true
      ? []
      : [`left alone: ${plural(tags.length, 'tag', 'tags')} that the definition does not have (${tags.join(', ')})`]),
  ]
}

/** Settings that were asked for and could not be read, so that nobody takes silence for agreement. */
function unreadable(desired: TableDefinition, live: LiveTable): string[] {
  const unknown = followUps.filter(field => desired[field] !== undefined && !live.read.includes(field))
  if (live.warnings.length > 0) return [...live.warnings]
  return unknown.length === 0 ? [] : [`not compared, since it was not read: ${unknown.join(', ')}`]
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`
