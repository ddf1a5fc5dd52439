import { describe, expect, it } from 'vitest'
import type { Refusal } from '../../src/apply/ports.ts'
import { createTable, type DeleteOptions, deleteTable } from '../../src/apply/reconcile.ts'
import { createFakeAws, type FakeAwsOptions } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const lost: Refusal = { kind: 'unavailable', message: 'the connection broke', cause: undefined }

function setUp(options: FakeAwsOptions = {}) {
  const clock = createVirtualClock()
  const aws = createFakeAws(clock, options)
  const remove = (run: DeleteOptions = {}) => deleteTable('users', aws, { clock, ...run })
  return { clock, aws, remove, sent: () => aws.calls.map(({ request }) => request) }
}

const request = { api: 'DeleteTable', input: { TableName: 'users' } } as const

describe('deleteTable', () => {
  it('deletes and waits until the table is gone', async () => {
    const { aws, remove, sent } = setUp()
    aws.put(table())
    const outcome = await remove()
    expect(outcome.action).toBe('deleted')
    expect(outcome.status).toBeUndefined()
    expect(outcome.durationMs).toBeGreaterThan(4_000)
    expect(outcome.durationMs).toBeLessThan(6_400)
    expect(aws.table('users')).toBeUndefined()
    expect(sent()).toEqual([request])
  })

  it('succeeds for a table that does not exist', async () => {
    const { remove, sent } = setUp()
    expect(await remove()).toMatchObject({ action: 'absent' })
    expect(sent()).toEqual([])
  })

  it('waits for a deletion that another process started', async () => {
    const { aws, remove } = setUp()
    aws.put(table())
    await aws.send(request)
    expect(await remove()).toMatchObject({ action: 'deleted', warnings: ['users was being deleted already'] })
  })

  it('returns once the request is accepted, without waiting', async () => {
    const { aws, remove } = setUp()
    aws.put(table())
    expect(await remove({ wait: false })).toMatchObject({ action: 'requested', status: 'DELETING' })
  })

  it('respects deletion protection and sends nothing', async () => {
    const { aws, remove, sent } = setUp()
    aws.put(table({ deletionProtection: true }))
    const outcome = await remove()
    expect(outcome).toMatchObject({ action: 'blocked', status: 'ACTIVE', error: { code: 'blocked' } })
    expect(outcome.error?.hint).toContain('--disable-protection')
    expect(sent()).toEqual([])
  })

  it('turns deletion protection off first when asked to', async () => {
    const { aws, remove, sent } = setUp()
    aws.put(table({ deletionProtection: true }))
    expect(await remove({ disableProtection: true })).toMatchObject({ action: 'deleted' })
    expect(sent()).toEqual([
      { api: 'UpdateTable', input: { TableName: 'users', DeletionProtectionEnabled: false } },
      request,
    ])
  })

  it('waits as long as AWS says when the protection was changed a moment ago', async () => {
    const { aws, remove, clock } = setUp()
    aws.put(table())
    await aws.send({ api: 'UpdateTable', input: { TableName: 'users', DeletionProtectionEnabled: true } })
    expect(await remove({ disableProtection: true })).toMatchObject({ action: 'deleted' })
    expect(clock.now()).toBeGreaterThan(15_000)
    expect(aws.calls.filter(call => call.request.api === 'UpdateTable')).toHaveLength(3)
  })

  it('does not wait for a cool-down that ends after its own deadline', async () => {
    const { aws, remove } = setUp()
    aws.put(table())
    await aws.send({ api: 'UpdateTable', input: { TableName: 'users', DeletionProtectionEnabled: true } })
    const outcome = await remove({ disableProtection: true, timeoutMs: 5_000 })
    expect(outcome).toMatchObject({ action: 'failed', error: { code: 'timeout' } })
    expect(outcome.error?.message).toContain('is not accepted before 2026-11-22T12:00:15')
    expect(outcome.durationMs).toBeLessThan(100)
  })

  it('shows its steps in a dry run', async () => {
    const { aws, remove, sent } = setUp()
    aws.put(table({ deletionProtection: true }))
    const outcome = await remove({ dryRun: true, disableProtection: true })
    expect(outcome.steps?.map(step => step.summary)).toEqual(['turn off deletion protection', 'delete table users'])
    expect(sent()).toEqual([])
  })

  it('waits until a table that is being created can be deleted', async () => {
    const { aws, remove, clock } = setUp()
    const [created, deleted] = await Promise.all([
      createTable(table(), aws, { clock, wait: false }),
      clock.sleep(100).then(() => remove()),
    ])
    expect([created.action, deleted.action]).toEqual(['requested', 'deleted'])
  })

  it('settles a lost answer by looking', async () => {
    const carriedOut = setUp({ chaos: { lost: 1 } })
    carriedOut.aws.put(table())
    expect(await carriedOut.remove()).toMatchObject({ action: 'deleted' })
    expect(carriedOut.sent()).toHaveLength(1)
    const dropped = setUp()
    dropped.aws.put(table())
    dropped.aws.answerNext('DeleteTable', lost)
    expect(await dropped.remove()).toMatchObject({ action: 'deleted' })
    expect(dropped.sent()).toHaveLength(2)
  })

  it('succeeds when another process deletes the table first', async () => {
    const { aws, remove } = setUp()
    aws.put(table())
    const outcomes = await Promise.all([remove(), remove()])
    expect(outcomes.map(outcome => outcome.action)).toEqual(['deleted', 'deleted'])
  })

  it('says so when a new table of the same name appears', async () => {
    const { aws, remove, clock } = setUp({ timings: { delete: [4_000, 4_000] } })
    aws.put(table())
    const poll = clock.sleep(4_005).then(() => createTable(table(), aws, { clock, wait: false }))
    const outcome = await remove()
    await poll
    expect(outcome.action).toBe('deleted')
  })

  it('says what was sent when time runs out, and when interrupted', async () => {
    const late = setUp({ timings: { delete: [60_000, 60_000] } })
    late.aws.put(table())
    expect((await late.remove({ timeoutMs: 5_000 })).error?.message).toBe(
      'users: not gone after 5.0 s; DeleteTable was sent, last seen DELETING',
    )
    const stopped = setUp()
    stopped.aws.put(table())
    const stop = new AbortController()
    void stopped.clock.sleep(500).then(() => stop.abort())
    expect(await stopped.remove({ signal: stop.signal })).toMatchObject({
      action: 'interrupted',
      error: { message: 'users: interrupted; DeleteTable was sent, last seen DELETING' },
    })
  })
})
