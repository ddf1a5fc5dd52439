import { existsSync, mkdirSync, readdirSync, renameSync, statSync, utimesSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { threadId } from 'node:worker_threads'
import { buildSync } from 'esbuild'

// Stands in for src/load/worker-file.ts in tests (see vitest.config.ts): the worker and the library that model files import
// are bundled from their sources, once, and kept until a source is newer.

const here = import.meta.url
const sources = fileURLToPath(new URL('../../src/', here))
const folder = fileURLToPath(new URL('../../node_modules/.cache/dynamox/', here))
const banner = { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' }

export function workerFile(): URL {
  const worker = `${folder}load-worker.cjs`
  const changed = (path: string) => statSync(path).mtimeMs
  const newest = Math.max(...readdirSync(sources, { recursive: true }).map(file => changed(`${sources}${file}`)))
  if (!existsSync(worker) || changed(worker) <= newest) bundle()
  return new URL(`file://${worker}`)
}

function bundle(): void {
  const started = new Date()
  const own = `${folder}${process.pid}-${threadId}-`
  mkdirSync(folder, { recursive: true })
  const entries = [
    ['library', 'index.ts'],
    // The worker comes last: it is the one whose age counts.
    ['load-worker', 'load/worker.ts'],
  ] as const
  for (const [name, source] of entries) {
    const outfile = `${own}${name}.cjs`
    buildSync({
      entryPoints: [`${sources}${source}`],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      packages: 'external',
      outfile,
      define: { 'import.meta.url': '__moduleUrl' },
      banner,
    })
    utimesSync(outfile, started, started)
    renameSync(outfile, `${folder}${name}.cjs`)
  }
}

export function libraryEntry(): URL {
  return new URL(`file://${folder}library.cjs`)
}

export function ownRoot(): URL {
  return new URL('../../', here)
}
