import { readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Jiti } from 'jiti'
import type { WorkerSettings } from '../messages.ts'
import { withAdvice } from './advice.ts'
import { type Compiler, createCompiler } from './compile-decorators.ts'
import { compiledFolder } from './compiled.ts'
import { importQuickly } from './import-quickly.ts'
import { isRunningCopy } from './running-copy.ts'

const require = createRequire(import.meta.url)

/** Imports user files in any flavour of JavaScript and TypeScript. */
export interface Importer {
  /** What imports each of these files (absolute paths) and gives its namespace. */
  together(files: readonly string[]): (file: string) => Promise<unknown>
  /** Loads a file or package for its effects; `base` is the folder that its name is relative to. */
  effects(id: string, base: string): Promise<void>
}

/** Importer with jiti, which is loaded when a file needs it. */
export function createImporter({ cwd, libraryEntry, ownRoot }: WorkerSettings): Importer {
  const library = fileURLToPath(libraryEntry)
  const instances = new Map<boolean, Jiti>()
  let compiler: Compiler | undefined

  const jitiFor = (withAlias: boolean): Jiti => {
    const known = instances.get(withAlias)
    if (known) return known
    // By `require` jiti costs half of what its ESM entry does.
    const { createJiti } = require('jiti') as typeof import('jiti')
    compiler ??= createCompiler(() => createJiti(join(cwd, 'dynamox.js'), { interopDefault: true, fsCache: false }))
    const alias = withAlias ? ownExports(ownRoot, library) : {}
    const jiti = createJiti(join(cwd, 'dynamox.js'), {
      transform: compiler.transform,
      // As in Node and in TypeScript, `import dynamoose from 'dynamoose'` is what that CommonJS package exports.
      interopDefault: true,
      tsconfigPaths: true,
      fsCache: compiledFolder(),
      alias,
    })
    for (const path of Object.values(alias)) loadNatively(path)
    instances.set(withAlias, jiti)
    return jiti
  }

  const isOurs = (file: string) => isRunningCopy(file, ownRoot)

  const byJiti = async (file: string): Promise<unknown> => {
    try {
      return await jitiFor(isOurs(file)).import(file)
    } catch (error) {
      throw withAdvice(error, compiler?.advice())
    }
  }

  return {
    together: files => {
      const quickly = importQuickly(files, file => (isOurs(file) ? library : undefined))
      return quickly === undefined ? byJiti : async file => quickly(file)
    },
    effects: async (id, base) => {
      const from = join(base, 'dynamox.js')
      await jitiFor(isOurs(from)).import(id, { parentURL: pathToFileURL(from).href })
    },
  }
}

/** What package.json says of an import: a file, or what it is under conditions. */
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
