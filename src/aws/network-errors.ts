import { DynamoxError } from '../errors.ts'
import { isLocalEndpoint } from './endpoint.ts'
import type { Failure } from './failure.ts'
import { nameOf, type Place } from './place.ts'

/** No connection, no trust, or an answer from something that is not DynamoDB; `undefined` for anything else. */
export function networkError(failure: Failure, place: Place, cause: unknown): DynamoxError | undefined {
  const said = explain(failure, place)
  if (said === undefined) return undefined
  return new DynamoxError('network', said.message, { hint: said.hint, table: place.table, cause })
}

/** What answered is not DynamoDB. */
export function notDynamoDB(place: Place, cause?: unknown): DynamoxError {
  const status = place.answer === undefined ? '' : ` (HTTP ${place.answer.status}${contentType(place)})`
  return new DynamoxError('network', `${nameOf(place)} answers, but it is not DynamoDB${status}`, {
    hint: 'check the host and the port of the endpoint',
    table: place.table,
    cause,
  })
}

/** What takes connections has not answered the first thing it was asked. */
export function silentTarget(place: Place, cause: unknown): DynamoxError {
  return new DynamoxError('network', `${nameOf(place)} takes connections, but does not answer`, {
    hint: 'check the host and the port of the endpoint, and whether what serves it has hung',
    table: place.table,
    cause,
  })
}

interface Explanation {
  readonly message: string
  readonly hint: string
}

function explain({ code, message, name }: Failure, place: Place): Explanation | undefined {
  const where = nameOf(place)
  if (code === 'ECONNREFUSED')
    return { message: `nothing answers at ${where} (connection refused)`, hint: startHint(place) }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const host = /getaddrinfo \w+ (\S+)/.exec(message)?.[1] ?? where
    return { message: `the host name ${host} could not be resolved`, hint: nameHint(place) }
  }
  if (code === 'EPROTO' || /wrong version number|packet length too long/.test(message)) {
    return { message: `${where} does not speak TLS`, hint: 'write the endpoint with http:// instead of https://' }
  }
  if (code !== undefined && untrusted.test(code)) {
    return {
      message: `the certificate of ${where} is not trusted (${code})`,
      hint: 'point NODE_EXTRA_CA_CERTS at the certificate of its authority, or use http:// for a local engine',
    }
  }
  if (code?.startsWith('HPE_') === true) {
    return {
      message: `${where} does not speak HTTP`,
      hint: 'check the port of the endpoint, and whether it wants https://',
    }
  }
  if (code !== undefined && /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL|EACCES)$/.test(code)) {
    return { message: `${where} cannot be reached (${code})`, hint: 'check the network, the VPN and the proxy' }
  }
  if (name === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'ECONNRESET') {
    return { message: `no connection to ${where} could be made`, hint: 'check the network, the VPN and the proxy' }
  }
  return undefined
}

const untrusted = /^(CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS_CERT)/

function startHint({ endpoint }: Place): string {
  if (endpoint === undefined || !isLocalEndpoint(endpoint)) return 'check the endpoint, the network and the proxy'
  const port = new URL(endpoint).port || '8000'
  return `start DynamoDB Local there (docker run -p ${port}:8000 amazon/dynamodb-local), or use --local (startLocal in code), which needs nothing else`
}

function nameHint({ endpoint, region }: Place): string {
  if (endpoint !== undefined) return 'check the host of the endpoint; a container name is known inside its network only'
  return region === undefined ? 'check the network' : `check the network, and whether ${region} is the region you mean`
}

const contentType = ({ answer }: Place) => {
  const type = answer?.headers['content-type']?.split(';')[0]
  return type === undefined ? '' : `, ${type}`
}
