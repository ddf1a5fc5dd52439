// Vector indexes on the engines that keep them: created, found unchanged, added, replaced, kept beside, dropped.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { applyPlan } from '../../src/apply/apply-plan.ts'
import { createTable, deleteTable } from '../../src/apply/reconcile.ts'
import { readLive } from '../../src/apply/wait.ts'
import { createApi } from '../../src/aws/create-api.ts'
import { type PlanOptions, planTable } from '../../src/plan/plan-table.ts'
import type { VectorIndexInput } from '../../src/settings/vector-indexes.ts'
import { startProgram } from '../support/engines/child-engine.ts'
import { describeEngines } from '../support/engines/describe-engines.ts'
import { dynoxideProgram } from '../support/engines/dynoxide.ts'
import { type EngineAddress, EngineUnavailable } from '../support/engines/engine.ts'
import { table } from '../support/tables.ts'
import { unique } from './support/cli.ts'

const vector = (more: Partial<VectorIndexInput> = {}): VectorIndexInput => ({
  attribute: 'embedding',
  dimensions: 3,
  distance: 'COSINE',
  partitionKey: 'tenant',
  filters: ['year:N'],
  projection: ['title'],
  ...more,
})

async function lifeOf({ endpoint, region, credentials }: EngineAddress) {
  const api = createApi({ kind: 'endpoint', endpoint, region, credentials })
  const name = unique('vectors')
  const define = (vectorIndexes: Readonly<Record<string, VectorIndexInput>>) => table({ table: name, vectorIndexes })
  const update = async (indexes: Readonly<Record<string, VectorIndexInput>>, options: PlanOptions = {}) => {
    const desired = define(indexes)
    const { live } = await readLive(desired, api, { settle: true })
    const plan = planTable(desired, live, { ...options, capabilities: api.capabilities() })
    const { action, error } = await applyPlan(plan, api)
    expect(error).toBeUndefined()
    const { live: after } = await readLive(desired, api, { settle: true })
    return {
      action,
      steps: plan.steps.map(({ sign }) => sign).join(''),
      indexes: after?.definition.vectorIndexes ?? {},
    }
  }
  const near = vector()
  expect(await createTable(define({ near }), api)).toMatchObject({ action: 'created' })
  expect(await createTable(define({ near }), api)).toMatchObject({ action: 'unchanged' })

  const far = vector({ distance: 'EUCLIDEAN', partitionKey: undefined, filters: [], projection: 'KEYS_ONLY' })
  const added = await update({ near, far })
  expect(added).toMatchObject({ action: 'updated', steps: '+' })
  expect(added.indexes).toMatchObject({
    near: { attribute: 'embedding', dimensions: 3, filters: [{ name: 'year', type: 'N' }], projection: ['title'] },
    far: { distance: 'EUCLIDEAN', partitionKey: [], filters: [], projection: 'KEYS_ONLY' },
  })
  expect(await update({ near, far })).toMatchObject({ action: 'unchanged', steps: '' })

  const changed = vector({ distance: 'DOT_PRODUCT' })
  const replaced = await update({ near: changed, far })
  expect(replaced).toMatchObject({ action: 'updated', steps: '-+', indexes: { near: { distance: 'DOT_PRODUCT' } } })

  const beside = await update({ near, far }, { safeReplace: true })
  expect(Object.keys(beside.indexes).sort()).toEqual(['far', 'near', 'near-2'])
  const dropped = await update({ 'near-2': near }, { dropIndexes: true })
  expect(Object.keys(dropped.indexes)).toEqual(['near-2'])
  expect(dropped.steps).toBe('--')
  expect(await deleteTable(name, api)).toMatchObject({ action: 'deleted' })
}

describeEngines('vector indexes', engine => {
  test.runIf(engine.name === 'extenddb')('live as on AWS', () => lifeOf(engine))
})

test('vector indexes live as on AWS (dynoxide)', async context => {
  const command = await dynoxideProgram().catch((error: unknown) => {
    if (error instanceof EngineUnavailable) context.skip(error.message)
    throw error
  })
  const scratch = await mkdtemp(join(tmpdir(), 'dynamox-dynoxide-'))
  const args = (port: number) => ['serve', '--port', String(port), '--db-path', join(scratch, 'dynoxide.sqlite')]
  const running = await startProgram({ command, args, cwd: scratch, scratch })
  onTestFinished(() => running.stop())
  await lifeOf(running)
})
