'use strict'
// The floor: what a process costs that signs and sends one DescribeTable with nothing but Node's own modules.
// Prints the table's status; exit 1 when the table is not there.

const { createHash, createHmac } = require('node:crypto')
const { request } = require('node:http')

const [, , endpoint, table] = process.argv
const { hostname, port, host } = new URL(endpoint)
// The pair of AWS's documentation, which every local engine takes.
const keyId = 'AKIAIOSFODNN7EXAMPLE'
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const region = 'us-east-1'

const body = JSON.stringify({ TableName: table })
const sha256 = text => createHash('sha256').update(text).digest('hex')
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()

const now = `${new Date().toISOString().replace(/[:-]|\.\d+/g, '')}`
const day = now.slice(0, 8)
const scope = `${day}/${region}/dynamodb/aws4_request`
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  host,
  'x-amz-date': now,
  'x-amz-target': 'DynamoDB_20120810.DescribeTable',
}
const names = Object.keys(headers).join(';')
const canonical = ['POST', '/', '', ...Object.entries(headers).map(pair => pair.join(':')), '', names, sha256(body)]
const key = [day, region, 'dynamodb', 'aws4_request'].reduce(hmac, `AWS4${secret}`)
const toSign = ['AWS4-HMAC-SHA256', now, scope, sha256(canonical.join('\n'))].join('\n')
const signature = createHmac('sha256', key).update(toSign).digest('hex')
headers.authorization = `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`

const call = request({ hostname, port, method: 'POST', headers }, response => {
  let text = ''
  response.on('data', data => {
    text += data
  })
  response.on('end', () => {
    const status = JSON.parse(text).Table?.TableStatus
    process.stdout.write(`${status ?? 'missing'}\n`)
    process.exitCode = status === undefined ? 1 : 0
  })
})
call.end(body)
