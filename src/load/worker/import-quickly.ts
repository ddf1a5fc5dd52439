import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, resolve } from 'node:path'
import { Script } from 'node:vm'
import { compiled } from './compiled.ts'
import { ownRequire } from './own-require.ts'

interface Module {
  readonly code: string
  /** What an import leads to: another of the modules, by its path, or what Node itself loads. */
  readonly imports: ReadonlyMap<string, { readonly file: string } | { readonly native: string }>
  /** The names of what it exports. */
  readonly exported: ReadonlySet<string>
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
  const modules = readModules(files, library)
  if (modules === undefined) return undefined
  const run = runner(modules)
  return file => run(realpathSync(file))
}

function readModules(
  files: readonly string[],
  library: (file: string) => string | undefined,
): ReadonlyMap<string, Module> | undefined {
  const modules = new Map<string, Module>()
  try {
    const queue = files.map(file => realpathSync(file))
    for (const file of queue) {
      if (modules.has(file)) continue
      const module = readModule(file, library)
      if (module === undefined) return undefined
      modules.set(file, module)
      for (const to of module.imports.values()) if ('file' in to) queue.push(to.file)
    }
  } catch {
    // What cannot be read is told of when its turn comes.
    return undefined
  }
  return [...modules.values()].every(module => takesWhatIsThere(module, modules)) ? modules : undefined
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
  const names = Array.from(code.matchAll(/\bexports\.\s*([\w$]+) =/g), ([, name = '']) => name)
  return { code, imports: new Map(imports), exported: new Set(names) }
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
  if (found === undefined || others.length > 0 || !typescript.test(found)) return undefined
  return statSync(found).isFile() ? { file: realpathSync(found) } : undefined
}

/**
 * Whether a module takes from the others what they export by name, and their default where they have one. Asked for
 * more, as files that no type checker has seen may do, jiti lets a module stand in for its default, and the default
 * for its module.
 */
function takesWhatIsThere({ code, imports }: Module, modules: ReadonlyMap<string, Module>): boolean {
  return taken(code).every(([id, name]) => {
    const to = imports.get(id)
    if (to === undefined) return true
    // Modules of Node are their own default, here as there; `dynamox` has none.
    if ('native' in to) return name !== 'default' || isBuiltin(to.native)
    const exported = modules.get(to.file)?.exported
    return name === whole ? exported?.has('default') !== true : exported?.has(name) === true
  })
}

const whole = '*'

/** What is taken from which import: exports by their names, `default`, or the whole of it. */
function taken(code: string): readonly (readonly [id: string, name: string])[] {
  const ids = new Map(
    Array.from(
      code.matchAll(/\bvar (_[\w$]+) = require\(['"]([^'"\n]*)['"]\)/g),
      match => match.slice(1, 3) as [string, string],
    ),
  )
  const takes: [string, string][] = []
  for (const [, variable = '', kind, of = ''] of code.matchAll(
    /\bvar ([\w$]+) = _interopRequire(Wildcard|Default)\((_[\w$]+)\)/g,
  )) {
    const id = ids.get(of)
    if (id === undefined) continue
    takes.push([id, kind === 'Default' ? 'default' : whole])
    if (kind === 'Wildcard') ids.set(variable, id)
  }
  for (const [, variable = '', name = ''] of code.matchAll(/(?<![\w$.])([\w$]+)\.([\w$]+)/g)) {
    const id = ids.get(variable)
    if (id !== undefined) takes.push([id, name])
  }
  return takes
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
