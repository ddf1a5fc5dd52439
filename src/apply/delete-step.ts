import { DynamoxError } from '../errors.ts'
import type { Step } from '../settings/step.ts'
import { look } from './look.ts'
import type { Run } from './run.ts'
import { accepted, pause, refused, send } from './send.ts'

/** Sends DeleteTable; `absent` when the table was gone before it arrived. */
export async function sendDelete(run: Run, step: Step): Promise<'accepted' | 'absent'> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await send(run, step)
    if (answer === undefined) return 'accepted'
    if (answer.kind === 'not-found') return 'absent'
    const live = await look(run)
    const leaving = live === undefined || live.status === 'DELETING'
    if (answer.kind !== 'unavailable') {
      if (live === undefined) return 'absent'
      throw live.definition.deletionProtection === true ? isProtected(run.name) : refused(run, step, answer)
    }
    if (leaving) {
      accepted(run, step)
      return 'accepted'
    }
    await pause(run, step, answer, Math.min(5_000, 200 * 2 ** attempt))
  }
}

/** The table is protected, and nobody asked to change that. */
export function isProtected(name: string): DynamoxError {
  return new DynamoxError('blocked', `${name} is protected against deletion`, {
    table: name,
    hint: 'turn the protection off first (--disable-protection, disableProtection)',
  })
}
