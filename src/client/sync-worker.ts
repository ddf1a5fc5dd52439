import { env } from 'node:process'
import { systemClock } from '../apply/clock.ts'
import type { TableApi } from '../apply/ports.ts'
import { createApi } from '../aws/create-api.ts'
import { isLoopback } from '../aws/endpoint.ts'
import { DynamoxError, isDynamoxError, messageOf } from '../errors.ts'
import { createTable, deleteTable, tableExists, waitForTable } from './operations.ts'
import type { SyncAnswer, SyncCall, SyncError } from './sync.ts'

// Runs the blocking methods, in one worker thread that lives as long as the process.

const apis = new Map<string, TableApi>()

/** How long after its deadline a call is abandoned, in case it hangs. */
const graceMs = 2_000

/** Never rejects: an error that cannot be cloned would leave the caller waiting forever. */
async function answer(call: SyncCall): Promise<SyncAnswer> {
  const over = new AbortController()
  try {
    adoptEnvironment(call)
    return { ok: true, value: await Promise.race([carryOut(call, over.signal), deadline(call, over.signal)]) }
  } catch (error) {
    const data = asData(error)
    return { ok: false, error: data.code === 'timeout' ? { ...data, hint: whyNoAnswer(call) ?? data.hint } : data }
  } finally {
    over.abort()
  }
}

/** Replaces the AWS variables in this thread's environment. */
function adoptEnvironment(call: SyncCall): void {
  for (const name of Object.keys(env)) {
    if (name.startsWith('AWS_') && !(name in call.env)) delete env[name]
  }
  Object.assign(env, call.env)
}

function carryOut(call: SyncCall, signal: AbortSignal) {
  const { name, timeoutSeconds } = call
  const api = apiFor(call)
  const limits = { timeoutSeconds, signal }
  switch (call.method) {
    case 'createTable':
      return createTable(api, name, { ...call.options, ...limits })
    case 'tableExists':
      return tableExists(api, name, limits)
    case 'deleteTable':
      return deleteTable(api, name, { ...call.options, ...limits })
    case 'waitForTableActive':
      return waitForTable(api, name, 'active', limits)
  }
}

/** One API for each target and environment, so that connections are reused across calls. */
function apiFor({ target, env }: SyncCall): TableApi {
  const key = JSON.stringify([target, env])
  const api = apis.get(key) ?? createApi(target)
  apis.set(key, api)
  return api
}

async function deadline({ method, name, timeoutSeconds }: SyncCall, signal: AbortSignal): Promise<never> {
  await systemClock.sleep(timeoutSeconds * 1000 + graceMs, signal)
  throw new DynamoxError('timeout', `${method}Sync got no answer within ${timeoutSeconds} s`, { table: name })
}

/** The usual reason why a local engine did not answer. */
function whyNoAnswer(call: SyncCall): string | undefined {
  const { endpoint } = call.target
  if (!isLoopback(endpoint) || apiFor(call).capabilities().engine !== 'unknown') return undefined
  return `an engine in the blocked thread cannot answer: run it in a worker or a process, or use await ${call.method}(...)`
}

function asData(thrown: unknown): SyncError {
  const error = isDynamoxError(thrown) ? thrown : new DynamoxError('internal', messageOf(thrown), { cause: thrown })
  const { code, message, hint, problems, place, table, cause } = error
  const reason = cause instanceof Error ? { name: cause.name, message: cause.message } : undefined
  return { code, message, hint, problems, place, table, cause: reason }
}

import('synckit').then(({ runAsWorker }) => runAsWorker(answer))
