import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { memberOf } from '../table/untyped.ts'
import { sign } from './sign.ts'

export interface StsOptions {
  readonly region: string
  readonly endpoint: string
  readonly signal?: AbortSignal | undefined
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
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const to = { service: 'sts', region, host: url.host, path: url.pathname } as const
    const headers = sign({ ...to, body, headers: form, keys, now: new Date() })
    const request = {
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { ...headers, accept: 'application/json' },
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
