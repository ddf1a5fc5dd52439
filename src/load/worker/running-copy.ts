import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Whether `dynamox`, imported from a file, is the running copy. The project's own wins; without one (npx, a global
 * install) the running copy stands in, as it does for files that lie within this package.
 * @param ownRoot the root of the running copy's package, with a separator at its end.
 */
export function isRunningCopy(file: string, ownRoot: string): boolean {
  // Node's own search would do, but for the first file it takes longer than all else that is done with that.
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', 'dynamox')
    if (existsSync(found)) return join(realpathSync(found), '/') === ownRoot
    if (folder === dirname(folder)) break
  }
  // Elsewhere than in folders of that name only Node and package managers that change its ways can find one.
  if (!process.env.NODE_PATH && process.versions.pnp === undefined) return true
  try {
    return createRequire(file).resolve('dynamox').startsWith(ownRoot)
  } catch {
    return true
  }
}
