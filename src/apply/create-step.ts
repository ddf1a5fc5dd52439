import { isDynamoxError } from '../errors.ts'
import type { Step } from '../settings/step.ts'
import type { LiveTable } from '../table/live.ts'
import { look } from './look.ts'
import type { Run } from './run.ts'
import { type Answer, accepted, pause, refused, send } from './send.ts'

/** `undefined`: the request was accepted. Otherwise the table that is there already. */
type Created = { readonly existing: LiveTable | undefined }

/**
 * Sends CreateTable without asking first whether the table is there: its own answer says so. A lost answer is
 * settled by looking before it is sent again, and so is a refusal, which may hide that the table is there.
 * @param onTurn called when its turn to send has come.
 */
export async function sendCreate(run: Run, step: Step, onTurn?: () => void): Promise<Created> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await trySend(run, step, onTurn)
    if (answer === undefined) return { existing: undefined }
    if (answer.kind === 'not-allowed') {
      // Whoever may not create tables may still ask whether they are as they should be.
      const existing = await look(run).catch(() => undefined)
      if (existing === undefined) throw answer.error
      return { existing }
    }
    const live = await look(run)
    if (live === undefined) {
      if (answer.kind !== 'unavailable' && answer.kind !== 'exists') throw refused(run, step, answer)
      await pause(run, step, answer, Math.min(5_000, 200 * 2 ** attempt))
      continue
    }
    if (answer.kind === 'unavailable' && live.status === 'CREATING') {
      accepted(run, step)
      return { existing: undefined }
    }
    return { existing: live }
  }
}

async function trySend(
  run: Run,
  step: Step,
  onTurn: (() => void) | undefined,
): Promise<Answer | { readonly kind: 'not-allowed'; readonly error: unknown }> {
  try {
    return await send(run, step, { onTurn })
  } catch (error) {
    if (!isDynamoxError(error) || error.code !== 'access-denied') throw error
    run.unanswered = undefined
    return { kind: 'not-allowed', error }
  }
}
