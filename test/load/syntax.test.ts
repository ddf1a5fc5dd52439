import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

type Files = Readonly<Record<string, string>>

/** The names of the tables that `model.ts` (or the first file) exports. */
async function tables(files: Files, withTypeScript = false): Promise<readonly string[]> {
  const cwd = folder({ ...files, ...(withTypeScript ? { node_modules: null } : {}) })
  if (withTypeScript) symlinkSync(resolve('node_modules/typescript'), join(cwd, 'node_modules/typescript'), 'junction')
  const { tables } = await loadDefinitions({ cwd, config: false, models: [Object.keys(files)[0] ?? ''] })
  return tables.map(({ definition }) => definition.name)
}

const table = (name: string) => `export const Model = { table: ${name}, partitionKey: 'pk' }\n`
const decorator = 'function D(...place: any[]): any { return () => {} }\n'

describe('syntax that tsx loads', () => {
  const rows: readonly (readonly [string, Files, string])[] = [
    [
      'a decorated field on one line',
      { 'm.ts': `${decorator}class A { @D() a!: string }\n${table("'t-' + A.name")}` },
      't-A',
    ],
    [
      'accessor, of instances and static',
      {
        'm.ts': `class A { accessor x = 1; static accessor y: string = 'y' }\nconst a = new A()\na.x += 1\n${table("'t-' + a.x + A.y")}`,
      },
      't-2y',
    ],
    [
      'a private accessor',
      { 'm.ts': `class A { accessor #x = 'x1'; get() { return this.#x } }\n${table("'t-' + new A().get()")}` },
      't-x1',
    ],
    [
      'an abstract accessor',
      { 'm.ts': `abstract class A { abstract accessor x: string }\n${table("'t-' + A.name")}` },
      't-A',
    ],
    [
      'using',
      {
        'm.ts': `const log: string[] = []\nfunction f() { using x = { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() { log.push('disposed') } }; return x }\nf()\n${table("'t-' + log[0]")}`,
      },
      't-disposed',
    ],
    [
      'types exported as a namespace',
      { 'm.ts': `export type * as N from './types.js'\n${table("'t-n'")}`, 'types.d.ts': 'export type N = 1\n' },
      't-n',
    ],
    [
      'types exported',
      {
        'm.ts': `export type * from './types.js'\nexport { type N } from './types.js'\n${table("'t-n'")}`,
        'types.d.ts': 'export type N = 1\n',
      },
      't-n',
    ],
    ['enum', { 'm.ts': `export enum Kind { A = 'aa', B = 1 << 2 }\n${table("'t-' + Kind.A + Kind[4]")}` }, 't-aaB'],
    ['const enum', { 'm.ts': `const enum Kind { A = 'aa' }\n${table("'t-' + Kind.A")}` }, 't-aa'],
    ['namespace', { 'm.ts': `export namespace N { export const a = 'na' }\n${table("'t-' + N.a")}` }, 't-na'],
    ['satisfies', { 'm.ts': "export const Model = { table: 't-s', partitionKey: 'pk' } satisfies object\n" }, 't-s'],
    [
      'import attributes',
      {
        'm.ts': `import data from './d.json' with { type: 'json' }\n${table("'t-' + data.name")}`,
        'd.json': '{"name":"json"}',
      },
      't-json',
    ],
    [
      'import = require',
      { 'm.ts': `import path = require('node:path')\n${table("'t-' + path.basename('a/b1')")}` },
      't-b1',
    ],
    ['export =', { 'm.cts': "const Model = { table: 't-e', partitionKey: 'pk' }\nexport = { Model }\n" }, 't-e'],
    ['await at the top', { 'm.ts': table("await Promise.resolve('t-await')") }, 't-await'],
    [
      'import.meta',
      { 'm.ts': `import { basename } from 'node:path'\n${table("'t-' + basename(import.meta.filename)")}` },
      't-m.ts',
    ],
    [
      'a dynamic import',
      {
        'm.ts': `const { name } = await import('./other.ts')\n${table('name')}`,
        'other.ts': "export const name = 't-other'\n",
      },
      't-other',
    ],
    [
      'several constants, functions and a list of exports',
      {
        'm.ts':
          "const a = 't', b = name()\nfunction name() { return 'list' }\nconst Model = { table: a + '-' + b, partitionKey: 'pk' }\nexport { Model as 'the model' }\n",
      },
      't-list',
    ],
    [
      'a call that starts a line',
      { 'm.ts': `import { join } from 'node:path'\nlet a = 'x1'\n;(join)(a)\n${table("'t-' + a")}` },
      't-x1',
    ],
    [
      'bindings that change',
      {
        'm.ts': `import { change, name } from './other.ts'\nchange()\n${table('name')}`,
        'other.ts': "export let name = 't-before'\nexport function change() { name = 't-after' }\n",
      },
      't-after',
    ],
    [
      'parameters as fields',
      {
        'm.ts': `class A { constructor(readonly name: string, private n?: number) {} }\n${table("new A('t-field').name")}`,
      },
      't-field',
    ],
    ['a type assertion with angles', { 'm.ts': `const name = <string>'t-angle'\n${table('name')}` }, 't-angle'],
    [
      'names passed on',
      {
        'm.ts': `import { name } from './b.js'\n${table('name')}`,
        'b.ts': "export * from './c.ts'\nexport { other } from './c.ts'\n",
        'c.ts': "export const name = 't-c', other = 1\n",
      },
      't-c',
    ],
    [
      'JavaScript without its package saying so',
      { 'm.js': "export const Model = { table: 't-js', partitionKey: 'pk' }\n" },
      't-js',
    ],
    [
      'a default and a namespace of CommonJS',
      {
        'm.ts': `import name from './lib.cjs'\nimport * as lib from './lib.cjs'\n${table('name() + lib.extra')}`,
        'lib.cjs': "module.exports = () => 't-'\nmodule.exports.extra = 'cjs'\n",
      },
      't-cjs',
    ],
    [
      'a package of the workspace',
      {
        'm.ts': `import { name } from '@my/tables'\nimport { key } from '@my/tables/deep'\n${table('name + key')}`,
        'node_modules/@my/tables/package.json':
          '{"exports":{".":{"types":"./a.d.ts","import":"./a.ts"},"./deep":"./b.ts"}}',
        'node_modules/@my/tables/a.ts': "export { name } from './c'\n",
        'node_modules/@my/tables/b.ts': "export const enum K { A = 'k' }\nexport const key: string = K.A\n",
        'node_modules/@my/tables/c.ts': "export const name = 't-'\n",
      },
      't-k',
    ],
    [
      'imports of package.json, with conditions',
      {
        'm.ts': `import name from '#env/name'\n${table('name')}`,
        'package.json': '{"type":"module","imports":{"#env/*":{"development":"./dev/*.ts","default":"./src/*.ts"}}}',
        'src/name.ts': "export default 't-src'\n",
      },
      't-src',
    ],
    [
      'paths of a tsconfig with comments that extends others',
      {
        'm.ts': `import { name } from '~/name'\n${table('name')}`,
        'tsconfig.json': '{\n  // two\n  "extends": ["./one.json", "./two.json"],\n}',
        'one.json': '/* one */ { "compilerOptions": { "paths": { "~/*": ["./src/*"] }, } }',
        'two.json': '{ "compilerOptions": { "strict": true } }',
        'src/name.ts': "export const name = 't-paths'\n",
      },
      't-paths',
    ],
    [
      'paths of the tsconfig that a tsconfig refers to',
      {
        'm.ts': `import { name } from '@app/name'\nimport root from '@'\n${table('name + root')}`,
        'tsconfig.json':
          '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./gone" }, { "path": "./sub" }] }',
        'tsconfig.app.json': '{ "compilerOptions": { "paths": { "@app/*": ["./src/*"] } } }',
        'sub/tsconfig.json': '{ "compilerOptions": { "baseUrl": "..", "paths": { "@": ["src/root.ts"] } } }',
        'src/name.ts': "export const name = 't-'\n",
        'src/root.ts': "export default 'root'\n",
      },
      't-root',
    ],
    [
      'paths of the tsconfig of a package, not of the working directory',
      {
        'packages/a/m.ts': `import { name } from '~/name'\n${table('name')}`,
        'packages/a/tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
        'packages/a/src/name.ts': "export const name = 't-package'\n",
      },
      't-package',
    ],
  ]
  test.each(rows)('%s', async (_, files, expected) => {
    expect(await tables(files)).toEqual([expected])
  })

  const decorated: (readonly [string, Files, string])[] = [
    [
      'a decorated accessor',
      {
        'm.ts': `function D(...place: any[]): void {}\nclass A { @D accessor x = 1; @D static accessor y = 'y1' }\n${table("'t-' + A.y")}`,
        'tsconfig.json': '{}',
      },
      't-y1',
    ],
    [
      'a decorated accessor of the legacy kind',
      {
        'm.ts': `function L(a: object, name: string): void {}\nclass A { @L static accessor y = 'y1' }\n${table("'t-' + A.y")}`,
      },
      't-y1',
    ],
    [
      'a decorator after export',
      { 'm.ts': `function T(c: Function): void {}\nexport @T class A {}\n${table("'t-' + A.name")}` },
      't-A',
    ],
    [
      'metadata',
      {
        'm.ts': `let found = ''\nReflect.metadata = (key: string, value: any) => () => { if (key === 'design:type') found = value.name }\nfunction P(a: object, name: string): void {}\nclass A { @P a!: Date }\n${table("'t-' + found")}`,
      },
      't-Date',
    ],
    [
      'await at the top of a module',
      { 'm.mts': `${decorator}class A { @D() a!: string }\n${table("await Promise.resolve('t-' + A.name)")}` },
      't-A',
    ],
  ]
  const context = `(value: any, context: { name: string } & DecoratorContext): any`
  decorated.push(
    [
      'standard decorators of methods, getters and fields, without a tsconfig',
      {
        'm.ts': `const m = ${context} => () => 't-'\nconst g = ${context} => () => 'g'\nconst f = ${context} => (first: string) => first + 'f'\nclass A { @m a() {} @g get b() { return '' } @f c = 'f' }\nconst a: any = new A()\n${table('a.a() + a.b + a.c')}`,
      },
      't-gff',
    ],
    [
      'decorators as the tsconfig says that a tsconfig refers to',
      {
        'm.ts': `const kind = (...place: any[]): any => { found = typeof place[1] }\nlet found = ''\nclass A { @kind a?: string }\n${table("'t-' + found")}`,
        'tsconfig.json': '{ "files": [], "references": [{ "path": "./app.json" }] }',
        'app.json':
          '{ "include": ["*.ts"], "compilerOptions": { "experimentalDecorators": true, "useDefineForClassFields": false } }',
      },
      't-string',
    ],
  )
  test.each(decorated)('%s, with TypeScript in the project', async (_, files, expected) => {
    expect(await tables(files, true)).toEqual([expected])
  })

  test('a decorated accessor without TypeScript is refused with its place', async () => {
    expect(await failure(tables({ 'm.ts': `${decorator}class A { @D accessor x = 1 }\n` }))).toEqual({
      code: 'model',
      message: 'm.ts:2:11: a decorated accessor needs TypeScript',
      hint: 'Babel compiled the decorators; npm install --save-dev typescript@6 lets TypeScript compile them',
    })
  })
})

describe('decorators that cannot be compiled are refused with their place', () => {
  test.each<[string, string, string]>([
    [
      'a standard decorator without TypeScript',
      'm.ts',
      'const d = (f: any, c: ClassMethodDecoratorContext) => f\nclass A { @d a() {} }\n',
    ],
    ['a decorator in JavaScript', 'm.js', 'const d = f => f\nclass A { @d a() {} }\n'],
  ])('%s', async (_, name, source) => {
    const { message } = await failure(tables({ [name]: source }))
    expect(message).toBe(
      name === 'm.ts'
        ? 'm.ts:2:11: a standard decorator needs TypeScript'
        : 'm.js:2:11: decorators are supported in TypeScript files only',
    )
  })
})

test('an error in a file that TypeScript compiled has its own line', async () => {
  const source = `interface A { x: number }\n\n${decorator}class B { @D() a!: string }\n\nconst broken = (undefined as any).size\n`
  expect(await failure(tables({ 'm.ts': source }, true))).toMatchObject({
    message: "m.ts:6:35: TypeError: Cannot read properties of undefined (reading 'size')",
  })
})

describe('names that another file does not export', () => {
  const warningsOf = async (files: Files) => {
    const { warnings } = await loadDefinitions({ cwd: folder(files), config: false, models: ['m.ts'] })
    return warnings.filter(text => text.includes('export'))
  }

  test('are warned about, with a suggestion', async () => {
    const files = {
      'm.ts': `import { tabel, count as n } from './lib'\n${table("'t-' + tabel + n")}`,
      'lib.ts': 'export const table = 1\nexport let count: string | undefined\n',
    }
    expect(await warningsOf(files)).toEqual(['m.ts:1:10: ./lib does not export "tabel"; did you mean "table"?'])
  })

  test.each<[string, Files]>([
    [
      'types and names that are passed on',
      {
        'm.ts': `import { T, V, W } from './lib'\nexport { W }\nlet t: T | V = 1 satisfies T\n${table("'t-t'")}`,
        'lib.ts': 'export type T = 1\nexport interface V {}\nexport type W = 2\n',
      },
    ],
    [
      'files that import each other through a barrel',
      {
        'm.ts': `import { a } from './index'\n${table('a()')}`,
        'index.ts': "export * from './a'\nexport * from './b'\n",
        'a.ts': "import { b } from './index'\nexport const a = () => b()\n",
        'b.ts': "export const b = () => 't-b'\n",
      },
    ],
    [
      'members of what CommonJS exports',
      {
        'm.ts': `import { size } from './lib.cjs'\n${table("'t-' + size")}`,
        'lib.cjs': 'module.exports = new Map()\n',
      },
    ],
  ])('not for %s', async (_, files) => {
    expect(await warningsOf(files)).toEqual([])
  })

  test('are the hint of the error that they caused', async () => {
    const files = { 'm.ts': `import { make } from './lib'\n${table("make('t')")}`, 'lib.ts': 'export {}\n' }
    expect(await failure(tables(files))).toEqual({
      code: 'model',
      message: 'm.ts:2:31: TypeError: make is not a function',
      hint: './lib does not export "make"',
    })
  })
})

describe('syntax errors name the place and show the line', () => {
  test.each<[string, string, string]>([
    ['m.ts', 'export const a: = 1\n', 'm.ts:1:17: unexpected token'],
    ['m.ts', 'const a = 1\nconst a = 2\n', "m.ts:2:7: identifier 'a' has already been declared"],
    ['m.js', 'export const a = {\n', 'm.js:1:19: unexpected end of file'],
    ['m.cts', 'exports.a = (\n\n', 'm.cts:1:14: unexpected end of file'],
    ['m.ts', "import defer * as a from './a'\n", 'm.ts:1:8: the syntax "deferredImportEvaluation" is not supported'],
    ['m.mjs', 'export const a = (\n  1,,\n)\n', 'm.mjs:2:5: unexpected token'],
    ['m.cjs', 'exports.a = [1 2]\n', 'm.cjs:1:16: unexpected token, expected ","'],
  ])('%s: %j', async (name, source, message) => {
    expect(await failure(tables({ [name]: source }))).toEqual({ code: 'model', message })
  })
})

describe('files that import each other in a circle', () => {
  const early = (other: string) =>
    `import { B } from '${other}'\nexport const A = { table: 'aaa', partitionKey: 'pk' }\nexport const used = B\n`
  const late = (other: string) =>
    `import { A } from '${other}'\nexport const B = { table: 'bbb', partitionKey: 'pk', of: A.table }\n`
  test.each<[string, Files]>([
    ['TypeScript', { 'a.ts': early('./b'), 'b.ts': late('./a') }],
    ['modules of TypeScript', { 'a.mts': early('./b.mjs'), 'b.mts': late('./a.mjs') }],
    ['JavaScript', { 'a.mjs': early('./b.mjs'), 'b.mjs': late('./a.mjs') }],
    [
      'JavaScript of a module package',
      { 'a.js': early('./b.js'), 'b.js': late('./a.js'), 'package.json': '{"type":"module"}' },
    ],
    ['JavaScript of any package', { 'a.js': early('./b.js'), 'b.js': late('./a.js') }],
  ])('fail as in Node: %s', async (_, files) => {
    expect(await failure(tables(files))).toMatchObject({
      code: 'model',
      message: expect.stringMatching(/^b\.\w+:2:58: ReferenceError: Cannot access 'A' before initialization$/),
    })
  })

  test('fail for the default export as well', async () => {
    const files = {
      'a.ts': "import { b } from './b'\nexport default class A { static b = b }\n",
      'b.ts': "import A from './a'\nexport const b = A.name\n",
    }
    expect(await failure(tables(files))).toMatchObject({
      message: "b.ts:2:1: ReferenceError: Cannot access 'default' before initialization",
    })
  })

  test('work where each is used later', async () => {
    const files = {
      'm.ts': "import { of } from './a'\nexport const M = { table: of() + '-of-b', partitionKey: 'pk' }\n",
      'a.ts':
        "import B from './b'\nexport default { table: 'aaa', partitionKey: 'pk', }\nexport const of = () => B.of()\n",
      'b.ts': "import A, { of } from './a'\nexport default { of: () => A.table, other: () => of }\n",
    }
    expect(await tables(files)).toEqual(['aaa-of-b'])
  })

  test('work for functions, which are hoisted', async () => {
    const files = {
      'm.ts':
        "import { name } from './b'\nexport function prefix() { return 'dev-' }\nexport const M = { table: name, partitionKey: 'pk' }\n",
      'b.ts': "import { prefix } from './m'\nexport const name = prefix() + 'users'\n",
    }
    expect(await tables(files)).toEqual(['dev-users'])
  })
})

test('a file that failed fails again for the next one that imports it', async () => {
  const cwd = folder({
    'base.ts': "export const a = 'a'\nexport const b: string = missing\n",
    'one.ts': "import { a } from './base'\nexport const One = { table: a, partitionKey: 'pk' }\n",
    'two.ts': "import { b } from './base'\nexport const Two = { table: b, partitionKey: 'pk' }\n",
  })
  expect(await failure(loadDefinitions({ cwd, config: false, models: ['one.ts', 'two.ts'] }))).toMatchObject({
    message: 'base.ts:2:26: ReferenceError: missing is not defined',
  })
})

describe('modules that are not found', () => {
  test.each<[string, string, string | undefined]>([
    [
      "import { Entity } from 'not-installed'\n@Entity\nexport class A {}\n",
      'm.ts:1:25',
      'install it with npm install not-installed',
    ],
    ["import '@not/installed/sub'\n", 'm.ts:1:9', 'install it with npm install @not/installed'],
    ["import '@/tables'\n", 'm.ts:1:9', 'check "paths" of the tsconfig and "imports" of package.json'],
    ["import './gone.js'\n", 'm.ts:1:9', undefined],
  ])('%j', async (source, place, hint) => {
    const [, id] = /'(.+?)'/.exec(source) ?? []
    const shown = { code: 'model', message: `${place}: Cannot find module '${id}'` }
    expect(await failure(tables({ 'm.ts': source }))).toEqual(hint === undefined ? shown : { ...shown, hint })
  })
})
