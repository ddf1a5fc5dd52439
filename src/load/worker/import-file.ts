import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Jiti } from 'jiti'
import { attempt } from '../../errors.ts'
import { findInPackage, findUpward } from '../../table/project-files.ts'
import { cacheFolder, dropOld } from '../cache-folder.ts'
import type { WorkerSettings } from '../messages.ts'
import { createCompiler } from './compile.ts'
import { installModuleHelpers, type MissingExport } from './module-helpers.ts'
import { referencedPaths } from './tsconfig.ts'

const require = createRequire(import.meta.url)

/** Imports user files in any flavour of JavaScript and TypeScript. */
export interface Importer {
  /** Imports a file (absolute path) and returns its namespace. `modules` take the place of those with their names. */
  file(file: string, modules?: Record<string, unknown>): Promise<unknown>
  /** Loads a file or package for its side effects; its name is relative to the folder `base`. */
  effects(id: string, base: string): Promise<void>
  /** A hint for an error in a file that its compilation may have caused. */
  advice(file: string): string | undefined
  /** The names imported since the last call that the project's own files do not export. */
  missingExports(): readonly MissingExport[]
}

export function createImporter({ cwd, libraryEntry, ownRoot }: WorkerSettings): Importer {
  const library = fileURLToPath(libraryEntry)
  const compiler = createCompiler()
  const instances = new Map<string, Promise<Jiti>>()
  const missingExports = installModuleHelpers()

  /** jiti instances: for each tsconfig one in which `dynamox` is the running copy, and one with the project's own. */
  const jitiFor = (from: string, modules?: Record<string, unknown>): Promise<Jiti> => {
    const isOurs = isRunningCopy(from, ownRoot)
    const tsconfig = findUpward(dirname(from), 'tsconfig.json') ?? findUpward(cwd, 'tsconfig.json')
    if (modules !== undefined) return create(isOurs, tsconfig, modules)
    const key = `${isOurs} ${tsconfig}`
    const jiti = instances.get(key) ?? create(isOurs, tsconfig)
    instances.set(key, jiti)
    return jiti
  }

  const create = async (
    isOurs: boolean,
    tsconfig: string | undefined,
    modules?: Record<string, unknown>,
  ): Promise<Jiti> => {
    // `require` loads jiti in half the time of its ESM entry.
    const { createJiti } = require('jiti') as typeof import('jiti')
    const own = isOurs ? ownExports(ownRoot, library) : {}
    const paths = tsconfig === undefined ? {} : await referencedPaths(tsconfig)
    const jiti = createJiti(join(cwd, 'dynamox.js'), {
      transform: compiler.transform,
      // `interop` in module-helpers.ts does this without reading exports too early.
      interopDefault: false,
      tsconfigPaths: tsconfig ?? false,
      fsCache: compiledFolder(),
      alias: { ...paths, ...own },
      ...(modules === undefined ? {} : { virtualModules: modules }),
    })
    for (const path of Object.values(own)) loadNatively(path)
    return jiti
  }

  return {
    file: async (file, modules) => {
      try {
        const jiti = await jitiFor(file, modules)
        return await jiti.import(realpathSync(file))
      } catch (error) {
        failAgain(error)
        throw error
      }
    },
    effects: async (id, base) => {
      const from = join(base, 'dynamox.js')
      const jiti = await jitiFor(from)
      await jiti.import(id, { parentURL: pathToFileURL(from).href })
    },
    advice: compiler.advice,
    missingExports,
  }
}

/**
 * The cache folder of jiti, or `false` for none. It depends on the worker's version, because its compiler may change.
 */
function compiledFolder(): string | false {
  const folder = cacheFolder()
  if (folder === undefined) return false
  const { mtimeMs } = statSync(fileURLToPath(import.meta.url))
  const compiled = join(folder, `compiled-${process.env.DYNAMOX_VERSION ?? 'source'}-${Math.trunc(mtimeMs)}`)
  if (!existsSync(compiled)) dropOld(folder)
  return compiled
}

/**
 * Makes a repeated import of a failed module throw the same error, as in Node; jiti would return its partial exports.
 */
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
 * Whether `import ... from 'dynamox'` in a file loads the running copy. The project's own copy wins; the running copy
 * is used without one (npx, a global install), and for files within this package.
 * @param ownRoot the root of the running copy's package, with a separator at its end.
 */
function isRunningCopy(file: string, ownRoot: string): boolean {
  // Node's own resolution would work, but is very slow for the first file.
  const found = findInPackage(dirname(file), 'dynamox')
  if (found !== undefined) return join(realpathSync(found), '/') === ownRoot
  // Only Node, or a package manager that changes its resolution, can find a copy outside node_modules.
  if (!process.env.NODE_PATH && process.versions.pnp === undefined) return true
  return attempt(() => createRequire(file).resolve('dynamox').startsWith(ownRoot)) ?? true
}

/** The target of an export in package.json: a file, or an object with conditions. */
type Target = string | { readonly default: Target }

const leadsTo = (target: Target): string => (typeof target === 'string' ? target : leadsTo(target.default))

/**
 * The file in the running copy for each import of this package. jiti also applies an alias to longer names that start
 * with it.
 */
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
 * Makes Node itself load the running copy on first use; with jiti, `require('dynamox')` would compile the whole library
 * with Babel. The entry is placed in Node's module cache, which jiti checks before it reads a file.
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
