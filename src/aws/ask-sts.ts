import { createHash, createHmac } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { memberOf } from './failure.ts'

export interface StsOptions {
  readonly region: string
  readonly endpoint: string
  readonly signal?: AbortSignal | undefined
}

interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/**
 * The account that the client's credentials belong to, from STS GetCallerIdentity, which every identity may call.
 * `undefined` when STS is out of reach or refuses.
 *
 * One request, signed here and sent through the client's own connections (a proxy set on a user's client counts):
 * the SDK's STS client is a package of its own, and borrowing this client's signer would leave it signing for STS.
 */
export async function askSts(
  client: DynamoDBClient,
  { region, endpoint, signal }: StsOptions,
): Promise<string | undefined> {
  try {
    const url = new URL(endpoint)
    const body = 'Action=GetCallerIdentity&Version=2011-06-15'
    const keys = await client.config.credentials()
    const headers = sign({ host: url.host, path: url.pathname, body, region, keys, now: new Date() })
    const request = {
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers,
      body,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
    }
    const { response } = await client.config.requestHandler.handle(
      request,
      signal === undefined ? {} : { abortSignal: signal },
    )
    const text = new TextDecoder().decode(await client.config.streamCollector(memberOf(response, 'body')))
    return /<Account>(\d{12})<\/Account>|"Account"\s*:\s*"(\d{12})"/.exec(text)?.slice(1).find(Boolean)
  } catch {
    return undefined
  }
}

interface Unsigned {
  readonly host: string
  readonly path: string
  readonly body: string
  readonly region: string
  readonly keys: Keys
  readonly now: Date
}

/** Signature Version 4 of a form that is posted to STS; returns all headers of the request. */
export function sign({ host, path, body, region, keys, now }: Unsigned): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    host,
    'x-amz-date': time,
    ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
  }
  const names = Object.keys(headers).sort()
  const canonical = [
    'POST',
    path,
    '',
    ...names.map(name => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n')
  const scope = `${day}/${region}/sts/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const key = [day, region, 'sts', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`)
  const signature = createHmac('sha256', key).update(toSign).digest('hex')
  const credential = `${keys.accessKeyId}/${scope}`
  return {
    ...headers,
    accept: 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
