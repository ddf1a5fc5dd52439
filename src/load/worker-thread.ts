import type { Worker } from 'node:worker_threads'
import { workerFile } from './worker-file.ts'

// The thread that user code runs in. Starting it takes as long as everything else until it is needed, so whoever knows
// that it will be can have it started meanwhile.

let ahead: Promise<Worker> | undefined

/** Starts the thread that the next `takeWorker` gives, unless somebody has already. It keeps no process alive until then. */
export function startAhead(started?: Worker): void {
  ahead ??= (async () => {
    const worker = started ?? (await start())
    // Whoever takes it hears of the exit; without a listener the error would end the process.
    worker.on('error', () => {})
    worker.unref()
    return worker
  })()
}

/** A thread of one's own, which is the taker's to end. */
export async function takeWorker(): Promise<Worker> {
  const worker = await (ahead ?? start())
  ahead = undefined
  // One that ended by itself has no thread any more.
  if (worker.threadId < 0) return start()
  worker.ref()
  return worker
}

async function start(): Promise<Worker> {
  const { Worker } = await import('node:worker_threads')
  const { url, execArgv } = workerFile()
  return new Worker(url, execArgv === undefined ? {} : { execArgv })
}
