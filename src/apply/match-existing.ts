import { DynamoxError } from '../errors.ts'
import { describeChange } from '../plan/describe-change.ts'
import { diffTable } from '../plan/diff.ts'
import { followUpFields, isUnfinishedCreate } from '../plan/follow-ups.ts'
import { planTable } from '../plan/plan-table.ts'
import type { Change } from '../settings/change.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { LiveTable } from '../table/live.ts'
import { blockedBy } from './blocked-by.ts'
import { carryOut, waitAfter } from './carry-out.ts'
import type { Outcome } from './events.ts'
import { look, waitOn, watch } from './look.ts'
import { isReady } from './readiness.ts'
import type { Run } from './run.ts'

/**
 * How long another creator gets to send what CreateTable could not carry: longer where it was seen at work. Only
 * then is a table that lacks nothing else taken for one whose creation was interrupted.
 */
const graceMs = { seenCreating: 8_000, otherwise: 2_000 }

type Matched = Pick<Outcome, 'action' | 'changes' | 'error' | 'steps'>

/** Compares a table that was there before us with its definition; `gone` when it was on its way out, and now is. */
export async function matchExisting(
  run: Run,
  definition: TableDefinition,
  found: LiveTable,
): Promise<Matched | 'gone'> {
  run.saw(found)
  if (found.status === 'DELETING') {
    await waitOn(run, { kind: 'gone', id: found.id }, { work: 'delete' }, 'still being deleted')
    return 'gone'
  }
  const { wait = true, dryRun = false, strict = false } = run.options
  if (strict) return { action: 'exists', error: existsAlready(run.name) }
  const settle = wait && !dryRun && !isReady(found)
  if (settle) await waitOn(run, { kind: 'ready' }, { work: 'unknown' }, 'not ready')
  const changes = await compare(run, definition, settle ? undefined : found)
  if (changes.length === 0) return { action: 'unchanged' }
  if (!changes.every(isUnfinishedCreate)) return { action: 'different', changes }
  const grace = found.status === 'CREATING' ? graceMs.seenCreating : graceMs.otherwise
  return dryRun
    ? { action: 'planned', steps: await missingSteps(run, definition) }
    : finish(run, definition, wait ? grace : 0)
}

/** One description with all the settings that the definition speaks of; `known` serves where it speaks of none. */
async function compare(run: Run, definition: TableDefinition, known?: LiveTable): Promise<readonly Change[]> {
  const capabilities = run.api.capabilities()
  const fields = followUpFields(definition, capabilities)
  const live = known !== undefined && fields.length === 0 ? known : await look(run, fields)
  if (live === undefined) throw goneAgain(run.name)
  const plan = planTable(definition, live, { capabilities })
  for (const notice of plan.notices) run.warn(notice)
  return diffTable(definition, live, { capabilities })
}

/** Lets another creator finish; what is missing then, nobody is about to send. */
async function finish(run: Run, definition: TableDefinition, grace: number): Promise<Matched> {
  const capabilities = run.api.capabilities()
  const fields = followUpFields(definition, capabilities)
  const holds = (live: LiveTable | undefined) =>
    live === undefined || !hasOnlyUnfinished(diffTable(definition, live, { capabilities }))
  if (grace > 0) {
    const deadline = Math.min(run.deadline, run.clock.now() + grace)
    await watch(run, { kind: 'holds', holds }, { work: 'quick', fields }, deadline)
  }
  const changes = await compare(run, definition)
  if (changes.length === 0) return { action: 'unchanged' }
  if (!changes.every(isUnfinishedCreate)) return { action: 'different', changes }
  const before = run.sent.length
  for (const step of await missingSteps(run, definition)) {
    const carriedOut = await carryOut(run, step)
    if (run.options.wait !== false) await waitAfter(run, step, carriedOut)
  }
  const finished = run.sent.slice(before).flatMap(step => step.changes.map(describeChange))
  if (finished.length > 0) run.warn(`finished what an earlier create had not: ${[...new Set(finished)].join('; ')}`)
  return { action: 'unchanged' }
}

async function missingSteps(run: Run, definition: TableDefinition) {
  const capabilities = run.api.capabilities()
  const live = await look(run, followUpFields(definition, capabilities))
  if (live === undefined) throw goneAgain(run.name)
  const plan = planTable(definition, live, { capabilities })
  if (plan.blocked.length > 0) throw blockedBy(plan)
  return plan.steps
}

function hasOnlyUnfinished(changes: readonly Change[]): boolean {
  return changes.length > 0 && changes.every(isUnfinishedCreate)
}

function existsAlready(name: string): DynamoxError {
  return new DynamoxError('exists', `${name} exists already`, {
    table: name,
    hint: 'leave out --strict to accept a table that matches',
  })
}

function goneAgain(name: string): DynamoxError {
  return new DynamoxError('not-found', `${name} was deleted by somebody else while it was being looked at`, {
    table: name,
    hint: 'run the command again to create it',
  })
}
