// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates hold such placeholders
import { join } from 'node:path'
import type { KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { call } from '../local/support/call.ts'
import { dynamox, project } from './support/cli.ts'
import { serveLocal } from './support/serving.ts'

// One template of each format, each with a table of its own, on one engine.
const key =
  '"AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }], "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }], "BillingMode": "PAY_PER_REQUEST"'
const resource = (name: string) =>
  `{ "Type": "AWS::DynamoDB::Table", "Properties": { "TableName": "${name}", ${key} } }`
const files = {
  'package.json': '{}',
  'cloudformation.yaml': `Parameters:\n  Stage: { Type: String, Default: dev }\nResources:\n  Cfn:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: !Sub "cfn-\${Stage}"\n      ProvisionedThroughput: { ReadCapacityUnits: "2", WriteCapacityUnits: "3" }\n      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }, { AttributeName: at, AttributeType: N }]\n      KeySchema: [{ AttributeName: pk, KeyType: HASH }]\n      GlobalSecondaryIndexes:\n        - { IndexName: by-at, KeySchema: [{ AttributeName: at, KeyType: HASH }], Projection: { ProjectionType: KEYS_ONLY }, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }\n`,
  'sam.yaml':
    'Transform: AWS::Serverless-2016-10-31\nResources:\n  Simple:\n    Type: AWS::Serverless::SimpleTable\n    Properties: { TableName: sam-simple, PrimaryKey: { Name: n, Type: Number } }\n',
  'serverless.yml': `service: shop\nprovider: { name: aws, stage: "\${opt:stage, 'dev'}" }\nresources: { Resources: { Sls: ${resource('${self:service}-${self:provider.stage}')} } }\n`,
  'infra/main.tf':
    'locals {\n  stage = "dev"\n}\nresource "aws_dynamodb_table" "t" {\n  name = "terraform-${local.stage}"\n  billing_mode = "PAY_PER_REQUEST"\n  hash_key = "pk"\n  range_key = "sk"\n  dynamic "attribute" {\n    for_each = { pk = "B", sk = "N" }\n    content {\n      name = attribute.key\n      type = attribute.value\n    }\n  }\n}\n',
  'plan.json': JSON.stringify({
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [
          {
            address: 'aws_dynamodb_table.p',
            type: 'aws_dynamodb_table',
            values: {
              name: 'planned',
              billing_mode: 'PAY_PER_REQUEST',
              hash_key: 'id',
              attribute: [{ name: 'id', type: 'S' }],
            },
          },
        ],
      },
    },
  }),
  'create-table.json': `{ "TableName": "plain", ${key} }`,
  'workbench.json': JSON.stringify({
    DataModel: [
      {
        TableName: 'workbench',
        KeyAttributes: { PartitionKey: { AttributeName: 'id', AttributeType: 'S' } },
        TableData: [{ id: { S: 'sample' }, n: { N: '1' } }],
      },
    ],
  }),
  'app.arc': '@app\nshop\n@tables\nposts\n  id *String\n@tables-indexes\nposts\n  type *String\n',
  'jest-dynamodb-config.js': `module.exports = async () => ({ tables: [{ "TableName": "jested", ${key} }] })`,
  'sst.config.ts':
    "export default $config({ app() { return { name: 'shop' } }, async run() { new sst.aws.Dynamo('Sst', { fields: { id: 'string' }, primaryIndex: { hashKey: 'id' }, transform: { table: { name: 'sst-table' } } }) } })",
}
const models = Object.keys(files).flatMap(name =>
  name === 'package.json' ? [] : ['--model', name.replace('/main.tf', '')],
)

test('create --local makes the table that each format means, and seeds the sample items of a Workbench model', async () => {
  const cwd = await project(files)
  const created = await dynamox(['create', '--local', '--json', ...models], { cwd })
  expect(created.json.error).toBeUndefined()
  expect(created.json.tables.map(({ name, action, status }) => `${name} ${action} ${status}`).sort()).toEqual(
    Object.keys(tables).map(name => `${name} created ACTIVE`),
  )
  const { endpoint } = await serveLocal(['--port', '0', ...models], { cwd })
  expect(
    Object.fromEntries(
      await Promise.all(Object.keys(tables).map(async name => [name, await described(endpoint, name)])),
    ),
  ).toEqual(tables)
  const { Items: items } = await call(endpoint, 'Scan', { TableName: 'workbench' })
  expect(items).toEqual([{ id: { S: 'sample' }, n: { N: '1' } }])
})

/** Key, billing and indexes of each table, by its name. */
const tables = {
  'cfn-dev': ['pk HASH', 'PROVISIONED 2/3', 'by-at: at HASH, KEYS_ONLY'],
  jested: ['id HASH', 'PAY_PER_REQUEST'],
  plain: ['id HASH', 'PAY_PER_REQUEST'],
  planned: ['id HASH', 'PAY_PER_REQUEST'],
  'sam-simple': ['n HASH', 'PAY_PER_REQUEST'],
  'shop-dev': ['id HASH', 'PAY_PER_REQUEST'],
  'shop-posts': ['id HASH', 'PAY_PER_REQUEST', 'type-index: type HASH, ALL'],
  'sst-table': ['id HASH', 'PAY_PER_REQUEST'],
  'terraform-dev': ['pk HASH, sk RANGE', 'PAY_PER_REQUEST'],
  workbench: ['id HASH', 'PAY_PER_REQUEST'],
}

async function described(endpoint: string, name: string): Promise<readonly string[]> {
  const table = (await call(endpoint, 'DescribeTable', { TableName: name })).Table as TableDescription
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = table.ProvisionedThroughput ?? {}
  const mode = table.BillingModeSummary?.BillingMode ?? `PROVISIONED ${read}/${write}`
  const keys = (schema: readonly KeySchemaElement[] = []) =>
    schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(', ')
  const indexes = (table.GlobalSecondaryIndexes ?? []).map(
    ({ IndexName, KeySchema, Projection }) => `${IndexName}: ${keys(KeySchema)}, ${Projection?.ProjectionType}`,
  )
  return [keys(table.KeySchema), mode, ...indexes]
}

test('Terraform without its parser: how to install it, and what needs none', async () => {
  const cwd = await project({
    'main.tf': 'variable "x" {}\n',
    'hide.cjs':
      "const m = require('module'); const load = m._load; m._load = (id, ...rest) => { if (id === '@cdktn/hcl2json') throw Object.assign(new Error('no'), { code: 'MODULE_NOT_FOUND' }); return load(id, ...rest) }",
  })
  const { code, stderr } = await dynamox(['show', '--no-config', '--model', 'main.tf'], {
    cwd,
    env: { NODE_OPTIONS: `--require ${join(cwd, 'hide.cjs')}` },
  })
  expect(code).toBe(2)
  expect(stderr).toContain('error: main.tf: Terraform files are read with @cdktn/hcl2json, which is not installed')
  expect(stderr).toContain('npm install --save-dev @cdktn/hcl2json')
})
