import { describe, expect, it } from 'vitest'
import { checkExists, prepareChecks } from '../../src/apply/check-exists.ts'
import { createTable } from '../../src/apply/create-table.ts'
import type { TableApi } from '../../src/apply/ports.ts'
import { runTables } from '../../src/apply/run-tables.ts'
import { createWaiter } from '../../src/apply/waiter.ts'
import { createFakeAws } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const numbered = (count: number, prefix = 'table-') => Array.from({ length: count }, (_, at) => `${prefix}${at}`)

/** The names that exist, and how often that was asked for. */
async function check(names: readonly string[], there: readonly string[], more: Partial<TableApi> = {}) {
  const clock = createVirtualClock()
  const aws = createFakeAws(clock)
  const waiter = createWaiter(aws, clock)
  await runTables(there, name => createTable({ ...table(), name }, aws, { clock, waiter }))
  const before = aws.describes
  const api = { ...aws, ...more }
  const shared = await prepareChecks(names.length, api, { clock, waiter })
  const outcomes = await runTables(names, name => checkExists(name, aws, shared))
  const found = outcomes.filter(({ action }) => action === 'exists').map(({ name }) => name)
  return { found, describes: aws.describes - before, outcomes }
}

describe('exists, of many tables', () => {
  it('looks at those alone that are listed', async () => {
    const there = numbered(5)
    const { found, describes, outcomes } = await check([...numbered(100, 'other-'), ...there], there)
    expect(found).toEqual(there)
    expect(describes).toBe(5)
    expect(outcomes.slice(0, 100).every(({ action, error }) => action === 'missing' && error === undefined)).toBe(true)
  })

  it.each([
    ['few tables', 10, 3, {}],
    ['an account with too many tables to list them for these', 40, 250, {}],
    ['listing that is not allowed', 40, 3, { listWithin: () => Promise.reject(new Error('denied')) }],
  ])('%s: each is looked at', async (_, asked, others, more) => {
    const { found, describes } = await check(numbered(asked, 'other-'), numbered(others), more)
    expect(found).toEqual([])
    expect(describes).toBe(asked)
  })

  it("another account's table is in no list", async () => {
    const arn = 'arn:aws:dynamodb:eu-west-1:210987654321:table/theirs'
    expect((await check([...numbered(50), arn], [])).describes).toBe(1)
  })
})
