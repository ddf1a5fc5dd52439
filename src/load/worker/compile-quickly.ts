import { Script } from 'node:vm'
import type { TransformOptions } from 'jiti'
import { ownRequire } from './own-require.ts'

/**
 * Takes the types out of a plain TypeScript file with Sucrase, which is loaded and through with it long before Babel, what
 * jiti has for this, is loaded at all. `undefined` for whatever the two may do differently, and for what is not valid:
 * Babel then says so.
 */
export function compileQuickly({ source, ts, jsx, async }: TransformOptions): string | undefined {
  if (ts !== true || jsx === true || !isPlain(source)) return undefined
  const { transform } = sucrase()
  try {
    const { code } = transform(source, { transforms: ['typescript', 'imports'], disableESTransforms: true })
    // `export const a = 1, b = 2` comes out wrong.
    if (/\bexports\.([\w$]+) = \1\s*,/.test(code)) return undefined
    // In parentheses it would go on with the line before, where that ends without a semicolon.
    if (/(?:^|\*\/)[^\S\n]*_[\w$]+\.[\w$]+\.call\(void 0, /m.test(code)) return undefined
    // A function that is not there is named by this form, and not by that one.
    const named = code.replace(/\b(_[\w$]+\.[\w$]+)\.call\(void 0, /g, '(0, $1)(')
    // jiti runs an async module's imports one after the other, so that one may be an ES module that awaits.
    const compiled =
      async === true ? named.replace(/\brequire\(('[^'\n]*'|"[^"\n]*")\)/g, 'await jitiImport($1)') : named
    // Sucrase leaves decorators and import.meta as they are, and does not look for errors that are not in its way.
    new Script(`(${async === true ? 'async ' : ''}() => {${compiled}\n})`)
    return compiled
  } catch {
    return undefined
  }
}

/** Whether a file has only forms that come out the same. A word in a comment or a string may make it slower, never wrong. */
function isPlain(source: string): boolean {
  if (forBabel.some(pattern => pattern.test(source))) return false
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
  return !/^\s*import\b/m.test(code.slice(imports.exec(code)?.[0].length))
}

const forBabel = [
  // What jiti gives a meaning of its own, and what Sucrase drops without a word.
  /\b(?:require|jitiImport|exports|namespace|module)\b|\bimport\s*\(|^return\b/m,
  // Lists of exports, passed-on and destructured ones, functions and bindings that change are exported at other moments.
  /\bexport\b(?!\s+(?:const\s+[\w$]|(?:default|class|abstract|type|interface|enum|declare)\b))/,
  /\bexport\s+default\s+(?:async\s+)?function\b/,
]

// Imports at the top: those further down would be made where they stand, and not before everything else.
const imports = /^(?:\s*import\b(?:[^'"]*?\bfrom)?\s*(?:'[^'\n]*'|"[^"\n]*")[^\S\n]*;?)*/

// Bundled into a file of its own, as it is needed only for files that jiti's cache does not know.
const sucrase = () =>
  ownRequire(
    process.env.DYNAMOX_VERSION === undefined ? 'sucrase' : '../vendor/sucrase.cjs',
  ) as typeof import('sucrase')
