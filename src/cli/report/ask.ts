import { createInterface } from 'node:readline'
import { DynamoxError } from '../../errors.ts'
import type { Io } from '../io.ts'

/**
 * Asks on stderr and answers with what was typed, trimmed; `undefined` when the input ended instead.
 * Throws `interrupted` on Ctrl-C, and when the signal aborts.
 */
export function ask(
  { stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>,
  question: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  // On a terminal readline reads key by key, so that Ctrl-C arrives here and not as a signal.
  const lines = createInterface({ input: stdin, output: stderr, terminal: stderr.isTTY === true, historySize: 0 })
  return new Promise<string | undefined>((resolve, reject) => {
    const stop = () => reject(new DynamoxError('interrupted', 'stopped at the question; nothing was changed'))
    signal?.addEventListener('abort', stop, { once: true })
    lines.once('SIGINT', () => {
      stderr.write('\n')
      stop()
    })
    lines.once('close', () => {
      stderr.write('\n')
      resolve(undefined)
    })
    lines.question(question, answer => resolve(answer.trim()))
  }).finally(() => {
    lines.removeAllListeners()
    lines.close()
  })
}
