const input = `"BillingMode": "PAY_PER_REQUEST",
  "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
  "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }]`
const json = `{ "TableName": "orders", ${input} }`
const resource = `{ "Type": "AWS::DynamoDB::Table", "Properties": ${json} }`
const template = `{ "Resources": { "Orders": ${resource} } }`
const values = `{ "name": "orders", "billing_mode": "PAY_PER_REQUEST", "hash_key": "id", "attribute": [{ "name": "id", "type": "S" }] }`

/** One table, `orders` with the key `id`, in every format that is read: the format, its file, and all files. */
export const samples: readonly (readonly [format: string, file: string, files: Readonly<Record<string, string>>])[] = [
  [
    'cloudformation',
    'template.yaml',
    {
      'template.yaml': `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub 'orders'
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
`,
    },
  ],
  ['cloudformation as JSON', 'template.json', { 'template.json': template }],
  [
    'sam',
    'sam.yaml',
    {
      'sam.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: orders } }
`,
    },
  ],
  [
    'cdk',
    'cdk.out/manifest.json',
    {
      'cdk.out/manifest.json':
        '{ "version": "36.0.0", "artifacts": { "S": { "type": "aws:cloudformation:stack", "properties": { "templateFile": "S.template.json" } } } }',
      'cdk.out/S.template.json': template,
    },
  ],
  [
    'serverless',
    'serverless.yml',
    {
      'serverless.yml': `service: shop
provider: { name: aws }
resources:
  Resources:
    Orders: ${resource.replaceAll('\n', '')}
`,
    },
  ],
  [
    'serverless.ts',
    'serverless.ts',
    {
      'serverless.ts': `export default { service: 'shop', provider: { name: 'aws' }, resources: ${template} }`,
    },
  ],
  [
    'terraform',
    'main.tf',
    {
      'main.tf': `resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}
`,
    },
  ],
  [
    'terraform as JSON',
    'main.tf.json',
    { 'main.tf.json': `{ "resource": { "aws_dynamodb_table": { "orders": ${values} } } }` },
  ],
  [
    'terraform show',
    'plan.json',
    {
      'plan.json': `{ "format_version": "1.2", "terraform_version": "1.9.0", "planned_values": { "root_module": { "resources": [{
  "address": "aws_dynamodb_table.orders", "mode": "managed", "type": "aws_dynamodb_table", "name": "orders", "values": ${values} }] } } }`,
    },
  ],
  ['create-table', 'orders.json', { 'orders.json': json }],
  [
    'create-table as YAML',
    'orders.yaml',
    {
      'orders.yaml': `TableName: orders
BillingMode: PAY_PER_REQUEST
AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
KeySchema: [{ AttributeName: id, KeyType: HASH }]
`,
    },
  ],
  ['jest', 'jest-dynamodb-config.js', { 'jest-dynamodb-config.js': `module.exports = { tables: [${json}] }` }],
  ['jest as JSON', 'jest-dynalite-config.json', { 'jest-dynalite-config.json': `{ "tables": [${json}] }` }],
  [
    'workbench',
    'model.json',
    {
      'model.json': `{ "ModelName": "Shop", "DataModel": [{ "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
  "KeyAttributes": { "PartitionKey": { "AttributeName": "id", "AttributeType": "S" } } }] }`,
    },
  ],
  ['architect', 'app.arc', { 'app.arc': '@app\nshop\n\n@tables\norders\n  id *String\n' }],
  [
    'sst',
    'sst.config.ts',
    {
      'sst.config.ts': `export default $config({ app() { return { name: 'shop' } }, async run() {
  new sst.aws.Dynamo('Orders', { fields: { id: 'string' }, primaryIndex: { hashKey: 'id' }, transform: { table: { name: 'orders' } } })
} })`,
    },
  ],
]
