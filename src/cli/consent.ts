import { DynamoxError } from '../errors.ts'
import type { Run } from './run.ts'

/** Whether a question has to be asked. Throws `usage` where one would have to be and nobody can be asked. */
export function mustAsk({ flags, io, command }: Run): boolean {
  if (flags.yes === true || flags.dryRun === true) return false
  const can = flags.json !== true && io.stdin.isTTY === true && io.stderr.isTTY === true
  if (can) return true
  const why = flags.json === true ? 'with --json' : 'without a terminal'
  throw new DynamoxError('usage', `${command} asks first, and cannot ask ${why}`, {
    hint: 'add --yes to go on without being asked',
  })
}

export interface Question {
  /** What is to be done: `delete users`. */
  readonly deed: string
  /** What to type before anything is done on AWS; a plain yes will do when absent. */
  readonly word?: string | undefined
}

/** Asks, and throws unless the answer is a clear yes. */
export async function consent({ io, signal }: Run, { deed, word }: Question): Promise<void> {
  const { ask } = await import('./report/ask.ts')
  const question = word === undefined ? `${upper(deed)}? (y/N) ` : `To ${deed}, type ${word}: `
  const answer = await ask(io, question, signal)
  const agreed = word === undefined ? /^y(es)?$/i.test(answer ?? '') : answer === word
  if (!agreed) throw new DynamoxError('usage', 'not confirmed; nothing was changed')
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
