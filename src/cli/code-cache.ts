import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { Script } from 'node:vm'
import { cacheFolder, dropOld } from '../load/cache-folder.ts'

// V8's code cache for the CLI's own files and the packages that every command loads; without it `exists` takes 1.4
// times as long. Node's `enableCompileCache` (22 and later) saves half as much, because it omits functions compiled
// after the file was loaded. An error in here must never fail a command: files then load the ordinary way.

// The packages that are cached besides the CLI itself, dynalite with its own among them. It is a list because not every
// package can be cached: files must not call `import()` or use members of `require`, which text alone does not tell.
// jiti's Babel is left out: it is large, and needed only for changed models.
const packages = new RegExp(
  [
    String.raw`[\\/]node_modules[\\/](?:cosmiconfig|env-paths)[\\/](?!dist[\\/]loaders)`,
    String.raw`[\\/]node_modules[\\/](?:dynalite|async|big\.js|buffer-crc32|lazy|lock|once|wrappy)[\\/]`,
    String.raw`[\\/]node_modules[\\/](?:(?:abstract-|classic-|memory-)?level|level-\w+|module-error|maybe-combine-errors)[\\/]`,
    String.raw`[\\/]node_modules[\\/]functional-red-black-tree[\\/]`,
    String.raw`[\\/]jiti[\\/]dist[\\/]jiti\.cjs$`,
  ].join('|'),
)

interface Cached {
  /** Identifies the content that the code was compiled from. */
  readonly stamp: string
  readonly code: Buffer
}

/**
 * From now on, loads the .cjs files below `root` from the cache called `name`, and writes that cache when the thread
 * ends. A thread that will be terminated calls `globalThis[Symbol.for('dynamox.keepCode')]` first.
 */
export function useCodeCache(root: string, name: string): void {
  const folder = cacheFolder()
  if (folder === undefined) return
  // Each installed copy has its own cache; otherwise they would overwrite each other's.
  const file = join(folder, `code-${name}-${nameOf(root)}-${process.version}-${process.arch}`)
  const known = read(file)
  const used = new Map<string, { readonly stamp: string; readonly script: Script }>()
  let isFresh = false

  const { extensions } = createRequire(join(root, 'package.json'))
  const native = extensions['.js']
  extensions['.js'] = (module, path) => {
    const isOurs = (path.startsWith(root + sep) && path.endsWith('.cjs')) || packages.test(path)
    if (!isOurs) return native(module, path)
    const stamp = stampOf(path)
    const cached = known.get(path)
    const script = compile(path, cached?.stamp === stamp ? cached.code : undefined)
    isFresh ||= script.cachedDataRejected !== false
    used.set(path, { stamp, script })
    const { exports } = module
    // Node's own function for this takes 0.1 ms per file; these files need only the call.
    const require = (id: string): unknown => module.require(id)
    script.runInThisContext().call(exports, exports, require, module, path, dirname(path))
  }

  const keep = (): void => {
    if (!isFresh) return
    isFresh = false
    // Keep the entries that this run did not load, unless the file has changed: another run may need them.
    const others = [...known].filter(([path, { stamp }]) => !used.has(path) && stampOf(path) === stamp)
    const own = [...used].map(
      ([path, { stamp, script }]) => [path, { stamp, code: script.createCachedData() }] as const,
    )
    if (write(file, [...own, ...others])) dropOld(folder)
  }
  process.once('exit', keep)
  Reflect.set(globalThis, Symbol.for('dynamox.keepCode'), keep)
}

const head = '(function (exports, require, module, __filename, __dirname) { '

function compile(filename: string, cachedData: Buffer | undefined): Script {
  const source = `${head}${readFileSync(filename, 'utf8')}\n})`
  return new Script(source, { filename, columnOffset: -head.length, ...(cachedData && { cachedData }) })
}

/** V8 itself compares only the length. Use the inode's change time, because installers cannot set it. */
function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return `${stat?.size}-${stat?.mtimeMs}-${stat?.ctimeMs}`
}

// A cache file contains the length of its index (8 bytes), the index, and the code of each file, and then all of it
// again: V8 does not detect damaged code, and comparing two halves of 1.5 MB takes 2.1 ms with reading them, but 3.3 ms
// with loading `node:zlib` for a checksum. All parts start at multiples of 8; otherwise V8 copies them.

type IndexEntry = readonly [path: string, stamp: string, start: number, end: number]

function read(file: string): Map<string, Cached> {
  try {
    const both = readFileSync(file)
    const bytes = both.subarray(0, both.length / 2)
    if (!bytes.equals(both.subarray(bytes.length))) return new Map()
    const start = 8 + bytes.readInt32LE(0)
    const index = JSON.parse(bytes.toString('utf8', 8, start)) as readonly IndexEntry[]
    return new Map(
      index.map(([path, stamp, from, to]) => [path, { stamp, code: bytes.subarray(start + from, start + to) }]),
    )
  } catch {
    return new Map()
  }
}

/** Writes the file atomically, because other processes may write it too. */
function write(file: string, entries: readonly (readonly [path: string, cached: Cached])[]): boolean {
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`
  try {
    let at = 0
    const index = entries.map(([path, { stamp, code }]): IndexEntry => {
      const start = at
      at += aligned(code.length)
      return [path, stamp, start, start + code.length]
    })
    const text = Buffer.from(JSON.stringify(index))
    const header = Buffer.alloc(8 + aligned(text.length), ' ')
    header.writeInt32LE(header.length - 8, 0)
    text.copy(header, 8)
    const bytes = Buffer.concat([header, ...entries.map(([, { code }]) => padded(code))])
    writeFileSync(draft, Buffer.concat([bytes, bytes]), { mode: 0o600, flag: 'wx' })
    renameSync(draft, file)
    return true
  } catch {
    remove(draft)
    return false
  }
}

const aligned = (length: number): number => Math.ceil(length / 8) * 8
const padded = (code: Buffer): Buffer => Buffer.concat([code, Buffer.alloc(aligned(code.length) - code.length)])

/** Removing throws in a folder that cannot be entered. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {}
}

/** A short name for a path. Two paths with the same name would only overwrite each other's cache. */
function nameOf(path: string): string {
  let hash = 0
  for (const char of path) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0
  return (hash >>> 0).toString(16)
}
