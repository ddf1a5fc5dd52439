import { describe, expect, test } from 'vitest'
import { type Guessing, settleGuesses } from '../../src/load/merge-sources.ts'
import type { TableLayer } from '../../src/table/input.ts'

const guess = (...paths: readonly string[]) => paths.map(path => ({ path, message: path, guess: true }))
const known = (input: TableLayer): Guessing => ({ input, assumed: [] })
const settle = (input: TableLayer, paths: readonly string[], ...others: readonly TableLayer[]) => {
  const settled = settleGuesses({ input, assumed: guess(...paths) }, others.map(known))
  return { input: settled.input, guesses: settled.assumed.map(({ path }) => path) }
}

describe('the type of a key', () => {
  test('takes the type that another source knows for the attribute, wherever it uses it', () => {
    const input = { partitionKey: 'pk', sortKey: 'at', globalIndexes: { g: { partitionKey: 'at' } } }
    expect(
      settle(input, ['sortKey', 'globalIndexes.g.partitionKey'], {
        localIndexes: { 'by.at': { sortKey: 'at:N' } },
      }),
    ).toEqual({
      input: {
        partitionKey: 'pk',
        sortKey: [{ name: 'at', type: 'N' }],
        globalIndexes: { g: { partitionKey: [{ name: 'at', type: 'N' }] } },
      },
      guesses: [],
    })
  })

  test('stays a guess if no source knows the attribute', () => {
    const input = { partitionKey: 'pk', sortKey: 'at' }
    expect(settle(input, ['sortKey'], { partitionKey: 'other:N' })).toEqual({ input, guesses: ['sortKey'] })
  })

  test('stays a guess if another source guesses as well', () => {
    const side = { input: { partitionKey: 'pk' }, assumed: guess('partitionKey') }
    expect(settleGuesses(side, [side]).assumed).toEqual(guess('partitionKey'))
  })
})

describe('an index that only looks local', () => {
  const input = {
    partitionKey: 'pk',
    localIndexes: { by: { sortKey: 'at', projection: 'KEYS_ONLY' }, own: { sortKey: 'x' } },
  } as const
  const paths = ['localIndexes.by', 'localIndexes.by.sortKey', 'localIndexes.own.projection']

  test('is global when another source says so, with the keys that it has', () => {
    expect(settle(input, paths, { globalIndexes: { by: { projection: 'ALL' } } })).toEqual({
      input: {
        partitionKey: 'pk',
        globalIndexes: { by: { partitionKey: 'pk', sortKey: 'at', projection: 'KEYS_ONLY' } },
        localIndexes: { own: { sortKey: 'x' } },
      },
      guesses: ['globalIndexes.by.sortKey', 'localIndexes.own.projection'],
    })
  })

  test('is local when another source says so', () => {
    expect(settle(input, paths, { localIndexes: { by: { sortKey: 'at' } } })).toEqual({
      input: {
        ...input,
        localIndexes: { ...input.localIndexes, by: { sortKey: [{ name: 'at', type: 'S' }], projection: 'KEYS_ONLY' } },
      },
      guesses: ['localIndexes.own.projection'],
    })
  })
})

describe('assumed capacity', () => {
  const input = {
    partitionKey: 'pk',
    billingMode: 'PROVISIONED',
    readCapacity: 1,
    writeCapacity: 1,
    globalIndexes: { g: { partitionKey: 'x', readCapacity: 1, writeCapacity: 7 } },
  } as const
  const paths = ['billingMode', 'readCapacity', 'writeCapacity', 'globalIndexes.g.readCapacity']

  test.each<[string, TableLayer]>([
    ['a billing mode', { billingMode: 'PAY_PER_REQUEST' }],
    ['a capacity', { readCapacity: 4 }],
  ])('is dropped when another source sets %s', (_, other) => {
    const { input: settled, guesses } = settle(input, paths, other)
    expect(settled).toEqual({
      partitionKey: 'pk',
      billingMode: undefined,
      readCapacity: undefined,
      writeCapacity: undefined,
      globalIndexes: { g: { partitionKey: 'x', readCapacity: undefined, writeCapacity: 7 } },
    })
    expect(guesses).toEqual([])
  })

  test('stays if no source has set it', () => {
    expect(settle(input, paths, { ttl: 'at' })).toEqual({ input, guesses: paths })
  })
})
