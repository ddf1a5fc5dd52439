import type { Target } from '../aws/target.ts'
import { DynamoxError } from '../errors.ts'
import { awsEnvironment } from './environment.ts'
import type { SyncAnswer, SyncCall, SyncError, SyncMethod, SyncMethods } from './sync-messages.ts'
import { loadSynckit, syncWorkerFile } from './sync-worker-file.ts'

/** Seconds after which a call gives up that names no `timeoutSeconds`. */
const defaultTimeoutSeconds = 300

/**
 * Carries a call out in a worker and blocks until it has an answer. The worker is started once and kept.
 * `target` is `undefined` for a client of the user's own, which cannot go into a worker.
 */
export function callSync<M extends SyncMethod>(
  target: Target | undefined,
  method: M,
  name: string,
  options: SyncMethods[M]['options'],
): SyncMethods[M]['result'] {
  const { signal, timeoutSeconds = defaultTimeoutSeconds, ...rest } = options
  if (signal !== undefined) throw cannot(method, 'take a signal')
  if (target === undefined) throw cannot(method, 'use the SDK client that this client was made from')
  if (typeof target.credentials === 'function') throw cannot(method, 'use a function for credentials')
  const call = { target, env: awsEnvironment(), method, name, options: rest, timeoutSeconds } as SyncCall
  const answer = loadSynckit().createSyncFn<(call: SyncCall) => Promise<SyncAnswer>>(syncWorkerFile())(call)
  if (!answer.ok) throw asError(answer.error)
  return answer.value
}

function cannot(method: SyncMethod, what: string): DynamoxError {
  return new DynamoxError('usage', `${method}Sync cannot ${what}: it works in another thread`, {
    hint: `use await ${method}(...)`,
  })
}

function asError({ code, message, hint, problems, table, cause }: SyncError): DynamoxError {
  const underneath = cause === undefined ? undefined : Object.assign(new Error(cause.message), { name: cause.name })
  return new DynamoxError(code, message, { hint, problems, table, cause: underneath })
}
