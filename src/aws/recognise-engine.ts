import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { engines } from '../settings/engines.ts'
import type { Capabilities, EngineName } from '../table/capabilities.ts'
import { isAwsHost } from './endpoint.ts'
import type { Target } from './target.ts'

/** The part of an HTTP answer that identifies the server. */
export interface Answer {
  readonly host: string
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

// The embedded engine says `embedded`, or `embedded, realistic` at AWS's pace.
const engineHeader = 'x-dynamox-engine'

/** Identifies the engine by the headers of its answer; `unknown` when a proxy removed them. */
export function recogniseEngine({ host, headers }: Answer): EngineName {
  const server = headers.server ?? ''
  const id = headers['x-amzn-requestid'] ?? ''
  // This engine also passes on the headers of the DynamoDB Local behind it.
  if (headers['x-localstack'] !== undefined) return 'localstack'
  if (server === 'amazon.com' || server.startsWith('Werkzeug')) return 'moto'
  // AWS sends just "Server", also behind a VPC endpoint or a proxy.
  if (isAwsHost(host) || server === 'Server') return 'aws'
  if (headers['x-dynoxide-version'] !== undefined || server.startsWith('Dynoxide')) return 'dynoxide'
  if (server.startsWith('Jetty') && id !== '') return 'dynamodb-local'
  if (server !== '') return 'unknown'
  if (uuid.test(id) && headers['x-frame-options'] === 'DENY' && headers['x-content-type-options'] === 'nosniff')
    return 'extenddb'
  if (!awsStyleId.test(id)) return 'unknown'
  return headers[engineHeader] === undefined ? 'plain-dynalite' : 'dynalite'
}

/**
 * The capabilities of the engine behind this answer. Those of DynamoDB Local were measured with version 1. Version 3.3
 * accepts multi-attribute index keys and is recognised by its newer Jetty; versions in between refuse such keys
 * themselves.
 */
export function capabilitiesOf(answer: Answer): Capabilities {
  const engine = recogniseEngine(answer)
  const jetty = Number(/^Jetty\((\d+)/.exec(answer.headers.server ?? '')?.[1] ?? 0)
  if (answer.headers[engineHeader]?.includes('realistic')) return { ...engines[engine], hasOwnPace: undefined }
  return jetty < 12 ? engines[engine] : ofAnyVersion(engine)
}

/** The capabilities to assume before the first answer. */
export function presumed(target: Target | { readonly client: DynamoDBClient }): Capabilities {
  if ('client' in target) return engines.unknown
  if (target.kind === 'local') return ofAnyVersion(target.engine ?? 'dynalite')
  return target.endpoint === undefined ? engines.aws : engines.unknown
}

/** The capabilities of an engine, without refusals that do not apply to all its versions. */
function ofAnyVersion(engine: EngineName): Capabilities {
  return engine === 'dynamodb-local' ? { ...engines[engine], refuses: [] } : engines[engine]
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** dynalite creates ids like AWS, but sends no server header. */
const awsStyleId = /^[0-9A-Z]{52}$/
