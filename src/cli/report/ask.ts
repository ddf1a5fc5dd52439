import { createInterface } from 'node:readline'
import { DynamoxError } from '../../errors.ts'
import type { Io } from '../io.ts'

/**
 * Asks on stderr and answers with what was typed, trimmed; `undefined` when the input ended instead.
 * Throws `interrupted` on Ctrl-C.
 */
export function ask({ stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>, question: string): Promise<string | undefined> {
  const lines = createInterface({ input: stdin, output: stderr, terminal: stderr.isTTY === true, historySize: 0 })
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      reject(new DynamoxError('interrupted', 'stopped at the question; nothing was sent'))
      lines.close()
    })
    lines.once('close', () => {
      stderr.write('\n')
      resolve(undefined)
    })
    lines.question(question, answer => {
      lines.removeAllListeners('close')
      lines.close()
      resolve(answer.trim())
    })
  })
}
