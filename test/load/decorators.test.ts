import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

// Stands for a model library: the table is named after what the decorator was called with.
const model = `
export const tables: object[] = []
function Table(type: unknown, context?: { kind: string }) {
  tables.push({ table: context === undefined ? 'legacy' : 'of-a-' + context.kind, partitionKey: 'id' })
}
function Attribute(...place: unknown[]): void {}

@Table
export class Order {
  @Attribute
  id!: string
}
`
const legacy = '{ "compilerOptions": { "experimentalDecorators": true } }'
const standard = '{ "compilerOptions": { "target": "ES2022" } }'
const failing =
  'function Broken(): never { throw new Error("no such kind of decorator") }\n@Broken\nexport class Order {}\n'

const load = async (cwd: string) => {
  const { tables } = await loadDefinitions({ cwd, config: false, models: ['order.ts'] })
  return tables.map(({ definition }) => definition.name)
}

/** A project that has this copy of TypeScript installed. */
function withTypeScript(files: Readonly<Record<string, string>>): string {
  const cwd = folder({ ...files, node_modules: null })
  symlinkSync(resolve('node_modules/typescript'), join(cwd, 'node_modules/typescript'), 'junction')
  return cwd
}

describe('decorators are compiled as the project compiles them', () => {
  test('by its TypeScript, as the legacy kind where its tsconfig says so', async () => {
    expect(await load(withTypeScript({ 'order.ts': model, 'tsconfig.json': legacy }))).toEqual(['legacy'])
  })

  test('by its TypeScript, as the standard kind otherwise', async () => {
    expect(await load(withTypeScript({ 'order.ts': model, 'tsconfig.json': standard }))).toEqual(['of-a-class'])
  })

  test('by its TypeScript without a tsconfig, as the kind that model libraries are written for', async () => {
    expect(await load(withTypeScript({ 'order.ts': model }))).toEqual(['legacy'])
  })

  test('by Babel where there is no TypeScript', async () => {
    expect(await load(folder({ 'order.ts': model }))).toEqual(['legacy'])
  })

  test('a change of the tsconfig shows at once', async () => {
    const cwd = withTypeScript({ 'order.ts': model, 'tsconfig.json': legacy, 'standard/tsconfig.json': standard })
    expect(await load(cwd)).toEqual(['legacy'])
    const { writeFileSync } = await import('node:fs')
    writeFileSync(join(cwd, 'tsconfig.json'), standard)
    expect(await load(cwd)).toEqual(['of-a-class'])
  })
})

describe('where Babel cannot compile decorators, the message says what helps', () => {
  test('without TypeScript', async () => {
    expect(await failure(load(folder({ 'order.ts': failing })))).toMatchObject({
      code: 'model',
      message: 'order.ts:1:45: no such kind of decorator',
      hint: 'Babel compiled the decorators; npm install --save-dev typescript@6 lets TypeScript compile them',
    })
  })

  test('with TypeScript 7, which cannot be called', async () => {
    const cwd = folder({
      'order.ts': failing,
      'node_modules/typescript/package.json': '{ "name": "typescript", "version": "7.0.2", "main": "index.cjs" }',
      'node_modules/typescript/index.cjs': 'exports.version = "7.0.2"',
    })
    expect(await failure(load(cwd))).toMatchObject({
      hint: 'Babel compiled the decorators, because TypeScript 7 cannot be called from JavaScript; npm install --save-dev typescript@6 lets TypeScript compile them',
    })
  })

  test("with a compiler in the project, the error is the model's", async () => {
    expect(await failure(load(withTypeScript({ 'order.ts': failing })))).not.toHaveProperty('hint', expect.anything())
  })
})
