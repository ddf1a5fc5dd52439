import { describe, expect, it } from 'vitest'
import { checkExists } from '../../src/apply/check-exists.ts'
import { TransientError } from '../../src/apply/ports.ts'
import { createTable } from '../../src/apply/reconcile.ts'
import { waitFor } from '../../src/apply/wait.ts'
import type { TableRequest } from '../../src/settings/step.ts'
import type { TableStatus } from '../../src/table/live.ts'
import { createFakeAws, type FakeAwsOptions } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

function setUp(options: FakeAwsOptions = {}) {
  const clock = createVirtualClock()
  const aws = createFakeAws(clock, options)
  return { clock, aws }
}

const addIndex: TableRequest = {
  api: 'UpdateTable',
  input: {
    TableName: 'users',
    AttributeDefinitions: [{ AttributeName: 'email', AttributeType: 'S' }],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName: 'by-email',
          KeySchema: [{ AttributeName: 'email', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      },
    ],
  },
}

describe('waitFor active', () => {
  it('ends at once for a table that is ready', async () => {
    const { aws, clock } = setUp()
    aws.put(table())
    expect(await waitFor('users', 'active', aws, { clock })).toMatchObject({
      action: 'ready',
      status: 'ACTIVE',
      durationMs: 20,
    })
    expect(aws.describes).toBe(1)
  })

  it('waits for a table that another process creates in the meantime', async () => {
    const { aws, clock } = setUp()
    const later = clock.sleep(60_000).then(() => createTable(table(), aws, { clock, wait: false }))
    expect(await waitFor('users', 'active', aws, { clock })).toMatchObject({ action: 'ready' })
    await later
    expect(clock.now()).toBeGreaterThan(62_000)
  })

  it('continues to the timeout for a table that is never created', async () => {
    const { aws, clock } = setUp()
    const outcome = await waitFor('users', 'active', aws, { clock, timeoutMs: 30_000 })
    expect(outcome).toMatchObject({ action: 'failed', durationMs: 30_000, error: { code: 'timeout' } })
    expect(outcome.error?.message).toBe('users: not ready after 30.0 s; the table does not exist')
    expect(outcome.error?.hint).toMatch(/^check its name, the region and the endpoint/)
  })

  it.each<[string, (live: ReturnType<ReturnType<typeof setUp>['aws']['put']>) => void]>([
    ['an index that is backfilled', live => Object.assign(indexOf(live), { backfilling: true })],
    ['an index that is changed', live => Object.assign(indexOf(live), { status: 'UPDATING' })],
    ['encryption at work', live => Object.assign(live, { encryptionStatus: 'UPDATING' })],
    ['warm throughput at work', live => Object.assign(live, { warmStatus: 'UPDATING' })],
    ['warm throughput of an index at work', live => Object.assign(indexOf(live), { warmStatus: 'UPDATING' })],
  ])('does not take a table for ready with %s', async (_, busy) => {
    const { aws, clock } = setUp()
    busy(aws.put(table({ globalIndexes: { 'by-email': { partitionKey: 'email' } } })))
    expect(await waitFor('users', 'active', aws, { clock, timeoutMs: 10_000 })).toMatchObject({
      error: { code: 'timeout' },
    })
  })

  it.each<[TableStatus, string]>([
    ['DELETING', 'not-found'],
    ['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'aws'],
    ['ARCHIVING', 'aws'],
    ['ARCHIVED', 'aws'],
    ['REPLICATION_NOT_AUTHORIZED', 'access-denied'],
  ])('fails at once on %s, with what to do', async (status, code) => {
    const { aws, clock } = setUp()
    aws.put(table()).status = status
    const outcome = await waitFor('users', 'active', aws, { clock })
    expect(outcome).toMatchObject({ action: 'failed', status, durationMs: 20, error: { code } })
    expect(outcome.error?.hint).toBeTruthy()
  })

  it('fails at once without permission to describe the table', async () => {
    const { aws, clock } = setUp({ denied: ['DescribeTable'] })
    expect(await waitFor('users', 'active', aws, { clock })).toMatchObject({
      durationMs: 20,
      error: { code: 'access-denied' },
    })
  })

  it('notices that the table was deleted and created again', async () => {
    const { aws, clock } = setUp()
    aws.put(table()).status = 'UPDATING'
    void clock.sleep(1_000).then(() => aws.put(table()))
    expect(await waitFor('users', 'active', aws, { clock })).toMatchObject({
      action: 'ready',
      warnings: ['users was deleted and created again by another process in the meantime'],
    })
  })

  it('polls a long index build rarely', async () => {
    const { aws, clock } = setUp()
    aws.put(table())
    await aws.send(addIndex)
    const outcome = await waitFor('users', 'active', aws, { clock, timeoutMs: 30 * 60_000 })
    expect(outcome.action).toBe('ready')
    expect(outcome.durationMs).toBeGreaterThan(500_000)
    expect(aws.describes).toBeLessThan(160)
  })

  it('says at the timeout that it is an index that is not ready', async () => {
    const { aws, clock } = setUp()
    aws.put(table())
    await aws.send(addIndex)
    const early = await waitFor('users', 'active', aws, { clock, timeoutMs: 60_000 })
    expect(early.error?.message).toBe(
      'users: not ready after 1 min; last seen ACTIVE (index by-email CREATING, backfilling)',
    )
  })

  it('ends when it is interrupted', async () => {
    const { aws, clock } = setUp()
    const stop = new AbortController()
    void clock.sleep(1_000).then(() => stop.abort())
    expect(await waitFor('users', 'active', aws, { clock, signal: stop.signal })).toMatchObject({
      action: 'interrupted',
      durationMs: 1_000,
    })
  })
})

describe('waitFor gone', () => {
  it('ends at once for a table that does not exist', async () => {
    const { aws, clock } = setUp()
    expect(await waitFor('users', 'gone', aws, { clock })).toMatchObject({ action: 'gone', durationMs: 20 })
  })

  it('waits until it is', async () => {
    const { aws, clock } = setUp()
    aws.put(table())
    await aws.send({ api: 'DeleteTable', input: { TableName: 'users' } })
    expect(await waitFor('users', 'gone', aws, { clock })).toMatchObject({ action: 'gone' })
  })

  it('continues to the timeout for a table that is not deleted', async () => {
    const { aws, clock } = setUp()
    aws.put(table())
    expect(await waitFor('users', 'gone', aws, { clock, timeoutMs: 10_000 })).toMatchObject({
      status: 'ACTIVE',
      error: { code: 'timeout', message: 'users: not gone after 10.0 s; last seen ACTIVE' },
    })
  })
})

describe('checkExists', () => {
  it.each<[TableStatus, string]>([
    ['CREATING', 'exists'],
    ['UPDATING', 'exists'],
    ['ACTIVE', 'exists'],
    ['DELETING', 'missing'],
  ])('takes %s for %s', async (status, action) => {
    const { aws, clock } = setUp()
    aws.put(table()).status = status
    expect(await checkExists('users', aws, { clock })).toMatchObject({ action, status })
    expect(aws.describes).toBe(1)
  })

  it('reports a missing table, and retries while it is throttled', async () => {
    const { aws, clock } = setUp({ chaos: { describe: 0.7 } })
    expect(await checkExists('users', aws, { clock })).toMatchObject({ action: 'missing' })
  })

  it('fails with network for a target that never answers', async () => {
    const { aws, clock } = setUp()
    const unavailable = { kind: 'unavailable', message: 'the connection broke', cause: undefined } as const
    const api = { ...aws, describe: () => Promise.reject(new TransientError(unavailable)) }
    const { error } = await checkExists('users', api, { clock, timeoutMs: 5_000 })
    expect(error).toMatchObject({
      code: 'network',
      message: 'users: could not be described (the connection broke) after 5.0 s',
      hint: 'allow more time with --timeout (timeoutSeconds in code)',
    })
  })

  it('fails without permission to describe the table', async () => {
    const { aws, clock } = setUp({ denied: ['DescribeTable'] })
    expect(await checkExists('users', aws, { clock })).toMatchObject({
      action: 'failed',
      error: { code: 'access-denied' },
    })
  })
})

function indexOf(live: ReturnType<ReturnType<typeof setUp>['aws']['put']>) {
  const index = live.indexes[0]
  if (index === undefined) throw new Error('the table has no such index')
  return index
}
