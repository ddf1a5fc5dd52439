import { createRequire } from 'node:module'
import { Script } from 'node:vm'
import type { TransformOptions } from 'jiti'

const require = createRequire(import.meta.url)

/**
 * Takes the types out of TypeScript with Sucrase, which is loaded and through with a model file long before Babel, what
 * jiti has for this, is loaded at all. `undefined` for whatever Babel does in another way, and for what is not valid:
 * Babel then says so.
 */
export function compileQuickly({ source, ts, jsx, async }: TransformOptions): string | undefined {
  if (ts !== true || jsx === true || forBabel.test(source)) return undefined
  try {
    const { code } = sucrase().transform(source, { transforms: ['typescript', 'imports'], disableESTransforms: true })
    // jiti runs an async module's imports one after the other, so that one may be an ES module that awaits.
    const compiled = async === true ? code.replace(/\brequire\(('[^'\n]*'|"[^"\n]*")\)/g, 'await jitiImport($1)') : code
    // Sucrase leaves decorators and import.meta as they are, and does not look for errors that are not in its way.
    new Script(`(${async === true ? 'async ' : ''}() => {${compiled}\n})`)
    return compiled
  } catch {
    return undefined
  }
}

// What jiti gives a meaning of its own, and what Sucrase drops without a word. Where it stands in a comment or a
// string, it is only slower.
const forBabel = /\b(?:require|jitiImport|namespace|module)\b|\bimport\s*\(/

// Bundled into a file of its own, as it is needed only for files that jiti's cache does not know.
const sucrase = () =>
  require(process.env.DYNAMOX_VERSION === undefined ? 'sucrase' : '../vendor/sucrase.cjs') as typeof import('sucrase')
