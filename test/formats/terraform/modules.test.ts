// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such placeholders are the language of these tests
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TemplateInputs } from '../../../src/table/input.ts'
import { plain, read } from '../support/read.ts'

const table = (label: string, body: string) =>
  `resource "aws_dynamodb_table" "${label}" {\n  hash_key = "id"\n  billing_mode = "PAY_PER_REQUEST"\n  attribute {\n    name = "id"\n    type = "S"\n  }\n${body}\n}\n`

describe('resources', () => {
  test('every argument of a table is read', async () => {
    const text = `
resource "aws_dynamodb_table" "orders" {
  name                        = "orders"
  billing_mode                = "PROVISIONED"
  read_capacity               = 5
  write_capacity              = "6"
  hash_key                    = "customer"
  range_key                   = "at"
  table_class                 = "STANDARD_INFREQUENT_ACCESS"
  deletion_protection_enabled = true
  stream_enabled              = true
  stream_view_type            = "NEW_IMAGE"
  attribute {
    name = "customer"
    type = "S"
  }
  attribute {
    name = "at"
    type = "N"
  }
  attribute {
    name = "status"
    type = "B"
  }
  global_secondary_index {
    name               = "by-status"
    hash_key           = "status"
    range_key          = "at"
    projection_type    = "INCLUDE"
    non_key_attributes = ["total", "note"]
    read_capacity      = 1
    write_capacity     = 2
  }
  local_secondary_index {
    name            = "by-status-local"
    range_key       = "status"
    projection_type = "KEYS_ONLY"
  }
  ttl {
    attribute_name = "expires"
    enabled        = true
  }
  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 7
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/abc"
  }
  tags = {
    team = "shop"
    size = 3
  }
  lifecycle {
    prevent_destroy = true
  }
  timeouts {
    create = "10m"
  }
}
`
    expect(await read({ 'main.tf': text }, 'main.tf')).toEqual({
      tables: {
        orders: {
          partitionKey: 'customer:S',
          sortKey: 'at:N',
          billingMode: 'PROVISIONED',
          readCapacity: 5,
          writeCapacity: 6,
          tableClass: 'STANDARD_INFREQUENT_ACCESS',
          deletionProtection: true,
          stream: 'NEW_IMAGE',
          ttl: 'expires',
          pointInTimeRecovery: 7,
          encryption: 'CUSTOMER_MANAGED',
          kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/abc',
          tags: { team: 'shop', size: '3' },
          globalIndexes: {
            'by-status': {
              partitionKey: 'status:B',
              sortKey: 'at:N',
              projection: ['total', 'note'],
              readCapacity: 1,
              writeCapacity: 2,
            },
          },
          localIndexes: {
            'by-status-local': { partitionKey: 'customer:S', sortKey: 'status:B', projection: 'KEYS_ONLY' },
          },
        },
      },
      warnings: [expect.stringContaining('[W-local-index]')],
      items: {},
    })
  })

  test('what is turned off is off, what is not written is left alone', async () => {
    const body = `  name = "users"
  stream_enabled = false
  deletion_protection_enabled = false
  read_capacity = 5
  ttl {
    attribute_name = "x"
    enabled = false
  }
  point_in_time_recovery {
    enabled = false
  }
  server_side_encryption {
    enabled = false
  }`
    const off = {
      stream: false,
      deletionProtection: false,
      ttl: false,
      pointInTimeRecovery: false,
      encryption: 'AWS_OWNED',
    }
    expect((await read({ 'main.tf': table('users', body) })).tables).toEqual({ users: plain('id:S', off) })
  })

  test('indexes, replicas and more in resources of their own; the table by its resource, by its name or by its ARN', async () => {
    const text = `${table('users', '  name = "users"')}
resource "aws_dynamodb_global_secondary_index" "a" {
  table_name = aws_dynamodb_table.users.name
  index_name = "by-mail"
  key_schema {
    attribute_name = "tenant"
    attribute_type = "S"
    key_type       = "HASH"
  }
  key_schema {
    attribute_name = "mail"
    attribute_type = "N"
    key_type       = "RANGE"
  }
  projection {
    projection_type = "KEYS_ONLY"
  }
}
resource "aws_dynamodb_resource_policy" "p" {
  resource_arn = aws_dynamodb_table.users.arn
  policy       = jsonencode({ Version = "2012-10-17", Statement = [] })
}
resource "aws_dynamodb_tag" "t" {
  resource_arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/users"
  key          = "team"
  value        = "core"
}
resource "aws_dynamodb_kinesis_streaming_destination" "k" {
  table_name = "users"
  stream_arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"
}
resource "aws_dynamodb_contributor_insights" "c" {
  table_name = aws_dynamodb_table.users.name
}
`
    expect((await read({ 'main.tf': text })).tables).toEqual({
      users: plain('id:S', {
        tags: { team: 'core' },
        resourcePolicy: '{"Statement":[],"Version":"2012-10-17"}',
        kinesis: { arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/s' },
        contributorInsights: true,
        globalIndexes: { 'by-mail': { partitionKey: 'tenant:S', sortKey: 'mail:N', projection: 'KEYS_ONLY' } },
      }),
    })
  })

  test('the tags of the provider, and of an aliased one', async () => {
    const text = `
provider "aws" {
  default_tags {
    tags = { a = "1", b = "2" }
  }
}
provider "aws" {
  alias = "eu"
  default_tags {
    tags = { c = "3" }
  }
}
${table('x', '  name = "one"\n  tags = { b = "own" }')}${table('y', '  name = "two"\n  provider = aws.eu')}`
    expect((await read({ 'main.tf': text })).tables).toEqual({
      one: plain('id:S', { tags: { a: '1', b: 'own' } }),
      two: plain('id:S', { tags: { c: '3' } }),
    })
  })
})

describe('names', () => {
  const variables = `
variable "stage" {
  type    = string
  default = "dev"
}
variable "team" {}
locals {
  prefix = lower(join("-", [var.stage, local.suffix]))
  suffix = replace(terraform.workspace, "_", "-")
}
`
  const named = (expression: string) => ({
    'variables.tf': variables,
    'main.tf': table('users', `  name = ${expression}`),
  })
  const placeholder = (why: string) => `users is called by its label here: its name needs ${why}`
  test.each<[string, string, string[]]>([
    ['"users-${var.stage}"', 'users-dev', []],
    ['local.prefix', 'dev-default', []],
    ['format("%s_%s", var.stage, "users")', 'dev_users', []],
    ['var.stage == "prod" ? "users" : "users-${var.stage}"', 'users-dev', []],
    ['try(var.stages[0], "fallback-name")', 'users', [placeholder('var.stages; give it with --var stages=...')]],
    ['coalesce("", null, "third")', 'third', []],
    ['"users-${var.team}"', 'users', [placeholder('var.team; give it with --var team=...')]],
    [
      '"users-${random_pet.this.id}"',
      'users',
      [placeholder('random_pet.this.id; give its name with --name users=<table>')],
    ],
    [
      '"users-${data.aws_region.current.name}"',
      'users',
      [placeholder('data.aws_region.current.name; give its name with --name users=<table>')],
    ],
    [
      '"${local.nothing}-${var.team}"',
      'users',
      [placeholder('local.nothing and var.team; give its name with --name users=<table>')],
    ],
    ['cidrsubnet("10.0.0.0/8", 8, 1)', 'users', [placeholder('cidrsubnet(); give its name with --name users=<table>')]],
  ])('%s', async (expression, name, warnings) => {
    const found = await read(named(expression))
    expect([Object.keys(found.tables), found.warnings]).toEqual([[name], warnings])
  })

  test.each<[string, (cwd: string) => TemplateInputs, string, string?]>([
    ['--var', () => ({ variables: { team: 'a', stage: 'prod' } }), 'prod-a'],
    ['--var-file', cwd => ({ variableFiles: [join(cwd, 'prod.tfvars')] }), 'from-file-b'],
    ['--name by label', () => ({ names: { users: 'given' } }), 'given'],
    ['--name by address', () => ({ names: { 'aws_dynamodb_table.users': 'given' } }), 'given'],
    ['--stack-name', () => ({ stackName: 'shop' }), 'shop-users'],
    [
      '--param, for the region and the account',
      () => ({ parameters: { 'AWS::Region': 'eu-west-1', 'AWS::AccountId': '123456789012' } }),
      'eu-west-1-123456789012',
      '"${data.aws_region.here.region}-${data.aws_caller_identity.me.account_id}"',
    ],
  ])('inputs: %s', async (_, inputs, name, expression = '"${var.stage}-${var.team}"') => {
    const files = { ...named(expression), 'prod.tfvars': 'stage = "from-file"\nteam = "b"\n' }
    const found = await read(files, '.', cwd => ({ inputs: inputs(cwd) }))
    expect(Object.keys(found.tables)).toEqual([name])
  })

  test('the region of a provider, also in a module, whose instances have names of their own', async () => {
    const providers =
      'provider "aws" {\n  region = "eu-west-1"\n}\nprovider "aws" {\n  alias = "far"\n  region = "eu-west-2"\n}\n'
    const data = 'data "aws_region" "here" {}\ndata "aws_region" "far" {\n  provider = aws.far\n}\n'
    const { tables, warnings } = await read({
      'main.tf':
        `${providers}${data}${table('x', '  name = "x-@{data.aws_region.here.name}-@{data.aws_region.far.region}"')}
module "each" {
  source   = "./m"
  for_each = toset(["a", "b"])
}
`.replaceAll('@', '$'),
      'm/main.tf': `data "aws_region" "here" {}\n${table('t', '  name = "@{data.aws_region.here.id}-@{random_pet.p.id}"').replaceAll('@', '$')}`,
    })
    expect(Object.keys(tables)).toEqual(['x-eu-west-1-eu-west-2', 'each-a-t', 'each-b-t'])
    expect(warnings).toHaveLength(2)
  })

  test('terraform.tfvars, then *.auto.tfvars', async () => {
    const files = {
      ...named('"${var.stage}-${var.team}"'),
      'terraform.tfvars': 'stage = "first"\nteam = "first"\n',
      'b.auto.tfvars.json': '{"team": "second"}',
    }
    expect(Object.keys((await read(files)).tables)).toEqual(['first-second'])
  })
})

test('what versions before 0.12 wrote: attributes and tags in other forms, flags as numbers and texts', async () => {
  const text = `resource "aws_dynamodb_table" "users" {
  name           = "users"
  read_capacity  = "\${1}"
  write_capacity = 1
  hash_key       = "id"
  stream_enabled = "\${1 == 1 ? 1 : 0}"
  stream_view_type = "KEYS_ONLY"
  attribute = [{ name = "id", type = "S" }]
  ttl {
    attribute_name = "ends"
    enabled        = "true"
  }
  server_side_encryption {
    enabled = "1"
  }
  tags {
    site = "x"
  }
}
`
  expect((await read({ 'main.tf': text })).tables).toEqual({
    users: plain('id:S', {
      billingMode: 'PROVISIONED',
      readCapacity: 1,
      writeCapacity: 1,
      stream: 'KEYS_ONLY',
      ttl: 'ends',
      encryption: 'AWS_MANAGED',
      tags: { site: 'x' },
    }),
  })
})

describe('instances', () => {
  test('for_each over a map of objects with optional attributes, dynamic blocks in dynamic blocks', async () => {
    const text = `
variable "tables" {
  type = map(object({
    hash    = string
    range   = optional(string)
    ttl     = optional(bool, true)
    indexes = optional(list(object({ name = string, keys = list(string) })), [])
  }))
  default = {
    users  = { hash = "id" }
    orders = { hash = "pk", range = "sk", ttl = false, indexes = [{ name = "by-x", keys = ["x", "y"] }] }
  }
}
resource "aws_dynamodb_table" "this" {
  for_each     = var.tables
  name         = "app-\${each.key}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = each.value.hash
  range_key    = each.value.range
  dynamic "attribute" {
    for_each = toset(compact(concat([each.value.hash, each.value.range], flatten(each.value.indexes[*].keys))))
    content {
      name = attribute.value
      type = "S"
    }
  }
  dynamic "global_secondary_index" {
    for_each = each.value.indexes
    iterator = index
    content {
      name            = index.value.name
      projection_type = "ALL"
      dynamic "key_schema" {
        for_each = index.value.keys
        content {
          attribute_name = key_schema.value
          key_type       = key_schema.key == 0 ? "HASH" : "RANGE"
        }
      }
    }
  }
  dynamic "ttl" {
    for_each = each.value.ttl ? [1] : []
    content {
      enabled        = true
      attribute_name = "expires"
    }
  }
}
`
    const { tables, warnings } = await read({ 'main.tf': text })
    const index = { partitionKey: 'x:S', sortKey: 'y:S', projection: 'ALL' }
    expect(warnings).toEqual([])
    expect(tables).toEqual({
      'app-orders': plain('pk:S', { sortKey: 'sk:S', globalIndexes: { 'by-x': index } }),
      'app-users': plain('id:S', { ttl: 'expires' }),
    })
  })

  test('count and sets of names make instances', async () => {
    const text = `
variable "unknown" {}
${table('counted', '  count = 2\n  name = "counted-${count.index}"')}
${table('off', '  count = var.enabled ? 1 : 0\n  name = "off"')}
${table('perhaps', '  count = var.unknown ? 1 : 0\n  name = "perhaps"')}
${table('set', '  for_each = toset(["a", "b"])\n  name = "set-${each.key}-${each.value}"')}
${table('nameless', '  for_each = toset(["a", "b"])\n  name = "${var.unknown}-${each.key}"')}
${table('open', '  for_each = var.unknown\n  name = each.key')}
variable "enabled" {
  default = false
}
`
    const { tables, warnings } = await read({ 'main.tf': text })
    expect(Object.keys(tables)).toEqual([
      ...['counted-0', 'counted-1', 'perhaps', 'set-a-a', 'set-b-b', 'nameless-a', 'nameless-b'],
    ])
    expect(warnings).toEqual([
      'main.tf:14:1 aws_dynamodb_table.off is skipped: count is 0',
      'main.tf:58:1 aws_dynamodb_table.open is skipped: for_each needs var.unknown',
      'nameless-a is called by its label here: its name needs var.unknown; give it with --var unknown=...',
      'nameless-b is called by its label here: its name needs var.unknown; give it with --var unknown=...',
    ])
  })
})

describe('modules', () => {
  const child = `
variable "name" {
  type = string
}
variable "stream" {
  default = false
}
${table('this', '  name = "${var.name}-table"\n  stream_enabled = var.stream\n  stream_view_type = "NEW_IMAGE"')}
output "table_name" {
  value = aws_dynamodb_table.this.name
}
`
  test('local modules, their outputs and instances', async () => {
    const main = `
module "users" {
  source = "./modules/table"
  name   = "users"
  stream = true
}
module "each" {
  source   = "./modules/table"
  for_each = toset(["a", "b"])
  name     = each.key
}
module "nameless" {
  source = "./modules/table"
  name   = "x-\${var.missing}"
}
module "network" {
  source = "hashicorp/consul/aws"
}
${table('copy', '  name = "copy-of-${module.users.table_name}-${module.each["a"].table_name}"')}
`
    const { tables, warnings } = await read({ 'main.tf': main, 'modules/table/main.tf': child })
    const off = { stream: false }
    expect(tables).toEqual({
      'users-table': plain('id:S', { stream: 'NEW_IMAGE' }),
      'a-table': plain('id:S', off),
      'b-table': plain('id:S', off),
      'nameless-this': plain('id:S', off),
      'copy-of-users-table-a-table': plain('id:S'),
    })
    expect(warnings).toEqual([
      'nameless-this is called by its label here: its name needs var.missing; give it with --var missing=...',
    ])
  })

  test('the module of the registry and its wrapper', async () => {
    const main = `
module "orders" {
  source         = "terraform-aws-modules/dynamodb-table/aws"
  version        = "~> 4.0"
  name           = "orders"
  hash_key       = "id"
  range_key      = "at"
  billing_mode   = "PROVISIONED"
  read_capacity  = 5
  write_capacity = 5
  autoscaling_enabled = true
  attributes = [
    { name = "id", type = "S" },
    { name = "at", type = "N" },
  ]
  global_secondary_indexes = [{
    name               = "by-at"
    hash_key           = "at"
    projection_type    = "INCLUDE"
    non_key_attributes = ["total"]
    read_capacity      = 1
    write_capacity     = 1
  }]
  ttl_enabled                        = true
  ttl_attribute_name                 = "expires"
  point_in_time_recovery_enabled     = true
  server_side_encryption_enabled     = true
  server_side_encryption_kms_key_arn = aws_kms_key.key.arn
  stream_enabled                     = true
  stream_view_type                   = "KEYS_ONLY"
  table_class                        = "STANDARD"
  deletion_protection_enabled        = true
  tags                               = { team = "shop" }
}
module "off" {
  source       = "terraform-aws-modules/dynamodb-table/aws"
  create_table = false
}
module "many" {
  source   = "terraform-aws-modules/dynamodb-table/aws//wrappers"
  defaults = { hash_key = "id", attributes = [{ name = "id", type = "N" }] }
  items = {
    one = { name = "one" }
    two = { name = "two", hash_key = "key", attributes = [{ name = "key", type = "B" }] }
  }
}
`
    const { tables, warnings } = await read({ 'main.tf': main })
    expect(tables).toEqual({
      orders: plain('id:S', {
        sortKey: 'at:N',
        billingMode: 'PROVISIONED',
        readCapacity: 5,
        writeCapacity: 5,
        ttl: 'expires',
        pointInTimeRecovery: true,
        encryption: 'AWS_MANAGED',
        stream: 'KEYS_ONLY',
        tableClass: 'STANDARD',
        deletionProtection: true,
        tags: { team: 'shop', Name: 'orders' },
        globalIndexes: {
          'by-at': { partitionKey: 'at:N', sortKey: '', projection: ['total'], readCapacity: 1, writeCapacity: 1 },
        },
      }),
      one: plain('id:N', { tags: { Name: 'one' } }),
      two: plain('key:B', { tags: { Name: 'two' } }),
    })
    expect(warnings).toEqual([
      'main.tf:35:1 module.off is skipped: create_table is false',
      'assumed to be AWS_MANAGED: kms_key_arn needs aws_kms_key.key.arn; set encryption in defaults or overrides of the config [W-assumed-setting]',
    ])
  })

  test('indexes that the module of the registry makes as resources of their own', async () => {
    const main = `
module "users" {
  source     = "terraform-aws-modules/dynamodb-table/aws"
  name       = "users"
  hash_key   = "id"
  attributes = [{ name = "id", type = "S" }]
  standalone_global_secondary_indexes = [{
    index_name           = "by-mail"
    key_schema           = [{ attribute_name = "mail", attribute_type = "N", key_type = "HASH" }]
    projection           = { projection_type = "KEYS_ONLY" }
    on_demand_throughput = { max_read_request_units = 10 }
  }]
}
`
    const index = { partitionKey: 'mail:N', sortKey: '', projection: 'KEYS_ONLY', maxReadUnits: 10 }
    expect((await read({ 'main.tf': main })).tables).toEqual({
      users: plain('id:S', { globalIndexes: { 'by-mail': index }, tags: { Name: 'users' } }),
    })
  })

  test('calls of cloudposse/dynamodb, with its defaults and the name that it makes; labels are not tables', async () => {
    const main = `
module "label" {
  source     = "cloudposse/label/null"
  attributes = ["public"]
}
module "users" {
  source                     = "cloudposse/dynamodb/aws"
  namespace                  = "EG"
  stage                      = "prod"
  name                       = "my_users"
  attributes                 = ["v2"]
  hash_key                   = "id"
  range_key                  = "at"
  range_key_type             = "N"
  billing_mode               = "PAY_PER_REQUEST"
  dynamodb_attributes        = [{ name = "id", type = "S" }, { name = "mail", type = "S" }]
  global_secondary_index_map = [{ name = "by-mail", hash_key = "mail", range_key = null, projection_type = "KEYS_ONLY" }]
  replicas                   = ["eu-west-2"]
  stream_view_type           = "NEW_AND_OLD_IMAGES"
  tags                       = { team = "core" }
}
module "plain" {
  source            = "git::https://github.com/cloudposse/terraform-aws-dynamodb.git?ref=tags/0.15.0"
  context           = module.this.context
  name              = "plain"
  hash_key          = "id"
  ttl_attribute     = ""
  enable_encryption = false
}
module "off" {
  source   = "cloudposse/dynamodb/aws"
  enabled  = false
  hash_key = "id"
}
`
    const { tables, warnings } = await read({ 'main.tf': main })
    expect(tables).toEqual({
      'eg-prod-myusers-v2': plain('id:S', {
        sortKey: 'at:N',
        globalIndexes: { 'by-mail': { partitionKey: 'mail:S', sortKey: '', projection: 'KEYS_ONLY' } },
        stream: 'NEW_AND_OLD_IMAGES',
        tableClass: 'STANDARD',
        encryption: 'AWS_MANAGED',
        pointInTimeRecovery: true,
        ttl: 'Expires',
        replicas: [{ region: 'eu-west-2' }],
        tags: {
          Namespace: 'eg',
          Stage: 'prod',
          Name: 'eg-prod-myusers-v2',
          Attributes: 'v2',
          team: 'core',
        },
      }),
      plain: plain('id:S', {
        billingMode: 'PROVISIONED',
        readCapacity: 5,
        writeCapacity: 5,
        stream: false,
        tableClass: 'STANDARD',
        encryption: 'AWS_OWNED',
        pointInTimeRecovery: true,
      }),
    })
    expect(warnings).toEqual([
      'main.tf:30:1 module.off is skipped: enabled is false',
      'plain is called by its label here: its name needs module.this; give its name with --name plain=<table>',
      'plain: tags are left out: they need module.this',
    ])
  })

  test('a missing module, one that terraform init has copied, and one that calls itself', async () => {
    const main = `
module "away" {
  source   = "someone/dynamodb/aws"
  hash_key = "id"
}
module "copied" {
  source = "example/dynamodb/aws"
  name   = "copied"
}
module "loop" {
  source = "./dynamodb-loop"
}
`
    const listing = {
      Modules: [
        { Key: '', Dir: '.' },
        { Key: 'copied', Dir: '.terraform/modules/copied' },
      ],
    }
    const { tables, warnings } = await read({
      'main.tf': main,
      '.terraform/modules/modules.json': JSON.stringify(listing),
      '.terraform/modules/copied/main.tf': child,
      'dynamodb-loop/main.tf': 'module "again" {\n  source = "../dynamodb-loop"\n}\n',
    })
    expect(Object.keys(tables)).toEqual(['copied-table'])
    expect(warnings).toEqual([
      'main.tf:2:1 module.away is skipped: the module someone/dynamodb/aws is not in the project; run terraform init, or give the output of terraform show -json',
      'dynamodb-loop/main.tf:1:1 module.loop.module.again is skipped: the module calls itself',
    ])
  })
})

describe('files', () => {
  test('one file takes variables and locals from the files beside it, but no tables, and a broken one is a warning', async () => {
    const files = {
      'a.tf': table('a', '  name = local.name'),
      'b.tf': table('b', '  name = "b"'),
      'broken.tf': 'locals {\n  x = \n}\n',
      'locals.tf.json': '{ "locals": { "name": "from-json" } }',
    }
    expect(await read(files, 'a.tf')).toEqual({
      tables: { 'from-json': plain('id:S') },
      warnings: ['broken.tf:2:7: invalid expression'],
      items: {},
    })
    expect(await read(files)).toMatchObject({ tables: {}, error: 'broken.tf:2:7: invalid expression' })
  })

  test("Terraform's JSON form", async () => {
    const text = JSON.stringify({
      locals: { stage: 'dev' },
      resource: {
        aws_dynamodb_table: {
          users: {
            name: 'users-${local.stage}',
            billing_mode: 'PAY_PER_REQUEST',
            hash_key: 'id',
            attribute: [{ name: 'id', type: 'S' }],
            ttl: { attribute_name: 'x', enabled: true },
          },
        },
      },
    })
    expect((await read({ 'main.tf.json': text }, 'main.tf.json')).tables).toEqual({
      'users-dev': plain('id:S', { ttl: 'x' }),
    })
  })

  test.each([
    ['main.tf', 'resource "aws_dynamodb_table" {', 'main.tf:1:31: unclosed configuration block'],
    ['main.tf', 'variable "x" {}\n', 'main.tf is a Terraform module without DynamoDB tables'],
    ['main.tf', 'a = "open', 'main.tf:1:10: unterminated template string'],
    ['main.tf', `x = ${'['.repeat(200_000)}`, 'main.tf: this file is nested too deeply'],
    ['main.tf.json', '{"resource": ', 'main.tf.json:1:13: expected a value, found the end of the file'],
    ['main.tf.json', '[]', "main.tf.json: expected an object of Terraform's JSON form"],
    [
      'main.tf',
      table('bad', '  name = "bad"\n  range_key = "nowhere"'),
      'main.tf:9:3 aws_dynamodb_table.bad › KeySchema[1] "nowhere" is not in AttributeDefinitions; add it there',
    ],
    [
      'main.tf',
      'resource "aws_dynamodb_table" "bad" {\n  name = "bad"\n  hash_key = var.key\n}\n',
      'main.tf:1:1 aws_dynamodb_table.bad hash_key needs var.key',
    ],
  ])('%s that cannot be read: %.40s', async (name, text, message) => {
    expect((await read({ [name]: text }, name)).error).toContain(message)
  })

  test('a bad table does not lose its neighbours', async () => {
    const text = table('good', '  name = "good"') + table('bad', '  name = "bad"\n  range_key = "nowhere"')
    const { tables, warnings } = await read({ 'main.tf': text })
    expect(Object.keys(tables)).toEqual(['good'])
    expect(warnings).toEqual([
      'main.tf:18:3 aws_dynamodb_table.bad is skipped: KeySchema[1]: "nowhere" is not in AttributeDefinitions; add it there',
    ])
  })

  test('files of the project are read by functions, others are not', async () => {
    const name = (file: string) => table(file.replace(/\W/g, ''), `  name = trimspace(file("${file}"))`)
    const { tables, warnings } = await read({
      'main.tf': name('name.txt') + name('/etc/hostname'),
      'name.txt': 'from-file\n',
    })
    expect(Object.keys(tables)).toEqual(['from-file', 'etchostname'])
    expect(warnings).toEqual([expect.stringContaining('leads to /etc/hostname, which is outside the project')])
  })
})

describe('terraform show -json', () => {
  const values = {
    name: 'users',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    range_key: null,
    read_capacity: 0,
    write_capacity: 0,
    attribute: [{ name: 'id', type: 'S' }],
    global_secondary_index: [],
    local_secondary_index: [],
    ttl: [{ attribute_name: '', enabled: false }],
    stream_enabled: false,
    stream_view_type: '',
    table_class: '',
    point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 0 }],
    tags: null,
    tags_all: { team: 'core' },
    replica: [],
  }
  const read1 = (holder: object) =>
    read({ 'plan.json': JSON.stringify({ format_version: '1.2', ...holder }) }, 'plan.json')
  const resource = (address: string, more: object = {}) => ({
    address,
    mode: 'managed',
    type: 'aws_dynamodb_table',
    values: { ...values, ...more },
  })
  const expected = plain('id:S', { stream: false, pointInTimeRecovery: true, tags: { team: 'core' } })

  test('a plan with child modules, and a name that is known only after apply', async () => {
    const address = 'module.shop.aws_dynamodb_table.orders["eu"]'
    const child = { resources: [resource(address, { name: undefined })], child_modules: [] }
    const { tables, warnings } = await read1({
      planned_values: { root_module: { resources: [resource('aws_dynamodb_table.users')], child_modules: [child] } },
      resource_changes: [{ address, change: { after_unknown: { name: true, arn: true } } }],
    })
    expect(tables).toEqual({ users: expected, 'shop-orders-eu': expected })
    expect(warnings).toEqual([
      `shop-orders-eu is called by its label here: its name needs ${address}.name; give its name with --name shop-orders-eu=<table>`,
    ])
  })

  test('a state, and a state file', async () => {
    const root = {
      resources: [{ ...resource('data.aws_dynamodb_table.x'), mode: 'data' }, resource('aws_dynamodb_table.users')],
    }
    expect((await read1({ values: { root_module: root } })).tables).toEqual({ users: expected })
    const instances = [{ index_key: 0, attributes: values }]
    const state = {
      version: 4,
      terraform_version: '1.11.4',
      resources: [{ mode: 'managed', type: 'aws_dynamodb_table', name: 'u', instances }],
    }
    expect((await read({ 's.json': JSON.stringify(state) }, 's.json')).tables).toEqual({ users: expected })
  })

  test.each([
    [{ planned_values: null }, 'plan.json holds neither planned_values nor values'],
    [{ values: { root_module: {} } }, 'plan.json is a Terraform plan or state without DynamoDB tables'],
  ])('%j', async (holder, message) => {
    expect((await read1(holder)).error).toBe(message)
  })
})

describe('global tables', () => {
  test('replicas as blocks, with a witness', async () => {
    const body = `  name = "users"
  replica {
    region_name                 = "eu-west-2"
    point_in_time_recovery      = true
    deletion_protection_enabled = true
    consistency_mode            = "STRONG"
  }
  global_table_witness {
    region_name = "eu-west-3"
  }`
    const replica = { region: 'eu-west-2', pointInTimeRecovery: true, deletionProtection: true }
    expect((await read({ 'main.tf': table('users', body) })).tables).toEqual({
      users: plain('id:S', { replicas: [replica], consistency: 'STRONG', witness: 'eu-west-3' }),
    })
  })

  test('replicas in resources of their own stand in the regions of their providers', async () => {
    const text = `
provider "aws" {
  alias  = "london"
  region = "eu-west-2"
}
${table('users', '  name = "users"')}
resource "aws_dynamodb_table_replica" "known" {
  global_table_arn = aws_dynamodb_table.users.arn
  provider         = aws.london
}
resource "aws_dynamodb_table_replica" "unknown" {
  global_table_arn = aws_dynamodb_table.users.arn
  provider         = aws.elsewhere
}
`
    const { tables, warnings } = await read({ 'main.tf': text })
    expect(tables).toEqual({ users: plain('id:S', { replicas: [{ region: 'eu-west-2' }] }) })
    expect(warnings).toEqual(['users: a replica is left out: it needs the region of the provider aws.elsewhere'])
  })

  test('what stands in the region of a replica belongs to that replica, in resources and in a state', async () => {
    const text = `
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "far"
  region = "eu-west-2"
}
${table('users', '  name = "users"\n  attribute {\n    name = "mail"\n    type = "S"\n  }\n  global_secondary_index {\n    name = "by-mail"\n    hash_key = "mail"\n    projection_type = "ALL"\n  }\n  replica {\n    region_name = "eu-west-2"\n  }')}
resource "aws_dynamodb_contributor_insights" "here" {
  table_name = aws_dynamodb_table.users.name
  mode       = "THROTTLED_KEYS"
}
resource "aws_dynamodb_contributor_insights" "there" {
  for_each   = toset(["eu-west-2"])
  region     = each.key
  table_name = aws_dynamodb_table.users.name
}
resource "aws_dynamodb_contributor_insights" "index" {
  provider   = aws.far
  table_name = aws_dynamodb_table.users.name
  index_name = "by-mail"
}
resource "aws_dynamodb_kinesis_streaming_destination" "there" {
  region     = "eu-west-2"
  table_name = aws_dynamodb_table.users.name
  stream_arn = "arn:aws:kinesis:eu-west-2:123456789012:stream/s"
}
`
    const { tables, warnings } = await read({ 'main.tf': text })
    expect(tables).toEqual({
      users: plain('id:S', {
        contributorInsights: 'THROTTLED_KEYS',
        globalIndexes: { 'by-mail': { partitionKey: 'mail:S', sortKey: '', projection: 'ALL' } },
        replicas: [
          {
            region: 'eu-west-2',
            contributorInsights: true,
            globalIndexes: { 'by-mail': { contributorInsights: true } },
          },
        ],
      }),
    })
    expect(warnings).toEqual(['users: eu-west-2: kinesis is left out: dynamox has no field for it on a replica'])

    const resource = (type: string, name: string, values: object) => ({
      type,
      name,
      address: `${type}.${name}`,
      values,
    })
    const policy = { resource_arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/users', policy: '{"Statement":[]}' }
    const state = {
      format_version: '1.0',
      values: {
        root_module: {
          resources: [
            resource('aws_dynamodb_table', 'users', {
              name: 'users',
              hash_key: 'id',
              billing_mode: 'PAY_PER_REQUEST',
              attribute: [{ name: 'id', type: 'S' }],
              replica: [{ region_name: 'eu-west-2' }],
            }),
            resource('aws_dynamodb_contributor_insights', 'far', { table_name: 'users', region: 'eu-west-2' }),
            resource('aws_dynamodb_resource_policy', 'policy', policy),
          ],
        },
      },
    }
    expect((await read({ 'state.json': JSON.stringify(state) }, 'state.json')).tables).toEqual({
      users: plain('id:S', {
        resourcePolicy: '{"Statement":[]}',
        replicas: [{ region: 'eu-west-2', contributorInsights: true }],
      }),
    })
  })

  test('the replicas of the module of the registry; auto scaling owns the capacity of a provisioned table', async () => {
    const text = `
module "orders" {
  source          = "terraform-aws-modules/dynamodb-table/aws"
  name            = "orders"
  hash_key        = "id"
  billing_mode    = "PROVISIONED"
  read_capacity   = 5
  write_capacity  = 5
  attributes      = [{ name = "id", type = "S" }]
  replica_regions = [{ region_name = "eu-west-2", propagate_tags = true }]
}
`
    const { tables, error } = await read({ 'main.tf': text })
    expect(error).toBeUndefined()
    expect(tables.orders).toMatchObject({ replicas: [{ region: 'eu-west-2' }], writeCapacity: 5 })
  })
})

test.each([
  [table('users', 'for_each = "x"'), 'for_each needs a valid expression ("x" is not a list or map)'],
  [table('users', '').replace('dynamodb_table', 'dynamodb_tabel'), 'did you mean "aws_dynamodb_table"?'],
  [
    'module "users" {\n  source = "./users"\n  hash_key = "id"\n}\n',
    'the folder ./users does not exist, or has no files',
  ],
  [table('users', 'stream_enabled = true'), 'StreamSpecification.StreamViewType: is missing'],
])('%j', async (text, message) => {
  expect((await read({ 'main.tf': text }, 'main.tf')).error).toContain(message)
})

test('modules that each call the next twenty times end in one error', async () => {
  const calls = (level: number) =>
    Array.from({ length: 20 }, (_, at) => `module "m${at}" {\n  source = "./${level + 1}"\n}\n`).join('')
  const folders = Array.from(
    { length: 8 },
    (_, level) => `${Array.from({ length: level }, (_, at) => at + 1).join('/')}/main.tf`,
  )
  const files = Object.fromEntries(
    folders.map((path, level) => [
      `infra/${path}`.replace('//', '/'),
      level === 7 ? table('deep', 'name = "deep"') : calls(level),
    ]),
  )
  const { error } = await read(files, 'infra')
  expect(error).toContain('the modules have more than 10,000 instances')
})
