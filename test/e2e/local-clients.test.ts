// Clients that are not ours, unchanged, against `dynamox local`.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { dynamox, project } from './support/cli.ts'

const hasAwsCli = spawnSync('aws', ['--version'], { encoding: 'utf8' }).status === 0
if (!hasAwsCli) process.stderr.write('The test with the AWS CLI is skipped: there is no aws on the path\n')

const app = (config: string, files: Record<string, string> = {}) =>
  project({ 'package.json': '{ "type": "module" }', '.dynamoxrc': config, ...files })
const packageUrl = (name: string) => JSON.stringify(import.meta.resolve(name))

/** Runs a script against the tables of a config; what it prints as JSON. */
async function runScript(config: string, script: string, files: Record<string, string> = {}) {
  const cwd = await app(config, { 'script.mjs': script, ...files })
  const ran = await dynamox(['local', '-q', '--in-memory', '--', process.execPath, 'script.mjs'], { cwd })
  expect(ran.stderr.replace(/\(node:\d+\)[\s\S]*/, '')).toBe('')
  expect(ran.code).toBe(0)
  return JSON.parse(ran.stdout)
}

test.runIf(hasAwsCli)('the AWS CLI lists, describes, puts and gets', async () => {
  const cwd = await app('tables: [{ table: users, partitionKey: pk:S, sortKey: at:N }]\n')
  const aws = async (...args: string[]) => {
    const run = ['local', '-q', '--', 'aws', 'dynamodb', ...args, '--output', 'json']
    const { code, stdout, stderr } = await dynamox(run, { cwd, env: { AWS_PROFILE: 'nobody' } })
    expect([code, stderr]).toEqual([0, ''])
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
  expect(await aws('list-tables')).toEqual({ TableNames: ['users'] })
  expect(await aws('describe-table', '--table-name', 'users')).toMatchObject({
    Table: { TableStatus: 'ACTIVE', KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'at' }] },
  })
  const [item, key] = ['{"pk":{"S":"ann"},"at":{"N":"1"},"age":{"N":"3"}}', '{"pk":{"S":"ann"},"at":{"N":"1"}}']
  await aws('put-item', '--table-name', 'users', '--item', item)
  expect(await aws('get-item', '--table-name', 'users', '--key', key)).toEqual({ Item: JSON.parse(item) })
})

test.runIf(hasAwsCli)('the AWS CLI creates, changes and deletes a table', async () => {
  const steps = [
    'create-table --table-name things --attribute-definitions AttributeName=pk,AttributeType=S --key-schema AttributeName=pk,KeyType=HASH --billing-mode PAY_PER_REQUEST --tags Key=team,Value=a',
    'wait table-exists --table-name things',
    'put-item --table-name things --item {"pk":{"S":"ann"},"email":{"S":"a@x"}}',
    'update-table --table-name things --attribute-definitions AttributeName=email,AttributeType=S --global-secondary-index-updates [{"Create":{"IndexName":"by-email","KeySchema":[{"AttributeName":"email","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}}]',
    'update-time-to-live --table-name things --time-to-live-specification Enabled=true,AttributeName=at',
    'describe-time-to-live --table-name things',
    'update-continuous-backups --table-name things --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true',
    'tag-resource --resource-arn arn:aws:dynamodb:us-east-1:000000000000:table/things --tags Key=cost,Value=1',
    'list-tags-of-resource --resource-arn arn:aws:dynamodb:us-east-1:000000000000:table/things',
    'describe-table --table-name things',
    'query --table-name things --index-name by-email --key-condition-expression email=:e --expression-attribute-values {":e":{"S":"a@x"}}',
    'delete-table --table-name things',
    'list-tables',
  ]
  // One after the other, with the output of each on a line.
  const script = `
import { execFileSync } from 'node:child_process'
for (const step of ${JSON.stringify(steps)}) {
  const out = execFileSync('aws', ['dynamodb', ...step.split(' '), '--output', 'json'], { encoding: 'utf8' })
  console.log(JSON.stringify(out === '' ? null : JSON.parse(out)))
}
`
  const cwd = await app(noTables, { 'script.mjs': script })
  const ran = await dynamox(['local', '-q', '--in-memory', '--', process.execPath, 'script.mjs'], { cwd })
  expect([ran.stderr, ran.code]).toEqual(['', 0])
  const answers = ran.stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const answerTo = (start: string) => answers[steps.findIndex(step => step.startsWith(start))]
  expect(answerTo('describe-time-to-live')).toEqual({
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'at' },
  })
  expect(answerTo('list-tags').Tags).toHaveLength(2)
  expect(answerTo('describe-table').Table).toMatchObject({
    TableStatus: 'ACTIVE',
    GlobalSecondaryIndexes: [{ IndexName: 'by-email', IndexStatus: 'ACTIVE' }],
  })
  expect(answerTo('query')).toMatchObject({ Count: 1 })
  expect(answerTo('list-tables')).toEqual({ TableNames: [] })
})

const sdk = (rest: string) => `
import { setTimeout as sleep } from 'node:timers/promises'
import * as aws from ${packageUrl('@aws-sdk/client-dynamodb')}
const client = new aws.DynamoDBClient({})
const send = (operation, input) => client.send(new aws[operation + 'Command'](input))
const describe = async TableName => (await send('DescribeTable', { TableName })).Table
const until = async holds => { while (!(await holds())) await sleep(5) }
const index = (IndexName, key, more = {}) => ({ IndexName, KeySchema: [{ AttributeName: key, KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' }, ...more })
const key = name => ({ AttributeName: name, AttributeType: 'S' })
const query = (TableName, IndexName, name, value) => send('Query', { TableName, IndexName, KeyConditionExpression: '#n = :v', ExpressionAttributeNames: { '#n': name }, ExpressionAttributeValues: { ':v': { S: value } } })
const table = { TableName: 'things', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] }
${rest}`
const noTables = 'region: us-east-1\n'

test('the SDK: create, an index added over items, TTL, tags, describe, delete', async () => {
  const script = sdk(`
await send('CreateTable', { ...table, AttributeDefinitions: [key('pk')], BillingMode: 'PAY_PER_REQUEST' })
await aws.waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName: 'things' })
for (const id of ['ann', 'bob']) await send('PutItem', { TableName: 'things', Item: { pk: { S: id }, team: { S: 'red' } } })
await send('UpdateTable', { TableName: 'things', AttributeDefinitions: [key('team')], GlobalSecondaryIndexUpdates: [{ Create: index('by-team', 'team') }] })
await until(async () => (await describe('things')).GlobalSecondaryIndexes?.[0].IndexStatus === 'ACTIVE')
const found = (await query('things', 'by-team', 'team', 'red')).Count
await send('UpdateTimeToLive', { TableName: 'things', TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' } })
const ttl = (await send('DescribeTimeToLive', { TableName: 'things' })).TimeToLiveDescription
const seconds = offset => ({ N: String(Math.floor(Date.now() / 1000) + offset) })
await send('PutItem', { TableName: 'things', Item: { pk: { S: 'old' }, team: { S: 'red' }, until: seconds(-5) } })
await send('PutItem', { TableName: 'things', Item: { pk: { S: 'new' }, team: { S: 'red' }, until: seconds(600) } })
const left = (await query('things', 'by-team', 'team', 'red')).Items.map(item => item.pk.S).sort()
const { TableArn: ResourceArn } = await describe('things')
await send('TagResource', { ResourceArn, Tags: [{ Key: 'team', Value: 'a' }] })
const tags = (await send('ListTagsOfResource', { ResourceArn })).Tags
await send('DeleteTable', { TableName: 'things' })
await aws.waitUntilTableNotExists({ client, maxWaitTime: 60 }, { TableName: 'things' })
console.log(JSON.stringify({ found, ttl, left, tags }))
`)
  expect(await runScript(noTables, script)).toEqual({
    found: 2,
    ttl: { TimeToLiveStatus: 'ENABLED', AttributeName: 'until' },
    left: ['ann', 'bob', 'new'],
    tags: [{ Key: 'team', Value: 'a' }],
  })
})

test('the calls that Terraform makes for a changed table, in its order', async () => {
  const script = sdk(`
const capacity = { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } }
await send('CreateTable', { ...table, ...capacity, AttributeDefinitions: [key('pk'), key('a'), key('b')], GlobalSecondaryIndexes: [index('by-a', 'a', capacity), index('by-b', 'b', capacity)] })
const settled = () => until(async () => {
  const { TableStatus, GlobalSecondaryIndexes = [] } = await describe('things')
  return TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every(each => each.IndexStatus === 'ACTIVE')
})
await settled()
await send('PutItem', { TableName: 'things', Item: { pk: { S: 'ann' }, a: { S: '1' }, c: { S: '3' }, d: { S: '4' } } })
const update = async input => {
  await send('UpdateTable', { TableName: 'things', ...input })
  await settled()
}
for (const IndexName of ['by-a', 'by-b']) await update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] })
await update({ BillingMode: 'PAY_PER_REQUEST', StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } })
for (const name of ['c', 'd']) await update({ AttributeDefinitions: [key('pk'), key('c'), key('d')], GlobalSecondaryIndexUpdates: [{ Create: index('by-' + name, name) }] })
await send('UpdateTimeToLive', { TableName: 'things', TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' } })
await send('UpdateContinuousBackups', { TableName: 'things', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })
const live = await describe('things')
const found = await Promise.all(['c', 'd'].map(async (name, place) => (await query('things', 'by-' + name, name, String(place + 3))).Count))
const gone = await query('things', 'by-a', 'a', '1').catch(error => error.message)
console.log(JSON.stringify({ billing: live.BillingModeSummary.BillingMode, stream: live.StreamSpecification, indexes: live.GlobalSecondaryIndexes.map(each => each.IndexName), attributes: live.AttributeDefinitions.map(each => each.AttributeName), found, gone }))
`)
  expect(await runScript(noTables, script)).toEqual({
    billing: 'PAY_PER_REQUEST',
    stream: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    indexes: ['by-c', 'by-d'],
    attributes: ['c', 'd', 'pk'],
    found: [1, 1],
    gone: 'The table does not have the specified index: by-a',
  })
})

test("Dynamoose's own update: true", async () => {
  const script = `
import { setTimeout as sleep } from 'node:timers/promises'
import dynamoose from ${packageUrl('dynamoose')}
const tableOf = async (email, more) => {
  const Cat = dynamoose.model('Cat', new dynamoose.Schema({ id: String, email }))
  const table = new dynamoose.Table('cats', [Cat], {
    create: true, update: true, initialize: false, throughput: 'ON_DEMAND',
    waitForActive: { enabled: true, check: { timeout: 30_000, frequency: 20 } }, ...more,
  })
  await table.initialize()
  return Cat
}
const First = await tableOf(String, { tags: { team: 'a' } })
await First.create({ id: 'tom', email: 't@x' })
const Second = await tableOf({ type: String, index: { name: 'by-email', type: 'global' } }, { tags: { team: 'b' }, tableClass: 'infrequentAccess', streamOptions: { enabled: true, type: 'NEW_IMAGE' } })
// Dynamoose does not wait for the index, which AWS refuses to read until it is built.
const query = async () => (await Second.query('email').eq('t@x').using('by-email').exec()).map(({ id }) => id)
let found
while (found === undefined) found = await query().catch(error => /backfilling/.test(error.message) ? sleep(5) : Promise.reject(error))
const live = await dynamoose.aws.ddb().describeTable({ TableName: 'cats' })
const { Tags } = await dynamoose.aws.ddb().listTagsOfResource({ ResourceArn: live.Table.TableArn })
await tableOf(String, { tags: { team: 'b' } })
const after = await dynamoose.aws.ddb().describeTable({ TableName: 'cats' })
console.log(JSON.stringify({ found, Tags, tableClass: live.Table.TableClassSummary.TableClass, stream: live.Table.StreamSpecification.StreamViewType, indexes: (after.Table.GlobalSecondaryIndexes ?? []).length }))
`
  expect(await runScript(noTables, script)).toEqual({
    found: ['tom'],
    Tags: [{ Key: 'team', Value: 'b' }],
    tableClass: 'STANDARD_INFREQUENT_ACCESS',
    stream: 'NEW_IMAGE',
    indexes: 0,
  })
})

test("OneTable's createTable and updateTable", async () => {
  const script = `
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient, DescribeTableCommand } from ${packageUrl('@aws-sdk/client-dynamodb')}
import { Table } from ${packageUrl('dynamodb-onetable')}
const client = new DynamoDBClient({})
const schema = indexes => ({
  format: 'onetable:1.1.0', version: '0.0.1', indexes,
  models: { User: { pk: { type: String, value: 'user#\${id}' }, sk: { type: String, value: 'user#' }, id: { type: String }, email: { type: String }, gs1pk: { type: String, value: 'email#\${email}' }, gs1sk: { type: String, value: 'user#' } } },
})
const primary = { hash: 'pk', sort: 'sk' }
const gs1 = { hash: 'gs1pk', sort: 'gs1sk', project: 'all' }
const table = new Table({ client, name: 'one', partial: true, schema: schema({ primary }) })
await table.createTable()
await table.getModel('User').create({ id: 'ann', email: 'a@x', gs1pk: 'email#a@x', gs1sk: 'user#' })
await table.updateTable({ create: { name: 'gs1', ...gs1 } })
const indexes = async () => (await client.send(new DescribeTableCommand({ TableName: 'one' }))).Table.GlobalSecondaryIndexes ?? []
while (!(await indexes()).some(each => each.IndexStatus === 'ACTIVE')) await sleep(5)
const wider = new Table({ client, name: 'one', partial: true, schema: schema({ primary, gs1 }) })
const found = await wider.getModel('User').find({ email: 'a@x' }, { index: 'gs1' })
await wider.updateTable({ remove: { name: 'gs1' } })
while ((await indexes()).length > 0) await sleep(5)
console.log(JSON.stringify(found.map(({ id }) => id)))
`
  expect(await runScript(noTables, script)).toEqual(['ann'])
})

test("the SDK's document client", async () => {
  const script = `
import { DynamoDBClient } from ${packageUrl('@aws-sdk/client-dynamodb')}
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from ${packageUrl('@aws-sdk/lib-dynamodb')}
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
await client.send(new PutCommand({ TableName: 'users', Item: { pk: 'ann', email: 'a@x', tags: new Set(['a']), deep: { list: [1, true, null] } } }))
const { Item } = await client.send(new GetCommand({ TableName: 'users', Key: { pk: 'ann' } }))
const { Count } = await client.send(new QueryCommand({ TableName: 'users', IndexName: 'by-email', KeyConditionExpression: 'email = :e', ExpressionAttributeValues: { ':e': 'a@x' } }))
console.log(JSON.stringify({ deep: Item.deep, tags: [...Item.tags], Count }))
`
  const config =
    'tables: [{ table: users, partitionKey: pk:S, globalIndexes: { by-email: { partitionKey: email:S } } }]\n'
  expect(await runScript(config, script)).toEqual({ deep: { list: [1, true, null] }, tags: ['a'], Count: 1 })
})

test("Dynamoose's quick start", async () => {
  const model = `
import dynamoose from ${packageUrl('dynamoose')}
export const Cat = dynamoose.model('Cat', { id: Number, name: String }, { create: false, waitForActive: false })
`
  const script = `
import { Cat } from './cat.mjs'
const cat = new Cat({ id: 1, name: 'Zildjian' })
await cat.save()
console.log(JSON.stringify({ got: await Cat.get(1), found: (await Cat.scan('name').contains('Zil').exec()).length }))
`
  const got = await runScript('models: cat.mjs\n', script, { 'cat.mjs': model })
  expect(got).toEqual({ got: { id: 1, name: 'Zildjian' }, found: 1 })
})

test("ElectroDB's quick start", async () => {
  const model = `
import { DynamoDBClient } from ${packageUrl('@aws-sdk/client-dynamodb')}
import electrodb from ${packageUrl('electrodb')}
export const Tasks = new electrodb.Entity({
  model: { entity: 'tasks', version: '1', service: 'app' },
  attributes: { team: { type: 'string' }, task: { type: 'string' }, status: { type: ['open', 'closed'], default: 'open' } },
  indexes: {
    task: { pk: { field: 'pk', composite: ['team'] }, sk: { field: 'sk', composite: ['task'] } },
    byStatus: { index: 'gsi1', pk: { field: 'gsi1pk', composite: ['status'] }, sk: { field: 'gsi1sk', composite: ['team'] } },
  },
}, { client: new DynamoDBClient({}), table: 'electro' })
`
  const script = `
import { Tasks } from './tasks.mjs'
await Tasks.create({ team: 'green', task: 't1' }).go()
await Tasks.put([{ team: 'green', task: 't2' }, { team: 'blue', task: 't3', status: 'closed' }]).go()
const open = await Tasks.query.byStatus({ status: 'open' }).go()
const one = await Tasks.get({ team: 'blue', task: 't3' }).go()
console.log(JSON.stringify({ open: open.data.map(each => each.task), one: one.data }))
`
  const got = await runScript('models: tasks.mjs\n', script, { 'tasks.mjs': model })
  expect(got).toEqual({ open: ['t1', 't2'], one: { team: 'blue', task: 't3', status: 'closed' } })
})
