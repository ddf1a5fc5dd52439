import { expect, test } from 'vitest'
import { tableFields } from '../../src/settings/fields.ts'
import { didYouMean, suggestion } from '../../src/table/did-you-mean.ts'

test.each([
  ['billingmode', 'billingMode'],
  ['billing_mode', 'billingMode'],
  ['biling-mode', 'billingMode'],
  ['partionKey', 'partitionKey'],
  ['globalIndex', 'globalIndexes'],
  ['tabel', 'table'],
  ['tlt', 'ttl'],
  ['sort', undefined],
  ['colour', undefined],
  ['x', undefined],
  ['', undefined],
])('%j is meant to be %j', (word, meant) => {
  expect(didYouMean(word, tableFields)).toBe(meant)
})

test.each([
  ['payments', 'payments-dev'],
  ['Payments', 'payments-dev'],
  ['orders', 'shop.orders'],
  ['carts', 'dev_carts_eu'],
  ['pay', undefined],
  ['eu', undefined],
])('%j is meant to be %j, which has more parts', (word, meant) => {
  expect(didYouMean(word, ['payments-dev', 'shop.orders', 'dev_carts_eu'])).toBe(meant)
})

test('a suggestion is the end of a sentence', () => {
  expect(suggestion('usres', ['users', 'orders'])).toBe('; did you mean "users"?')
  expect(suggestion('carts', ['users', 'orders'])).toBe('')
})
