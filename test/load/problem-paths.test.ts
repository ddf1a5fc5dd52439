import { expect, test } from 'vitest'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import type { LoadOptions } from '../../src/load/load-options.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const config = `
models: models/*
defaults:
  tags: { 'aws:team': shop }
overrides:
  orders:
    billingMode: PROVISIONED
    readCapacity: 0
    globalIndexes:
      by-note: { projection: KEYS_ONLY }
environments:
  prod:
    maxReadUnits: 0
tables:
  - table: users
    partitionKey: pk
    globalIndexes:
      by.status: { partitionKy: status, projection: [a, 5] }
      by: { partitionKey: status, projection: [a, a] }
  - table: orders
    partitionKey: id
    sortKey: [a, b]
    globalIndexes:
      by-status: { partitionKey: status }
  - partitionKey: pk
  - TableName: raw
    KeySchema: [{ AttributeName: pk, KeyType: HASH }]
    AttributeDefinitions: [{ AttributeName: pk, AttributeType: X }]
    BillingMode: PAY_PER_REQUEST
`
const files = {
  '.dynamoxrc': config,
  'models/carts.yaml': '- { table: carts, partitionKey: id:BOOL }\n- { table: ab, partitionKey: id }\n',
  'models/bills.json': '{ "table": "bills", "partitionKey": "id", "ttl": 5 }',
}

/** Path and rule of each problem. */
async function places(options: Omit<LoadOptions, 'cwd'>): Promise<readonly string[]> {
  const { problems = [] } = await failure(loadDefinitions({ cwd: folder(files), ...options }))
  return problems.map(problem => problem.slice(0, problem.indexOf(': ')))
}

test('every problem of every table has the place where the user wrote the value or left it out', async () => {
  expect(await places({})).toEqual([
    'tables[3] raw › AttributeDefinitions[0].AttributeType',
    'tables[2]',
    'models/bills.json bills › ttl',
    // Wrong for every table, and said once.
    '.dynamoxrc defaults › tags.aws:team',
    'models/carts.yaml [0] carts › partitionKey',
    'models/carts.yaml [1] ab › table',
    'tables[0] users › globalIndexes.by.status.partitionKy',
    'tables[0] users › globalIndexes.by.status.projection[1]',
    'tables[0] users › globalIndexes.by',
    'tables[0] users › globalIndexes.by.projection',
    // The index is the overrides' alone, and so is what it lacks.
    '.dynamoxrc overrides.orders › globalIndexes.by-note.partitionKey',
    'tables[1] orders › sortKey',
    '.dynamoxrc overrides.orders › readCapacity',
  ])
})

test('problems in values of an environment or a flag name the environment or the flag', async () => {
  const { problems = [] } = await failure(
    loadDefinitions({
      cwd: folder({ '.dynamoxrc': config.replace(/^models.*$/m, '').replace(/^defaults:\n.*$/m, '') }),
      env: 'prod',
      names: ['orders'],
      flags: { sortKey: 'sk:string', globalIndexes: { ix: { partitionKey: 'a' } } },
    }),
  )
  expect(problems).toEqual([
    '--sort-key: "sk:string": string is not a key type; did you mean "sk:S"? An attribute of that name is written "sk:string:S"',
    'flags › globalIndexes.ix: index name "ix" has 2 characters; DynamoDB allows 3 to 255',
    expect.stringMatching(/^\.dynamoxrc overrides\.orders › globalIndexes\.by-note\.partitionKey: /),
    '.dynamoxrc overrides.orders › readCapacity: must be at least 1, not 0',
  ])
})
