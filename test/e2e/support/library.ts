import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './cli.ts'

type Library = typeof import('../../../src/index.ts')

/** The built library, as a user's `import 'dynamox'` gets it. */
export const library: Library = await import(pathToFileURL(join(root, 'dist/lib/index.js')).href)
