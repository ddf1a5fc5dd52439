import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const here = import.meta.url

/** Where the worker of the blocking methods starts: the TypeScript sources (tests), or the built library. */
export function syncWorkerFile(): string {
  return fileURLToPath(new URL(workerName(), here))
}

function workerName(): string {
  if (here.endsWith('.ts')) return './sync-worker-source.js'
  return here.endsWith('.cjs') ? '../lib/sync-worker.js' : './sync-worker.js'
}

/** synckit, loaded when a blocking method is first called: there is no `await` in those. */
export function loadSynckit(): typeof import('synckit') {
  return createRequire(here)('synckit') as typeof import('synckit')
}
