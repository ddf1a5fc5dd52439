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
