import { describe, expect, test } from 'vitest'
import type { WriteOptions } from '../../src/formats/format.ts'
import { writers } from '../../src/formats/writers.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import { define, everything, global, off, searched } from './tables.ts'

const plain = define({ table: '3d-files', partitionKey: 'id', pointInTimeRecovery: true, tags: { a: 'b' } })
const same = define({ table: 'Off', partitionKey: 'id', encryption: 'AWS_MANAGED', extra: { VectorThings: [1] } })

const tables = [everything, off, plain, same, searched, global]

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
      'everywhere: TTL attribute (until) is not part of CreateTable',
      'everywhere: point-in-time recovery (on) is not part of CreateTable',
      'everywhere: index by-x: contributor insights (true) is not part of CreateTable',
      'everywhere: replicas (eu-central-1, us-east-1) is not part of CreateTable',
    ])
    expect((await write('cloudformation', tables, { file: 'a.json' })).notes).toEqual([
      'Off: not written, since this format has no place for it: VectorThings',
    ])
  })
})

async function write(name: string, definitions: readonly TableDefinition[], options: WriteOptions) {
  const writer = writers.find(each => each.name === name)
  if (writer === undefined) throw new Error(name)
  return writer.write(definitions, options)
}
