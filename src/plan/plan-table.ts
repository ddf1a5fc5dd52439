import type { Capabilities } from '../table/capabilities.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { at } from '../table/path.ts'
import { addBeside } from './add-beside.ts'
import { sortOutBlocked } from './blocked.ts'
import type { Change } from './change.ts'
import { combineSteps } from './combine-steps.ts'
import { describeChange, keyText } from './describe-change.ts'
import { type DiffOptions, diffTable } from './diff.ts'
import { remainingIndexes, unnamedIndexes, unnamedLocalIndexes } from './diff-indexes.ts'
import { unnamedTags } from './diff-tags.ts'
import { billingAfter } from './diff-throughput.ts'
import { durations, workOf } from './durations.ts'
import { fitToTarget } from './fit-to-target.ts'
import { followUps } from './follow-ups.ts'
import { stepsFor } from './phases.ts'
import type { Plan, Step } from './plan.ts'
import { createTableRequest } from './requests.ts'
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
  const differences = diffTable(fitted, live, options)
  const {
    changes,
    desired,
    notices: beside,
  } = options.safeReplace === true
    ? addBeside(differences, fitted, live)
    : { changes: differences, desired: fitted, notices: [] }
  const { possible, blocked } = sortOutBlocked(changes, desired, live)
  const withoutIndexes = indexChangesRefused(possible, options.capabilities)
  const steps = stepsFor(withoutIndexes.possible, {
    table: desired.name,
    desired,
    live: { ...live.definition, globalIndexes: remainingIndexes(withoutIndexes.possible, live) },
    billing: billingAfter(desired, live.definition),
    arn: live.arn,
  })
  return {
    table: desired.name,
    steps: combineSteps(steps),
    blocked: [
      ...refused,
      ...blocked,
      ...withoutIndexes.blocked.map(({ field, message }) => ({ path: at(desired.name, field), message })),
    ],
    notices: [
      ...notices,
      ...beside,
      ...unnamed(desired, live, options),
      ...unreadable(desired, live),
      ...withoutIndexes.notices,
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
  const context = { table: desired.name, desired, live: undefined, billing: billingOf(desired), arn: undefined }
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

function indexChangesRefused(changes: readonly Change[], capabilities: Capabilities | undefined) {
  const isIndexChange = (change: Change) =>
    change.kind === 'add-index' || change.kind === 'drop-index' || change.kind === 'replace-index'
  const refused = capabilities?.refuses.includes('indexChanges') === true
  const ignored = capabilities?.ignores.includes('indexChanges') === true
  if (capabilities === undefined || !(refused || ignored)) return { possible: changes, blocked: [], notices: [] }
  const affected = changes.filter(isIndexChange)
  return {
    possible: changes.filter(change => !isIndexChange(change)),
    blocked: refused
      ? affected.map(change => ({
          field: 'globalIndexes',
          message: `${describeChange(change)}: ${capabilities.label} cannot change the indexes of a live table; delete the table and create it again`,
        }))
      : [],
    notices: refused
      ? []
      : affected.map(change => `${describeChange(change)}: ${capabilities.label} ignores changes of indexes`),
  }
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
