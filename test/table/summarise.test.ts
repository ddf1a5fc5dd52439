import { expect, test } from 'vitest'
import { parseKeys } from '../../src/table/parse-key.ts'
import { summariseIndex, summariseKeys } from '../../src/table/summarise.ts'

test.each([
  [['pk'], [], 'pk S'],
  [['pk'], ['sk:N'], 'pk S, sk N'],
  [['tenant', 'status'], ['at:N', 'id:B'], 'tenant S + status S, at N + id B'],
])('%j %j: %s', (partition, sort, text) => {
  expect(summariseKeys({ partitionKey: parseKeys(partition), sortKey: parseKeys(sort) })).toBe(text)
})

test.each([
  ['ALL' as const, 'by-age (pk S, age N)'],
  ['KEYS_ONLY' as const, 'by-age (pk S, age N; keys only)'],
  [['email', 'name'], 'by-age (pk S, age N; email, name)'],
])('projection %j: %s', (projection, text) => {
  expect(
    summariseIndex({ name: 'by-age', partitionKey: parseKeys('pk'), sortKey: parseKeys('age:N'), projection }),
  ).toBe(text)
})
