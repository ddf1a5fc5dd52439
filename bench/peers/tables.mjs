// DynamoDB Local as people start it by hand: java, then a script with the SDK that retries until it answers and creates
// the tables.   node tables.mjs <port> <count> <jar>
import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb'

const [, , port, count, jar] = process.argv
const java = spawn('java', ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', jar, '-inMemory', '-port', port], {
  cwd: dirname(jar),
  stdio: 'ignore',
})
const client = new DynamoDBClient({
  endpoint: `http://127.0.0.1:${port}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  maxAttempts: 1,
})

async function create(TableName) {
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName })
}

const [first, ...others] = Array.from({ length: Number(count) }, (_, index) => `table-${index}`)
for (;;) {
  try {
    await create(first)
    break
  } catch (error) {
    if (error.code !== 'ECONNREFUSED') throw error
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
await Promise.all(others.map(create))
java.kill('SIGKILL')
