import type { Problem } from '../errors.ts'
import { billingAfter, capacities } from '../settings/billing.ts'
import { followUpFields, settings } from '../settings/catalogue.ts'
import { addedIndex, type Change, describeChange, givenFor, leftAlone } from '../settings/change.ts'
import { unprotectStep } from '../settings/deletion-protection.ts'
import { removeReplicas } from '../settings/global-table-steps.ts'
import { isReplicaUnread, presentReplicas, regionalLive } from '../settings/replica-settings.ts'
import type { Step } from '../settings/step.ts'
import type { Capabilities } from '../table/capabilities.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import { at } from '../table/problems.ts'
import { addBeside } from './add-beside.ts'
import { changesAfterCreation } from './after-creation.ts'
import { sortOutBlocked } from './blocked.ts'
import { unnamedIndexes } from './diff-indexes.ts'
import { type DiffOptions, diffTable } from './diff-table.ts'
import { fitToTarget } from './fit-to-target.ts'
import { createStep, deleteStep, stepsFor } from './steps.ts'

/** The steps for one table, in order. This is the only input of apply. */
export interface Plan {
  /** The table's resolved name. */
  readonly table: string
  /** How the live table differs from the definition; nothing for a missing table. */
  readonly changes: readonly Change[]
  /** The calls, in the order in which they are sent; none when nothing differs. */
  readonly steps: readonly Step[]
  /** The changes that cannot be made in place, each with a hint; a plan that has any is not applied. */
  readonly blocked: readonly Problem[]
  /**
   * Values in the definition that this target cannot keep, and live values that the definition does not name; one line
   * each.
   */
  readonly notices: readonly string[]
  /** Settings in the definition that could not be read, so that differences in them are unknown. */
  readonly unread?: readonly FollowUpField[] | undefined
}

/** The target of a plan, and the changes that it may make. */
export interface PlanOptions extends DiffOptions {
  /** planDelete: turn deletion protection off first. */
  readonly disableProtection?: boolean | undefined
  /** Add a changed index under another name and keep the old one, instead of dropping and recreating it. */
  readonly safeReplace?: boolean | undefined
  /** The table's own region, where a replica cannot be; a live table's ARN tells it as well. */
  readonly region?: string | undefined
}

/**
 * The plan to make the table match its definition: create it when it is missing, else the shortest sequence of calls
 * that AWS accepts, one logical change each. A pure function; it sends no requests.
 */
export function planTable(definition: TableDefinition, live: LiveTable | undefined, options: PlanOptions = {}): Plan {
  return atPaceOf(options.capabilities, planFor(definition, live, options))
}

/** Without AWS's durations and quotas for an engine that has a pace of its own. */
export function atPaceOf(capabilities: Capabilities | undefined, plan: Plan): Plan {
  if (capabilities?.hasOwnPace !== true) return plan
  return { ...plan, steps: plan.steps.map(({ expected: _, uses: _uses, ...step }) => step) }
}

function planFor(definition: TableDefinition, live: LiveTable | undefined, options: PlanOptions): Plan {
  const { definition: fitted, notices } = fitToTarget(definition, options.capabilities)
  // Treat a table that is being deleted as missing: its name will be free soon.
  if (live === undefined || live.status === 'DELETING') {
    const against = settings.flatMap(setting => setting.reasonAgainstCreation?.(fitted, options.region) ?? [])
    return {
      table: fitted.name,
      changes: [],
      // CreateTable, and one step for each setting that it cannot carry.
      steps: [createStep(fitted), ...stepsFor(changesAfterCreation(fitted), fitted, undefined)],
      blocked: against.map(({ field, message }) => ({ path: at(fitted.name, field), message })),
      notices: [
        ...notices,
        ...settings.flatMap(setting => setting.notices?.(fitted, undefined, options.capabilities) ?? []),
      ],
    }
  }
  const differences = diffTable(fitted, live, options)
  const planned =
    options.safeReplace === true
      ? addBeside(differences.changes, fitted, live)
      : { changes: differences.changes, desired: fitted, notices: [] }
  const { changes, desired, notices: beside } = planned
  const { possible, blocked } = sortOutBlocked(changes, desired, live, options.capabilities)
  const setsIndexCapacity = options.capabilities?.ignores.includes('indexCapacityChanges') !== true
  const unread = unreadFields(desired, live)
  return {
    table: desired.name,
    changes: differences.changes,
    steps: stepsFor(possible, desired, live, { setsIndexCapacity, arn: live.arn }),
    blocked,
    notices: [
      ...notices,
      ...settings.flatMap(setting => setting.notices?.(desired, live.definition, options.capabilities) ?? []),
      ...beside,
      ...leftAloneBy(desired, live, options),
      ...unreadNotices(unread, live),
      ...leftOut(differences.leftOut, options.capabilities),
      ...(setsIndexCapacity ? [] : withoutCapacity(possible, desired, live, options.capabilities)),
    ],
    ...(unread.length === 0 ? {} : { unread }),
  }
}

/** Settings in the definition that were not read, in the table's region or in that of a replica. */
function unreadFields(desired: TableDefinition, live: LiveTable): FollowUpField[] {
  const unread = followUpFields(desired).filter(field => !live.read.includes(field))
  return unread.includes('replicas') || !isReplicaUnread(desired, live) ? unread : [...unread, 'replicas']
}

/** One line for each change that the target's limits leave out. */
function leftOut(changes: readonly Change[], target: Capabilities | undefined): string[] {
  return changes.map(
    change => `left out, since ${target?.label ?? 'this target'} cannot do it: ${describeChange(change)}`,
  )
}

/** One line for each new index whose capacity the target cannot set. */
function withoutCapacity(
  changes: readonly Change[],
  desired: TableDefinition,
  live: LiveTable,
  target: Capabilities | undefined,
): string[] {
  if (billingAfter(desired, live.definition) === 'PAY_PER_REQUEST') return []
  const added = changes.flatMap(change => addedIndex(change) ?? [])
  return added
    .filter(index => givenFor(desired, index, capacities) !== undefined)
    .map(
      ({ name }) =>
        `global index ${name} is added without its capacity: ${target?.label} sets one only when it creates a table`,
    )
}

/** Notices for live settings that are not in the definition; they stay unless the options say to drop them. */
function leftAloneBy(desired: TableDefinition, live: LiveTable, options: PlanOptions): string[] {
  const indexes = (['globalIndexes', 'localIndexes'] as const).flatMap(list => unnamedIndexes(list, desired, live))
  const names = options.dropIndexes === true ? [] : indexes.map(({ name }) => name)
  return [
    ...leftAlone(names, 'index', 'indexes'),
    ...settings.flatMap(setting => setting.leftAlone?.({ desired, live, indexes: [] }, options) ?? []),
  ]
}

/** Settings that could not be read must be reported; otherwise they would seem to match. */
function unreadNotices(unread: readonly FollowUpField[], { warnings }: LiveTable): readonly string[] {
  if (warnings.length > 0) return warnings
  return unread.length === 0 ? [] : [`not compared, since it was not read: ${unread.join(', ')}`]
}

/**
 * The plan to delete a table and, before that, its replicas: no steps when it does not exist or is being deleted;
 * blocked when the table or a replica is protected, unless `disableProtection` is set.
 */
export function planDelete(name: string, live: LiveTable | undefined, options: PlanOptions = {}): Plan {
  return atPaceOf(options.capabilities, planDeletion(name, live, options))
}

function planDeletion(name: string, live: LiveTable | undefined, options: PlanOptions): Plan {
  const plan = { table: name, changes: [], steps: [], blocked: [], notices: [] }
  if (live === undefined || live.status === 'DELETING') return plan
  const isProtected = live.definition.deletionProtection === true
  const regions = presentReplicas(live)
    .map(({ region }) => region)
    .filter(region => regionalLive(live, region)?.definition.deletionProtection === true)
  const steps = [...removeReplicas(name, live), deleteStep(name)]
  if (!isProtected && regions.length === 0) return { ...plan, steps }
  if (options.disableProtection === true) {
    // DeleteTable is accepted right after this change is answered; no wait is needed.
    const own = isProtected ? [unprotectStep(name, { kind: 'answered' })] : []
    return { ...plan, steps: [...regions.map(region => unprotectIn(name, region)), ...own, ...steps] }
  }
  const who = isProtected ? 'the table' : `the replica in ${regions.join(' and ')}`
  const message = `${who} is protected against deletion; turn that off first (--disable-protection, disableProtection)`
  return { ...plan, blocked: [{ path: at(name, 'deletionProtection'), message, rule: 'D1' }] }
}

function unprotectIn(name: string, region: string): Step {
  const step = unprotectStep(name, { kind: 'answered' })
  return { ...step, summary: `${step.summary} in ${region}`, request: { ...step.request, region } }
}
