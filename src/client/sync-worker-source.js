// Starts the worker from its TypeScript source, for tests; Node 20 cannot read TypeScript, so jiti comes along.
import { createJiti } from 'jiti'

await createJiti(import.meta.url, { interopDefault: false }).import('./sync-worker.ts')
