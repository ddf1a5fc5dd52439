import { expect, test } from 'vitest'
import { project, runCli } from './support/run-cli.ts'

const model = "import { Entity } from 'electrodb'\nexport const Order = new Entity({})\n"

test('without models and config, packages that have some are named', async () => {
  const cwd = await project({
    'package.json': '{ "workspaces": ["packages/*"] }',
    'packages/shop/src/models/order.js': model,
    'packages/shop/src/models/cart.js': model,
    'packages/users/.dynamoxrc': 'tables: [{ table: users, partitionKey: pk }]\n',
  })
  const here =
    'found here: --config packages/users/.dynamoxrc (a config), --model packages/shop/src/models (models of ElectroDB); '
  const plan = await runCli(['plan', '--local'], { cwd })
  expect({ code: plan.code, stderr: plan.stderr }).toEqual({
    code: 2,
    stderr:
      'error: nothing to plan: no model and no config with tables\n' +
      `  ${here}give one, as in dynamox plan --local --config packages/users/.dynamoxrc, or write a config with dynamox init\n`,
  })
  const named = await runCli(['create', 'orders'], { cwd })
  expect(named.stderr).toContain(`\n  ${here}give its keys, as in dynamox create orders --partition-key pk:S, `)
  const suggested = await runCli(['show', '--config', 'packages/users/.dynamoxrc'], { cwd })
  expect(suggested.code).toBe(0)
})

test('of many files three are named; with --no-config none is', async () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const cwd = await project(Object.fromEntries(names.map(name => [`packages/${name}/models/order.js`, model])))
  const show = await runCli(['show'], { cwd })
  expect(show.stderr).toContain('--model packages/c/models (models of ElectroDB) and 2 more; give one, as in dynamox')
  const without = await runCli(['show', '--no-config'], { cwd })
  expect(without.stderr).toContain('\n  give a model file, as in dynamox show ')
})

test('a folder with many files is summed up by kinds', async () => {
  const input = (name: string) =>
    JSON.stringify({
      TableName: name,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    })
  const names = Array.from({ length: 21 }, (_, index) => `table-${index}`)
  const cwd = await project(Object.fromEntries(names.map(name => [`models/${name}.json`, input(name)])))
  const { code, stderr } = await runCli(['show', '--model', 'models', '--no-config'], { cwd })
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'found 21 files (CreateTable input)\n' })
})

test('export without a format is refused before models are loaded', async () => {
  const cwd = await project({ 'broken.js': 'throw new Error("loaded")\n' })
  const { code, stderr } = await runCli(['export', '--model', 'broken.js'], { cwd })
  expect({ code, first: stderr.split('\n')[0] }).toEqual({ code: 2, first: 'error: no format given' })
})
