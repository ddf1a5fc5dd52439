import type { Worker } from 'node:worker_threads'
import { workerFile } from './worker-file.ts'

// The thread that runs user code. Starting it is slow, so a caller who knows that it will be needed can start it ahead.

let ahead: Promise<Worker> | undefined

/**
 * Starts the thread for the next `takeWorker`, unless one is already started; `started` is an idle thread to use. Until
 * it is taken, it does not keep the process alive.
 */
export function startAhead(started?: Worker): void {
  ahead ??= started === undefined ? start().then(idle) : Promise.resolve(started)
}

/** A thread for the caller, which must end it. */
export async function takeWorker(): Promise<Worker> {
  const worker = await (ahead ?? start())
  ahead = undefined
  // A worker that has ended has no thread id.
  if (worker.threadId < 0) return start()
  worker.ref()
  return worker
}

function idle(worker: Worker): Worker {
  worker.unref()
  // The caller listens for the worker's end; without a listener, an error would end the process.
  return worker.on('error', () => {})
}

async function start(): Promise<Worker> {
  const { Worker } = await import('node:worker_threads')
  return new Worker(workerFile())
}
