import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Jiti } from 'jiti'
import { cacheFolder, dropOld } from '../cache-folder.ts'
import type { WorkerSettings } from '../messages.ts'
import { createCompiler } from './compile.ts'
import { installModuleHelpers } from './module-helpers.ts'

const require = createRequire(import.meta.url)

/** Imports user files in any flavour of JavaScript and TypeScript. */
export interface Importer {
  /** Imports a file (absolute path) and returns its namespace. */
  file(file: string): Promise<unknown>
  /** Loads a file or package for its effects; `base` is the folder that its name is relative to. */
  effects(id: string, base: string): Promise<void>
  /** A hint for an error in a file, when the way it was compiled may be the reason. */
  advice(file: string): string | undefined
}

export function createImporter({ cwd, libraryEntry, ownRoot }: WorkerSettings): Importer {
  const library = fileURLToPath(libraryEntry)
  const compiler = createCompiler()
  const instances = new Map<boolean, Jiti>()
  installModuleHelpers()

  /** One jiti where `dynamox` means the running copy, one where it means the project's own. */
  const jitiFor = (from: string): Jiti => {
    const isOurs = isRunningCopy(from, ownRoot)
    const known = instances.get(isOurs)
    if (known) return known
    // By `require` jiti costs half of what its ESM entry does.
    const { createJiti } = require('jiti') as typeof import('jiti')
    const alias = isOurs ? ownExports(ownRoot, library) : {}
    const jiti = createJiti(join(cwd, 'dynamox.js'), {
      transform: compiler.transform,
      // `interop` of module-helpers.ts does this, without reading exports too early.
      interopDefault: false,
      tsconfigPaths: true,
      fsCache: compiledFolder(),
      alias,
    })
    for (const path of Object.values(alias)) loadNatively(path)
    instances.set(isOurs, jiti)
    return jiti
  }

  return {
    file: async file => {
      try {
        return await jitiFor(file).import(realpathSync(file))
      } catch (error) {
        failAgain(error)
        throw error
      }
    },
    effects: async (id, base) => {
      const from = join(base, 'dynamox.js')
      await jitiFor(from).import(id, { parentURL: pathToFileURL(from).href })
    },
    advice: compiler.advice,
  }
}

/** Where jiti keeps what it compiled; `false` for nowhere. A newer worker has a compiler of its own. */
function compiledFolder(): string | false {
  const folder = cacheFolder()
  if (folder === undefined) return false
  const { mtimeMs } = statSync(fileURLToPath(import.meta.url))
  const compiled = join(folder, `compiled-${process.env.DYNAMOX_VERSION ?? 'source'}-${Math.trunc(mtimeMs)}`)
  if (!existsSync(compiled)) dropOld(folder)
  return compiled
}

/** Importing a module that failed throws the same error again, as in Node; jiti would return the exports made so far. */
function failAgain(error: unknown): void {
  for (const module of Object.values(require.cache)) {
    if (module === undefined || module.loaded) continue
    Object.defineProperty(module, 'exports', {
      get() {
        throw error
      },
    })
  }
}

/**
 * Whether `dynamox`, imported from a file, is the running copy. The project's own wins; without one (npx, a global
 * install) the running copy stands in, as it does for files that lie within this package.
 * @param ownRoot the root of the running copy's package, with a separator at its end.
 */
function isRunningCopy(file: string, ownRoot: string): boolean {
  // Node's own search would do, but for the first file it takes longer than everything else that is done with it.
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', 'dynamox')
    if (existsSync(found)) return join(realpathSync(found), '/') === ownRoot
    if (folder === dirname(folder)) break
  }
  // Outside of node_modules only Node and package managers that change its resolution can find one.
  if (!process.env.NODE_PATH && process.versions.pnp === undefined) return true
  try {
    return createRequire(file).resolve('dynamox').startsWith(ownRoot)
  } catch {
    return true
  }
}

/** The target of an export in package.json: a file, or one under conditions. */
type Target = string | { readonly default: Target }

const leadsTo = (target: Target): string => (typeof target === 'string' ? target : leadsTo(target.default))

/** Where each import of this package leads in the running copy. jiti takes an alias for the beginning of longer names, too. */
function ownExports(ownRoot: string, entry: string): Readonly<Record<string, string>> {
  const { exports } = JSON.parse(readFileSync(join(ownRoot, 'package.json'), 'utf8')) as {
    exports: Record<string, Target>
  }
  const entries = Object.entries(exports).map(([name, target]) => [
    `dynamox${name.slice(1)}`,
    join(ownRoot, leadsTo(target)),
  ])
  return { ...Object.fromEntries(entries), dynamox: entry }
}

/**
 * Lets Node itself load the running copy when a model first asks for it. Left to jiti, a `require('dynamox')` would put
 * the whole library through Babel. jiti looks into Node's cache before it reads a file, so that is where this waits.
 */
function loadNatively(path: string): void {
  const { cache } = require
  const waiting = new Module(path)
  waiting.filename = path
  waiting.loaded = true
  Object.defineProperty(waiting, 'exports', {
    get() {
      if (cache[path] === waiting) delete cache[path]
      return require(path)
    },
  })
  cache[path] = waiting
}
