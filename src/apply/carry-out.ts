import { DynamoxError } from '../errors.ts'
import { fieldsToJudge, isStepDone } from '../plan/carried-out.ts'
import { describeChange } from '../plan/describe-change.ts'
import { describeRequest } from '../plan/describe-request.ts'
import { workOf } from '../plan/durations.ts'
import type { Step } from '../settings/step.ts'
import type { LiveTable } from '../table/live.ts'
import type { Goal } from './goal.ts'
import { look, waitOn } from './look.ts'
import type { Run } from './run.ts'
import { type Answer, accepted, pause, refused, send } from './send.ts'

/** Right after a creation some operations do not find the table yet, though DescribeTable does. */
const notFoundToleranceMs = 10_000

/** `already`: somebody else did it. */
export type CarriedOut = 'done' | 'already' | 'left-out'

/**
 * Sends one step that changes an existing table, and sees to it that it was carried out, by whomever: a lost answer,
 * and a refusal because another process was quicker, are settled by looking. What the target does not know at all is
 * warned about and left out.
 */
export async function carryOut(run: Run, step: Step): Promise<CarriedOut> {
  const startedAt = run.clock.now()
  let already = false
  const recheck = async () => {
    const live = await look(run, fieldsToJudge(step.request))
    if (live === undefined) throw gone(run, step)
    already = isStepDone(step, live)
    return already
  }
  for (let attempt = 0; ; attempt += 1) {
    const answer = await send(run, step, { recheck })
    if (answer === undefined) return already ? 'already' : 'done'
    if (answer.kind === 'unsupported') return leaveOut(run, step)
    if (answer.kind === 'unavailable') await settle(run, step)
    if (await recheck()) {
      if (answer.kind !== 'unavailable') return 'already'
      accepted(run, step)
      return 'done'
    }
    if (!maySucceedLater(answer, run.clock.now() - startedAt)) throw refused(run, step, answer)
    await pause(run, step, answer, Math.min(5_000, 500 * 2 ** attempt))
  }
}

/** An answer was lost. Whether the request was carried out shows when the table has come to rest, not before. */
async function settle(run: Run, step: Step): Promise<void> {
  const { request } = step
  if (request.api !== 'UpdateTable') return
  await waitOn(run, { kind: 'ready', request }, { work: workOf(request) }, 'not ready')
}

/** Waits for what must hold before the next step; returns the table as it was seen then, if it was looked at. */
export async function waitAfter(run: Run, step: Step, carriedOut: CarriedOut): Promise<LiveTable | undefined> {
  if (carriedOut === 'left-out') return undefined
  const { request, until } = step
  const goal = goalOf(step)
  if (goal === undefined) return undefined
  const details = { work: workOf(request), fields: until.kind === 'setting' ? [until.field] : [] }
  const live = await waitOn(run, goal, details, `${describeRequest(request)} has not settled`)
  if (live !== undefined && request.api !== 'CreateTable' && request.api !== 'DeleteTable' && !isStepDone(step, live)) {
    run.warn(`${describeRequest(request)} was accepted, but the table does not show it`)
  }
  return live
}

/** What a step waits for, as the waiter knows it; nothing where the answer was all. */
export function goalOf(step: Step): Goal | undefined {
  const { request, until } = step
  switch (until.kind) {
    case 'ready':
      return { kind: 'ready', request }
    case 'gone':
      return { kind: 'gone' }
    case 'index-gone':
      return { kind: 'index-gone', index: until.index, step }
    case 'setting':
      return { kind: 'setting', field: until.field, request }
    case 'answered':
      return undefined
    default:
      return until satisfies never
  }
}

function maySucceedLater(answer: NonNullable<Answer>, elapsedMs: number): boolean {
  return answer.kind === 'unavailable' || (answer.kind === 'not-found' && elapsedMs < notFoundToleranceMs)
}

function leaveOut(run: Run, step: Step): 'left-out' {
  const { label } = run.api.capabilities()
  run.warn(`not applied: ${step.changes.map(describeChange).join('; ')} (${label} does not know ${step.request.api})`)
  return 'left-out'
}

function gone(run: Run, step: Step): DynamoxError {
  return new DynamoxError(
    'not-found',
    `${run.name} is not there any more; ${describeRequest(step.request)} was not carried out`,
    {
      table: run.name,
      hint: 'somebody deleted it meanwhile; dynamox create makes it again',
    },
  )
}
