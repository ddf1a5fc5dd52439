import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { globSync } from 'tinyglobby'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkConfig } from '../../src/config/check-config.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import type { JsonSchema } from '../../src/settings/checks.ts'
import { toDefinition } from '../../src/settings/to-definition.ts'

let schema: JsonSchema
let errorsOf: (config: unknown) => readonly string[]
beforeAll(async () => {
  schema = configJsonSchema()
  const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true }).compile(
    schema,
  )
  errorsOf = config =>
    validate(config) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
})

const dataFiles = globSync(
  ['fixtures/config/**/{.dynamoxrc,.dynamoxrc.json,package.json,dynamox.config.yaml}', '.dynamoxrc.example'],
  { dot: true },
)

test.each(dataFiles)('%s', file => {
  const value = parse(readFileSync(file, 'utf8'))
  expect(errorsOf(file.endsWith('package.json') ? value.dynamox : value)).toEqual([])
})

const table = { table: 'users', partitionKey: 'pk' }

describe('what the check of configs accepts, the JSON Schema accepts', () => {
  test.each<[object]>([
    [{}],
    [{ models: 'a.ts', local: true, timeout: 30 }],
    [{ tables: [{ ...table, sortKey: { name: 'sk', type: 'N' }, ttl: false, pointInTimeRecovery: 7 }] }],
    [
      {
        tables: [
          { ...table, tags: { 'a b': '' }, kinesis: { arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/s' } },
        ],
      },
    ],
    [
      {
        tables: [{ TableName: 'raw', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], AttributeDefinitions: [] }],
      },
    ],
    [{ overrides: { users: { globalIndexes: { 'by-at': { readCapacity: 5 } } } } }],
    [{ environments: { prod: { protected: true, endpoint: false, deletionProtection: true, tables: [table] } } }],
    [{ ignore: ['capacity', 'globalIndexes.by-at.capacity'], silence: ['W-local-index'] }],
  ])('%j', async config => {
    expect(errorsOf(config)).toEqual([])
    expect(await checkConfig(config)).toHaveProperty('config')
  })
})

describe('what the check of configs refuses, the JSON Schema refuses', () => {
  test.each<[object]>([
    [{ regoin: 'eu-west-1' }],
    [{ billingMode: 'PROVISIONED' }],
    [{ environments: { prod: { protectd: true } } }],
    [{ environments: { prod: { gsi: {} } } }],
    [{ environments: { prod: { billingMode: 'FREE' } } }],
    [{ environments: { prod: { silence: [] } } }],
    [{ defaults: { table: 'users' } }],
    [{ defaults: { readCapacity: '5' } }],
    [{ overrides: { users: { partitonKey: 'pk' } } }],
    [{ overrides: { users: { globalIndexes: { 'by-at': { hashKey: 'at' } } } } }],
    [{ allowedAccounts: 123456789012 }],
    [{ allowedAccounts: ['12'] }],
    [{ endpoint: 'localhost:8000' }],
    [{ endpoint: false }],
    [{ timeout: '5 minutes' }],
    [{ timeout: 0 }],
    [{ concurrency: 0.5 }],
    [{ ignore: ['capcity'] }],
    [{ silence: ['W-loc'] }],
    [{ models: { users: 'a.ts' } }],
  ])('%j', async config => {
    expect(errorsOf(config)).not.toEqual([])
    expect(await checkConfig(config)).toHaveProperty('problems')
  })

  test.each<[object]>([
    [{ table: 'users' }],
    [{ partitionKey: 'pk' }],
    [{ ...table, partionKey: 'pk' }],
    [{ ...table, table: 'a b' }],
    [{ ...table, sortKey: ['a', 'b'] }],
    [{ ...table, partitionKey: { name: 'pk', type: 'BOOL' } }],
    [{ ...table, globalIndexes: { ab: { partitionKey: 'a' } } }],
    [{ ...table, globalIndexes: { 'by-a': { sortKey: 'a' } } }],
    [{ ...table, globalIndexes: { 'by-a': { partitionKey: ['a', 'b', 'c', 'd', 'e'] } } }],
    [{ ...table, sortKey: 'sk', localIndexes: { 'by-a': { partitionKey: 'pk', sortKey: 'a' } } }],
    [{ ...table, globalIndexes: { 'by-a': { partitionKey: 'a', projection: 'SOME' } } }],
    [{ ...table, globalIndexes: { 'by-a': { partitionKey: 'a', projection: ['b', 'b'] } } }],
    [{ ...table, pointInTimeRecovery: 36 }],
    [{ ...table, stream: true }],
    [{ ...table, tags: { a: 1 } }],
    [{ ...table, readCapacity: 0, billingMode: 'PROVISIONED' }],
    [{ ...table, kinesis: { arm: 'x' } }],
  ])('tables: [%j]', input => {
    expect(errorsOf({ tables: [input] })).not.toEqual([])
    expect(toDefinition(input, { path: '' }).problems).not.toEqual([])
  })
})

test('every key and every field has a description', () => {
  const missing = (properties: unknown, at: string): string[] =>
    Object.entries(properties as Record<string, { description?: string }>).flatMap(([key, { description }]) =>
      description === undefined ? [`${at}.${key}`] : [],
    )
  const { properties, definitions } = JSON.parse(JSON.stringify(schema))
  expect([
    ...missing(properties, 'config'),
    ...missing(properties.environments.additionalProperties.properties, 'environment'),
    ...missing(definitions.layer.properties, 'layer'),
    ...missing(definitions.table.else.properties, 'table'),
    ...missing(definitions.table.else.properties.globalIndexes.additionalProperties.properties, 'global index'),
    ...missing(definitions.table.else.properties.localIndexes.additionalProperties.properties, 'local index'),
  ]).toEqual([])
})
