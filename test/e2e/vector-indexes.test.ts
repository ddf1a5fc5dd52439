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

/** Three tables at once: dynoxide takes 15 s for each index that is added later, whatever it holds. */
async function lifeOf({ endpoint, region, credentials }: EngineAddress) {
  const api = createApi({ kind: 'endpoint', endpoint, region, credentials })
  const near = vector()
  await Promise.all(
    [addedTo, replacedIn, keptBeside].map(async life => {
      const name = unique('vectors')
      const define = (vectorIndexes: Indexes) => table({ table: name, vectorIndexes })
      expect(await createTable(define({ near }), api)).toMatchObject({ action: 'created' })
      expect(await createTable(define({ near }), api)).toMatchObject({ action: 'unchanged' })
      await life(near, async (indexes, options = {}) => {
        const desired = define(indexes)
        const { live } = await readLive(desired, api, { settle: true })
        const plan = planTable(desired, live, { ...options, capabilities: api.capabilities() })
        const { action, error } = await applyPlan(plan, api)
        expect(error).toBeUndefined()
        const { live: after } = await readLive(desired, api)
        const steps = plan.steps.map(({ sign }) => sign).join('')
        return { action, steps, indexes: after?.definition.vectorIndexes ?? {} }
      })
      expect(await deleteTable(name, api)).toMatchObject({ action: 'deleted' })
    }),
  )
}

type Indexes = Readonly<Record<string, VectorIndexInput>>
type Update = (
  indexes: Indexes,
  options?: PlanOptions,
) => Promise<{ readonly action: string; readonly steps: string; readonly indexes: object }>

async function addedTo(near: VectorIndexInput, update: Update) {
  const far = vector({ distance: 'EUCLIDEAN', partitionKey: undefined, filters: [], projection: 'KEYS_ONLY' })
  expect(await update({ near, far })).toMatchObject({
    action: 'updated',
    steps: '+',
    indexes: {
      near: { attribute: 'embedding', dimensions: 3, filters: [{ name: 'year', type: 'N' }], projection: ['title'] },
      far: { distance: 'EUCLIDEAN', partitionKey: [], filters: [], projection: 'KEYS_ONLY' },
    },
  })
  expect(await update({ near, far })).toMatchObject({ action: 'unchanged', steps: '' })
}

async function replacedIn(_: VectorIndexInput, update: Update) {
  const replaced = await update({ near: vector({ distance: 'DOT_PRODUCT' }) })
  expect(replaced).toMatchObject({ action: 'updated', steps: '-+', indexes: { near: { distance: 'DOT_PRODUCT' } } })
}

async function keptBeside(_: VectorIndexInput, update: Update) {
  const changed = vector({ distance: 'DOT_PRODUCT' })
  const beside = await update({ near: changed }, { safeReplace: true })
  expect(Object.keys(beside.indexes).sort()).toEqual(['near', 'near-2'])
  const dropped = await update({ 'near-2': changed }, { dropIndexes: true })
  expect(dropped).toMatchObject({ steps: '-', indexes: { 'near-2': { distance: 'DOT_PRODUCT' } } })
  expect(Object.keys(dropped.indexes)).toEqual(['near-2'])
}

/** An engine that does not keep them: the table is created without them, with a warning, and is found unchanged. */
async function withoutThem({ endpoint, region, credentials }: EngineAddress) {
  const api = createApi({ kind: 'endpoint', endpoint, region, credentials })
  const desired = table({ table: unique('vectors'), vectorIndexes: { near: vector() } })
  const warnings = ['vectorIndexes: not kept by DynamoDB Local, left out']
  expect(await createTable(desired, api)).toMatchObject({ action: 'created', warnings })
  expect(await createTable(desired, api)).toMatchObject({ action: 'unchanged' })
  expect(await deleteTable(desired.name, api)).toMatchObject({ action: 'deleted' })
}

describeEngines('vector indexes', engine => {
  const keepsThem = engine.name !== 'dynamodb-local'
  test(keepsThem ? 'behave as on AWS' : 'are left out with a warning', () =>
    keepsThem ? lifeOf(engine) : withoutThem(engine),
  )
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
