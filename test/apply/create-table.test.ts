import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/apply/events.ts'
import type { Refusal, TableApi } from '../../src/apply/ports.ts'
import { type CreateOptions, createTable } from '../../src/apply/reconcile.ts'
import { createWaiter } from '../../src/apply/waiter.ts'
import { engines } from '../../src/settings/engines.ts'
import type { TableInput } from '../../src/table/input.ts'
import { createFakeAws, type FakeAwsOptions } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const lost: Refusal = { kind: 'unavailable', message: 'the connection broke', cause: undefined }
const quick = { create: [1_000, 1_000], settleAfterCreate: [0, 0] } as const

function setUp(options: FakeAwsOptions = {}) {
  const clock = createVirtualClock()
  const aws = createFakeAws(clock, options)
  const create = (input: Partial<TableInput> = {}, run: CreateOptions = {}) =>
    createTable(table(input), aws, { clock, ...run })
  return { clock, aws, create, sent: () => aws.calls.map(({ request }) => request.api) }
}

describe('a table that is missing', () => {
  it('is created, waited for, and gets what CreateTable cannot carry', async () => {
    const { create, aws, sent } = setUp()
    const outcome = await create({ ttl: 'expiresAt', pointInTimeRecovery: 7, contributorInsights: true })
    expect(outcome).toMatchObject({ name: 'users', action: 'created', status: 'ACTIVE' })
    expect(outcome.warnings).toBeUndefined()
    expect(new Set(sent())).toEqual(
      new Set(['CreateTable', 'UpdateTimeToLive', 'UpdateContinuousBackups', 'UpdateContributorInsights']),
    )
    expect(aws.table('users')?.settings).toMatchObject({ ttl: 'expiresAt', pointInTimeRecovery: 7 })
    expect(aws.illegal()).toEqual([])
  })

  it('is described about 25 times in five seconds, and found ready within 250 ms', async () => {
    const { create, aws } = setUp({ timings: { create: [5_000, 5_000] }, latencyMs: 0 })
    const outcome = await create()
    expect(outcome.durationMs).toBeLessThan(5_250)
    expect(aws.describes).toBeLessThanOrEqual(30)
  })

  it('is ready only when its indexes are', async () => {
    const { create, aws } = setUp()
    const outcome = await create({ globalIndexes: { 'by-email': { partitionKey: 'email' } } })
    expect(outcome.action).toBe('created')
    expect(outcome.durationMs).toBeGreaterThan(14_000)
    expect(aws.table('users')?.indexes).toMatchObject([{ status: 'ACTIVE' }])
  })

  it('may not be found for a few seconds after its creation', async () => {
    const { create } = setUp({ notFoundMs: 4_500, timings: quick })
    expect(await create()).toMatchObject({ action: 'created' })
  })

  it('is a failure, not a timeout, if it vanishes while it is created', async () => {
    const { create } = setUp({ notFoundMs: 1e9 })
    const outcome = await create()
    expect(outcome.error).toMatchObject({ code: 'not-found' })
    expect(outcome.durationMs).toBeLessThan(10_000)
  })

  it('emits its events in order', async () => {
    const { create } = setUp({ timings: quick })
    const events: Event[] = []
    await create({ ttl: 'expiresAt' }, { onEvent: event => events.push(event) })
    expect(events.map(event => (event.kind === 'sent' ? `sent ${event.step.request.api}` : event.kind))).toEqual([
      'started',
      'sending',
      'sent CreateTable',
      'status',
      'status',
      'sending',
      'sent UpdateTimeToLive',
      'finished',
    ])
  })
})

describe('an existing table', () => {
  it('is unchanged if it matches', async () => {
    const { create, aws } = setUp()
    aws.put(table({ ttl: 'expiresAt', tags: { team: 'a' }, globalIndexes: { 'by-email': { partitionKey: 'email' } } }))
    const outcome = await create({
      ttl: 'expiresAt',
      tags: { team: 'a' },
      globalIndexes: { 'by-email': { partitionKey: 'email' } },
    })
    expect(outcome).toMatchObject({ action: 'unchanged', status: 'ACTIVE' })
    expect(outcome.steps).toBeUndefined()
  })

  it('is not compared with values that the user did not write', async () => {
    const { create, aws } = setUp()
    aws.put(table({ billingMode: 'PROVISIONED', readCapacity: 100, writeCapacity: 100, tags: { owner: 'x' } }))
    expect(await create()).toMatchObject({ action: 'unchanged' })
  })

  it('is different if it differs, with its differences, and is not changed', async () => {
    const { create, aws, sent } = setUp()
    aws.put(table())
    const outcome = await create({ billingMode: 'PROVISIONED', stream: 'NEW_IMAGE' })
    expect(outcome.action).toBe('different')
    expect(outcome.error).toBeUndefined()
    expect(outcome.changes).toEqual([
      { kind: 'modify-setting', field: 'billingMode', from: 'PAY_PER_REQUEST', to: 'PROVISIONED' },
      { kind: 'modify-setting', field: 'stream', from: false, to: 'NEW_IMAGE' },
    ])
    expect(sent()).toEqual(['CreateTable'])
  })

  it('is an error with strict', async () => {
    const { create, aws } = setUp()
    aws.put(table())
    expect(await create({}, { strict: true })).toMatchObject({ action: 'exists', error: { code: 'exists' } })
  })

  it('is unchanged for a user without permission to create tables', async () => {
    const { create, aws } = setUp({ denied: ['CreateTable'] })
    expect(await create()).toMatchObject({ action: 'failed', error: { code: 'access-denied' } })
    aws.put(table())
    expect(await create()).toMatchObject({ action: 'unchanged' })
  })
})

describe('a table that several processes work on', () => {
  it('is created once, and both creators succeed', async () => {
    const { create, aws, sent } = setUp()
    const outcomes = await Promise.all([create({ ttl: 'expiresAt' }), create({ ttl: 'expiresAt' })])
    expect(outcomes.map(outcome => outcome.action).sort()).toEqual(['created', 'unchanged'])
    expect(outcomes.flatMap(outcome => outcome.warnings ?? [])).toEqual([])
    expect(sent().filter(api => api === 'UpdateTimeToLive')).toHaveLength(1)
    expect(aws.table('users')?.settings.ttl).toBe('expiresAt')
  })

  it('is completed after a while if its creator has stopped', async () => {
    const { create, aws } = setUp({ timings: quick })
    await create({}, { wait: false })
    const outcome = await create({ ttl: 'expiresAt', pointInTimeRecovery: true })
    expect(outcome).toMatchObject({ action: 'unchanged' })
    expect(outcome.steps?.map(step => step.request.api)).toEqual(['UpdateTimeToLive', 'UpdateContinuousBackups'])
    expect(outcome.warnings).toEqual([
      'turned on what the existing table lacked, as after an interrupted create: ttl: off -> expiresAt; pointInTimeRecovery: off -> on',
    ])
    expect(outcome.durationMs).toBeGreaterThan(8_000)
    expect(aws.table('users')?.settings).toMatchObject({ ttl: 'expiresAt', pointInTimeRecovery: 35 })
  })

  it('is created once another process has deleted the old table', async () => {
    const { create, aws, clock } = setUp()
    aws.put(table())
    await aws.send({ api: 'DeleteTable', input: { TableName: 'users' } })
    const from = clock.now()
    const outcome = await create()
    expect(outcome).toMatchObject({ action: 'created' })
    expect(clock.now() - from).toBeGreaterThan(6_000)
  })

  it('is different if another process creates it with another definition', async () => {
    const { create } = setUp()
    const [, other] = await Promise.all([create(), create({ sortKey: 'sk' })])
    expect(other).toMatchObject({ action: 'different', changes: [{ kind: 'modify-key' }] })
  })
})

describe('without waiting', () => {
  it('returns once the request is accepted', async () => {
    const { create, aws } = setUp()
    expect(await create({}, { wait: false })).toMatchObject({ action: 'requested', status: 'CREATING' })
    expect(aws.describes).toBe(0)
  })

  it('names the settings that are not applied, and the command that applies them', async () => {
    const { create } = setUp()
    const outcome = await create({ ttl: 'expiresAt' }, { wait: false })
    expect(outcome).toMatchObject({
      action: 'requested',
      warnings: ['not applied yet: turn on TTL on expiresAt; dynamox create users does the rest'],
    })
  })

  it('sends the rest if the table is ready by then', async () => {
    const { create, aws } = setUp({ timings: { create: [0, 0], settleAfterCreate: [0, 0] } })
    const outcome = await create({ ttl: 'expiresAt' }, { wait: false })
    expect(outcome).toMatchObject({ action: 'requested', status: 'ACTIVE' })
    expect(outcome.warnings).toBeUndefined()
    expect(aws.table('users')?.settings.ttl).toBe('expiresAt')
  })
})

describe('a dry run', () => {
  it('sends nothing and gives the steps', async () => {
    const { create, sent } = setUp()
    const outcome = await create({ ttl: 'expiresAt' }, { dryRun: true })
    expect(outcome.action).toBe('planned')
    expect(outcome.steps?.map(step => step.summary)).toEqual(['create table users (pk S)', 'turn on TTL on expiresAt'])
    expect(sent()).toEqual([])
  })

  it('compares an existing table', async () => {
    const { create, aws, sent } = setUp()
    aws.put(table())
    expect(await create({}, { dryRun: true })).toMatchObject({ action: 'unchanged' })
    expect(await create({ stream: 'NEW_IMAGE' }, { dryRun: true })).toMatchObject({ action: 'different' })
    expect(await create({ ttl: 'expiresAt' }, { dryRun: true })).toMatchObject({ action: 'planned' })
    expect(sent()).toEqual([])
  })
})

describe('when things go wrong', () => {
  it('a lost answer is resolved with DescribeTable', async () => {
    const carriedOut = setUp({ chaos: { lost: 1 } })
    expect(await carriedOut.create()).toMatchObject({ action: 'created' })
    expect(carriedOut.sent()).toEqual(['CreateTable'])
    const dropped = setUp()
    dropped.aws.answerNext('CreateTable', lost, lost)
    expect(await dropped.create()).toMatchObject({ action: 'created' })
    expect(dropped.sent()).toHaveLength(3)
  })

  it('throttling and simultaneous limits are waited out', async () => {
    const { create, aws } = setUp()
    const throttled: Refusal = { kind: 'throttled', message: 'too high' }
    aws.answerNext('CreateTable', throttled, { kind: 'limit', retryable: true, message: 'simultaneously' }, throttled)
    const events: Event[] = []
    expect(await create({}, { onEvent: event => events.push(event) })).toMatchObject({ action: 'created' })
    expect(events.filter(event => event.kind === 'held').map(event => event.reason)).toEqual(['simultaneously'])
  })

  it('a quota, or a permanent refusal, ends it at once', async () => {
    const limit = setUp()
    limit.aws.answerNext('CreateTable', { kind: 'limit', retryable: false, message: '2500 tables' })
    expect(await limit.create()).toMatchObject({
      action: 'failed',
      error: { code: 'limit', table: 'users' },
      durationMs: 40,
    })
    const cause = new Error('ValidationException')
    const refused = setUp()
    refused.aws.answerNext('CreateTable', { kind: 'static', message: 'no such key', cause })
    const outcome = await refused.create()
    expect(outcome).toMatchObject({
      action: 'failed',
      error: { code: 'aws', message: 'users: CreateTable was refused: no such key' },
    })
    expect(outcome.error?.cause).toBe(cause)
  })

  it('throttling that lasts to the deadline is reported', async () => {
    const { create } = setUp({ chaos: { throttle: 1 } })
    const outcome = await create({}, { timeoutMs: 30_000 })
    expect(outcome).toMatchObject({ action: 'failed', error: { code: 'throttled' } })
    expect(outcome.durationMs).toBeLessThanOrEqual(31_000)
  })

  it('access denied while waiting ends it at once', async () => {
    const { create } = setUp({ denied: ['DescribeTable'] })
    const outcome = await create()
    expect(outcome).toMatchObject({ action: 'failed', error: { code: 'access-denied' } })
    expect(outcome.durationMs).toBeLessThan(500)
  })

  it('a timeout says what was sent and what was seen last', async () => {
    const { create } = setUp({ timings: { create: [60_000, 60_000] } })
    const outcome = await create({}, { timeoutMs: 10_000 })
    expect(outcome).toMatchObject({ action: 'failed', status: 'CREATING', error: { code: 'timeout' } })
    expect(outcome.error?.message).toBe('users: not ready after 10.0 s; CreateTable was sent, last seen CREATING')
    expect(outcome.steps).toHaveLength(1)
  })

  it('a request that is never answered ends at the deadline, and says that it may have been carried out', async () => {
    const { clock, aws } = setUp()
    const given: (AbortSignal | undefined)[] = []
    const silent: TableApi = {
      ...aws,
      send: (_, options) => {
        given.push(options?.signal)
        return new Promise(() => {})
      },
    }
    const outcome = await createTable(table(), silent, { clock, timeoutMs: 2_000 })
    expect(outcome).toMatchObject({ action: 'failed', durationMs: 2_000 })
    expect(outcome.error).toMatchObject({
      code: 'timeout',
      message: 'users: CreateTable was sent, and no answer came before time ran out',
      hint: 'it may have been carried out: run the same command again to find out and to do the rest',
    })
    expect(given.map(signal => signal?.aborted)).toEqual([true])
  })

  it('an interrupt ends the wait, and says what was sent', async () => {
    const { create, clock } = setUp()
    const stop = new AbortController()
    void clock.sleep(1_000).then(() => stop.abort())
    const outcome = await create({}, { signal: stop.signal })
    expect(outcome).toMatchObject({ action: 'interrupted', status: 'CREATING', durationMs: 1_000 })
    expect(outcome.error).toMatchObject({
      code: 'interrupted',
      message: 'users: interrupted; CreateTable was sent, last seen CREATING',
    })
  })

  it('what was accepted counts as seen: no look may come before an interrupt, or before the table is found', async () => {
    const { create } = setUp()
    const stop = new AbortController()
    const onEvent = (event: Event) => event.kind === 'sent' && stop.abort()
    const stopped = await create({}, { signal: stop.signal, onEvent })
    expect(stopped).toMatchObject({
      action: 'interrupted',
      status: 'CREATING',
      error: { message: 'users: interrupted; CreateTable was sent, last seen CREATING' },
    })
    const late = setUp({ notFoundMs: 1_000 })
    expect(await late.create({}, { timeoutMs: 500 })).toMatchObject({
      status: 'CREATING',
      error: { code: 'timeout', message: 'users: not ready after 0.5 s; CreateTable was sent, last seen CREATING' },
    })
  })

  it('an interrupt reports a request that was sent and not answered', async () => {
    const { clock, aws } = setUp()
    const stop = new AbortController()
    const api: TableApi = {
      ...aws,
      send: () => {
        void clock.sleep(500).then(() => stop.abort())
        return new Promise(() => {})
      },
    }
    const outcome = await createTable(table(), api, { clock, signal: stop.signal, timeoutMs: 2_000 })
    expect(outcome).toMatchObject({
      action: 'interrupted',
      error: {
        message: 'users: interrupted; CreateTable was sent without a clear answer',
        hint: expect.stringContaining('it may have been carried out'),
      },
    })
  })

  it('an interrupt before anything was sent sends nothing', async () => {
    const { create, sent } = setUp()
    const outcome = await create({}, { signal: AbortSignal.abort() })
    expect(outcome).toMatchObject({
      action: 'interrupted',
      error: { message: 'users: interrupted; nothing was sent' },
    })
    expect(sent()).toEqual([])
  })

  it('throttled reads slow down and continue', async () => {
    const { create } = setUp({ chaos: { describe: 0.5 }, timings: quick })
    expect(await create({ ttl: 'expiresAt' })).toMatchObject({ action: 'created' })
  })
})

describe('a setting that the target cannot keep', () => {
  it('is a warning that names the option and the engine', async () => {
    const { create, sent } = setUp({ capabilities: engines['plain-dynalite'], timings: quick })
    const outcome = await create({ ttl: 'expiresAt', stream: 'NEW_IMAGE', deletionProtection: false })
    expect(outcome).toMatchObject({
      action: 'created',
      warnings: ['stream: not kept by plain dynalite, left out', 'ttl: not kept by plain dynalite, left out'],
    })
    expect(sent()).toEqual(['CreateTable'])
    expect((await create({ ttl: 'expiresAt', stream: 'NEW_IMAGE' })).action).toBe('unchanged')
  })

  it('is a warning where an index needs a key of several attributes; the second create is unchanged', async () => {
    const { create, sent } = setUp({ capabilities: engines['plain-dynalite'], timings: quick })
    const layer = { globalIndexes: { 'by-two': { partitionKey: ['x', 'y'] }, 'by-one': { partitionKey: 'x' } } }
    const outcome = await create(layer)
    expect(outcome).toMatchObject({
      action: 'created',
      warnings: ['globalIndexes.by-two: plain dynalite does not support keys of several attributes, left out'],
    })
    expect(sent()).toHaveLength(1)
    expect((await create(layer)).action).toBe('unchanged')
  })

  it('is a warning too when only the answer of the target shows it', async () => {
    const { create } = setUp({ unsupported: ['UpdateTimeToLive'], timings: quick })
    expect(await create({ ttl: 'expiresAt' })).toMatchObject({
      action: 'created',
      warnings: ['not applied: ttl: off -> expiresAt; AWS does not support UpdateTimeToLive'],
    })
  })
})

describe('many tables', () => {
  const many = (count: number, prefix: string) => Array.from({ length: count }, (_, at) => `${prefix}${at}`)
  const globalIndexes = { 'by-email': { partitionKey: 'email' } }

  async function createAll(names: readonly string[], send: (aws: TableApi) => TableApi['send']) {
    const { clock, aws } = setUp({ timings: quick })
    const api = { ...aws, send: send(aws) }
    const waiter = createWaiter(api, clock)
    const create = (name: string) =>
      createTable(table({ table: name, ...(name.startsWith('indexed') ? { globalIndexes } : {}) }), api, {
        clock,
        waiter,
        timeoutMs: 30_000,
      })
    return Promise.all(names.map(create))
  }

  it('that must wait for others do not delay the rest', async () => {
    const outcomes = await createAll(
      [...many(8, 'indexed-'), ...many(20, 'plain-')],
      aws => async (request, options) =>
        JSON.stringify(request.input).includes('indexed-')
          ? {
              kind: 'limit',
              retryable: true,
              message: 'Only 5 tables with secondary indexes can be created simultaneously',
            }
          : aws.send(request, options),
    )
    expect(outcomes.slice(0, 8).map(({ error }) => error?.code)).toEqual(Array(8).fill('timeout'))
    expect(outcomes.slice(8).map(({ action }) => action)).toEqual(Array(20).fill('created'))
    expect(Math.max(...outcomes.slice(8).map(({ durationMs }) => durationMs))).toBeLessThan(5_000)
  })

  it('that are never answered do not delay the rest', async () => {
    const outcomes = await createAll(
      [...many(8, 'indexed-'), ...many(20, 'plain-')],
      aws => (request, options) =>
        JSON.stringify(request.input).includes('indexed-') ? new Promise(() => {}) : aws.send(request, options),
    )
    expect(outcomes.slice(8).map(({ action }) => action)).toEqual(Array(20).fill('created'))
    expect(Math.max(...outcomes.slice(8).map(({ durationMs }) => durationMs))).toBeLessThan(10_000)
  })
})
