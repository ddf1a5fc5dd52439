const here = import.meta.url

/** Where the engine's worker starts: in the TypeScript sources (tests), or as it is built for the library and the CLI. */
export function engineWorkerFile(): URL {
  if (!here.endsWith('.ts')) return new URL('../cli/engine-worker.cjs', here)
  return new URL(`data:text/javascript,${encodeURIComponent(fromSource(new URL('./engine-worker.ts', here)))}`)
}

// Node 20 cannot read TypeScript, so the sources' worker brings jiti along.
const fromSource = (entry: URL): string => `
import { createRequire } from 'node:module'
const { createJiti } = createRequire(${JSON.stringify(entry.href)})('jiti')
await createJiti(${JSON.stringify(entry.href)}, { interopDefault: false }).import(${JSON.stringify(entry.href)})
`
