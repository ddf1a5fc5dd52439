import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { Script } from 'node:vm'
import { cacheFolder, dropOld } from './cache-folder.ts'
import { keep, readKept } from './kept-file.ts'

// Loads the CLI's own files through V8's code cache. Compiling is half of a short command's time; a cache taken when the
// process ends also holds the functions that were compiled on the way, which Node's own compile cache does not.
// Nothing here may ever fail a command: whatever goes wrong, the files are loaded the ordinary way.

type Require = (id: string) => unknown

interface Fresh {
  readonly script: Script
  readonly cacheFile: string
}

/**
 * A `require` for absolute paths of files below `root`, and for what these require of one another. What was compiled is
 * kept when the thread ends, or where that is cut short by `require.keepCode()`.
 */
export function cachedRequire(root: string, native: Require): Require {
  const modules = new Map<string, { exports: unknown }>()
  const fresh: Fresh[] = []
  const folder = cacheFolder()

  const load = (file: string): unknown => {
    const known = modules.get(file)
    if (known !== undefined) return known.exports
    const source = readFileSync(file)
    const { script, cacheFile } = lookUp(file, source, folder)
    if (cacheFile !== undefined) {
      if (fresh.length === 0) process.once('exit', keepCode)
      fresh.push({ script, cacheFile })
    }
    const module = { exports: {} }
    modules.set(file, module)
    script.runInThisContext()(module.exports, requireFrom(file), module, file, dirname(file))
    return module.exports
  }

  // Packages and Node's own modules are the same from anywhere in this package.
  const requireFrom = (file: string) => {
    const own = (id: string): unknown => {
      if (!id.startsWith('.') && !isAbsolute(id)) return native(id)
      const target = resolve(dirname(file), id)
      return target.endsWith('.cjs') && target.startsWith(root + sep) ? load(target) : native(target)
    }
    return Object.assign(own, { keepCode })
  }

  function keepCode(): void {
    if (folder !== undefined && fresh.length > 0) save(folder, fresh.splice(0))
  }

  return load
}

/** The script, and where its cache belongs when there is none yet that is any good. */
function lookUp(file: string, source: Buffer, folder: string | undefined) {
  const key = keyOf(file, source)
  if (folder === undefined || key === undefined) return { script: compile(file, source) }
  const cacheFile = join(folder, `${nameOf(file)}-${key}`)
  const script = compile(file, source, readKept(cacheFile))
  return script.cachedDataRejected === false ? { script } : { script, cacheFile }
}

const head = Buffer.from('(function (exports, require, module, __filename, __dirname) {')
const tail = Buffer.from('\n})')

/** The build writes plain ASCII, which makes a string without decoding. */
function compile(filename: string, source: Buffer, cachedData?: Buffer): Script {
  const code = Buffer.concat([head, source, tail]).toString('latin1')
  return new Script(code, { filename, columnOffset: -head.length, ...(cachedData === undefined ? {} : { cachedData }) })
}

/** Commands run different parts of the CLI's own code, so each initial has a cache of its own: `main-rest-c` for create. */
function nameOf(file: string): string {
  const name = basename(file, '.cjs')
  return /^main-/.test(name) ? `${name}-${/^[a-z]/.exec(process.argv[2] ?? '')?.[0] ?? 'x'}` : name
}

/**
 * V8 itself only compares the length of the source (and its own version and flags), so the key holds the content's
 * digest, which the build has written at the file's start; the time of the last change is for whoever edits it there.
 */
function keyOf(file: string, source: Buffer): string | undefined {
  const [, digest] = /^\/\/ ([0-9a-f]{40})\n/.exec(source.toString('latin1', 0, 44)) ?? []
  if (digest === undefined) return undefined
  return `${digest}-${Math.trunc(statSync(file).mtimeMs)}-${process.version}-${process.arch}`
}

function save(folder: string, fresh: readonly Fresh[]): void {
  // What cannot be written once will not be the next time.
  const wrote = fresh.every(({ script, cacheFile }) => keep(cacheFile, script.createCachedData()))
  if (wrote) dropOld(folder)
}
