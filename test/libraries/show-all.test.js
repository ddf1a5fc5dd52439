import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from '../cli/support/run-cli.ts'

test('every fixture: no crash, conflicts and models without a name are reported, everything else is shown', async () => {
  const args = ['show', '--no-config', '--json', '--model', 'fixtures/**/*.ts', '--model', '!fixtures/sample-*/**']
  const { code, stdout } = await runCli(args, { cwd: resolve(import.meta.dirname, '../..') })
  const { tables, error } = JSON.parse(stdout)
  expect(code).toBe(2)
  expect(new Set(tables.map(({ name }) => name)).size).toBe(tables.length)
  expect(tables.length).toBeGreaterThan(70)
  const adapters = new Set(tables.flatMap(({ source }) => source.map(({ adapter }) => adapter)))
  // Those that are missing have their fixtures in other kinds of files.
  expect([...adapters].sort()).toEqual([
    'create-table',
    'data-mapper',
    'ddb-single-table',
    'dynamo-document-builder',
    'dynamo-easy',
    'dynamo-ts',
    'dynamo-types',
    'dynamodb-entity-store',
    'dynamodb-onetable',
    'dynamodb-toolbox',
    'dynamode',
    'dynamoose',
    'dynamox',
    'dyngoose',
    'electrodb',
    'typedorm',
  ])
  const nameless = error.problems.filter(({ message }) => message.startsWith('the table has no name'))
  expect(nameless.map(({ path }) => path.split(' ').at(-1)).sort()).toEqual([
    'PetSchema',
    'PetSchema',
    'PetSchema',
    'badgeSchema',
    'cars',
  ])
  const conflicts = error.problems.filter(problem => !nameless.includes(problem))
  // A conflict stands where the table is defined for the second time.
  expect(conflicts.map(({ path, message }) => `${path}: ${message.split(' ')[0]}`).sort()).toEqual([
    'fixtures/config/ts/dynamox.config.ts tables[0] orders: orders',
    'fixtures/dynamodb-onetable/conflict/table.ts table.Play: onetable-conflict',
    'fixtures/dynamoose/conflict/user.ts User: dynamoose-conflict',
    'fixtures/dynamox/user.ts User: users',
  ])
  for (const { message } of conflicts) expect(message).toMatch(/: .+ in .+ \(fixtures\/.+\), .+ in .+ \(fixtures\//)
})
