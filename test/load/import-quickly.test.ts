import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importQuickly } from '../../src/load/worker/import-quickly.ts'
import { folder } from './support/folder.ts'

const library = 'exports.defineTable = input => ({ ...input, by: "dynamox" })'

type Files = Readonly<Record<string, string>>

/** What the first of these files exports; `undefined` when they are left to jiti. */
function load(files: Files, isOurs = true): unknown {
  const root = folder({ 'dynamox.cjs': library, ...files })
  const file = join(root, Object.keys(files)[0] ?? '')
  const run = importQuickly([file], () => (isOurs ? join(root, 'dynamox.cjs') : undefined))
  return run === undefined ? undefined : { ...(run(file) as object) }
}

const model = "import { defineTable } from 'dynamox'\nexport const User: object = defineTable({ table: 'users' })\n"
const base = "export const prefix: string = 'dev-'\n"
const usesBase = (id: string) => `import { prefix } from '${id}'\nexport const name = \`\${prefix}users\` as const\n`

describe('files that are run without jiti', () => {
  const rows: readonly (readonly [string, Files, unknown])[] = [
    ['with dynamox', { 'm.ts': model }, { User: { table: 'users', by: 'dynamox' } }],
    ['with another by its name', { 'm.ts': usesBase('./base.ts'), 'base.ts': base }, { name: 'dev-users' }],
    [
      'with another without an ending',
      { 'm.mts': usesBase('./lib/base'), 'lib/base.mts': base },
      { name: 'dev-users' },
    ],
    ['with another as it will be called', { 'm.ts': usesBase('./base.js'), 'base.ts': base }, { name: 'dev-users' }],
    [
      'with the default of another',
      {
        'm.ts': "import base, { size } from './base'\nexport const name = base.prefix + size\n",
        'base.ts': "export const size = 2\nexport default { prefix: 'dev-' }\n",
      },
      { name: 'dev-2' },
    ],
    [
      'with all of another',
      { 'm.ts': "import * as all from './base'\nexport const name = all.prefix\n", 'base.ts': base },
      { name: 'dev-' },
    ],
    [
      'with a module of Node by its default',
      { 'm.ts': "import path from 'node:path'\nexport const here = path.basename(__filename)\n" },
      { here: 'm.ts' },
    ],
    [
      'with a module of Node',
      { 'm.ts': "import { basename } from 'node:path'\nexport const here = basename(__filename)\n" },
      { here: 'm.ts' },
    ],
    [
      'that need each other',
      {
        'a.ts': "import { B } from './b.ts'\nexport const A = { other: () => B.name }\n",
        'b.ts': "import { A } from './a.ts'\nexport const B = { name: 'b', other: () => A }\n",
      },
      { A: { other: expect.any(Function) } },
    ],
    ['with a default', { 'm.ts': "export default { table: 'x' } satisfies object\n" }, { default: { table: 'x' } }],
  ]
  test.each(rows)('%s', (_, files, expected) => {
    expect(load(files)).toEqual(expected)
  })

  test('each once, whoever asks for it', () => {
    const file = join(folder({ 'm.ts': 'export const list: object[] = []\n' }), 'm.ts')
    const run = importQuickly([file, file], () => undefined)
    expect(run?.(file)).toBe(run?.(file))
  })

  test('an error names its place', () => {
    expect(() => load({ 'm.ts': 'export const a: number = 1\n\nexport const b = missing.b\n' })).toThrow(
      expect.objectContaining({ stack: expect.stringMatching(/m\.ts:3:\d+/) }),
    )
  })
})

describe('what is left to jiti', () => {
  const rows: readonly (readonly [string, Files])[] = [
    ['another package', { 'm.ts': "import { Entity } from 'electrodb'\nexport const a = Entity\n" }],
    [
      'another part of dynamox',
      { 'm.ts': "import { startLocal } from 'dynamox/vitest'\nexport const a = startLocal\n" },
    ],
    ['JavaScript', { 'm.js': 'exports.a = 1' }],
    ['what imports JavaScript', { 'm.ts': usesBase('./base.js'), 'base.js': "exports.prefix = ''" }],
    ['what may be one file or another', { 'm.ts': usesBase('./base'), 'base.ts': base, 'base.js': '' }],
    ['what may be a file or a folder', { 'm.ts': usesBase('./base'), 'base.ts': base, 'base/index.ts': base }],
    ['data', { 'm.ts': "import data from './data.json'\nexport const a = data\n", 'data.json': '{}' }],
    ['what is not there', { 'm.ts': usesBase('./base') }],
    ['a path that tsconfig explains', { 'm.ts': usesBase('@/base'), 'base.ts': base }],
    ['what is a folder, whatever its name', { 'm.ts': usesBase('./base.ts'), 'base.ts/index.ts': base }],
    ['a default that is not there', { 'm.ts': "import base from './base'\nexport const a = base\n", 'base.ts': base }],
    [
      'a default beside everything else, not there either',
      { 'm.ts': "import base, * as all from './base'\nexport const a = [base, all]\n", 'base.ts': base },
    ],
    ['the default of dynamox', { 'm.ts': "import dynamox from 'dynamox'\nexport const a = dynamox\n" }],
    [
      'a name that only the default may have',
      { 'm.ts': usesBase('./base'), 'base.ts': "export default { prefix: 'dev-' }\n" },
    ],
    [
      'everything beside a default',
      {
        'm.ts': "import * as all from './base'\nexport const a = all\n",
        'base.ts': "export default { prefix: 'dev-' }\n",
      },
    ],
    ['what waits', { 'm.ts': 'export const a = await 1\n' }],
    ['what is left to Babel anywhere in it', { 'm.ts': usesBase('./base'), 'base.ts': "export * from './more'\n" }],
  ]
  test.each(rows)('%s', (_, files) => {
    expect(load(files)).toBeUndefined()
  })

  test('another copy of dynamox', () => {
    expect(load({ 'm.ts': model }, false)).toBeUndefined()
  })

  test('what cannot be read', () => {
    const root = folder({ 'm.ts/index.ts': base })
    expect(importQuickly([join(root, 'm.ts')], () => undefined)).toBeUndefined()
    expect(importQuickly([join(root, 'none.ts')], () => undefined)).toBeUndefined()
  })

  test('which is decided before anything is run', () => {
    const root = folder({
      'first.ts': "import { writeFileSync } from 'node:fs'\nexport const a = writeFileSync(__dirname + '/ran', '')\n",
      'second.ts': "export { a } from './first'\n",
    })
    expect(importQuickly([join(root, 'first.ts'), join(root, 'second.ts')], () => undefined)).toBeUndefined()
    expect(() => readFileSync(join(root, 'ran'))).toThrow('ENOENT')
  })
})
