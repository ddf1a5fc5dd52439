import { describe, expect, it } from 'vitest'
import { toLiveTable } from '../../src/aws/describe.ts'
import { isCarriedOut, isRecreated } from '../../src/plan/carried-out.ts'
import { type PlanOptions, planTable } from '../../src/plan/plan-table.ts'
import { engines } from '../../src/settings/engines.ts'
import type { VectorIndexInput } from '../../src/settings/vector-indexes.ts'
import type { TableInput } from '../../src/table/input.ts'
import type { LiveTable } from '../../src/table/live.ts'
import { live } from '../support/live.ts'
import { table } from '../support/tables.ts'

type Input = Partial<TableInput>

const vector = (more: Partial<VectorIndexInput> = {}): VectorIndexInput => ({
  attribute: 'v',
  dimensions: 3,
  distance: 'COSINE',
  ...more,
})
const near = (more: Partial<VectorIndexInput> = {}): Input => ({ vectorIndexes: { near: vector(more) } })

function there(input: Input, status: string = 'ACTIVE'): LiveTable {
  const found = live(input)
  const { vectorIndexes = {} } = table(input)
  const statuses = Object.fromEntries(Object.keys(vectorIndexes).map(name => [name, { status }]))
  return { ...found, definition: { ...found.definition, vectorIndexes }, indexes: { ...found.indexes, ...statuses } }
}

const plan = (desired: Input, now: Input | LiveTable | undefined, options?: PlanOptions) =>
  planTable(table(desired), now === undefined || 'definition' in now ? now : there(now), options)

const steps = (...args: Parameters<typeof plan>) =>
  plan(...args).steps.map(({ sign, summary, expected }) => `${sign} ${summary} (${expected})`)

const built = '8-17 min, longer with data'
const text = 'v, 3 dimensions, COSINE'
const added = (name = 'near', what = `${text}, projection ALL`) => `+ add vector index ${name} (${what}) (${built})`
const replaced = `- drop vector index near, to recreate it (3-5 s; searches on it fail until it is rebuilt, which takes ${built})`

describe('a plan with vector indexes', () => {
  it.each<[string, Input, Input, string[], PlanOptions?]>([
    ['nothing', near(), near(), []],
    ['nothing for filters in another order', near({ filters: ['a', 'b:N'] }), near({ filters: ['b:N', 'a'] }), []],
    ['nothing for a projection that is left out', near(), near({ projection: ['title'] }), []],
    [
      'nothing for keys in a projection, which every index holds',
      near({ projection: ['title', 'pk', 'v'] }),
      near({ projection: ['title'] }),
      [],
    ],
    ['an index to add', near(), {}, [added()]],
    [
      'two, one call each, before what takes minutes',
      { vectorIndexes: { near: vector(), far: vector({ distance: 'EUCLIDEAN' }) }, warmReadUnits: 13_000 },
      { warmReadUnits: 12_000 },
      [added(), added('far', 'v, 3 dimensions, EUCLIDEAN, projection ALL'), expect.stringMatching(/^~ raise/)],
    ],
    ...(
      [
        ['distance', near({ distance: 'DOT_PRODUCT' }), 'v, 3 dimensions, DOT_PRODUCT, projection ALL'],
        ['length', near({ dimensions: 4 }), 'v, 4 dimensions, COSINE, projection ALL'],
        ['attribute', near({ attribute: 'w' }), 'w, 3 dimensions, COSINE, projection ALL'],
        ['partition key', near({ partitionKey: 'tenant' }), `${text}, partition key tenant S, projection ALL`],
        ['filter', near({ filters: ['year:N'] }), `${text}, filters year N, projection ALL`],
        ['projection', near({ projection: 'KEYS_ONLY' }), `${text}, projection KEYS_ONLY`],
      ] as const
    ).map(([what, desired, shown]): [string, Input, Input, string[]] => [
      `another ${what}: dropped and recreated`,
      desired,
      near(),
      [replaced, added('near', shown)],
    ]),
    ['an index that is not named stays', {}, near(), []],
    ['and is dropped when asked for', {}, near(), ['- drop vector index near (3-5 s)'], { dropIndexes: true }],
    [
      'beside the old one',
      near({ dimensions: 4, attribute: 'w' }),
      near(),
      [`+ add vector index near-2 beside near (w, 4 dimensions, COSINE, projection ALL) (${built})`],
      { safeReplace: true },
    ],
    [
      'drops before the billing changes, which it would forbid',
      { billingMode: 'PROVISIONED' },
      near(),
      ['- drop vector index near (3-5 s)', '~ switch billing to provisioned (5 read, 5 write) (1-2 min)'],
      { dropIndexes: true },
    ],
    [
      'adds after billing is on demand, and after global indexes',
      { billingMode: 'PAY_PER_REQUEST', globalIndexes: { 'by-a': { partitionKey: 'a' } }, ...near() },
      { billingMode: 'PROVISIONED' },
      [expect.stringMatching(/^~ switch billing to on-demand .*; add global index by-a/), added()],
    ],
  ])('%s', (_, desired, now, expected, options) => {
    expect(steps(desired, now, options)).toEqual(expected)
  })

  it('is part of CreateTable, with the attributes that it searches by', () => {
    const [create, ...rest] = plan(near({ partitionKey: 'tenant', filters: ['year:N'] }), undefined).steps
    expect(rest).toEqual([])
    expect(create?.expected).toBe('14-22 s')
    expect(create?.request.input).toMatchObject({
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'tenant', AttributeType: 'S' },
        { AttributeName: 'year', AttributeType: 'N' },
      ],
      VectorIndexes: [{ IndexName: 'near', DistanceFunction: 'COSINE' }],
    })
  })

  it('defines every attribute that the table then uses, but never the vector', () => {
    const desired: Input = {
      globalIndexes: { 'by-a': { partitionKey: 'a' } },
      vectorIndexes: { near: vector({ filters: ['year:N'] }), far: vector({ partitionKey: 'tenant' }) },
    }
    const defined = plan(desired, near({ filters: ['year:N'] })).steps.map(({ request }) =>
      request.api === 'UpdateTable'
        ? request.input.AttributeDefinitions?.map(({ AttributeName }) => AttributeName)
        : [],
    )
    expect(defined).toEqual([
      ['pk', 'year', 'a'],
      ['pk', 'a', 'year', 'tenant'],
    ])
  })

  it.each<[string, Input, Input, string, string]>([
    [
      'on a live provisioned table',
      near(),
      { billingMode: 'PROVISIONED' },
      'users › vectorIndexes.near',
      'the live table is provisioned, and vector indexes need on-demand billing; write billingMode: PAY_PER_REQUEST to switch it',
    ],
    [
      'that stays while billing becomes provisioned',
      { billingMode: 'PROVISIONED' },
      near(),
      'users › billingMode',
      'PROVISIONED billing cannot be combined with the live vector index near; stay on demand, or drop it first (--drop-indexes)',
    ],
    [
      'on an attribute that another live one has with another length',
      { vectorIndexes: { far: vector({ dimensions: 4 }) } },
      near(),
      'users › vectorIndexes.far',
      'attribute v is a vector of 3 in vector index near and cannot be a vector of 4 here; use another attribute, or drop vector index near first',
    ],
    [
      'whose vector is the key of a live index',
      near(),
      { globalIndexes: { 'by-v': { partitionKey: 'v' } } },
      'users › vectorIndexes.near',
      'attribute v is a string in index by-v and cannot be a vector of 3 here; use another attribute, or drop index by-v first',
    ],
    [
      'with a filter of another type',
      near({ filters: ['year:N'] }),
      { globalIndexes: { 'by-year': { partitionKey: 'year:S' } } },
      'users › vectorIndexes.near',
      'attribute year is a string in index by-year and cannot be a number here; use another attribute, or drop index by-year first',
    ],
  ])('is blocked: one %s', (_, desired, now, path, message) => {
    expect(plan(desired, now).blocked).toEqual([{ path, message }])
  })

  it('names the unnamed ones that are left alone', () => {
    expect(plan({}, near()).notices).toEqual(['left alone: 1 vector index that the definition does not have (near)'])
  })

  it('a plan for the embedded engine says that vector indexes are kept, and shows no durations of AWS', () => {
    const { steps: kept, notices } = plan(near(), live(), { capabilities: engines.dynalite })
    expect(kept).toMatchObject([{ sign: '+', summary: `add vector index near (${text}, projection ALL)` }])
    expect(kept[0]).not.toHaveProperty('expected')
    const how = 'kept by dynalite (the embedded engine), which cannot search them'
    expect(notices).toEqual([`vector indexes: ${how} (near)`])
  })

  it.each(['plain-dynalite', 'dynamodb-local'] as const)('leaves them out for %s', engine => {
    const capabilities = engines[engine]
    const { steps: left, notices } = plan(near(), live(), { capabilities })
    expect(left).toEqual([])
    expect(notices).toEqual([`vectorIndexes: not kept by ${capabilities.label}, left out`])
    const [create] = plan(near(), undefined, { capabilities }).steps
    expect(create?.request.input).not.toHaveProperty('VectorIndexes')
  })
})

describe('whether a request for a vector index was carried out', () => {
  const [drop, add] = plan(near({ dimensions: 4 }), near()).steps
  it.each([
    ['dropped', drop, there({}), true],
    ['dropped, still listed', drop, there(near()), false],
    ['dropped, being deleted', drop, there(near(), 'DELETING'), true],
    ['added', add, there(near()), true],
    ['added, not listed', add, there({}), false],
  ])('%s', (_, step, now, expected) => {
    expect(step !== undefined && isCarriedOut(step.request, now)).toBe(expected)
  })

  it('recreated by another process in the meantime', () => {
    expect(drop !== undefined && isRecreated(drop, there(near({ dimensions: 4 })))).toBe(true)
    expect(drop !== undefined && isRecreated(drop, there(near()))).toBe(false)
  })
})

it('is read from DescribeTable, with the types of its filters and its status', () => {
  const found = toLiveTable({
    TableName: 'users',
    TableStatus: 'ACTIVE',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'year', AttributeType: 'N' },
    ],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    VectorIndexes: [
      {
        IndexName: 'near',
        IndexStatus: 'CREATING',
        Backfilling: true,
        VectorAttribute: { AttributeName: 'v' },
        SearchSchema: [{ AttributeName: 'year', SearchSchemaElementType: 'INLINE_FILTER' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['b', 'a'] },
        Dimensions: 3,
        DistanceFunction: 'EUCLIDEAN',
      },
    ],
  })
  expect(found.indexes).toEqual({ near: { status: 'CREATING', backfilling: true } })
  expect(found.definition.vectorIndexes).toEqual({
    near: {
      attribute: 'v',
      dimensions: 3,
      distance: 'EUCLIDEAN',
      partitionKey: [],
      filters: [{ name: 'year', type: 'N' }],
      projection: ['a', 'b'],
    },
  })
})
