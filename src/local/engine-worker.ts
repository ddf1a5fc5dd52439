import { parentPort, workerData } from 'node:worker_threads'
import { isDynamoxError } from '../errors.ts'
import { loadDynalite } from './load-dynalite.ts'
import { EngineFailed, type Serving, serveStore } from './serve-store.ts'
import type { EngineFailure, EngineOrder, EngineReport, EngineSettings } from './start-engine.ts'

// The thread of the embedded engine; it executes the orders of `startEngine`.

if (parentPort !== null) {
  const parent = parentPort
  const settings: EngineSettings = workerData
  const report = (message: EngineReport) => parent.postMessage(message)
  const dynalite = loadDynalite()
  let serving: Serving | undefined

  const carryOut = async (order: EngineOrder): Promise<void> => {
    if (order.kind === 'open') {
      serving = await serveStore(await dynalite, settings, order.port)
      report({ kind: 'listening', port: serving.port })
    } else {
      await serving?.close(order.lock)
      keepCode()
      report({ kind: 'closed' })
    }
  }
  const failed = (error: unknown) => report(failureOf(error))

  parent.on('message', (order: EngineOrder) => void carryOut(order).catch(failed))
  dynalite.then(() => report({ kind: 'loaded' }), failed)
}

/** Writes the code cache of this thread, if any, because the parent terminates the thread. */
function keepCode(): void {
  const keep: unknown = Reflect.get(globalThis, Symbol.for('dynamox.keepCode'))
  if (typeof keep === 'function') keep()
}

function failureOf(error: unknown): EngineFailure {
  if (error instanceof EngineFailed)
    return { kind: 'failed', reason: error.reason, message: error.message, code: error.code }
  // Checking dynalite's internals is the only thing here that throws this error.
  if (isDynamoxError(error)) return { kind: 'failed', reason: 'release', message: error.message, hint: error.hint }
  return {
    kind: 'failed',
    reason: 'internal',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }
}
