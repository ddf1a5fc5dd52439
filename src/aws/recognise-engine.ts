import type { EngineName } from '../table/capabilities.ts'
import { isAwsHost } from './endpoint.ts'

/** What an HTTP answer shows of who gave it. */
export interface Answer {
  readonly host: string
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** Which engine gave this answer. Every engine leaves marks in its headers; a proxy that drops them gives `unknown`. */
export function recogniseEngine({ host, headers }: Answer): EngineName {
  const server = headers.server ?? ''
  const id = headers['x-amzn-requestid'] ?? ''
  // AWS's own front end says just "Server", also behind a VPC endpoint's name or a proxy.
  if (isAwsHost(host) || server === 'Server') return 'aws'
  if (headers['x-dynoxide-version'] !== undefined || server.startsWith('Dynoxide')) return 'dynoxide'
  if (server.startsWith('Jetty') && id !== '') return 'dynamodb-local'
  if (server !== '') return 'unknown'
  if (uuid.test(id) && headers['x-frame-options'] === 'DENY' && headers['x-content-type-options'] === 'nosniff')
    return 'extenddb'
  return awsStyleId.test(id) ? 'dynalite' : 'unknown'
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** dynalite makes ids the way AWS does, but sends no server header. */
const awsStyleId = /^[0-9A-Z]{52}$/
