import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { WriteOptions } from '../../src/formats/write/written.ts'
import { writers } from '../../src/formats/writers.ts'
import { createTableInput } from '../../src/plan/create-table-input.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import { colliding, define, everything, global, off, searched } from './tables.ts'

const plain = define({ table: '3d-files', partitionKey: 'id', pointInTimeRecovery: true, tags: { a: 'b' } })
const same = define({ table: 'Off', partitionKey: 'id', encryption: 'AWS_MANAGED', extra: { VectorThings: [1] } })

/** Without a call home. */
const terraformEnv = { ...process.env, CHECKPOINT_DISABLE: '1' }
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

  test.each([
    ['cloudformation', /^ {2}(\w+):$/gm],
    ['serverless', /^ {4}(\w+):$/gm],
    ['terraform', /^(?:resource|data) ("\w+" "\w+")/gm],
    ['cdk', /\(this, '(\w+)'/g],
    ['cdk', /const (\w+)/g],
    ['dynamox', /const (\w+)/g],
  ])('names that look alike get identifiers of their own: %s %s', async (name, pattern) => {
    const text = (await write(name, colliding, { file: name === 'dynamox' ? 'tables.ts' : undefined })).files[0]?.text
    const found = [...(text ?? '').matchAll(pattern)].map(([, id = '']) => id.toLowerCase())
    expect(found.length).toBeGreaterThanOrEqual(colliding.length)
    expect([...new Set(found)]).toEqual(found)
  })

  const hasTerraform = spawnSync('terraform', ['version'], { env: terraformEnv }).status === 0
  test.skipIf(!hasTerraform)(
    `terraform fmt has nothing to change${hasTerraform ? '' : ' (terraform not found)'}`,
    async () => {
      const { files } = await write('terraform', [...tables, ...colliding], { import: true })
      const input = files[0]?.text ?? ''
      expect(spawnSync('terraform', ['fmt', '-'], { input, encoding: 'utf8', env: terraformEnv }).stdout).toBe(input)
    },
  )

  test("names that are Mermaid's own words, or no words, stand in the comment", async () => {
    const names = ['pk', 'PK', 'Fk', 'uk', 'sk', '0123', 'a b', '漢字', 'a_b']
    const attributes = await Promise.all(
      names.map(async name => {
        const { files } = await write('mermaid', [define({ table: 'users', partitionKey: name })], {})
        return files[0]?.text.split('\n')[3]?.trim()
      }),
    )
    expect(attributes).toEqual([
      'string _pk PK "partition key: pk"',
      'string _PK PK "partition key: PK"',
      'string _Fk PK "partition key: Fk"',
      'string _uk PK "partition key: uk"',
      'string sk PK "partition key"',
      'string _0123 PK "partition key: 0123"',
      'string a_b PK "partition key: a b"',
      'string __ PK "partition key: 漢字"',
      'string a_b PK "partition key"',
    ])
  })

  test('a shell gives the AWS CLI whole arguments', async () => {
    const script = (await write('aws-cli', tables, {})).files[0]?.text ?? ''
    const input = `aws() { printf '%s\\0' "$@" >&2; }\n${script}`
    const { status, stderr } = spawnSync('sh', { input, encoding: 'utf8' })
    const words = stderr.split('\0')
    const json = words.filter(word => /^[[{]/.test(word)).map(word => JSON.parse(word))
    expect(status).toBe(0)
    expect(words.filter(word => word === 'create-table')).toHaveLength(tables.length)
    expect(json).toContainEqual(createTableInput(everything).GlobalSecondaryIndexes)
    expect(json).toContainEqual({ Enabled: true, AttributeName: 'expires"at${now}' })
  })

  test('a shell script takes names that look like options', async () => {
    const { files } = await write('aws-cli', [define({ table: '---', partitionKey: 'id' })], {})
    expect(files[0]?.text).toContain('aws dynamodb wait table-exists --table-name=---')
    expect(files[0]?.text).not.toContain('--table-name ---')
  })

  test('no tables give a file that ends with a line break', async () => {
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
