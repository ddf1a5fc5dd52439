import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { ResolvedTable } from '../../src/load/load-options.ts'
import { runCli } from '../cli/support/run-cli.ts'
import { folder } from '../load/support/folder.ts'
import { load } from './support/fixtures.ts'

const folders = '{dynamoose,nestjs-dynamoose,electrodb,dynamodb-toolbox,dynamodb-onetable,typedorm}'

test('all models at once: conflicts and schemas without a name are reported, everything else is shown', async () => {
  const args = [
    'show',
    '--no-config',
    '--json',
    '--model',
    `fixtures/${folders}/**/*.{ts,cjs,mjs}`,
    '--model',
    '!**/setup.cjs',
  ]
  const { code, stdout } = await runCli(args, { cwd: resolve(import.meta.dirname, '../..') })
  const { ok, tables, error } = JSON.parse(stdout)
  expect(tables.map(({ name }: { name: string }) => name).sort()).toEqual([
    'dynamoose-boats',
    'dynamoose-garden',
    'dynamoose-log',
    'dynamoose-marina',
    'dynamoose-orders-v1',
    'dynamoose-plants',
    'dynamoose-shared',
    'electrodb-clinic',
    'electrodb-household',
    'electrodb-meters',
    'electrodb-sales',
    'onetable-broadcast',
    'onetable-choir',
    'toolbox-kennel',
    'toolbox-library',
    'toolbox-notes',
    'toolbox-tickets',
    'toolbox-uploads',
    'typedorm-club',
    'typedorm-fleet',
    'typedorm-parcels',
    'typedorm-staff',
  ])
  const nameless = 'the table has no name; give it one, or --table for a model that carries none'
  expect({ ok, code, error: error.code }).toEqual({ ok: false, code: 2, error: 'definition' })
  const problems = error.problems.map(({ path, message }: { path: string; message: string }) => `${path}: ${message}`)
  expect(problems.sort()).toEqual([
    'fixtures/dynamodb-onetable/conflict/table.ts table.Play: onetable-conflict is defined twice, and the type of attribute gs1sk differs: string in table.Song (fixtures/dynamodb-onetable/conflict/table.ts), number in table.Play (fixtures/dynamodb-onetable/conflict/table.ts)',
    'fixtures/dynamoose/conflict/user.ts User: dynamoose-conflict is defined twice, and the type of attribute gsi1sk differs: number in Invoice (fixtures/dynamoose/conflict/invoice.ts), string in User (fixtures/dynamoose/conflict/user.ts)',
    `fixtures/electrodb/badge.schema.ts badgeSchema: ${nameless}`,
    `fixtures/nestjs-dynamoose/pet.schema.ts PetSchema: ${nameless}`,
  ])
})

test('text output shows tables first and conflicts last', async () => {
  const args = ['show', '--no-config', '--model', 'fixtures/dynamoose/{plant,conflict/*}.ts']
  const { code, stdout, stderr } = await runCli(args, { cwd: resolve(import.meta.dirname, '../..') })
  expect(code).toBe(2)
  expect(stdout).toContain('dynamoose-plants')
  expect(stderr).toContain('attribute gsi1sk differs: number in Invoice')
})

test('the override that a warning names settles it, and changes nothing else', async () => {
  const root = folder({
    'untyped.mjs': `
      const primary = { hash: 'pk', sort: 'sk' }
      const byDay = { hash: 'gpk', sort: 'gsk' }
      export const schema = { format: 'onetable:1.1.0', version: '0.0.1', indexes: { primary, byDay }, models: {} }`,
  })
  const all = (config: string | false) =>
    load([`${folders}/**/*.{ts,cjs,mjs}`, '!**/setup.cjs', '!**/{badge,pet}.schema.ts', join(root, 'untyped.mjs')], {
      problems: 'return',
      table: 'untyped',
      config,
    })
  const hint = /; set overrides\.(\S+)(?: to (\S+),.*)? in the config/
  const before = (await all(false)).tables
  const overrides: Tree = {}
  for (const [, path = '', key] of before.flatMap(({ warnings }) =>
    warnings.flatMap(text => [hint.exec(text) ?? []]),
  )) {
    const fields = path.split('.')
    if (path !== '') set(overrides, fields, key ?? (fields.length === 3 ? {} : 'ALL'))
  }
  expect(Object.keys(overrides)).toContain('untyped')
  writeFileSync(join(root, 'config.json'), JSON.stringify({ overrides }))
  const after = (await all(join(root, 'config.json'))).tables
  expect(after.flatMap(({ warnings }) => warnings.filter(text => hint.test(text)))).toEqual([])
  const plain = ({ definition: { assumed: _, globalIndexes, ...rest } }: ResolvedTable) => ({
    ...rest,
    globalIndexes: globalIndexes.toSorted((a, b) => a.name.localeCompare(b.name)),
  })
  expect(after.map(plain)).toEqual(before.map(plain))
})

interface Tree {
  [field: string]: Tree | string
}

function set(tree: Tree, [field = '', ...rest]: readonly string[], value: Tree | string): void {
  if (rest.length === 0) tree[field] = value
  else {
    const inner = tree[field]
    const next = typeof inner === 'object' ? inner : {}
    tree[field] = next
    set(next, rest, value)
  }
}
