import { createHmac, hash } from 'node:crypto'
import type { KeyPair } from './target.ts'

export interface Unsigned {
  readonly service: 'dynamodb' | 'sts'
  readonly region: string
  readonly host: string
  readonly path: string
  readonly body: string
  /** Sent and signed as they are; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly keys: KeyPair
  readonly now: Date
}

/** Signature Version 4 of a POST; returns all headers of the request. */
export function sign({ service, region, host, path, body, headers, keys, now }: Unsigned): Record<string, string> {
  const time = timeOf(now)
  const day = time.slice(0, 8)
  const signed: Record<string, string> = {
    ...headers,
    host,
    'x-amz-date': time,
    // An empty one is none.
    ...(keys.sessionToken ? { 'x-amz-security-token': keys.sessionToken } : {}),
  }
  const names = Object.keys(signed).sort()
  const canonical = [
    'POST',
    path,
    '',
    ...names.map(name => `${name}:${signed[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const signature = createHmac('sha256', signingKey(keys.secretAccessKey, scope)).update(toSign).digest('hex')
  const credential = `${keys.accessKeyId}/${scope}`
  return {
    ...signed,
    'content-length': String(Buffer.byteLength(body)),
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

let lastTime = { seconds: Number.NaN, text: '' }

/** `20261122T181500Z`; the same for all requests of a second. */
function timeOf(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1_000)
  if (seconds !== lastTime.seconds) lastTime = { seconds, text: now.toISOString().replace(/[-:]|\.\d{3}/g, '') }
  return lastTime.text
}

let last: { readonly secret: string; readonly scope: string; readonly key: string | Buffer } | undefined

/** Good for a day, a region and a service: the last one is kept. */
function signingKey(secret: string, scope: string): string | Buffer {
  if (last?.secret !== secret || last.scope !== scope) {
    last = { secret, scope, key: scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`) }
  }
  return last.key
}

const sha256 = (text: string) => hash('sha256', text)
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
