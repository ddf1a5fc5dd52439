/** Where the tests' bundles lie: the worker, and the library that model files import. */
export const bundleFolder = '../../node_modules/.cache/dynamox/'

/**
 * Code that starts the worker from its TypeScript source, for the project's own tests: Node 20 cannot read TypeScript.
 * The worker and the library are bundled once and kept until a source is newer; file by file takes many times as long.
 */
export function workerFromSource(entry: URL): string {
  return `
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, utimesSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { threadId } from 'node:worker_threads'

const entry = ${JSON.stringify(entry.href)}
const sources = fileURLToPath(new URL('../', entry))
const folder = fileURLToPath(new URL(${JSON.stringify(bundleFolder)}, entry))
const worker = folder + 'load-worker.cjs'
const started = new Date()
const changed = path => statSync(path).mtimeMs
const newest = Math.max(...readdirSync(sources, { recursive: true }).map(file => changed(sources + file)))

if (!existsSync(worker) || changed(worker) <= newest) {
  const { buildSync } = createRequire(entry)('esbuild')
  // What is compiled is kept for as long as the sources stay as they are.
  const define = { 'process.env.DYNAMOX_COMPILER': JSON.stringify(String(newest)), 'import.meta.url': '__moduleUrl' }
  const banner = { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' }
  const own = folder + process.pid + '-' + threadId + '-'
  mkdirSync(folder, { recursive: true })
  // The worker comes last: it is the one whose age counts.
  for (const [name, source] of [['library', 'index.ts'], ['load-worker', 'load/worker.ts']]) {
    const outfile = own + name + '.cjs'
    buildSync({ entryPoints: [sources + source], bundle: true, platform: 'node', format: 'cjs', packages: 'external', outfile, define, banner })
    utimesSync(outfile, started, started)
    renameSync(outfile, folder + name + '.cjs')
  }
}
await import(pathToFileURL(worker))
`
}
