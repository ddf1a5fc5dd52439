import { describe, expect, test } from 'vitest'
import { mergeLayers, stillAssumed } from '../../src/settings/merge-layers.ts'
import type { TableLayer } from '../../src/table/input.ts'

describe('mergeLayers', () => {
  test.each<[string, TableLayer[], TableLayer]>([
    ['nothing', [], {}],
    ['the stronger wins', [{ ttl: 'a', stream: 'KEYS_ONLY' }, { ttl: 'b' }], { ttl: 'b', stream: 'KEYS_ONLY' }],
    ['undefined counts as not given', [{ ttl: 'a' }, { ttl: undefined }], { ttl: 'a' }],
    ['false says off', [{ ttl: 'a' }, { ttl: false }], { ttl: false }],
    [
      'tags by key',
      [{ tags: { team: 'shop', env: 'dev' } }, { tags: { env: 'prod' } }],
      { tags: { team: 'shop', env: 'prod' } },
    ],
    ['extra by key', [{ extra: { A: 1 } }, { extra: { B: 2 } }], { extra: { A: 1, B: 2 } }],
    ['keys as a whole', [{ partitionKey: ['a', 'b'] }, { partitionKey: 'c' }], { partitionKey: 'c' }],
    [
      'indexes by name and field',
      [
        { globalIndexes: { a: { partitionKey: 'a', projection: ['x'] }, b: { partitionKey: 'b' } } },
        { globalIndexes: { a: { projection: ['y'] }, c: { partitionKey: 'c' } } },
      ],
      {
        globalIndexes: {
          a: { partitionKey: 'a', projection: ['y'] },
          b: { partitionKey: 'b' },
          c: { partitionKey: 'c' },
        },
      },
    ],
    [
      'kinesis as a whole',
      [{ kinesis: { arn: 'a', precision: 'MICROSECOND' } }, { kinesis: { arn: 'b' } }],
      { kinesis: { arn: 'b' } },
    ],
    [
      'a key does not outlive its encryption',
      [{ encryption: 'CUSTOMER_MANAGED', kmsKeyId: 'k' }, { encryption: 'AWS_OWNED' }],
      { encryption: 'AWS_OWNED' },
    ],
    [
      'a contradiction within a layer stays',
      [{ encryption: 'AWS_OWNED', kmsKeyId: 'k' }],
      { encryption: 'AWS_OWNED', kmsKeyId: 'k' },
    ],
  ])('%s', (_, layers, layer) => {
    expect(mergeLayers(layers)).toEqual({ layer, notes: [] })
  })

  test('capacity is kept only for the layer that chose PROVISIONED', () => {
    const source: TableLayer = {
      billingMode: 'PROVISIONED',
      readCapacity: 10,
      writeCapacity: 5,
      globalIndexes: { a: { partitionKey: 'a', readCapacity: 2 } },
    }
    expect(mergeLayers([source, { billingMode: 'PAY_PER_REQUEST' }])).toEqual({
      layer: { billingMode: 'PAY_PER_REQUEST', globalIndexes: { a: { partitionKey: 'a' } } },
      notes: [
        'readCapacity and writeCapacity are ignored: billingMode is PAY_PER_REQUEST',
        'globalIndexes.a: readCapacity is ignored: billingMode is PAY_PER_REQUEST',
      ],
    })
    expect(mergeLayers([source, { billingMode: 'PAY_PER_REQUEST' }, { billingMode: 'PROVISIONED' }])).toEqual({
      layer: source,
      notes: [],
    })
  })

  test('a stronger layer with capacity alone does not change the billing', () => {
    expect(mergeLayers([{ billingMode: 'PAY_PER_REQUEST' }, { readCapacity: 10 }])).toEqual({
      layer: { billingMode: 'PAY_PER_REQUEST' },
      notes: ['readCapacity is ignored: billingMode is PAY_PER_REQUEST'],
    })
    expect(mergeLayers([{ billingMode: 'PROVISIONED' }, { readCapacity: 10 }])).toEqual({
      layer: { billingMode: 'PROVISIONED', readCapacity: 10 },
      notes: [],
    })
  })

  test('caps are kept only for on-demand; false causes no note', () => {
    expect(mergeLayers([{ maxReadUnits: 100, maxWriteUnits: false }, { billingMode: 'PROVISIONED' }])).toEqual({
      layer: { billingMode: 'PROVISIONED' },
      notes: ['maxReadUnits is ignored: billingMode is PROVISIONED'],
    })
  })

  test('both in one layer is a contradiction for the validator', () => {
    const layer: TableLayer = { billingMode: 'PAY_PER_REQUEST', readCapacity: 10 }
    expect(mergeLayers([layer])).toEqual({ layer, notes: [] })
  })

  test('invalid values are passed on for the check of inputs', () => {
    const strange = JSON.parse('{"globalIndexes": [1], "tags": "x", "localIndexes": {"a": null}}')
    expect(mergeLayers([{ tags: { a: 'b' } }, strange])).toEqual({ layer: strange, notes: [] })
  })
})

test('vector indexes are merged by name, and then by field', () => {
  const near = { attribute: 'v', dimensions: 3, distance: 'COSINE' } as const
  const { layer } = mergeLayers([
    { vectorIndexes: { near, far: near } },
    { vectorIndexes: { near: { dimensions: 4, filters: ['year:N'] } } },
  ])
  expect(layer.vectorIndexes).toEqual({ near: { ...near, dimensions: 4, filters: ['year:N'] }, far: near })
})

test('an assumption ends when a stronger layer sets the value', () => {
  const assumed = ['billingMode', 'globalIndexes.by.date.projection', 'globalIndexes.b.projection'].map(path => ({
    path,
    message: '',
    guess: true,
  }))
  const stronger: TableLayer[] = [
    { billingMode: undefined, globalIndexes: { 'by.date': { projection: 'ALL' } } },
    { globalIndexes: { b: { readCapacity: 1 } } },
  ]
  expect(stillAssumed(assumed, stronger).map(({ path }) => path)).toEqual(['billingMode', 'globalIndexes.b.projection'])
})
