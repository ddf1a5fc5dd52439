/**
 * Code that starts the worker from its TypeScript source, for the project's own tests: Node 20 cannot read TypeScript.
 * The worker is bundled once and kept until a source is newer; file by file it would take several times as long.
 */
export function workerFromSource(entry: URL): string {
  return `
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, utimesSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { threadId } from 'node:worker_threads'

const entry = ${JSON.stringify(entry.href)}
const sources = fileURLToPath(new URL('../', entry))
const folder = fileURLToPath(new URL('../../node_modules/.cache/dynamox/', entry))
const bundle = folder + 'load-worker.mjs'
const started = new Date()
const changed = path => statSync(path).mtimeMs
const newest = Math.max(...readdirSync(sources, { recursive: true }).map(file => changed(sources + file)))

if (!existsSync(bundle) || changed(bundle) <= newest) {
  const { buildSync } = createRequire(entry)('esbuild')
  const outfile = folder + process.pid + '-' + threadId + '.mjs'
  mkdirSync(folder, { recursive: true })
  buildSync({ entryPoints: [fileURLToPath(entry)], bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile })
  utimesSync(outfile, started, started)
  renameSync(outfile, bundle)
}
await import(pathToFileURL(bundle))
`
}
