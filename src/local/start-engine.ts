import { Worker } from 'node:worker_threads'
import { DynamoxError } from '../errors.ts'
import { localAccount, localRegion } from '../table/local-credentials.ts'
import { definedOnly } from '../table/untyped.ts'
import type { Allowed } from './engines/engine.ts'
import { portError } from './ports.ts'
import { damaged, unusable } from './store.ts'

/** The start data of the engine's worker. */
export interface EngineSettings {
  /** The secret that proves the engine's identity to processes that use its endpoint. */
  readonly instance: string
  /** The database's folder; in memory when absent. */
  readonly data?: string | undefined
  readonly allowed: Allowed
  /** How many times as fast as on AWS changes take effect; immediately when absent. */
  readonly speed?: number | undefined
  readonly createTableMs: number
  readonly deleteTableMs: number
  readonly updateTableMs: number
}

/** A message to the worker. */
export type EngineOrder =
  | { readonly kind: 'open'; readonly port: number }
  /** Lets processes that use the endpoint finish or take over, then releases `lock`. */
  | { readonly kind: 'close'; readonly lock?: string | undefined }

/** A message from the worker. */
export type EngineReport =
  /** The engine's code is loaded; opening takes a few milliseconds from here. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'listening'; readonly port: number }
  | EngineFailure
  | { readonly kind: 'closed' }

export interface EngineFailure {
  readonly kind: 'failed'
  /**
   * `locked`: another process has opened the database; `damaged`: its files are not valid; `port`: the port is in use
   * or forbidden; `release`: this release of dynalite is not supported.
   */
  readonly reason: 'locked' | 'damaged' | 'store' | 'port' | 'release' | 'internal'
  readonly message: string
  readonly hint?: string | undefined
  readonly code?: string | undefined
}

/** The embedded engine, in a thread of its own: it answers even while this thread is blocked. */
export interface Engine {
  /** Resolves once its code is loaded and `open` takes only a moment. */
  loaded(): Promise<void>
  /** Opens the store and listens. May be called again after a failure. */
  open(port: number): Promise<Extract<EngineReport, { kind: 'listening' | 'failed' }>>
  /** Stops it; resolves when all data is written and `lock` is released. Never throws. */
  close(lock?: string): Promise<void>
}

/** Starts the engine's thread. Without `keepAlive`, it keeps the process alive only while opening and closing. */
export function startEngine(settings: EngineSettings, options: { readonly keepAlive: boolean }): Engine {
  const worker = new Worker(new URL('../../bin/engine-worker.js', import.meta.url), {
    name: 'dynamox-engine',
    workerData: settings,
    // Pass only these variables to the thread: dynalite uses the first two in its ARNs, the code cache the others.
    env: { AWS_REGION: localRegion, AWS_ACCOUNT_ID: localAccount, ...cacheVariables() },
    execArgv: [],
    // Half of it makes data calls a tenth slower; V8's own 48 MB only adds an eighth to the process's memory.
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
    // Keep the thread's output off stdout, which is for results. Do not read this stream: reading keeps the process
    // alive.
    stdout: true,
  })
  if (!options.keepAlive) worker.unref()

  const ended = new Promise<EngineReport>(resolve => {
    worker.once('error', error => resolve(broken(error.stack ?? error.message)))
    worker.once('exit', code => resolve(broken(`its thread ended with code ${code}`)))
  })
  const next = (...kinds: readonly EngineReport['kind'][]): Promise<EngineReport> => {
    const heard = new Promise<EngineReport>(resolve => {
      const listen = (report: EngineReport) => {
        if (!kinds.includes(report.kind)) return
        worker.off('message', listen)
        resolve(report)
      }
      worker.on('message', listen)
    })
    return Promise.race([heard, ended])
  }
  const send = (order: EngineOrder) => worker.postMessage(order)
  const loaded = next('loaded', 'failed')
  let used = false

  return {
    loaded: async () => void (await loaded),
    open: async port => {
      used = true
      worker.ref()
      const answer = next('listening', 'failed')
      send({ kind: 'open', port })
      const report = await answer
      if (!options.keepAlive) worker.unref()
      if (report.kind === 'listening' || report.kind === 'failed') return report
      throw new DynamoxError('internal', `the embedded engine answered "${report.kind}" to "open"`)
    },
    close: async lock => {
      worker.ref()
      if (used) {
        const answer = next('closed', 'failed')
        send({ kind: 'close', lock })
        await answer
      }
      // Terminate the thread: tables that are still changing their status have active timers in it.
      await worker.terminate()
    },
  }
}

/** Those that decide where compiled code is kept. */
function cacheVariables(): NodeJS.ProcessEnv {
  const { DYNAMOX_NO_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  return definedOnly({ DYNAMOX_NO_CACHE, XDG_CACHE_HOME, LOCALAPPDATA })
}

/** The error for an engine that did not start; `folder` is its store, if any. */
export function engineError(report: EngineFailure, port: number, folder: string | undefined): DynamoxError {
  const cause = new Error(report.message)
  if (report.reason === 'port') return portError(port, report.code, cause)
  if (report.reason === 'release') return new DynamoxError('config', report.message, { hint: report.hint, cause })
  if (report.reason === 'damaged' && folder !== undefined) return damaged(folder, cause)
  if (report.reason === 'store' && folder !== undefined) return unusable(folder, cause)
  return new DynamoxError('internal', `the embedded engine did not start: ${report.message}`, { cause })
}

const broken = (message: string): EngineFailure => ({ kind: 'failed', reason: 'internal', message })
