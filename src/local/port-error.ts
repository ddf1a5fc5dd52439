import { DynamoxError } from '../errors.ts'
import { portHolder } from './port-holder.ts'

/** The error for a port that cannot be listened on: which process has it, and how to go on. */
export function portError(port: number, code: string | undefined, cause?: unknown): DynamoxError {
  const what =
    code === 'EADDRINUSE'
      ? `is in use by ${portHolder(port) ?? 'another program'}`
      : `cannot be used (${code ?? 'unknown reason'})`
  return new DynamoxError('usage', `port ${port} on 127.0.0.1 ${what}`, {
    hint: 'end that program, or choose another port: --port 8001, or --port 0 for a free one',
    cause,
  })
}
