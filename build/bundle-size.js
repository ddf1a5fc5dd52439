import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What the command line consists of, in bytes, in the folder of a package that was built. */
export function bundleSize(folder) {
  return ['cli', 'vendor'].reduce((sum, part) => sum + bytesIn(join(folder, 'dist', part)), 0)
}

const bytesIn = place => readdirSync(place).reduce((sum, name) => sum + statSync(join(place, name)).size, 0)
