import { join } from 'node:path'
import { cacheFolder, dropOld } from '../../cache/cache-folder.ts'
import { keep, readKept } from '../../cache/kept-file.ts'
import { compileQuickly } from './compile-quickly.ts'

/** Changes whenever the compiler does; the build says what it is. */
const compiler = process.env.DYNAMOX_COMPILER

/** Where jiti keeps what it compiled; `false` for nowhere. Others who use jiti have another compiler and another place. */
export function compiledFolder(): string | false {
  const folder = cacheFolder()
  return folder === undefined || compiler === undefined ? false : join(folder, `compiled-${compiler}`)
}

interface Kept {
  readonly compiler: string
  readonly source: string
  /** Absent for a file that is left to Babel. */
  readonly code?: string
}

/** What compileQuickly makes of a file as a module that requires its imports, or has made of it before. */
export function compiled(source: string): string | undefined {
  const folder = compiler === undefined ? undefined : cacheFolder()
  const file = folder === undefined ? undefined : join(folder, `model-${nameOf(source)}`)
  const kept = file === undefined ? undefined : parse(readKept(file))
  // The name is no digest: what counts is that source and compiler are the same.
  if (kept?.compiler === compiler && kept?.source === source) return kept.code
  const code = compileQuickly({ source, ts: true, async: false })
  if (folder === undefined || file === undefined || compiler === undefined) return code
  const fresh: Kept = { compiler, source, ...(code === undefined ? {} : { code }) }
  if (keep(file, Buffer.from(JSON.stringify(fresh)))) dropOld(folder)
  return code
}

function parse(data: Buffer | undefined): Kept | undefined {
  try {
    return data === undefined ? undefined : (JSON.parse(data.toString()) as Kept)
  } catch {
    return undefined
  }
}

/** FNV-1a: short, and no two models of a project will meet by it. */
function nameOf(source: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < source.length; at += 1) hash = Math.imul(hash ^ source.charCodeAt(at), 0x01000193)
  return `${(hash >>> 0).toString(16)}-${source.length}`
}
