'use strict'
// What Node's own modules alone can do: signed requests and nothing else. The floor that everything is compared with.
//   node bare.cjs <endpoint> describe <table>
//   node bare.cjs <endpoint> create <prefix> <count> <in flight>

const { createHash, createHmac } = require('node:crypto')
const { Agent, request } = require('node:http')

const [, , endpoint, verb, name, count, width] = process.argv
const { hostname, port, host } = new URL(endpoint)
// The pair of AWS's documentation, which every local engine takes.
const keyId = 'AKIAIOSFODNN7EXAMPLE'
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const region = 'us-east-1'

const sha256 = text => createHash('sha256').update(text).digest('hex')
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()

function send(operation, input, agent) {
  const body = JSON.stringify(input)
  const now = new Date().toISOString().replace(/[:-]|\.\d+/g, '')
  const day = now.slice(0, 8)
  const scope = `${day}/${region}/dynamodb/aws4_request`
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    host,
    'x-amz-date': now,
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  }
  const names = Object.keys(headers).join(';')
  const canonical = ['POST', '/', '', ...Object.entries(headers).map(pair => pair.join(':')), '', names, sha256(body)]
  const key = [day, region, 'dynamodb', 'aws4_request'].reduce(hmac, `AWS4${secret}`)
  const toSign = ['AWS4-HMAC-SHA256', now, scope, sha256(canonical.join('\n'))].join('\n')
  const signature = createHmac('sha256', key).update(toSign).digest('hex')
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return new Promise((done, fail) => {
    const call = request({ hostname, port, method: 'POST', headers, agent }, response => {
      let text = ''
      response.on('data', data => {
        text += data
      })
      response.on('end', () => done(JSON.parse(text)))
    })
    call.on('error', fail)
    call.end(body)
  })
}

async function createAll() {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(width) })
  let next = 0
  const worker = async () => {
    while (next < Number(count)) {
      const TableName = `${name}${next++}`
      const { TableDescription } = await send(
        'CreateTable',
        {
          TableName,
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        },
        agent,
      )
      if (TableDescription === undefined) process.exitCode = 1
    }
  }
  await Promise.all(Array.from({ length: Number(width) }, worker))
  agent.destroy()
}

if (verb === 'create') createAll()
else {
  send('DescribeTable', { TableName: name }).then(({ Table }) => {
    process.stdout.write(`${Table?.TableStatus ?? 'missing'}\n`)
    process.exitCode = Table === undefined ? 1 : 0
  })
}
