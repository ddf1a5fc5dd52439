import type { Worker } from 'node:worker_threads'
import { workerFile } from './worker-file.ts'

// The thread that user code runs in. Starting it takes as long as everything else until it is needed, so a caller who knows
// that it will be can have it started meanwhile.

let ahead: Promise<Worker> | undefined

/**
 * Starts the thread that the next `takeWorker` gives, unless one was started already: `started` is one that is idle. Until
 * it is taken it keeps no process alive.
 */
export function startAhead(started?: Worker): void {
  ahead ??= started === undefined ? start().then(idle) : Promise.resolve(started)
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

function idle(worker: Worker): Worker {
  worker.unref()
  // The caller that takes it listens for its end; without any listener the error would end the process.
  return worker.on('error', () => {})
}

async function start(): Promise<Worker> {
  const { Worker } = await import('node:worker_threads')
  return new Worker(workerFile())
}
