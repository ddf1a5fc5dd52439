import { expect, test } from 'vitest'
import { placeInBlock } from '../../../src/formats/read/terraform/load-module.ts'

const text = `# tables
resource "aws_dynamodb_table" "orders" {
  name         = "orders" # { not a block
  billing_mode = "PROVISIONED"
  hash_key     = "pk"
  range_key    = "at"
  attribute {
    name = "pk"
    type = "S"
  }
  attribute { name = "at", type = "Q" }
  ttl {
    attribute_name = "expires"
  }
  global_secondary_index {
    hash_key        = "at"
    name            = "by-at"
    projection_type = "ALL"
  }
  dynamic "global_secondary_index" {
    for_each = toset([])
  }
  global_secondary_index {
    name     = "by-pk"
    hash_key = "pk"
  }
}
resource "aws_dynamodb_table" "other" {
  table_class = "STANDARD"
}
`
const find = placeInBlock(text.split('\n'), { file: 'main.tf', line: 2, column: 1, source: '' })

test.each([
  ['TableName', '3:3'],
  ['BillingMode', '4:3'],
  ['KeySchema[0]', '5:3'],
  ['KeySchema[1]', '6:3'],
  ['AttributeDefinitions[0].AttributeType', '9:5'],
  ['AttributeDefinitions[1].AttributeType', '11:3'],
  ['TimeToLiveSpecification.AttributeName', '12:3'],
  ['GlobalSecondaryIndexes', '15:3'],
  ['GlobalSecondaryIndexes.by-at.Projection.ProjectionType', '18:5'],
  ['GlobalSecondaryIndexes.by-pk.KeySchema[0]', '25:5'],
  ['GlobalSecondaryIndexes.by-pk.Projection', '23:3'],
  ['GlobalSecondaryIndexes.nothing', '15:3'],
  ['TableClass', '2:1'],
  ['ProvisionedThroughput', '2:1'],
])('%s is at %s', (path, place) => {
  const { line, column } = find(path)
  expect(`${line}:${column}`).toBe(place)
})
