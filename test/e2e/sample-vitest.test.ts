// The sample project as a user has it: its own model library, vitest, `npm ci`, no container.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { onDynamoDbLocal, useSample } from './support/sample.ts'
import { isAlive } from './support/serving.ts'

const sample = useSample('sample-vitest')
const green = { code: 0, output: expect.stringMatching(/Tests .*4 passed/) }

test('green with one command, each worker on an engine of its own', { timeout: 90_000 }, async () => {
  expect(await sample.run()).toEqual(green)
  expect(readdirSync(sample.folder())).not.toContain('.dynamox')
})

test('the same on DynamoDB Local', { timeout: 180_000 }, async ({ skip }) => {
  expect(await sample.run(await onDynamoDbLocal(skip))).toEqual(green)
})

test('a run that crashes leaves nothing behind', { timeout: 180_000 }, async ({ skip }) => {
  const engines = await sample.crash(await onDynamoDbLocal(skip), /✓|passed/)
  expect(engines.length).toBeGreaterThan(0)
  await expect.poll(() => engines.filter(isAlive), { timeout: 10_000 }).toEqual([])
})
