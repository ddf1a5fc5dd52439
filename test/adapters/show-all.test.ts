import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from '../cli/support/run-cli.ts'

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
    'dynamoose-conflict: attribute gsi1sk: number in Invoice (fixtures/dynamoose/conflict/invoice.ts), string in User (fixtures/dynamoose/conflict/user.ts)',
    `fixtures/electrodb/badge.schema.ts badgeSchema: ${nameless}`,
    `fixtures/nestjs-dynamoose/pet.schema.ts PetSchema: ${nameless}`,
    'onetable-conflict: attribute gs1sk: string in table.Song (fixtures/dynamodb-onetable/conflict/table.ts), number in table.Play (fixtures/dynamodb-onetable/conflict/table.ts)',
  ])
})

test('text output shows tables first and conflicts last', async () => {
  const args = ['show', '--no-config', '--model', 'fixtures/dynamoose/{plant,conflict/*}.ts']
  const { code, stdout, stderr } = await runCli(args, { cwd: resolve(import.meta.dirname, '../..') })
  expect(code).toBe(2)
  expect(stdout).toContain('dynamoose-plants')
  expect(stderr).toContain('attribute gsi1sk: number in Invoice')
})
