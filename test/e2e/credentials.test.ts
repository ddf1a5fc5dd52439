// Parts of the SDK that the command line's own copy loads late must be there when their turn comes.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dynamox, project } from './support/cli.ts'

/** Answers every request as DescribeTable of an active table, and keeps how it was signed. */
async function startServer(): Promise<{ readonly endpoint: string; readonly signed: string[] }> {
  const signed: string[] = []
  const table = { TableName: 'users', TableStatus: 'ACTIVE', KeySchema: [], AttributeDefinitions: [] }
  const server = createServer((request, response) => {
    signed.push(request.headers.authorization ?? '')
    request.resume()
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify({ Table: table }))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, signed }
}

test.each([
  [
    'a program that prints them',
    `credential_process = ${process.execPath} -p "JSON.stringify({Version:1,AccessKeyId:'AKIAPRINTED',SecretAccessKey:'x'})"`,
    'Credential=AKIAPRINTED/',
  ],
  ['the shared files', 'aws_access_key_id = AKIAWRITTEN\naws_secret_access_key = x', 'Credential=AKIAWRITTEN/'],
])('credentials from %s', async (_, lines, expected) => {
  const { endpoint, signed } = await startServer()
  const cwd = await project({ config: `[profile some]\nregion = eu-west-1\n${lines}\n` })
  const env = { AWS_CONFIG_FILE: join(cwd, 'config') }
  const ran = await dynamox(['exists', 'users', '--profile', 'some', '--endpoint', endpoint], { cwd, env })
  expect(ran).toMatchObject({ code: 0, stdout: 'users  exists\n' })
  expect(signed).toEqual([expect.stringContaining(expected)])
})

test('an endpoint over TLS is tried', async () => {
  const cwd = await project({})
  const ran = await dynamox(['exists', 'users', '--endpoint', 'https://127.0.0.1:1'], { cwd })
  expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining('connection refused') })
})

test.each([
  ['a config file gets the example pair', 'config', {}, 'Credential=AKIAIOSFODNN7EXAMPLE/'],
  ['a config file, allowed by the user', 'config', { DYNAMOX_TRUST_CONFIG_ENDPOINT: '1' }, 'Credential=AKIAOWN/'],
  ['a flag gets the credentials of the user', 'flag', {}, 'Credential=AKIAOWN/'],
])('an endpoint of %s', async (_, from, env, expected) => {
  const { endpoint, signed } = await startServer()
  const cwd = await project(from === 'config' ? { '.dynamoxrc': `endpoint: ${endpoint}\n` } : {})
  const own = { AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'token', ...env }
  const flags = from === 'flag' ? ['--endpoint', endpoint] : []
  const ran = await dynamox(['exists', 'users', ...flags], { cwd, env: own })
  expect(ran.code).toBe(0)
  expect(signed).toEqual([expect.stringContaining(expected)])
  const isWithheld = expected.includes('EXAMPLE')
  expect(ran.stderr.replace(/^Checking users at .*\n/m, '')).toBe(
    isWithheld
      ? `${endpoint}, the endpoint in .dynamoxrc, gets AWS's example keys instead of your credentials; DYNAMOX_TRUST_CONFIG_ENDPOINT=1 sends yours\n`
      : '',
  )
})
