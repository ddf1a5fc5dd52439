'use strict'
// Loads the CLI's own files through V8's code cache. Compiling is half of a short command's time; a cache taken when the
// process ends also holds the functions that were compiled on the way, which Node's own compile cache does not.
// Nothing here may ever fail a command: whatever goes wrong, the files are loaded the ordinary way.

const fs = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')

const head = Buffer.from('(function (exports, require, module, __filename, __dirname) {')
const tail = Buffer.from('\n})')
const digestLength = 20

/** A `require` for absolute paths of files below `root`, and for what these require of one another. */
function cachedRequire(root) {
  const modules = new Map()
  const fresh = []
  let folder

  const load = file => {
    const known = modules.get(file)
    if (known) return known.exports
    const source = fs.readFileSync(file)
    const { script, cacheFile } = lookUp(file, source)
    if (cacheFile !== undefined) {
      if (fresh.length === 0) process.once('exit', () => save(folder, fresh))
      fresh.push({ script, cacheFile })
    }
    const module = { exports: {} }
    modules.set(file, module)
    script.runInThisContext()(module.exports, requireFrom(file), module, file, path.dirname(file))
    return module.exports
  }

  /** The script, and where its cache belongs when there is none yet that is any good. */
  const lookUp = (file, source) => {
    folder ??= cacheFolder() ?? ''
    if (folder === '') return { script: compile(file, source) }
    const cacheFile = path.join(folder, `${nameOf(file)}-${keyOf(file, source)}`)
    const script = compile(file, source, readOwn(cacheFile))
    return script.cachedDataRejected === false ? { script } : { script, cacheFile }
  }

  // Packages and Node's own modules are the same from here as from any other file of this package.
  const requireFrom = file => id => {
    if (!id.startsWith('.')) return require(id)
    const target = path.resolve(path.dirname(file), id)
    return target.endsWith('.cjs') && target.startsWith(root + path.sep) ? load(target) : require(target)
  }

  return load
}

/** The build writes plain ASCII, which makes a string without decoding. */
function compile(filename, source, cachedData) {
  const code = Buffer.concat([head, source, tail]).latin1Slice()
  return new vm.Script(code, { filename, cachedData, columnOffset: -head.length })
}

/** `<user's cache>/dynamox`, only if it is the user's own and nobody else may write it: code is run from here. */
function cacheFolder() {
  try {
    const uid = process.getuid?.()
    const home = require('node:os').homedir()
    const chosen = process.env.XDG_CACHE_HOME || (process.platform === 'win32' && process.env.LOCALAPPDATA)
    // Under sudo the home may be somebody else's, who could not use what is made there.
    if (!chosen && uid !== undefined && fs.statSync(home).uid !== uid) return undefined
    const base = chosen || path.join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache')
    if (!path.isAbsolute(base)) return undefined
    const folder = path.join(base, 'dynamox')
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    const found = fs.lstatSync(folder)
    if (!found.isDirectory()) return undefined
    if (uid !== undefined && (found.uid !== uid || (found.mode & 0o022) !== 0)) return undefined
    return folder
  } catch {
    return undefined
  }
}

/** Commands run different parts of the CLI's own code, so each initial has a cache of its own: `main-rest-c` for create. */
function nameOf(file) {
  const name = path.basename(file, '.cjs')
  return /^main-/.test(name) ? `${name}-${/^[a-z]/.exec(process.argv[2] ?? '')?.[0] ?? 'x'}` : name
}

/**
 * V8 itself only compares the length of the source (and its own version and flags), so the key holds the content's
 * digest. The build has written that at the file's start; the time of the last change is for whoever edits it there.
 */
function keyOf(file, source) {
  const { mtimeMs } = fs.statSync(file)
  const digest = /^\/\/ ([0-9a-f]{40})\n/.exec(source.latin1Slice(0, 44))?.[1] ?? sha1(source).toString('hex')
  return `${digest}-${Math.trunc(mtimeMs)}-${process.version}-${process.arch}`
}

const sha1 = bytes => require('node:crypto').createHash('sha1').update(bytes).digest()

/** V8 runs whatever it is given, so a file that was damaged is found out here: it ends with its own digest. */
function readOwn(file) {
  try {
    const bytes = fs.readFileSync(file)
    const data = bytes.subarray(0, -digestLength)
    return sha1(data).equals(bytes.subarray(-digestLength)) ? data : undefined
  } catch {
    return undefined
  }
}

function save(folder, fresh) {
  for (const { script, cacheFile } of fresh) {
    // Others may be writing the same file: it appears as a whole, or not at all.
    const draft = `${cacheFile}.${process.pid}.${process.hrtime.bigint()}`
    try {
      const data = script.createCachedData()
      fs.writeFileSync(draft, Buffer.concat([data, sha1(data)]), { mode: 0o600, flag: 'wx' })
      fs.renameSync(draft, cacheFile)
    } catch {
      fs.rmSync(draft, { force: true })
      return
    }
  }
  dropOld(folder)
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
