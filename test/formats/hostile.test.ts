import { describe, expect, test } from 'vitest'
import { plain, read } from './support/read.ts'

const head = "AWSTemplateFormatVersion: '2010-09-09'\n"
const load = (text: string, file = 'template.yaml') => read({ [file]: text }, file)

/** Ten lists, each of ten aliases of the one before. */
const bomb = Array.from({ length: 10 }, (_, level) => {
  const entry = level === 0 ? 'x' : `*a${level - 1}`
  return `a${level}: &a${level} [${Array(10).fill(entry).join(', ')}]\n`
}).join('')

const loop = (depth: number): string =>
  depth === 0
    ? '{ T: { Type: AWS::Serverless::SimpleTable } }'
    : `{ 'Fn::ForEach::L${depth}': [L${depth}, [${Array.from({ length: 200 }, (_, at) => `v${at}`)}], ${loop(depth - 1)}] }`

describe('hostile templates end in one clear error', () => {
  test.each<readonly [string, string, string, string?]>([
    [
      'aliases that multiply',
      `${head}${bomb}Resources: { X: { Type: AWS::DynamoDB::Table, Properties: *a9 } }`,
      'its aliases (*name) expand without end',
    ],
    [
      'an alias of itself',
      `${head}Resources: &r\n  X: { Type: AWS::DynamoDB::Table, Properties: *r }`,
      'its aliases (*name) expand without end',
    ],
    ['loops that multiply', `${head}Resources: ${loop(4)}`, 'Fn::ForEach::L4: the template expands without end'],
    ['nesting, YAML', `${head}Resources: ${'['.repeat(50_000)}`, 'this file is nested too deeply'],
    [
      'nesting, JSON',
      `{"Resources": {"X": {"Type": "AWS::DynamoDB::Table", "Properties": ${'['.repeat(50_000)}`,
      'template.json:1:1065: this file is nested too deeply',
      'template.json',
    ],
    [
      '10 MB of YAML',
      `${head}Resources:\n${'  R: { Type: AWS::DynamoDB::Table }\n'.repeat(300_000)}`,
      'template.yaml is too large: 10.8 MB, at most 2.0 MB',
    ],
    [
      'a truncated file',
      `${head}Resources:\n  X: { Type: AWS::DynamoDB::Table\n  Y: 1\n`,
      'template.yaml:4:3: a } is missing',
    ],
    [
      'a truncated JSON file',
      '{ "Resources": { "X": { "Type": "AWS::DynamoDB::Table"',
      'template.json:1:55: expected "," or "}", found the end of the file',
      'template.json',
    ],
    [
      'a Go template',
      `${head}Resources:\n  {{ range .Tables }}\n  {{ .Name }}:\n    Type: AWS::DynamoDB::Table\n`,
      'template.yaml:4:1: this is the source of another template engine ({{ }} or {% %}), not YAML or JSON',
    ],
    [
      'quoted keys of a Go template',
      `${head}Resources:\n  "{{ .Name }}Table":\n    Type: AWS::DynamoDB::Table\n`,
      'template.yaml:3:3: this is the source of another template engine',
    ],
    ['nothing', `${head}Resources:\n`, 'template.yaml is a CloudFormation template without DynamoDB tables'],
    [
      'a key twice',
      `${head}Resources:\n  X: { Type: AWS::DynamoDB::Table }\n  X: { Type: AWS::DynamoDB::Table }\n`,
      'template.yaml:4:3: duplicate key X',
    ],
    ['a comment of JavaScript', `// orders\n${head}`, 'template.yaml:1:1: comments start with # in YAML, not with //'],
    [
      'a key without quotes',
      '{ Resources: { "T": { "Type": "AWS::DynamoDB::Table" } } }',
      'template.json:1:3: expected a key in double quotes, found Resources',
      'template.json',
    ],
    [
      'an unresolved tag in another file',
      'TableName: !Name x\n',
      'the tag !Name cannot be resolved here',
      'table.yaml',
    ],
  ])('%s', async (_, text, message, file) => {
    const started = performance.now()
    const { error, tables } = await load(text ?? '', file)
    expect(tables).toEqual({})
    expect(error).toContain(message)
    expect(error).not.toContain('cannot be read: template')
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  test('names of JavaScript are only names', async () => {
    const text = `Resources:
  __proto__: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: proto-table } }
  constructor: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: !FindInMap [__proto__, toString, x] } }
`
    const found = await load(text)
    expect(found.tables).toEqual({ 'proto-table': plain('id:S'), 'template-constructor': plain('id:S') })
    expect(Object.keys({})).toEqual([])
  })

  test('a nested stack outside the project is not read', async () => {
    const nested = (path: string) =>
      `  N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: '${path}' } }\n`
    const own = '  T: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: own-table } }\n'
    const { error } = await load(`Resources:\n${own}${nested('../../../../etc/passwd')}`)
    expect(error).toContain('outside the project')
  })
})

describe('discovery', () => {
  const simple = (name: string) =>
    `Resources: { T: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: ${name} } } }\n`

  test('finds templates, CreateTable inputs and models, and what is part of another template only once', async () => {
    const found = await read({
      'infra/main.yaml': `Resources:\n  N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: nested.yaml } }\n`,
      'infra/nested.yaml': simple('nested-table'),
      'node_modules/x/template.yaml': simple('package-table'),
      'dist/template.yaml': simple('built-table'),
      'cdk.out/manifest.json': JSON.stringify({
        artifacts: {
          S: { type: 'aws:cloudformation:stack', properties: { templateFile: 'S.json', stackName: 'shop' } },
        },
      }),
      'cdk.out/S.json': JSON.stringify({ Resources: { T: { Type: 'AWS::Serverless::SimpleTable' } } }),
      'tables.json': JSON.stringify({
        TableName: 'input-table',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
      'notes.yaml': 'a: 1\n',
      'broken.yaml': `Resources: { T: { Type: AWS::DynamoDB::Table\n`,
    })
    expect(found.error).toBeUndefined()
    expect(Object.keys(found.tables).sort()).toEqual(['input-table', 'nested-table', 'shop-T'])
  })

  test('a folder in which nothing defines tables', async () => {
    expect((await read({ 'notes.yaml': 'a: 1\n' })).error).toContain('defines tables')
  })
})
