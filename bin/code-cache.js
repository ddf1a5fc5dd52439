'use strict'
// Loads the CLI's bundle through V8's code cache. Compiling the bundle is half of a short command's time; a cache taken
// when the process ends also holds the functions that were compiled on the way, which Node's own compile cache does not.
// Nothing here may ever fail a command: whatever goes wrong, the files are loaded the ordinary way.

const { createHash } = require('node:crypto')
const fs = require('node:fs')
const { createRequire } = require('node:module')
const os = require('node:os')
const path = require('node:path')
const vm = require('node:vm')

/** A `require` for the bundle's own files that uses and fills the cache; `undefined` where there can be none. */
function cachedRequire(root) {
  const folder = cacheFolder()
  if (folder === undefined) return undefined
  const modules = new Map()
  const fresh = []

  const load = file => {
    const known = modules.get(file)
    if (known) return known.exports
    const source = fs.readFileSync(file)
    const cacheFile = path.join(folder, `${path.basename(file, '.cjs')}-${keyOf(source)}`)
    const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
      filename: file,
      cachedData: readOwn(cacheFile),
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    })
    if (script.cachedDataRejected !== false) fresh.push({ script, cacheFile })
    const module = { exports: {} }
    modules.set(file, module)
    script.runInThisContext()(module.exports, requireFrom(file), module, file, path.dirname(file))
    return module.exports
  }

  const requireFrom = file => {
    const native = createRequire(file)
    const own = id => {
      if (!id.startsWith('.') || !id.endsWith('.cjs')) return native(id)
      const target = path.resolve(path.dirname(file), id)
      return target.startsWith(root) ? load(target) : native(id)
    }
    return Object.assign(own, native)
  }

  process.on('exit', () => save(folder, fresh))
  return load
}

/** `<user's cache>/dynamox`, only if it is ours alone. */
function cacheFolder() {
  if (process.env.DYNAMOX_NO_CACHE) return undefined
  try {
    const base =
      process.env.XDG_CACHE_HOME ||
      (process.platform === 'win32' && process.env.LOCALAPPDATA) ||
      path.join(os.homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache')
    const folder = path.join(base, 'dynamox')
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, mode } = fs.lstatSync(folder)
    // Code is run from here, so nobody else may be able to write it.
    if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0)) return undefined
    return folder
  } catch {
    return undefined
  }
}

/** V8 itself only compares the length of the source, so the key holds its content, and all that shapes the code. */
function keyOf(source) {
  const shape = [process.version, process.arch, process.versions.v8, ...process.execArgv].join(' ')
  return createHash('sha1').update(shape).update(source).digest('hex')
}

function readOwn(file) {
  try {
    return fs.readFileSync(file)
  } catch {
    return undefined
  }
}

function save(folder, fresh) {
  for (const { script, cacheFile } of fresh) {
    try {
      const temporary = `${cacheFile}.${process.pid}`
      fs.writeFileSync(temporary, script.createCachedData(), { mode: 0o600 })
      fs.renameSync(temporary, cacheFile)
    } catch {
      return
    }
  }
  if (fresh.length > 0) dropOld(folder)
}

/** Files that no run has written for a month belong to versions that are gone. */
function dropOld(folder) {
  try {
    const month = Date.now() - 30 * 24 * 3600 * 1000
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name)
      if (fs.statSync(file).mtimeMs < month) fs.rmSync(file, { force: true })
    }
  } catch {}
}

module.exports = { cachedRequire }
