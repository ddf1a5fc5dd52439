import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'vite'

// The sources name a worker by its built file: new URL('../../bin/engine-worker.js', import.meta.url). Node 20 cannot
// run TypeScript in a worker, so tests bundle each worker from its source, once per run, and put the bundle's URL there.

const root = resolve(import.meta.dirname, '../..')
const sourceOf: Readonly<Record<string, string>> = {
  'engine-worker': 'src/local/engine-worker.ts',
  'sync-worker': 'src/client/sync-worker.ts',
}
const reference = /new URL\('\.\.\/(?:cli|lib|\.\.\/bin)\/([\w-]+)\.c?js', import\.meta\.url\)/g

/** For vitest: workers that the sources start are bundled from source. */
export function workersFromSource(): Plugin {
  return {
    name: 'workers-from-source',
    enforce: 'pre',
    transform: (code, id) =>
      id.startsWith(join(root, 'src') + sep) && code.search(reference) >= 0 ? withBundles(code) : undefined,
  }
}

const bundles = new Map<string, Promise<string>>()
let folder: string | undefined

/** A CommonJS file with a source file (named from the project's root) and all that it imports; removed when this process ends. */
export function bundleFromSource(entry: string): Promise<string> {
  const bundle = bundles.get(entry) ?? makeBundle(entry)
  bundles.set(entry, bundle)
  return bundle
}

async function makeBundle(entry: string): Promise<string> {
  folder ??= temporaryFolder()
  const outfile = join(folder, `${entry.replaceAll('/', '-')}.cjs`)
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'warning',
    define: { 'import.meta.url': '__moduleUrl' },
    banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    plugins: [
      {
        name: 'workers-from-source',
        setup: ({ onLoad }) =>
          onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
            contents: await withBundles(await readFile(path, 'utf8')),
            loader: 'ts',
          })),
      },
    ],
  })
  return outfile
}

async function withBundles(code: string): Promise<string> {
  const urls = new Map<string, string>()
  for (const [, name = ''] of code.matchAll(reference)) {
    const source = sourceOf[name]
    if (source === undefined) throw new Error(`test/support/workers-from-source.ts does not know the worker ${name}`)
    urls.set(name, pathToFileURL(await bundleFromSource(source)).href)
  }
  return code.replace(reference, (_, name: string) => `new URL(${JSON.stringify(urls.get(name))})`)
}

/** Below node_modules, so that bundles find the packages. */
function temporaryFolder(): string {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const made = mkdtempSync(join(cache, 'dynamox-workers-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}
