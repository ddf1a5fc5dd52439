import { describe, expect, test } from 'vitest'
import type { DataApi, ItemWrite, WriteAnswer } from '../../src/apply/data-api.ts'
import { toDefinition } from '../../src/settings/to-definition.ts'
import { planSeed } from '../../src/testing/seed/plan-seed.ts'
import { readSeed } from '../../src/testing/seed/read-seed.ts'
import { toItem } from '../../src/testing/seed/to-item.ts'
import { writeItems } from '../../src/testing/seed/write-items.ts'

const typed = { pk: { S: 'a' }, n: { N: '1.50' }, s: { SS: ['x'] }, m: { M: { b: { BOOL: true } } } }

describe('items', () => {
  test.each<[unknown, unknown]>([
    [
      { pk: 'a', n: 1.5, t: true, z: null, l: [1, 'b'], m: { x: {} } },
      {
        pk: { S: 'a' },
        n: { N: '1.5' },
        t: { BOOL: true },
        z: { NULL: true },
        l: { L: [{ N: '1' }, { S: 'b' }] },
        m: { M: { x: { M: {} } } },
      },
    ],
    [typed, typed],
    [{ Item: typed }, typed],
    [{ PutRequest: { Item: typed } }, typed],
    [
      { pk: { S: 'a' }, plain: 1 },
      { pk: { M: { S: { S: 'a' } } }, plain: { N: '1' } },
    ],
    [{ pk: { B: 'AQI=' } }, { pk: { B: Uint8Array.of(1, 2) } }],
    [
      { big: 12345678901234567890n, set: new Set([1, 2]) },
      { big: { N: '12345678901234567890' }, set: { NS: ['1', '2'] } },
    ],
  ])('%#', (given, item) => {
    expect(toItem(given)).toEqual({ value: item })
  })

  test.each<[unknown, string, string]>([
    ['text', '', 'an item must be a map of attributes, not the string text'],
    [{ n: Number.NaN }, 'n', '"NaN" is not a number that DynamoDB can store'],
    [
      { a: { b: [1e20] } },
      'a.b[0]',
      '100000000000000000000 is too large to be exact in JSON; write the item as DynamoDB JSON',
    ],
    [
      { pk: { S: 'a' }, l: { L: [{ S: 'a' }, 1] } },
      'l[1]',
      'the number 1 is among typed values; give it a type as well',
    ],
    [{ pk: { SS: [] } }, 'pk', 'a set must not be empty'],
  ])('%# is refused', (given, path, wrong) => {
    expect(toItem(given)).toEqual({ path, wrong })
  })
})

const table = (name: string, keys: object) => {
  const { definition } = toDefinition({ table: name, ...keys }, { path: name })
  if (definition === undefined) throw new Error(name)
  return { definition, baseName: name }
}
const users = table('users', { partitionKey: 'pk:S', globalIndexes: { 'by-at': { partitionKey: 'at:N' } } })
const orders = table('orders', { partitionKey: 'id:S', sortKey: 'n:N' })

const plan = async (files: Record<string, string>, tables = [users, orders]) =>
  planSeed(
    await Promise.all(Object.entries(files).map(async ([file, text]) => ({ file, ...(await readSeed(text, file)) }))),
    tables,
  )

describe('files', () => {
  test.each<[string, string]>([
    ['users.json', '[{"pk":"a"},\n{"pk":"b"}]'],
    ['any.json', '{"users": [\n{"pk":"a"}, {"pk":"b"}]}'],
    ['users.jsonl', '{"pk":"a"}\n\n{"pk":{"S":"b"}}\n'],
    ['users.ndjson', '{"Item":{"pk":{"S":"a"}}}\n{"Item":{"pk":{"S":"b"}}}'],
    ['users.yaml', '- pk: a\n- { pk: b }\n'],
    ['any.yml', 'users:\n  - pk: a\n  - pk: b\n'],
  ])('%s', async (file, text) => {
    const items = (await plan({ [file]: text })).get('users')
    expect(items?.map(({ item }) => item)).toEqual([{ pk: { S: 'a' } }, { pk: { S: 'b' } }])
  })

  test.each<[string, string, string]>([
    ['users.json', '[{"pk":"a"},\n {"pk":"b"\n', 'users.json:2:11: expected "," or "}", found the end of the file'],
    ['users.json', "[{'pk':1}]", "users.json:1:3: expected a key in double quotes, found 'pk'"],
    ['users.jsonl', '{"pk":"a"}\r\n{pk:1}\r\n', 'users.jsonl:2:2: expected a key in double quotes, found pk'],
    ['users.ndjson', '{"pk":"a"} // first\n', 'users.ndjson:1:12: JSON has no comments'],
    ['users.yaml', '- pk: a: b\n', 'users.yaml:1:7: a value that contains ": " must be quoted'],
    ['users.yml', '- {pk: a\n\n', 'users.yml:1:9: a } is missing'],
  ])('%s that cannot be read: %j', async (file, text, message) => {
    await expect(plan({ [file]: text })).rejects.toMatchObject({ code: 'config', message })
  })

  test.each([
    ['user.yaml', '- pk: a\n', 'users.yaml'],
    ['order.jsonl', '{"id":"a"}\n', 'orders.jsonl'],
  ])('%s belongs to no table; the message has a name that does', async (file, text, name) => {
    const message = expect.stringMatching(
      `is not defined; name the file after the table of its items \\(${name}\\), or`,
    )
    await expect(plan({ [file]: text })).rejects.toMatchObject({ code: 'config', message })
  })

  test('every problem by file and line; a later file wins', async () => {
    const problems = {
      'users.json': '[\n  { "pk": "a" },\n  { "pk": "a" },\n  { "pk": "" }, { "pk": "x", "at": "late" }\n]',
      'orders.yaml': '- { id: x, n: 1 }\n-\n  id: y\n- { id: z, n: one }\n',
      'other.json': '[{ "pk": "a" }]',
      'more.json': '{ "user": [{ "pk": "a" }], "orders": 3 }',
      'users.jsonl': '{"pk": "a"}\n{"pk": \n',
    }
    await expect(plan(problems)).rejects.toMatchObject({
      code: 'config',
      message: 'the seed has 9 problems; nothing was written',
      problems: [
        { path: 'users.json:3:3', message: 'has the same key as the item on line 2' },
        { path: 'users.json:4:3', message: 'key pk must not be empty' },
        { path: 'users.json:4:17', message: 'at, a key of the index by-at, must be a number (N), not a string' },
        { path: 'orders.yaml:3:3', message: 'has no n, a key of orders (n:N)' },
        { path: 'orders.yaml:4:3', message: 'key n must be a number (N), not a string' },
        {
          path: 'other.json:1:2',
          message: expect.stringContaining(
            'the table other is not defined; name the file after the table of its items (us',
          ),
        },
        { path: 'more.json:1:38', message: expect.stringContaining('orders must be a list of items') },
        { path: 'more.json:1:12', message: 'the table user is not defined; did you mean "users"?' },
        { path: 'users.jsonl:2:7', message: 'expected a value, found the end of the line' },
      ],
    })
    const items = await plan({ 'users.json': '[{"pk":"a","v":1}]', 'z/users.json': '[{"pk":"a","v":2}]' })
    expect(items.get('users')).toEqual([{ item: { pk: { S: 'a' }, v: { N: '2' } }, place: expect.any(Function) }])
    expect(items.get('users')?.[0]?.place()).toBe('z/users.json:1:2')
  })
})

/** Gives these answers in turn, then accepts everything; records the sizes of the batches and the pauses. */
function fakeApi(answers: readonly ((writes: readonly ItemWrite[]) => WriteAnswer)[]) {
  const left = [...answers]
  const sizes: number[] = []
  const pauses: number[] = []
  const api: DataApi = {
    write: async (_table, writes) => {
      sizes.push(writes.length)
      return left.shift()?.(writes) ?? { kind: 'written', unprocessed: [] }
    },
    scan: async function* () {},
  }
  const clock = { now: () => 0, sleep: async (ms: number) => void pauses.push(ms) }
  return { api, sizes, pauses, clock }
}
const puts = (count: number): ItemWrite[] =>
  Array.from({ length: count }, (_, at) => ({ kind: 'put', item: { pk: { S: String(at) } } }))

describe('writing', () => {
  test('25 in a batch; unprocessed and throttled writes are sent again, with growing pauses', async () => {
    const throttled = () => ({ kind: 'refused', refusal: { kind: 'throttled', message: 'slow' } }) as const
    const { api, sizes, pauses, clock } = fakeApi([
      throttled,
      throttled,
      writes => ({ kind: 'written', unprocessed: writes.slice(0, 3) }),
    ])
    await writeItems(api, 'users', puts(10), { clock })
    expect(sizes).toEqual([10, 10, 10, 3])
    expect(pauses).toEqual([50, 100, 200])
    const many = fakeApi([])
    await writeItems(many.api, 'users', puts(60), { clock })
    expect(many.sizes).toEqual([25, 25, 10])
  })

  test('a bad item is found in its batch', async () => {
    const refuse = (writes: readonly ItemWrite[]): WriteAnswer =>
      writes.some(write => write.kind === 'put' && write.item.pk?.S === '2')
        ? { kind: 'refused', refusal: { kind: 'static', message: 'too big', cause: undefined } }
        : { kind: 'written', unprocessed: [] }
    const { api, clock } = fakeApi(Array.from({ length: 9 }, () => refuse))
    const placeOf = (write: ItemWrite) => (write.kind === 'put' ? `users.json:${write.item.pk?.S}` : undefined)
    await expect(writeItems(api, 'users', puts(4), { clock, placeOf })).rejects.toMatchObject({
      code: 'config',
      message: 'users.json:2: users refused it: too big',
    })
  })

  test('gives up when it is throttled again and again', async () => {
    const { api, clock } = fakeApi(
      Array.from(
        { length: 99 },
        () => () => ({ kind: 'refused', refusal: { kind: 'throttled', message: '' } }) as const,
      ),
    )
    await expect(writeItems(api, 'users', puts(2), { clock })).rejects.toMatchObject({ code: 'throttled' })
  })
})
