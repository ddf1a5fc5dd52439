import { describe, expect, it } from 'vitest'
import { applyPlan } from '../../src/apply/apply-plan.ts'
import type { Refusal, TableApi } from '../../src/apply/ports.ts'
import type { RunOptions } from '../../src/apply/run.ts'
import { readLive } from '../../src/apply/wait.ts'
import { type PlanOptions, planDelete, planTable } from '../../src/plan/plan-table.ts'
import type { TableInput } from '../../src/table/input.ts'
import { createFakeAws, type FakeAwsOptions } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

type Input = Partial<TableInput>

function setUp(there: Input | undefined, options: FakeAwsOptions = {}) {
  const clock = createVirtualClock()
  const aws = createFakeAws(clock, options)
  if (there !== undefined) aws.put(table(there))
  const plan = async (desired: Input, how?: PlanOptions) => {
    const definition = table(desired)
    return planTable(definition, (await readLive(definition, aws, { clock })).live, how)
  }
  const update = async (desired: Input, run: RunOptions = {}, how?: PlanOptions) =>
    applyPlan(await plan(desired, how), aws, { clock, ...run })
  return { clock, aws, plan, update }
}

const email = { 'by-email': { partitionKey: 'email' } } as const

describe('applyPlan', () => {
  it('creates a missing table', async () => {
    const { update, aws } = setUp(undefined)
    expect(await update({ ttl: 'until' })).toMatchObject({ action: 'created', status: 'ACTIVE' })
    expect(aws.table('users')?.settings.ttl).toBe('until')
  })

  it('does nothing for a plan without steps', async () => {
    const { update, aws } = setUp({ stream: 'NEW_IMAGE' })
    expect(await update({ stream: 'NEW_IMAGE' })).toMatchObject({ action: 'unchanged' })
    expect(aws.calls).toEqual([])
  })

  it('brings a table to its definition, and the next plan is empty', async () => {
    const { update, plan, aws } = setUp({
      globalIndexes: { old: { partitionKey: 'x' } },
      ttl: 'expiresAt',
      tags: { a: '1' },
    })
    const desired: Input = {
      billingMode: 'PROVISIONED',
      globalIndexes: email,
      stream: 'NEW_IMAGE',
      ttl: 'until',
      tags: { a: '2' },
      deletionProtection: true,
    }
    const outcome = await update(desired, {}, { dropIndexes: true })
    expect(outcome).toMatchObject({ action: 'updated', status: 'ACTIVE' })
    expect(outcome.warnings).toBeUndefined()
    expect(aws.illegal()).toEqual([])
    expect((await plan(desired, { dropIndexes: true })).steps).toEqual([])
    // The cool-down between the two TTL changes ran while the index was built.
    expect(outcome.durationMs).toBeLessThan(45 * 60_000)
  })

  it.each<[string, Input, Input]>([
    [
      'an index that was recreated',
      { globalIndexes: { one: { partitionKey: 'x' } } },
      { globalIndexes: { one: { partitionKey: 'y' } } },
    ],
    ['a stream with another view', { stream: 'NEW_IMAGE' }, { stream: 'KEYS_ONLY' }],
    ['TTL on another attribute', { ttl: 'expiresAt' }, { ttl: 'until' }],
    ['capacity', { billingMode: 'PROVISIONED' }, { billingMode: 'PROVISIONED', readCapacity: 9, writeCapacity: 9 }],
  ])('does not repeat %s that another process carried out after the plan was made', async (_what, there, desired) => {
    const { clock, plan, aws } = setUp(there)
    const [first, second] = [await plan(desired), await plan(desired)]
    await applyPlan(first, aws, { clock })
    const accepted = () => aws.calls.filter(({ answer }) => answer === undefined).length
    const before = accepted()
    const outcome = await applyPlan(second, aws, { clock })
    expect(outcome.error).toBeUndefined()
    expect(accepted()).toBe(before)
    expect((await plan(desired)).steps).toEqual([])
  })

  it('does not start a blocked plan', async () => {
    const { update, aws } = setUp({})
    const outcome = await update({ partitionKey: 'id', stream: 'NEW_IMAGE' })
    expect(outcome).toMatchObject({
      action: 'blocked',
      error: { code: 'blocked', problems: [{ path: 'users › partitionKey' }] },
    })
    expect(aws.calls).toEqual([])
  })

  it('only says what it would do in a dry run', async () => {
    const { update, aws } = setUp({})
    const outcome = await update({ stream: 'NEW_IMAGE' }, { dryRun: true })
    expect([outcome.action, outcome.steps?.length]).toEqual(['planned', 1])
    expect(aws.calls).toEqual([])
  })

  it('waits until other work has settled before it begins', async () => {
    const { update, aws } = setUp({})
    await aws.send({ api: 'UpdateTable', input: { TableName: 'users', TableClass: 'STANDARD_INFREQUENT_ACCESS' } })
    expect(await update({ stream: 'NEW_IMAGE' })).toMatchObject({ action: 'updated' })
    expect(aws.calls.map(call => call.answer)).toEqual([undefined, undefined])
  })

  it('without waiting, goes as far as it can and names the rest', async () => {
    const { update } = setUp({})
    expect(
      await update({ stream: 'NEW_IMAGE', tableClass: 'STANDARD_INFREQUENT_ACCESS' }, { wait: false }),
    ).toMatchObject({
      action: 'requested',
      warnings: [
        'not applied yet: change the table class to STANDARD_INFREQUENT_ACCESS; the same command again does the rest',
      ],
    })
  })

  it('does not wait for a long index build without wait', async () => {
    const { update, aws } = setUp({})
    const outcome = await update({ ttl: 'until', globalIndexes: email }, { wait: false })
    expect(outcome).toMatchObject({ action: 'requested', durationMs: expect.any(Number) })
    expect(outcome.durationMs).toBeLessThan(1_000)
    expect(aws.calls.map(call => call.request.api)).toEqual(['UpdateTimeToLive', 'UpdateTable'])
  })

  it('does not loop on a request that is refused for good', async () => {
    const { update, aws } = setUp({})
    const refusal: Refusal = {
      kind: 'static',
      message: 'You cannot modify stream status while updating table IOPS',
      cause: undefined,
    }
    aws.answerNext('UpdateTable', refusal)
    const outcome = await update({ stream: 'NEW_IMAGE' })
    expect(outcome).toMatchObject({ action: 'failed', error: { code: 'aws' } })
    expect(outcome.durationMs).toBeLessThan(200)
    expect(aws.calls).toHaveLength(1)
  })

  it('does not wait thirty days for a budget', async () => {
    const { update, aws } = setUp({})
    aws.answerNext('UpdateTable', {
      kind: 'cool-down',
      message: 'Updates to TableClass are limited to 2 times in 30 day(s).',
    })
    expect(await update({ tableClass: 'STANDARD_INFREQUENT_ACCESS' })).toMatchObject({
      error: { code: 'limit' },
      durationMs: 40,
    })
  })

  it('treats a refusal as success when another process made the same change', async () => {
    const { plan, aws, clock } = setUp({})
    const made = await plan({ stream: 'NEW_IMAGE' })
    const [first, second] = await Promise.all([applyPlan(made, aws, { clock }), applyPlan(made, aws, { clock })])
    expect([first?.action, second?.action]).toEqual(['updated', 'updated'])
    expect([first, second].map(outcome => outcome?.steps?.length ?? 0).sort()).toEqual([0, 1])
  })

  it('fails when the table was created after the plan was made', async () => {
    const { plan, aws, clock } = setUp(undefined)
    const made = await plan({})
    aws.put(table())
    expect(await applyPlan(made, aws, { clock })).toMatchObject({ action: 'failed', error: { code: 'exists' } })
  })

  it('carries out a deletion', async () => {
    const { aws, clock } = setUp({ deletionProtection: true })
    const plan = planDelete('users', (await readLive(table(), aws, { clock })).live, { disableProtection: true })
    expect(await applyPlan(plan, aws, { clock })).toMatchObject({ action: 'deleted' })
  })

  it('reports what was sent and the last status when it is interrupted', async () => {
    const { update, clock } = setUp({})
    const stop = new AbortController()
    void clock.sleep(10_000).then(() => stop.abort())
    const outcome = await update({ stream: 'NEW_IMAGE', globalIndexes: email }, { signal: stop.signal })
    expect(outcome).toMatchObject({ action: 'interrupted', status: 'UPDATING' })
    expect(outcome.error?.message).toBe(
      'users: interrupted; UpdateTable StreamSpecification, UpdateTable GlobalSecondaryIndexUpdates were sent, last seen UPDATING',
    )
  })

  it('warns when a change was accepted but does not show', async () => {
    const { plan, aws, clock } = setUp({})
    const made = await plan({ stream: 'NEW_IMAGE' })
    const forgetful: TableApi = { ...aws, send: async () => undefined }
    expect(await applyPlan(made, forgetful, { clock })).toMatchObject({
      action: 'updated',
      warnings: ['UpdateTable StreamSpecification was accepted, but the table does not show it'],
    })
  })

  it.each([
    ['an emulator that drops one setting is not given time to show the next ones', 'unknown', 15_000],
    ['AWS may show each change late', 'aws', 60_000],
  ] as const)('%s', async (_, engine, mostMs) => {
    const { plan, aws, clock } = setUp({})
    const made = await plan({ stream: 'NEW_IMAGE', deletionProtection: true, tableClass: 'STANDARD_INFREQUENT_ACCESS' })
    const forgetful: TableApi = {
      ...aws,
      capabilities: () => ({ ...aws.capabilities(), engine }),
      send: async () => undefined,
    }
    const { action, warnings, durationMs } = await applyPlan(made, forgetful, { clock })
    expect([action, warnings?.length, durationMs > 10_000, durationMs > 30_000, durationMs < mostMs]).toEqual([
      'updated',
      3,
      true,
      engine === 'aws',
      true,
    ])
  })
})
