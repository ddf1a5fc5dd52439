import { describe, expect, test } from 'vitest'
import { mergeSources, type Side } from '../../src/load/merge-sources.ts'
import type { TableLayer } from '../../src/table/input.ts'

const side = (label: string, input: TableLayer, assumed: readonly string[] = []): Side => ({
  label,
  input,
  assumed: assumed.map(path => ({ path, message: `${path} is assumed`, guess: true })),
})
const merge = (...inputs: readonly TableLayer[]) =>
  mergeSources(inputs.map((input, index) => side('ABC'[index] ?? '?', input)))

describe('sources that agree', () => {
  test('a single source is used unchanged', () => {
    const input = { partitionKey: 'pk', billingMode: 'PROVISIONED' } as const
    expect(mergeSources([side('A', input, ['billingMode'])])).toMatchObject({ input, conflicts: [] })
  })

  test.each<[string, readonly TableLayer[], TableLayer]>([
    ['the same twice', [{ partitionKey: 'pk' }, { partitionKey: 'pk' }], { partitionKey: 'pk' }],
    [
      'the same in other words',
      [{ partitionKey: 'pk:S' }, { partitionKey: [{ name: 'pk', type: 'S' }] }],
      { partitionKey: 'pk:S' },
    ],
    [
      'what one does not know',
      [{ partitionKey: 'pk' }, { partitionKey: 'pk', ttl: 'at' }, {}],
      { partitionKey: 'pk', ttl: 'at' },
    ],
    [
      'indexes and tags of both',
      [
        { partitionKey: 'pk', tags: { a: '1' }, globalIndexes: { one: { partitionKey: 'x' } } },
        {
          partitionKey: 'pk',
          tags: { b: '2' },
          globalIndexes: { two: { partitionKey: 'y' } },
          localIndexes: { l: { sortKey: 'z' } },
        },
      ],
      {
        partitionKey: 'pk',
        tags: { a: '1', b: '2' },
        globalIndexes: { one: { partitionKey: 'x' }, two: { partitionKey: 'y' } },
        localIndexes: { l: { sortKey: 'z' } },
      },
    ],
    [
      'a projection in another order',
      [
        { partitionKey: 'pk', globalIndexes: { one: { partitionKey: 'x', projection: ['a', 'b'] } } },
        { partitionKey: 'pk', globalIndexes: { one: { partitionKey: 'x', projection: ['b', 'a'] } } },
      ],
      { partitionKey: 'pk', globalIndexes: { one: { partitionKey: 'x', projection: ['a', 'b'] } } },
    ],
  ])('%s', (_, inputs, input) => {
    expect(merge(...inputs)).toEqual({ input, assumed: [], conflicts: [] })
  })
})

describe('an assumed value', () => {
  test('gives way to what another source knows', () => {
    const guess = side('A', { partitionKey: 'pk', globalIndexes: { g: { partitionKey: 'x', projection: 'ALL' } } }, [
      'globalIndexes.g.projection',
    ])
    const sure = side('B', { globalIndexes: { g: { partitionKey: 'x', projection: 'KEYS_ONLY' } } })
    for (const sides of [
      [guess, sure],
      [sure, guess],
    ]) {
      const merged = mergeSources(sides)
      expect(merged).toMatchObject({ assumed: [], conflicts: [] })
      expect(merged.input.globalIndexes?.g?.projection).toBe('KEYS_ONLY')
    }
  })

  test('stays assumed if no source knows it', () => {
    const first = side('A', { partitionKey: 'pk', billingMode: 'PAY_PER_REQUEST' }, ['billingMode'])
    const second = side('B', { partitionKey: 'pk', billingMode: 'PROVISIONED' }, ['billingMode'])
    const merged = mergeSources([first, second])
    expect(merged.input.billingMode).toBe('PAY_PER_REQUEST')
    expect(merged.assumed.map(({ path }) => path)).toEqual(['billingMode'])
    expect(merged.conflicts).toEqual([])
  })
})

describe('contradictions name both sides', () => {
  test.each<[string, readonly TableLayer[], readonly string[]]>([
    [
      'a type',
      [
        { partitionKey: 'pk', sortKey: 'sk' },
        { partitionKey: 'pk', sortKey: 'sk:N' },
      ],
      ['the type of attribute sk differs: string in A, number in B'],
    ],
    [
      'the key',
      [{ partitionKey: 'pk', sortKey: 'sk' }, {}, { partitionKey: 'pk' }],
      ['the primary key differs: pk/sk in A, pk in C'],
    ],
    [
      "an index's keys",
      [
        { partitionKey: 'pk', globalIndexes: { gsi1: { partitionKey: 'gsi1pk', sortKey: 'gsi1sk' } } },
        { partitionKey: 'pk', globalIndexes: { gsi1: { partitionKey: 'gsi1hash' } } },
      ],
      ['index gsi1 differs: global gsi1pk/gsi1sk in A, global gsi1hash in B'],
    ],
    [
      "an index's kind",
      [
        { partitionKey: 'pk', globalIndexes: { by: { partitionKey: 'pk', sortKey: 'at' } } },
        { partitionKey: 'pk', localIndexes: { by: { sortKey: 'at' } } },
      ],
      ['index by differs: global pk/at in A, local at in B'],
    ],
    [
      'settings',
      [
        { billingMode: 'PROVISIONED', ttl: 'at', tags: { team: 'a' }, stream: false },
        { billingMode: 'PAY_PER_REQUEST', ttl: false, tags: { team: 'b' }, stream: 'NEW_IMAGE' },
      ],
      [
        'billingMode differs: "PROVISIONED" in A, "PAY_PER_REQUEST" in B',
        'stream differs: false in A, "NEW_IMAGE" in B',
        'ttl differs: "at" in A, false in B',
        'tags.team differs: "a" in A, "b" in B',
      ],
    ],
    [
      'a projection and a capacity',
      [
        { globalIndexes: { g: { partitionKey: 'x', projection: 'ALL', readCapacity: 5 } } },
        { globalIndexes: { g: { partitionKey: 'x', projection: ['a'], readCapacity: 6 } } },
      ],
      ['the projection of index g differs: ALL in A, [a] in B', 'readCapacity of index g differs: 5 in A, 6 in B'],
    ],
    ['three sides', [{ ttl: 'a' }, { ttl: 'b' }, { ttl: 'a' }], ['ttl differs: "a" in A, "b" in B, "a" in C']],
  ])('%s', (_, inputs, conflicts) => {
    expect(merge(...inputs).conflicts).toEqual(conflicts)
  })
})
