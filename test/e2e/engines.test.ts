// The engines themselves: each answers to the credentials that it is provided with, and none outlives its test run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from 'vitest'
import { describeEngines } from '../support/engines/describe-engines.ts'
import { unique } from './support/cli.ts'

describeEngines('an engine', engine => {
  test('creates and describes', async () => {
    const client = new DynamoDBClient({
      endpoint: engine.endpoint,
      region: engine.region,
      credentials: engine.credentials,
    })
    const TableName = unique('smoke')
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    )
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    expect(Table).toMatchObject({ TableName, KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] })
  })
})

describe('the engines of a test run that is killed', () => {
  test('end together with it', async () => {
    const support = join(import.meta.dirname, '../support/engines/child-engine.ts')
    // Any program that serves will do; this one says its own process number.
    const engine = `require('http').createServer((_, r) => r.end(String(process.pid))).listen(+process.argv[1], '127.0.0.1')`
    const run = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { createJiti } from 'jiti'
         const { startProgram } = await createJiti(process.cwd() + '/x.js').import(${JSON.stringify(support)})
         const program = { command: process.execPath, args: port => ['-e', ${JSON.stringify(engine)}, port], cwd: '/' }
         const { endpoint } = await startProgram(program)
         process.stdout.write(endpoint)
         setInterval(() => undefined, 1000)`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const endpoint = String((await once(run.stdout, 'data'))[0])
    const pid = Number(await (await fetch(endpoint)).text())
    run.kill('SIGKILL')
    const alive = () => {
      try {
        return process.kill(pid, 0)
      } catch {
        return false
      }
    }
    for (let tries = 0; alive() && tries < 100; tries++) await sleep(50)
    expect(alive()).toBe(false)
  })
})
