import { Worker } from 'node:worker_threads'
import { DynamoxError } from '../errors.ts'
import { localRegion } from '../table/local-credentials.ts'
import type { EngineOrder, EngineReport, EngineSettings } from './engine-messages.ts'
import { engineWorkerFile } from './engine-worker-file.ts'

/** The embedded engine, in a thread of its own: it answers also while this thread is blocked. */
export interface Engine {
  /** Resolves once its code is there and `open` takes only a moment. */
  loaded(): Promise<void>
  /** Opens the store and listens. May be tried again after a `failed`. */
  open(port: number): Promise<Extract<EngineReport, { kind: 'listening' | 'failed' }>>
  /** Ends it: everything is written and `lock` given up when this resolves. Never throws. */
  close(lock?: string): Promise<void>
}

/** Starts the engine's thread. Unless `keepAlive`, only opening and closing keep the process from ending. */
export function startEngine(settings: EngineSettings, options: { readonly keepAlive: boolean }): Engine {
  const worker = new Worker(engineWorkerFile(), {
    name: 'dynamox-engine',
    workerData: settings,
    // Nothing of the process reaches in but this: dynalite takes the region of its ARNs from here.
    env: { AWS_REGION: localRegion, AWS_ACCOUNT_ID: '000000000000' },
    execArgv: [],
    // stdout is for results. Nobody reads this one: reading it would keep the process alive.
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
      // Tables that are on their way still have timers there.
      await worker.terminate()
    },
  }
}

const broken = (message: string): EngineReport => ({ kind: 'failed', reason: 'internal', message })
