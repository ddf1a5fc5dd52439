// The same for jest, with Dynamoose and CommonJS.
import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { onDynamoDbLocal, useSample } from './support/sample.ts'
import { isAlive } from './support/serving.ts'

const sample = useSample('sample-jest')
// jest runs files that it knows to be quick one after the other; without a memory of them it uses its workers.
const forgetful = () => [`--cacheDirectory=${join(sample.folder(), `cache-${randomUUID()}`)}`]
const green = { code: 0, output: expect.stringMatching(/Tests: .*32 passed, 32 total/) }

test.each(['engine', 'prefix'])('green with one command, workers apart by %s', { timeout: 90_000 }, async by => {
  expect(await sample.run({ ISOLATE_BY: by }, forgetful())).toEqual(green)
  expect(readdirSync(sample.folder())).not.toContain('.dynamox')
})

test('the same on DynamoDB Local', { timeout: 180_000 }, async ({ skip }) => {
  expect(await sample.run({ ...(await onDynamoDbLocal(skip)), ISOLATE_BY: 'prefix' }, forgetful())).toEqual(green)
})

test('a run that crashes leaves nothing behind', { timeout: 180_000 }, async ({ skip }) => {
  const engines = await sample.crash(await onDynamoDbLocal(skip), /PASS|✓/)
  expect(engines.length).toBeGreaterThan(0)
  await expect.poll(() => engines.filter(isAlive), { timeout: 10_000 }).toEqual([])
})
