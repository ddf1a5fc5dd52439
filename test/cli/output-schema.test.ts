import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/catalogue.ts'
import { outputJsonSchema } from '../../src/cli/report/output-schema.ts'
import { DynamoxError } from '../../src/errors.ts'
import { isRecord } from '../../src/table/untyped.ts'
import { project, runCli } from './support/run-cli.ts'
import { globalIndex, liveTable, tinyApi } from './support/tiny-api.ts'

// In real output, every member must be one that the schema names.
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed)
  if (!isRecord(schema)) return schema
  const members = Object.entries(schema).map(([name, value]) => [name, closed(value)])
  const isOpen = !isRecord(schema.properties) || 'additionalProperties' in schema
  return { ...Object.fromEntries(members), ...(isOpen ? {} : { additionalProperties: false }) }
}
const options = {
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  formats: { 'date-time': true as const },
}
const validate = new Ajv(options).compile(closed(outputJsonSchema()) as object)
const problems = (document: unknown) =>
  validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)

const config = `tables:
  - { table: users, partitionKey: pk, ttl: expires, globalIndexes: { by-email: { partitionKey: email } } }
  - { table: orders, partitionKey: pk }
  - { table: carts, partitionKey: pk }
`
const models = "export const User = { TableName: 'users', KeySchema: [], AttributeDefinitions: [] }\n"
const table = JSON.stringify({
  TableName: 'users',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
})
const tables = [
  { ...liveTable({ name: 'users', globalIndexes: [globalIndex('old', 'x')], id: '1' }), createdAt: new Date(0) },
  liveTable({ name: 'orders', partitionKey: [{ name: 'id', type: 'N' }], deletionProtection: true }),
]
const failing = { carts: new DynamoxError('network', 'nothing answers', { hint: 'start it' }) }

describe('real output', () => {
  test.each<readonly string[]>([
    ['create'],
    ['create', 'carts', '--dry-run'],
    ['exists', 'users', 'nothing'],
    ['delete', 'users', '--yes'],
    ['delete', 'orders', '--yes'],
    ['delete', '--match', 'u*', '--yes'],
    ['wait', 'users'],
    ['plan'],
    ['plan', 'users', '--drop-indexes', '--out', 'plan.json'],
    ['plan', 'users', '--iam'],
    ['update', 'carts'],
    ['show'],
    ['show', '-m', 'models.mjs'],
    ['show', '-m', 'nowhere/*.ts'],
    ['list'],
    ['describe', 'users'],
    ['describe', 'nothing'],
    ['local', '--engines'],
    ['local', '--iam'],
    ['plan', 'orders', '--check'],
    ['update', 'users', '--drop-indexes'],
    ['update', 'orders'],
    ['create', '--recreate'],
    ['diff', 'live', 'table.json'],
    ['diff', 'table.json', '.dynamoxrc.other'],
    ['diff', 'live', 'table.json', '--iam'],
    ['export', '--to', 'cloudformation'],
    ['export', '--to', 'terraform', '--out', 'infra/'],
    ['pull', 'users'],
    ['pull', 'nothing'],
    ['init', '--out', 'sub/'],
    ['init', '--out', 'nowhere/'],
    ['init'],
    ['explain', 'L1'],
    ['explain'],
    ['completion', 'bash'],
    ['create', '--nope'],
    ['--help'],
    ['--version'],
  ])('%j', async (...argv) => {
    const cwd = await project({ '.dynamoxrc': config, 'models.mjs': models, 'table.json': table, 'sub/a.txt': '' })
    for (const api of [tinyApi({ tables }), tinyApi({ tables, failing })]) {
      const { stdout } = await runCli([...argv, '--json'], { cwd, api })
      expect(problems(JSON.parse(stdout))).toEqual([])
    }
  })

  // A server does not end by itself; its document is one of those in the documentation.
  test.each(commands.filter(({ name }) => name !== 'local').map(({ name }) => name))('%s alone', async name => {
    const { stdout } = await runCli([name, '--json'], { cwd: await project(), api: tinyApi({ tables }) })
    expect(problems(JSON.parse(stdout))).toEqual([])
  })

  const pages = readdirSync('docs').map(page => readFileSync(`docs/${page}`, 'utf8'))
  const documents = pages.flatMap(page => page.match(/^\{\n {2}"version": 1,[\s\S]*?^\}$/gm) ?? [])

  test('the examples of the documentation, which are real output', () => {
    expect(documents.length).toBeGreaterThan(8)
    for (const document of documents) expect(problems(JSON.parse(document))).toEqual([])
  })
})

test.each<[object, string]>([
  [{ version: 2, command: 'list', ok: true }, '/version'],
  [{ version: 1, command: 'list' }, "must have required property 'ok'"],
  [{ version: 1, command: 'list', ok: true, tables: [{ name: 'users', action: 'vanished' }] }, '/tables/0/action'],
  [{ version: 1, command: 'list', ok: false, error: { code: 'odd', message: '' } }, '/error/code'],
])('%j is not valid', (document, problem) => {
  expect(problems(document).join('\n')).toContain(problem)
})
