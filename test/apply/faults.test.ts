import { describe, expect, it } from 'vitest'
import { applyPlan } from '../../src/apply/apply-plan.ts'
import { checkExists } from '../../src/apply/check-exists.ts'
import { type Action, type Event, type Outcome, withReason } from '../../src/apply/events.ts'
import { type Refusal, type TableApi, TransientError } from '../../src/apply/ports.ts'
import { type CreateOptions, createTable, type DeleteOptions, deleteTable } from '../../src/apply/reconcile.ts'
import type { RunOptions } from '../../src/apply/run.ts'
import { readLive, waitFor } from '../../src/apply/wait.ts'
import { exitOf } from '../../src/cli/exit-code.ts'
import { DynamoxError, type ErrorCode } from '../../src/errors.ts'
import { planTable } from '../../src/plan/plan-table.ts'
import type { TableInput } from '../../src/table/input.ts'
import type { TableStatus } from '../../src/table/live.ts'
import { createFakeAws, type FakeAws, type FakeAwsOptions } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const serverError: Refusal = { kind: 'unavailable', message: 'HTTP 500', cause: undefined }
const gone = () =>
  new DynamoxError('network', 'nothing answers at http://localhost:8000 (connection refused)', {
    hint: 'start DynamoDB Local there',
  })

function setUp(options: FakeAwsOptions = {}) {
  const clock = createVirtualClock()
  const aws = createFakeAws(clock, options)
  return {
    clock,
    aws,
    create: (input: Partial<TableInput> = {}, run: CreateOptions = {}, api: TableApi = aws) =>
      createTable(table(input), api, { clock, ...run }),
    remove: (run: DeleteOptions = {}, api: TableApi = aws) => deleteTable('users', api, { clock, ...run }),
    async update(input: Partial<TableInput>, run: RunOptions = {}, api: TableApi = aws) {
      const { live } = await readLive(table(input), aws, { clock })
      return applyPlan(planTable(table(input), live), api, { clock, ...run })
    },
    sent: () => aws.calls.map(({ request }) => request.api),
  }
}

/** Carries requests out, loses the answers, and then answers nothing at all. */
function vanishing(aws: FakeAws): TableApi {
  let isGone = false
  return {
    ...aws,
    async send(request, options) {
      if (isGone) throw gone()
      await aws.send(request, options)
      isGone = true
      return { kind: 'unavailable', message: 'the connection broke', cause: undefined }
    },
    describe: async (...args) => {
      if (isGone) throw gone()
      return aws.describe(...args)
    },
  }
}

describe('a table status that dynamox does not know', () => {
  const unknown = 'HIBERNATING' as TableStatus

  it('is never success: a wait goes on to the timeout', async () => {
    const { aws, clock } = setUp()
    aws.put(table()).status = unknown
    expect(await waitFor('users', 'active', aws, { clock, timeoutMs: 10_000 })).toMatchObject({
      action: 'failed',
      status: 'HIBERNATING',
      error: { code: 'timeout', message: 'users: not ready after 10.0 s; last seen HIBERNATING' },
    })
  })

  it('may change to a known status', async () => {
    const { aws, clock } = setUp()
    const live = aws.put(table())
    live.status = unknown
    void clock.sleep(5_000).then(() => {
      live.status = 'ACTIVE'
    })
    expect(await waitFor('users', 'active', aws, { clock })).toMatchObject({ action: 'ready' })
  })

  it.each<[string, (set: ReturnType<typeof setUp>) => Promise<Outcome>, Action]>([
    ['exists', ({ aws, clock }) => checkExists('users', aws, { clock }), 'exists'],
    ['create', ({ create }) => create({}, { timeoutMs: 5_000 }), 'failed'],
    ['update', ({ update }) => update({ stream: 'NEW_IMAGE' }, { timeoutMs: 5_000 }), 'failed'],
    ['wait for gone', ({ aws, clock }) => waitFor('users', 'gone', aws, { clock, timeoutMs: 5_000 }), 'failed'],
  ])('%s', async (_, work, action) => {
    const set = setUp()
    set.aws.put(table()).status = unknown
    const outcome = await work(set)
    expect(outcome.action).toBe(action)
    expect(outcome.error?.message ?? '').toMatch(action === 'failed' ? /HIBERNATING/ : /^$/)
  })

  it.each(['status', 'warmStatus'] as const)('an unknown index %s is never success', async field => {
    const { aws, clock } = setUp()
    const live = aws.put(table({ globalIndexes: { one: { partitionKey: 'x' } } }))
    const index = live.indexes[0]
    if (index === undefined) throw new Error('the table has no such index')
    Object.assign(index, { [field]: field === 'status' ? 'REBUILDING' : 'UPDATING' })
    expect(await waitFor('users', 'active', aws, { clock, timeoutMs: 5_000 })).toMatchObject({
      action: 'failed',
      error: { code: 'timeout', message: expect.stringContaining('index one') },
    })
  })
})

describe('action, error and exit code agree', () => {
  const actions: readonly Action[] = [
    ...(['created', 'unchanged', 'different', 'updated', 'deleted', 'absent', 'exists', 'missing', 'ready'] as const),
    ...(['gone', 'planned', 'blocked', 'requested', 'failed', 'interrupted', 'skipped'] as const),
  ]
  const codes: readonly ErrorCode[] = ['exists', 'aws', 'network', 'timeout', 'interrupted', 'blocked', 'internal']

  it.each(actions)('%s', action => {
    const without = withReason({ name: 'users', action, durationMs: 0 })
    const isFailure = ['failed', 'blocked', 'interrupted'].includes(action)
    expect(without.error !== undefined).toBe(isFailure)
    expect(exitOf(without, false) === 0).toBe(without.error === undefined && action !== 'different')
    for (const code of codes) {
      const outcome = withReason({ name: 'users', action, durationMs: 0, error: new DynamoxError(code, 'why') })
      expect(exitOf(outcome, false)).not.toBe(0)
      expect(['failed', 'blocked', 'interrupted', 'exists']).toContain(outcome.action)
    }
  })
})

describe('a request that was sent is mentioned when the server is gone afterwards', () => {
  const again = 'it may have been carried out: run the same command again to find out and to do the rest'

  it.each<[string, (set: ReturnType<typeof setUp>) => Promise<Outcome>, string]>([
    ['CreateTable', ({ create, aws }) => create({}, {}, vanishing(aws)), 'CreateTable'],
    [
      'DeleteTable',
      ({ remove, aws }) => {
        aws.put(table())
        return remove({}, vanishing(aws))
      },
      'DeleteTable',
    ],
    [
      'UpdateTable',
      ({ update, aws }) => {
        aws.put(table())
        return update({ stream: 'NEW_IMAGE' }, {}, vanishing(aws))
      },
      'UpdateTable StreamSpecification',
    ],
  ])('%s', async (api, work, said) => {
    const outcome = await work(setUp())
    expect(outcome).toMatchObject({
      action: 'failed',
      error: {
        code: 'network',
        message: expect.stringContaining(`${said} was sent without a clear answer (the connection broke)`),
        hint: again,
      },
    })
    expect(outcome.steps?.map(({ request }) => request.api)).toEqual([api])
    expect(outcome.status).toBeUndefined()
  })

  it('a request that had no effect is mentioned when time runs out', async () => {
    const { aws, create, clock } = setUp()
    aws.put(table())
    await clock.sleep(60_000)
    const unread: TableApi = {
      ...aws,
      send: async () => serverError,
      async describe(name, fields, options) {
        if ((fields?.length ?? 0) === 0) return aws.describe(name, fields, options)
        throw new TransientError(serverError)
      },
    }
    const { error, steps } = await create({ ttl: 'at' }, { timeoutMs: 5_000 }, unread)
    expect(error).toMatchObject({
      message: expect.stringContaining('; CreateTable was sent without effect, last seen ACTIVE'),
    })
    expect(steps).toBeUndefined()
  })

  it('a request that was accepted, too', async () => {
    const { aws, create } = setUp()
    let accepted = false
    const api: TableApi = {
      ...aws,
      async send(request, options) {
        accepted = true
        return aws.send(request, options)
      },
      describe: (...args) => (accepted ? Promise.reject(gone()) : aws.describe(...args)),
    }
    expect(await create({}, {}, api)).toMatchObject({
      action: 'failed',
      status: 'CREATING',
      error: {
        code: 'network',
        message:
          'nothing answers at http://localhost:8000 (connection refused); CreateTable was sent, last seen CREATING',
        hint: expect.stringContaining('dynamox wait users waits for them'),
      },
    })
  })

  it('a request that was never sent is not mentioned', async () => {
    const { aws, create } = setUp()
    const outcome = await create({}, {}, { ...aws, send: () => Promise.reject(gone()) })
    expect(outcome.error?.message).toBe('nothing answers at http://localhost:8000 (connection refused)')
    expect(outcome.steps).toBeUndefined()
  })
})

describe('an answer that was lost', () => {
  it.each([{ strict: false }, { strict: true }])(
    'a CreateTable that was carried out is created, with %o',
    async run => {
      const lost = setUp({ chaos: { lost: 1 }, timings: { create: [0, 0], settleAfterCreate: [0, 0] } })
      const outcome = await lost.create({}, run)
      expect(outcome).toMatchObject({ action: 'created', status: 'ACTIVE' })
      expect(outcome.error).toBeUndefined()
      expect(outcome.steps).toHaveLength(1)
      expect(lost.sent()).toEqual(['CreateTable'])
    },
  )

  it.each([
    [false, 'unchanged'],
    [true, 'exists'],
  ])('a CreateTable that met an older table is not (strict %s)', async (strict, action) => {
    const { aws, create } = setUp()
    aws.put(table())
    aws.answerNext('CreateTable', serverError)
    const outcome = await create({}, { strict })
    expect(outcome.action).toBe(action)
    expect(outcome.steps).toBeUndefined()
  })

  it('an UpdateTable with a 5xx is looked at once, and sent again when nothing is under way', async () => {
    const { aws, update, sent } = setUp()
    aws.put(table())
    aws.answerNext('UpdateTable', serverError, serverError)
    const outcome = await update({ stream: 'NEW_IMAGE' })
    expect(outcome).toMatchObject({ action: 'updated' })
    expect(sent()).toEqual(['UpdateTable', 'UpdateTable', 'UpdateTable'])
    // AWS takes four to five seconds for it.
    expect(outcome.durationMs).toBeLessThan(8_000)
  })

  it('an UpdateTable that was carried out is not sent again', async () => {
    const { aws, update, sent } = setUp({ chaos: { lost: 1 } })
    aws.put(table())
    expect(await update({ stream: 'NEW_IMAGE' })).toMatchObject({ action: 'updated' })
    expect(sent()).toEqual(['UpdateTable'])
  })

  it('the last failure is named at the timeout', async () => {
    const { aws, update } = setUp()
    aws.put(table())
    const failing: TableApi = { ...aws, send: async () => serverError }
    expect(await update({ stream: 'NEW_IMAGE' }, { timeoutMs: 20_000 }, failing)).toMatchObject({
      action: 'failed',
      error: {
        code: 'timeout',
        message:
          'users: not done after 20.0 s; UpdateTable StreamSpecification was sent without a clear answer (HTTP 500), last seen ACTIVE',
      },
    })
  })
})

describe('a network that is lost until the deadline', () => {
  const lost = new TransientError({ kind: 'unavailable', message: 'no connection', cause: undefined })

  it.each<[string, (api: TableApi, set: ReturnType<typeof setUp>) => Promise<Outcome>]>([
    ['exists', (api, { clock }) => checkExists('users', api, { clock, timeoutMs: 10_000 })],
    ['wait', (api, { clock }) => waitFor('users', 'active', api, { clock, timeoutMs: 10_000 })],
    ['delete', (api, { remove }) => remove({ timeoutMs: 10_000 }, api)],
    ['create', (api, { create }) => create({}, { timeoutMs: 10_000 }, api)],
  ])('%s', async (_, work) => {
    const set = setUp()
    const outcome = await work({ ...set.aws, describe: () => Promise.reject(lost) }, set)
    expect(outcome).toMatchObject({ action: 'failed', error: { code: 'network' } })
    expect(outcome.durationMs).toBe(10_000)
    expect(outcome.error?.message).toContain('no connection')
  })
})

describe('a step that is refused', () => {
  const refusal: Refusal = { kind: 'static', message: 'not here', cause: undefined }

  it('does not stop independent ones', async () => {
    const { aws, update, sent } = setUp()
    aws.put(table())
    aws.answerNext('UpdateTimeToLive', refusal)
    aws.answerNext('UpdateContributorInsights', refusal)
    const outcome = await update({ ttl: 'until', contributorInsights: true, pointInTimeRecovery: true })
    expect(sent().sort()).toEqual(['UpdateContinuousBackups', 'UpdateContributorInsights', 'UpdateTimeToLive'])
    expect(outcome).toMatchObject({ action: 'failed', error: { code: 'aws' } })
    expect(outcome.error?.message).toContain('UpdateTimeToLive was refused: not here')
    expect(outcome.error?.message).toContain('UpdateContributorInsights was refused: not here')
    expect(outcome.error?.message).toContain('UpdateContinuousBackups was sent')
    expect(outcome.error?.problems).toHaveLength(2)
    expect(aws.table('users')?.settings.pointInTimeRecovery).toBe(35)
  })

  it('stops those that come from the same change', async () => {
    const { aws, update, sent } = setUp()
    aws.put(table({ stream: 'NEW_IMAGE' }))
    aws.answerNext('UpdateTable', refusal)
    const outcome = await update({ stream: 'KEYS_ONLY', ttl: 'until' })
    expect(outcome.action).toBe('failed')
    expect(sent().filter(api => api === 'UpdateTable')).toHaveLength(1)
    expect(outcome.warnings).toContainEqual(expect.stringMatching(/^not sent: /))
    expect(aws.table('users')?.settings).toMatchObject({ stream: 'NEW_IMAGE', ttl: 'until' })
  })

  it('stops destructive steps', async () => {
    const { aws, clock, sent } = setUp()
    aws.put(table({ globalIndexes: { old: { partitionKey: 'x' } } }))
    const desired = table({ ttl: 'until' })
    const { live } = await readLive(desired, aws, { clock })
    const plan = planTable(desired, live, { dropIndexes: true })
    const [ttlFirst, ...others] = plan.steps.toSorted((a, b) => Number(a.destroys) - Number(b.destroys))
    if (ttlFirst === undefined) throw new Error('the plan has no steps')
    aws.answerNext('UpdateTimeToLive', refusal)
    expect(await applyPlan({ ...plan, steps: [ttlFirst, ...others] }, aws, { clock })).toMatchObject({
      action: 'failed',
    })
    expect(sent()).toEqual(['UpdateTimeToLive'])
    expect(aws.table('users')?.indexes).toMatchObject([{ definition: { name: 'old' } }])
  })

  it('is reported after a creation, too', async () => {
    const { aws, create } = setUp()
    aws.answerNext('UpdateTimeToLive', refusal)
    const outcome = await create({ ttl: 'until', pointInTimeRecovery: true })
    expect(outcome).toMatchObject({ action: 'failed', status: 'ACTIVE', error: { code: 'aws' } })
    expect(outcome.error?.message).toContain('CreateTable, UpdateContinuousBackups were sent')
    expect(aws.table('users')?.settings.pointInTimeRecovery).toBe(35)
  })
})

describe('messages', () => {
  it('an interrupted delete names the command that waits for it', async () => {
    const { aws, clock, remove } = setUp()
    aws.put(table())
    const stop = new AbortController()
    void clock.sleep(500).then(() => stop.abort())
    expect((await remove({ signal: stop.signal })).error?.hint).toBe(
      'the deletion continues: dynamox wait users --for gone waits until it is done',
    )
  })

  it('a table created after a deletion is not reported as created by another process', async () => {
    const { aws, create } = setUp()
    aws.put(table())
    await aws.send({ api: 'DeleteTable', input: { TableName: 'users' } })
    const outcome = await create()
    expect(outcome).toMatchObject({ action: 'created' })
    expect(outcome.warnings).toBeUndefined()
  })

  it('a long wait is reported every 30 s, once for all tables', async () => {
    const { aws, clock } = setUp({ timings: { create: [100_000, 100_000] } })
    const events: Event[] = []
    const { createWaiter } = await import('../../src/apply/waiter.ts')
    const shared = { clock, waiter: createWaiter(aws, clock), onEvent: (event: Event) => events.push(event) }
    await Promise.all(['one', 'two', 'six'].map(name => createTable({ ...table(), name }, aws, shared)))
    const told = events.filter(event => event.kind === 'waiting')
    expect(told.map(({ others, status }) => [others, status])).toEqual([
      [2, 'CREATING'],
      [2, 'CREATING'],
      [2, 'CREATING'],
    ])
  })
})
