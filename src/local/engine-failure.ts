import { DynamoxError } from '../errors.ts'
import type { EngineReport } from './engine-messages.ts'
import { damaged, unusable } from './store.ts'

/** The error for an engine that did not start; `folder` is its store, if it has one. */
export function engineFailure(
  report: Extract<EngineReport, { kind: 'failed' }>,
  port: number,
  folder: string | undefined,
): DynamoxError {
  const cause = new Error(report.message)
  if (report.reason === 'port') return portFailure(report.code, port, cause)
  if (report.reason === 'damaged' && folder !== undefined) return damaged(folder, cause)
  if (report.reason === 'store' && folder !== undefined) return unusable(folder, cause)
  return new DynamoxError('internal', `The embedded engine did not start: ${report.message}`, { cause })
}

function portFailure(code: string | undefined, port: number, cause: Error): DynamoxError {
  const what = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${code ?? cause.message})`
  return new DynamoxError('usage', `Port ${port} on 127.0.0.1 ${what}.`, {
    hint: 'Choose another port, or leave it out to get a free one.',
    cause,
  })
}
