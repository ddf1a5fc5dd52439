import { expect, test } from 'vitest'
import { countingAws } from '../adapters/support/counting-aws.ts'
import { load } from '../adapters/support/fixtures.ts'

const aws = countingAws()
const all = ['libraries/**/*.{ts,cjs}', '!**/*.schema.ts', '!libraries/dynamo-ts/car.ts']

test('models of every library, with credentials at hand, connect to nothing', async () => {
  aws.withCredentials(
    'BROADCAST_ENDPOINT',
    'CLINIC_ENDPOINT',
    'CLUB_ENDPOINT',
    'DYNAMO_TYPES_ENDPOINT',
    'DYNAMORM_ENDPOINT',
    'FARM_ENDPOINT',
    'NOTES_ENDPOINT',
    'WORKSHOP_ENDPOINT',
  )
  const { tables, warnings } = await load(all)
  expect(tables.length).toBeGreaterThan(40)
  expect(warnings).toEqual([])
  expect(aws.attempts()).toBe(0)
})

test('without credentials and region they load as well, and connect to nothing', async () => {
  aws.withoutCredentials()
  const { tables, warnings } = await load(all)
  expect(tables.length).toBeGreaterThan(40)
  expect(warnings).toEqual([])
})
