import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterEach, describe, expect, test } from 'vitest'
import type { Identity, TableApi } from '../../src/apply/ports.ts'
import { createApi } from '../../src/aws/create-api.ts'
import { checkAccount } from '../../src/aws/identify.ts'
import type { KeyPair, Target } from '../../src/aws/target.ts'
import { exampleCredentials } from '../../src/table/local-credentials.ts'

const ours = '123456789012'
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** STS as far as we ask it. */
async function startSts(status: number, body: string) {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    request.on('data', chunk => bodies.push(`${request.headers.authorization?.slice(0, 30)} ${chunk}`))
    request.on('end', () => response.writeHead(status).end(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies }
}

const xml = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${ours}:user/ann</Arn><Account>${ours}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
// A name that resolves nowhere: whatever is sent to DynamoDB fails before it leaves the machine.
const nowhere = (credentials: KeyPair, stsEndpoint: string): Target => ({
  kind: 'endpoint',
  endpoint: 'http://dynamo.invalid',
  region: 'eu-west-1',
  credentials,
  stsEndpoint,
})

describe('the account', () => {
  test('is taken from the credentials', async () => {
    const sts = await startSts(500, '')
    const api = createApi(nowhere({ ...exampleCredentials, accountId: ours }, sts.endpoint))
    expect(await api.identify({ account: 'required' })).toEqual({
      account: ours,
      region: 'eu-west-1',
      endpoint: 'http://dynamo.invalid',
    })
    expect(sts.bodies).toEqual([])
  })

  test('STS is called only when the account is required', async () => {
    const sts = await startSts(200, xml)
    const api = createApi(nowhere(exampleCredentials, sts.endpoint))
    expect((await api.identify()).account).toBeUndefined()
    expect(sts.bodies).toEqual([])
    expect((await api.identify({ account: 'required' })).account).toBe(ours)
    expect(sts.bodies).toEqual(['AWS4-HMAC-SHA256 Credential=AK Action=GetCallerIdentity&Version=2011-06-15'])
  })

  test('is unknown when STS refuses or cannot be reached', async () => {
    const sts = await startSts(403, '<Error><Code>InvalidClientTokenId</Code></Error>')
    for (const endpoint of [sts.endpoint, 'http://127.0.0.1:9']) {
      const api = createApi({ ...nowhere(exampleCredentials, endpoint), endpoint: 'http://127.0.0.2:9' })
      expect((await api.identify({ account: 'required' })).account).toBeUndefined()
    }
  })

  test('STS is called through the connections of a client that the user gave', async () => {
    const hosts: string[] = []
    const client = new DynamoDBClient({
      region: 'eu-west-1',
      credentials: exampleCredentials,
      requestHandler: {
        handle: async (request: { hostname: string }) => {
          hosts.push(request.hostname)
          const body = new TextEncoder().encode(xml)
          return { response: { statusCode: 200, headers: { 'content-type': 'text/xml' }, body } }
        },
      },
    })
    expect((await createApi({ client }).identify({ account: 'required' })).account).toBe(ours)
    expect(hosts).toEqual(['sts.eu-west-1.amazonaws.com'])
  })
})

describe('allowedAccounts', () => {
  const identity = (account: string | undefined, endpoint?: string): Identity => ({
    account,
    region: 'eu-west-1',
    endpoint,
  })
  const api = (answer: Identity) => {
    const asked: unknown[] = []
    const identify: TableApi['identify'] = async options => {
      asked.push(options?.account)
      return answer
    }
    const never = () => Promise.reject(new Error('something was sent'))
    const port: TableApi = {
      identify,
      describe: never,
      list: never,
      listWithin: never,
      send: never,
      capabilities: () => ({ engine: 'aws', label: 'AWS', ignores: [], refuses: [] }),
    }
    return { port, asked }
  }

  test('accepts an allowed account', async () => {
    const { port, asked } = api(identity(ours))
    await checkAccount(port, { allowedAccounts: ['111111111111', ours], target: { kind: 'aws' } })
    expect(asked).toEqual(['required'])
  })

  test.each<readonly [string, readonly string[], Target]>([
    ['no rule', [], { kind: 'aws' }],
    ['loopback', ['111111111111'], { kind: 'endpoint', endpoint: 'http://localhost:8000' }],
    ['embedded', ['111111111111'], { kind: 'local' }],
  ])('%s: no service is asked', async (_, allowedAccounts, target) => {
    const { port, asked } = api(identity(undefined))
    await checkAccount(port, { allowedAccounts, target })
    expect(asked).toEqual([])
  })

  test('a container is not loopback', async () => {
    const { port } = api(identity('000000000000', 'http://dynamodb:8000'))
    await expect(
      checkAccount(port, { allowedAccounts: [ours], target: { kind: 'endpoint', endpoint: 'http://dynamodb:8000' } }),
    ).rejects.toMatchObject({ code: 'usage' })
  })

  test.each([
    [
      'another one',
      '999999999999',
      'these credentials belong to account 999999999999, and allowedAccounts allows only 123456789012',
    ],
    ['an unknown one', undefined, 'the AWS account is not known, and allowedAccounts allows only 123456789012'],
  ])('%s is usage, and nothing is sent', async (_, account, message) => {
    const { port } = api(identity(account))
    await expect(checkAccount(port, { allowedAccounts: [ours] })).rejects.toMatchObject({ code: 'usage', message })
  })
})
