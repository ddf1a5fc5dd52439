import { describe, expect, test } from 'vitest'
import { compileQuickly } from '../../src/load/worker/compile-quickly.ts'

const compile = (source: string, more: object = {}) => compileQuickly({ source, ts: true, async: true, ...more })

/** What the compiled module exports, run the way jiti runs it. */
async function run(source: string, imported: Record<string, unknown> = {}) {
  const code = compile(source)
  if (code === undefined) throw new Error('left to Babel')
  const exports: Record<string, unknown> = {}
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor
  await new AsyncFunction('exports', 'jitiImport', code)(exports, async (id: string) => imported[id])
  return { ...exports }
}

describe('a plain TypeScript file', () => {
  test('loses its types and keeps its lines', () => {
    const code = compile('interface Row {\n  pk: string\n}\nexport const names: (keyof Row)[] = ["pk"]\n')
    expect(code?.split('\n')[3]).toContain('names = ["pk"]')
  })

  test('is run with its imports: named, default, all, renamed, for types only, and passed on', async () => {
    const source = `
      import lib, { part as piece } from 'lib'
      import * as all from 'lib'
      import type { Gone } from 'not-there'
      import { type AlsoGone } from 'not-there-either'
      enum Kind { A = 'a' }
      class Holder<T> { readonly size = 2; constructor(private readonly held: T) {} get it(): T { return this.held } }
      export default { lib, piece, names: Object.keys(all), kind: Kind.A, held: new Holder<number>(3).it } satisfies object
      export const typed = (await Promise.resolve(4)) as number & Partial<Gone>
      export const plain: AlsoGone | undefined = undefined
    `
    const lib = { __esModule: true, default: { part: 2 }, part: 1 }
    expect(await run(source, { lib })).toEqual({
      default: { lib: { part: 2 }, piece: 1, names: ['__esModule', 'default', 'part'], kind: 'a', held: 3 },
      plain: undefined,
      typed: 4,
    })
  })

  test('a function that is not there is named', async () => {
    const source = "// a model\nimport { defineModle } from 'lib'\nexport const User = defineModle({})"
    await expect(run(source, { lib: {} })).rejects.toThrow('_lib.defineModle) is not a function')
  })

  test('a CommonJS package is its own default', async () => {
    expect(await run("import lib from 'lib'\nexport const part = lib.part", { lib: { part: 1 } })).toEqual({ part: 1 })
  })
})

describe('what is left to Babel', () => {
  test.each([
    ['decorators', '@Entity()\nexport class User {}'],
    ['an import that is a call', "export const later = () => import('./other')"],
    ['import.meta', 'export const here = import.meta.url'],
    ['require', "export const fs = require('node:fs')"],
    ['what is no TypeScript', 'export const a: = 1'],
    ['an error of the language', 'export const a = 1\nexport const a = 2'],
    ['a namespace', 'namespace Tables { export const a = 1 }\nexport const b = Tables.a'],
    ['a pattern', 'export const a = 1\nexport const { b } = { b: a }'],
    ['several constants of one export', 'export const a = 1, b = 2'],
    ['a list of exports, which may come before what it names', 'export { a }\nconst a = 1'],
    ['exports that are passed on', "export * from './base'\nexport const a = 1"],
    ['a function, which others may call before this file is run', 'export function f() {}'],
    ['such a function as the default', 'export default async function f() {}'],
    ['a binding that changes', 'export let a = 1;\n[a] = [2]'],
    ['an import below its first use', "export const b = a.b\nimport { a } from './a'"],
    ['a name that modules have', 'const exports = 1\nexport const a = exports'],
    ['a call that begins a line', "import { f } from 'lib'\nexport const a = 1\n\nf(a)"],
    ['a call that begins a line after a comment', "import { f } from 'lib'\nexport const a = 1 /*\n*/ f(a)"],
    ['a return at the top', 'export const a = 1\nreturn\n'],
  ])('%s', (_, source) => {
    expect(compile(source)).toBeUndefined()
  })

  test('await at the top of a file that is required', () => {
    expect(compile('export const a = await 1', { async: false })).toBeUndefined()
    expect(compile('export const a = 1', { async: false })).toBeDefined()
  })

  test('JavaScript, and files with elements', () => {
    expect(compile('export const a = 1', { ts: false })).toBeUndefined()
    expect(compile('export const a = 1', { jsx: true })).toBeUndefined()
  })
})
