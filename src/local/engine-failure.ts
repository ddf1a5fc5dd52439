import { DynamoxError } from '../errors.ts'
import type { EngineReport } from './engine-messages.ts'
import { portError } from './port-error.ts'
import { damaged, unusable } from './store.ts'

/** The error for an engine that did not start; `folder` is its store, if it has one. */
export function engineFailure(
  report: Extract<EngineReport, { kind: 'failed' }>,
  port: number,
  folder: string | undefined,
): DynamoxError {
  const cause = new Error(report.message)
  if (report.reason === 'port') return portError(port, report.code, cause)
  if (report.reason === 'damaged' && folder !== undefined) return damaged(folder, cause)
  if (report.reason === 'store' && folder !== undefined) return unusable(folder, cause)
  return new DynamoxError('internal', `the embedded engine did not start: ${report.message}`, { cause })
}
