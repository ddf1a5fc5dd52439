import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, resolve } from 'node:path'
import { Script } from 'node:vm'
import { compiled } from './compiled.ts'
import { ownRequire } from './own-require.ts'

interface Module {
  readonly code: string
  /** What an import leads to: another of the modules, by its path, or what Node itself loads. */
  readonly imports: ReadonlyMap<string, { readonly file: string } | { readonly native: string }>
}

/**
 * Runs files that need no more than their types taken out, `dynamox`, and one another; `undefined` when any of them
 * needs more: then all of them are jiti's. Loading jiti takes longer than everything else.
 * @param library what `dynamox` is for a file, if that is the running copy.
 */
export function importQuickly(
  files: readonly string[],
  library: (file: string) => string | undefined,
): ((file: string) => unknown) | undefined {
  const modules = new Map<string, Module>()
  const queue = files.map(file => realpathSync(file))
  for (const file of queue) {
    if (modules.has(file)) continue
    const module = readModule(file, library)
    if (module === undefined) return undefined
    modules.set(file, module)
    for (const to of module.imports.values()) if ('file' in to) queue.push(to.file)
  }
  const run = runner(modules)
  return file => run(realpathSync(file))
}

function readModule(file: string, library: (file: string) => string | undefined): Module | undefined {
  if (!typescript.test(file)) return undefined
  const code = compiled(readFileSync(file, 'utf8'))
  if (code === undefined) return undefined
  const imports: [string, { readonly file: string } | { readonly native: string }][] = []
  // Of the source's own words none is `require`: compileQuickly leaves such files to Babel.
  for (const [, id = ''] of code.matchAll(/\brequire\(['"]([^'"\n]*)['"]\)/g)) {
    const to = /^\.\.?\//.test(id) ? sibling(file, id) : native(id, file, library)
    if (to === undefined) return undefined
    imports.push([id, to])
  }
  return { code, imports: new Map(imports) }
}

const typescript = /\.[cm]?ts$/

function native(id: string, file: string, library: (file: string) => string | undefined) {
  const found = id === 'dynamox' ? library(file) : isBuiltin(id) ? id : undefined
  return found === undefined ? undefined : { native: found }
}

/** A relative import that can be one file only; what else it may be is for jiti to find out. */
function sibling(from: string, id: string) {
  const path = resolve(dirname(from), id)
  const stem = path.replace(/\.[cm]?js$/, '')
  const choices = typescript.test(path)
    ? [path]
    : ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'].map(end => stem + end)
  const [found, ...others] = choices.filter(choice => existsSync(choice))
  return found === undefined || others.length > 0 || !typescript.test(found) ? undefined : { file: realpathSync(found) }
}

/** Where Node keeps what has run, and jiti too: what one of them has run is not run again by another. */
const { cache } = createRequire(import.meta.url)

function runner(modules: ReadonlyMap<string, Module>): (file: string) => unknown {
  /** What files threw: whoever else imports one gets the same, as of an ES module. */
  const thrown = new Map<string, { readonly error: unknown }>()
  const run = (file: string): unknown => {
    const known = cache[file]
    if (known !== undefined) return known.exports
    const failed = thrown.get(file)
    if (failed !== undefined) throw failed.error
    const module = { id: file, filename: file, exports: {}, loaded: false }
    cache[file] = module as NodeModule
    try {
      evaluate(file, module)
      module.loaded = true
    } catch (error) {
      delete cache[file]
      thrown.set(file, { error })
      throw error
    }
    return module.exports
  }
  const evaluate = (file: string, module: { readonly exports: object }): void => {
    const { code = '', imports } = modules.get(file) ?? {}
    const load = (id: string): unknown => {
      const to = imports?.get(id)
      return to === undefined || 'native' in to ? ownRequire(to?.native ?? id) : run(to.file)
    }
    const wrapped = new Script(`${head}${code}\n})`, { filename: file, columnOffset: -head.length })
    wrapped.runInThisContext()(module.exports, load, module, file, dirname(file))
  }
  return run
}

const head = '(function (exports, require, module, __filename, __dirname) { '
