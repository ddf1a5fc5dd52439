// Scripts as people write them with the AWS SDK.
//   node sdk.mjs <endpoint> describe <table>
//   node sdk.mjs <endpoint> waiter|loop|wait <prefix> <count>      create and wait; `wait` only waits
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'

const [, , endpoint, verb, prefix, count = '1'] = process.argv
const client = new DynamoDBClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
})
const names = Array.from({ length: Number(count) }, (_, index) => `${prefix}${index}`)

const create = TableName =>
  client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
const describe = async TableName => (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus
const waiter = TableName => waitUntilTableExists({ client, maxWaitTime: 45 }, { TableName })

async function loop(TableName) {
  while ((await describe(TableName)) !== 'ACTIVE') await new Promise(resolve => setTimeout(resolve, 500))
}

if (verb === 'describe') process.stdout.write(`${await describe(prefix)}\n`)
else if (verb === 'wait') await waiter(prefix)
else {
  await Promise.all(
    names.map(async name => {
      await create(name)
      await (verb === 'waiter' ? waiter(name) : loop(name))
    }),
  )
}
