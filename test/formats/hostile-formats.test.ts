import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { samples } from '../support/samples.ts'
import { plain, read } from './support/read.ts'

/** What a broken or hostile file holds instead of the sample. */
const contents: Readonly<Record<string, (text: string) => string>> = {
  'an empty file': () => '',
  'a truncated file': text => text.slice(0, Math.floor(text.length * 0.6)),
  'binary data': () => 'PK\u0003\u0004\u0000\u0001\uFFFD\u0000'.repeat(20),
  'zero bytes in the text': text => text.replace(/e/g, '\u0000'),
  '11 MB of one word': () => 'x'.repeat(11_000_000),
  'brackets without end': () => '['.repeat(200_000),
  'objects without end': () => '{"a":'.repeat(100_000),
}

/** A pattern that an error has to match besides the name of the file. */
const reasons: Readonly<Record<string, RegExp>> = {
  '11 MB of one word': /too large: 11\.0 MB, at most \d+\.\d MB/,
}

describe.each(samples)('%s', (_, file, files) => {
  test('the sample is a table', { timeout: 30_000 }, async () => {
    const { tables, error } = await read(files, file)
    expect(error).toBeUndefined()
    expect(Object.values(tables)).toEqual([expect.objectContaining({ partitionKey: plain('id:S').partitionKey })])
  })

  // A worker starts for each script.
  const isScript = /\.[jt]s$/.test(file)
  const kinds = Object.entries(contents).filter(([kind]) => !isScript || /truncated|11 MB|brackets/.test(kind))
  test.each(kinds)('%s', { timeout: 30_000 }, async (kind, change) => {
    const started = performance.now()
    const { tables, error = '' } = await read({ ...files, [file]: change(files[file] ?? '') }, file)
    expect(performance.now() - started).toBeLessThan(15_000)
    expect(tables).toEqual({})
    // One clear error: the file, no stack of the program, nothing of its insides.
    expect(error).toContain(file)
    expect(error).not.toMatch(/undefined|\[object|TypeError|RangeError|src\/(load|formats)/)
    expect(error.length).toBeLessThan(600)
    expect(error).toMatch(reasons[kind] ?? /./)
  })
})

const padded = samples.filter(([format]) => /json|cdk|terraform show|workbench|^create-table$/i.test(format))

test.each(padded)('11 MB around %s are read', { timeout: 30_000 }, async (_, file, files) => {
  const text = `${files[file]}${`${' '.repeat(99)}\n`.repeat(110_000)}`
  expect(Object.keys((await read({ ...files, [file]: text }, file)).tables)).toEqual(['orders'])
})

test.each([
  ['AWS::Include', { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 'template.json' } } }],
  ['nested stacks', { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'template.json' } }],
])('a template that names itself twenty times: %s', { timeout: 30_000 }, async (_, part) => {
  const parts = Object.fromEntries(Array.from({ length: 20 }, (__, at) => [`P${at}`, part]))
  const key = { AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }] }
  const schema = { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], BillingMode: 'PAY_PER_REQUEST' }
  const own = { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'own-table', ...key, ...schema } }
  const text = JSON.stringify({ Resources: { Own: own, ...parts } })
  const started = performance.now()
  const { tables } = await read({ 'template.json': text }, 'template.json')
  expect(performance.now() - started).toBeLessThan(15_000)
  expect(Object.keys(tables)).toContain('own-table')
})

describe('files that a template may not read', { timeout: 30_000 }, () => {
  const table = (name: string) =>
    `{ Type: AWS::DynamoDB::Table, Properties: { TableName: ${name}, BillingMode: PAY_PER_REQUEST, KeySchema: [{ AttributeName: id, KeyType: HASH }], AttributeDefinitions: [{ AttributeName: id, AttributeType: S }] } }`
  const service = (name: string) =>
    `service: shop\nprovider: { name: aws }\nresources:\n  Resources:\n    Own: ${table('own-table')}\n    Other: ${table(name)}\n`
  const secret = 'secret: stolen-table\n'
  const hcl = (name: string) =>
    `resource "aws_dynamodb_table" "a" {\n  name = ${name}\n  billing_mode = "PAY_PER_REQUEST"\n  hash_key = "id"\n  attribute {\n    name = "id"\n    type = "S"\n  }\n}\n`

  test.each([
    ['serverless, file()', 'serverless.yml', service("'$" + "{file(../secret.yml):secret}'")],
    ['serverless, file() by a link', 'serverless.yml', service("'$" + "{file(linked.yml):secret}'")],
    ['serverless, an absolute path', 'serverless.yml', service("'$" + "{file(/etc/hostname):x}'")],
    [
      'cloudformation, AWS::Include',
      'template.yaml',
      `Resources:\n  Own: ${table('own-table')}\n  Fn::Transform: { Name: AWS::Include, Parameters: { Location: ../secret.yml } }\n`,
    ],
    [
      'cloudformation, a nested stack by a link',
      'template.yaml',
      `Resources:\n  N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: linked.yml } }\n`,
    ],
    [
      'cdk',
      'cdk.out/manifest.json',
      '{ "artifacts": { "S": { "type": "aws:cloudformation:stack", "properties": { "templateFile": "../../secret.yml" } } } }',
    ],
    ['terraform, file()', 'main.tf', hcl('trimspace(file("../secret.yml"))')],
    ['terraform, file() by a link', 'main.tf', hcl('file("linked.yml")')],
    ['terraform, a module', 'main.tf', `module "a" {\n  source = "../outside"\n  hash_key = "id"\n}\n`],
  ])('%s', async (_, file, text) => {
    const files = {
      'secret.yml': secret,
      'outside/main.tf': hcl('"stolen-table"'),
      'project/package.json': '{}',
      'project/.git/HEAD': '',
      [`project/${file}`]: text,
    }
    const found = await read(files, file, cwd => {
      symlinkSync(join(cwd, 'secret.yml'), join(cwd, 'project/linked.yml'))
      return { cwd: join(cwd, 'project') }
    })
    expect(Object.keys(found.tables)).not.toContain('stolen-table')
    expect(JSON.stringify(found)).not.toContain('stolen')
    expect(`${found.error} ${found.warnings.join(' ')}`).toMatch(/outside the project/)
  })
})

describe('a tag or a name that cannot be resolved never loses the neighbours', { timeout: 30_000 }, () => {
  const keys =
    'BillingMode: PAY_PER_REQUEST, KeySchema: [{ AttributeName: id, KeyType: HASH }], AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]'
  const two = (name: string) =>
    `Resources:\n  Own: { Type: AWS::DynamoDB::Table, Properties: { TableName: own-table, ${keys} } }\n  Other: { Type: AWS::DynamoDB::Table, Properties: { TableName: ${name}, ${keys} } }\n`
  const hcl = (name: string, value: string) =>
    `resource "aws_dynamodb_table" "${name}" {\n  name = ${value}\n  billing_mode = "PAY_PER_REQUEST"\n  hash_key = "id"\n  attribute {\n    name = "id"\n    type = "S"\n  }\n}\n`
  const json = (name: string) =>
    `{ ${name} "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }], "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }] }`
  test.each([
    ['a parameter', 'stack.yaml', two('!Ref Missing'), 'stack-Other'],
    ['a tag of another tool', 'stack.yaml', two('!Env NAME'), undefined],
    ['a value of another stack', 'stack.yaml', two('!ImportValue x'), 'stack-Other'],
    [
      'a service',
      'serverless.yml',
      `service: shop\nprovider: { name: aws }\nresources:\n  ${two("'$" + "{env:NO_SUCH_NAME}'").replaceAll('\n', '\n  ')}`,
      'shop-dev-Other',
    ],
    ['a variable', 'main.tf', hcl('own', '"own-table"') + hcl('other', 'var.missing'), 'other'],
    [
      'jest',
      'jest-dynamodb-config.js',
      `module.exports = { tables: [${json('"TableName": "own-table",')}, ${json('')}] }`,
      'jest-dynamodb-config-tables-1',
    ],
    ['an app', 'app.arc', '@app\nown\n@tables\ntable\n  id *String\nother\n  id *Strung\n', undefined],
    [
      'a model',
      'model.json',
      `{ "DataModel": [${['own-table', 'wrong name'].map(name => `{ "TableName": "${name}", "KeyAttributes": { "PartitionKey": { "AttributeName": "id", "AttributeType": "S" } } }`).join(', ')}] }`,
      undefined,
    ],
  ])('%s', async (_, file, text, placeholder) => {
    const { tables, warnings, error } = await read({ [file]: text }, file)
    expect(error).toBeUndefined()
    expect(Object.keys(tables)).toEqual(['own-table', ...(placeholder === undefined ? [] : [placeholder])])
    expect(warnings.join('\n')).toMatch(placeholder === undefined ? /is skipped: / : /give/)
  })
})
