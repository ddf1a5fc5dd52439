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
  ]
  test.each(rows)('%s', async (_, files, expected) => {
    expect(await tables(files)).toEqual([expected])
  })

  const decorated: readonly (readonly [string, Files, string])[] = [
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
  test.each(decorated)('%s, with TypeScript in the project', async (_, files, expected) => {
    expect(await tables(files, true)).toEqual([expected])
  })

  test('a decorated accessor without TypeScript is refused with its place', async () => {
    expect(await failure(tables({ 'm.ts': `${decorator}class A { @D accessor x = 1 }\n` }))).toEqual({
      code: 'model',
      message: 'm.ts:2:11: a decorated accessor needs TypeScript',
      hint: 'Babel compiled its decorators; with TypeScript 6 or older in the project, that compiler is used',
    })
  })
})

describe('syntax errors name the place and show the line', () => {
  test.each<[string, string, string]>([
    ['m.ts', 'export const a: = 1\n', 'm.ts:1:17: unexpected token'],
    ['m.ts', 'const a = 1\nconst a = 2\n', "m.ts:2:7: identifier 'a' has already been declared"],
    ['m.js', 'export const a = {\n', 'm.js:2:1: unexpected token'],
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

  test('work for functions, which are there from the start', async () => {
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

test('the hint to install TypeScript is not for a package that is missing', async () => {
  const source = `import { Entity } from 'not-installed'\n@Entity\nexport class A {}\n`
  expect(await failure(tables({ 'm.ts': source }))).toEqual({
    code: 'model',
    message: "m.ts:1:25: Cannot find module 'not-installed'",
  })
})
