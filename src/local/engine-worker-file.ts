const here = import.meta.url

/** Where the engine's worker starts: in the TypeScript sources (tests), the library (`dist/lib`) or the CLI (`dist/cli`). */
export function engineWorkerFile(): URL {
  if (here.endsWith('.cjs')) return new URL('./engine-worker.cjs', here)
  if (here.endsWith('.js')) return new URL('./engine-worker.js', here)
  return new URL(`data:text/javascript,${encodeURIComponent(fromSource(new URL('./engine-worker.ts', here)))}`)
}

// Node 20 cannot read TypeScript, so the sources' worker brings jiti along.
const fromSource = (entry: URL): string => `
import { createRequire } from 'node:module'
const { createJiti } = createRequire(${JSON.stringify(entry.href)})('jiti')
await createJiti(${JSON.stringify(entry.href)}, { interopDefault: false }).import(${JSON.stringify(entry.href)})
`
