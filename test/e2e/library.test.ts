// What the command line does, code can do: the same steps, by the built library.
import { beforeAll, expect, test } from 'vitest'
import { dynaliteEngine } from '../support/engines/dynalite.ts'
import { project } from './support/cli.ts'
import { library } from './support/library.ts'

let endpoint = ''

beforeAll(async () => {
  const engine = await dynaliteEngine().start()
  endpoint = engine.endpoint
  return engine.stop
})

test('load, plan, apply, wait, drop', async () => {
  const { applyPlan, createApi, loadDefinitions, planDelete, planTable, resolveTarget, waitFor } = library
  const cwd = await project({
    'orders.ts': `import { defineTable } from 'dynamox'
      export const Orders = defineTable({ table: 'orders', partitionKey: 'id:S', globalIndexes: { 'by-at': { partitionKey: 'at:N' } } })`,
  })
  const { tables } = await loadDefinitions({ cwd, models: ['orders.ts'] })
  const definition = tables[0]?.definition
  if (definition === undefined) throw new Error('nothing was loaded')

  const api = createApi(resolveTarget({ endpoint, region: 'eu-west-1' }, {}))
  expect(api.capabilities().engine).toBe('unknown')
  expect(await api.list()).toEqual([])
  expect(api.capabilities().engine).toBe('dynalite')

  const plan = planTable(definition, undefined, { capabilities: api.capabilities() })
  expect(await applyPlan(plan, api)).toMatchObject({ action: 'created', status: 'ACTIVE' })
  expect(await waitFor('orders', 'active', api)).toMatchObject({ action: 'ready' })
  const live = await api.describe('orders')
  if (live === undefined) throw new Error('orders is not there')
  expect(planTable(definition, live, { capabilities: api.capabilities() }).steps).toEqual([])

  expect(await applyPlan(planDelete('orders', live), api)).toMatchObject({ action: 'deleted' })
  expect(await waitFor('orders', 'gone', api)).toMatchObject({ action: 'gone' })
  expect(await waitFor('orders', 'active', api, { timeoutMs: 300 })).toMatchObject({ error: { code: 'timeout' } })
  expect(await api.identify()).toMatchObject({ region: 'eu-west-1', endpoint })
})
