import { expect, test } from 'vitest'
import { countingAws } from './support/counting-aws.ts'
import { load } from './support/fixtures.ts'

const aws = countingAws()
const withCredentials = () => aws.withCredentials('CLINIC_ENDPOINT', 'FLEET_ENDPOINT')

const all = [
  'dynamoose/{boat.cjs,garden.ts,log.ts,order.ts,plant.ts}',
  'dynamoose/{marina,shared}/*.ts',
  'electrodb/{clinic.ts,meter.ts,sale.ts,household.mjs}',
  'dynamodb-toolbox/*.ts',
  'dynamodb-onetable/*.ts',
  'typedorm/**/*.ts',
]

test('models of every library, with credentials at hand, connect to nothing', async () => {
  withCredentials()
  const { tables, warnings } = await load(all)
  expect(tables).toHaveLength(22)
  expect(warnings).toEqual([])
  expect(aws.attempts()).toBe(0)
})

test('without credentials and region they load as well, and connect to nothing', async () => {
  aws.withoutCredentials()
  const { tables, warnings } = await load(['dynamoose/garden.ts', 'dynamoose/shared/*.ts'])
  expect(tables).toHaveLength(2)
  expect(warnings).toEqual([])
})

test('Dynamoose creates no table, even when models may connect', async () => {
  withCredentials()
  const { tables } = await load(['dynamoose/garden.ts', 'dynamoose/shared/*.ts'], { allowNetwork: true })
  expect(tables).toHaveLength(2)
  expect(aws.attempts()).toBe(0)
})

test('the counter works: Dynamoose on its own connects', async () => {
  withCredentials()
  const { default: dynamoose } = await import('dynamoose')
  const table = new dynamoose.Table('counted', [dynamoose.model('Counted', { id: String })], { initialize: false })
  await expect(table.initialize()).rejects.toThrow()
  expect(aws.attempts()).toBeGreaterThan(0)
})
