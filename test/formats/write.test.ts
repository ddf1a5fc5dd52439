import { describe, expect, test } from 'vitest'
import type { WriteOptions } from '../../src/formats/format.ts'
import { writers } from '../../src/formats/writers.ts'
import { toDefinition } from '../../src/settings/to-definition.ts'
import type { TableDefinition } from '../../src/table/definition.ts'

/** A table with every setting that one table can have, and nasty names. */
const everything = define({
  table: 'shop.Orders-dev_1',
  partitionKey: 'customer#id:S',
  sortKey: 'placed at:N',
  billingMode: 'PROVISIONED',
  readCapacity: 3,
  writeCapacity: 4,
  warmReadUnits: 13_000,
  tableClass: 'STANDARD_INFREQUENT_ACCESS',
  encryption: 'CUSTOMER_MANAGED',
  kmsKeyId: 'alias/shop',
  stream: 'NEW_IMAGE',
  ttl: 'expires"at${now}',
  pointInTimeRecovery: 7,
  deletionProtection: true,
  kinesis: { arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/changes', precision: 'MICROSECOND' },
  contributorInsights: 'THROTTLED_KEYS',
  resourcePolicy: '{"Version":"2012-10-17","Statement":[{"Sid":"it\'s ${not} \\"a\\" %{template}","code":1}]}',
  tags: { team: 'on', cost: '0123', 'a b': '', when: '2024-01-01', zero: '=0' },
  globalIndexes: {
    'by-email': { partitionKey: "it's:S", projection: ['a|b', '`c`', '\\n'], contributorInsights: true },
    'by-several': {
      partitionKey: ['tenant:S', 'state:B'],
      sortKey: ['customer#id:S', 'y:N'],
      readCapacity: 6,
      writeCapacity: 7,
      warmWriteUnits: 8,
    },
  },
  localIndexes: { 'by-total': { sortKey: 'total:N', projection: 'KEYS_ONLY' } },
})

/** On-demand, with caps, and everything that can be turned off turned off. */
const off = define({
  table: 'off',
  partitionKey: 'id:B',
  maxReadUnits: 10,
  maxWriteUnits: false,
  encryption: 'AWS_OWNED',
  stream: false,
  ttl: false,
  pointInTimeRecovery: false,
  deletionProtection: false,
  kinesis: false,
  contributorInsights: false,
  resourcePolicy: false,
  tags: {},
  globalIndexes: { 'by-x': { partitionKey: 'x:S', sortKey: 'id:B', maxWriteUnits: 5, warmReadUnits: 12_000 } },
})

const plain = define({ table: '3d-files', partitionKey: 'id', pointInTimeRecovery: true, tags: { a: 'b' } })
const same = define({ table: 'Off', partitionKey: 'id', encryption: 'AWS_MANAGED', extra: { VectorThings: [1] } })

const tables = [everything, off, plain, same]

describe('tables in each format', () => {
  const cases: readonly (readonly [name: string, options: WriteOptions, golden: readonly string[]])[] = [
    ['cloudformation', { import: true }, ['cloudformation.yaml', 'resources-to-import.json']],
    ['cloudformation', { file: 'template.json' }, ['cloudformation.json']],
    ['sam', {}, ['sam.yaml']],
    ['cdk', {}, ['cdk.ts.txt']],
    ['terraform', { import: true }, ['terraform.tf']],
    ['serverless', {}, ['serverless.yml']],
    ['aws-cli', {}, ['aws-cli.sh']],
    ['create-table', {}, ['create-table.json']],
    ['dynamox', {}, ['dynamox.yaml']],
    ['dynamox', { file: 'tables.ts' }, ['dynamox.ts.txt']],
    ['dynamox', { file: 'tables.json' }, ['dynamox.json']],
    ['mermaid', {}, ['mermaid.mmd']],
    ['markdown', {}, ['markdown.md']],
  ]

  test.each(cases)('%s %j', async (name, options, golden) => {
    const { files } = await write(name, tables, options)
    expect(files).toHaveLength(golden.length)
    for (const [at, file] of golden.entries()) await expect(files[at]?.text).toMatchFileSnapshot(`golden/${file}`)
  })

  test('the same tables give the same text', async () => {
    for (const { name } of writers) expect(await write(name, tables, {})).toEqual(await write(name, tables, {}))
  })

  test('no tables', async () => {
    for (const { name } of writers) expect((await write(name, [], {})).files[0]?.text).toMatch(/\n$/)
  })

  test('CreateTable inputs: one, several, and one file for each in a folder', async () => {
    const one = await write('create-table', [plain], {})
    expect(JSON.parse(one.files[0]?.text ?? '')).toMatchObject({ TableName: '3d-files' })
    const folder = await write('create-table', [plain, off], { folder: true })
    expect(folder.files.map(({ path }) => path)).toEqual(['3d-files.json', 'off.json'])
  })

  test('what a format without comments cannot express', async () => {
    expect((await write('create-table', tables, {})).notes).toEqual([
      'shop.Orders-dev_1: TTL attribute (expires"at${now}) is not part of CreateTable',
      'shop.Orders-dev_1: point-in-time recovery (on, 7 days) is not part of CreateTable',
      'shop.Orders-dev_1: Kinesis stream ({"arn":"arn:aws:kinesis:eu-west-1:123456789012:stream/changes","precision":"MICROSECOND"}) is not part of CreateTable',
      'shop.Orders-dev_1: contributor insights (THROTTLED_KEYS) is not part of CreateTable',
      'shop.Orders-dev_1: index by-email: contributor insights (true) is not part of CreateTable',
      '3d-files: point-in-time recovery (on) is not part of CreateTable',
    ])
    expect((await write('cloudformation', tables, { file: 'a.json' })).notes).toEqual([
      'Off: not written, since this format has no place for it: VectorThings',
    ])
  })
})

function define(input: unknown): TableDefinition {
  const { definition, problems } = toDefinition(input, { path: 'test' })
  if (definition === undefined) throw new Error(JSON.stringify(problems))
  return definition
}

async function write(name: string, definitions: readonly TableDefinition[], options: WriteOptions) {
  const writer = writers.find(each => each.name === name)
  if (writer === undefined) throw new Error(name)
  return writer.write(definitions, options)
}
