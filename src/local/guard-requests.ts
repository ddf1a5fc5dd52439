import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIPv6 } from 'node:net'
import { DynamoxError } from '../errors.ts'
import type { Allowed, LocalEngineName } from './engines/engine.ts'

export const allowedNothing: Allowed = { hosts: [], origins: [] }

/**
 * Checks the allowed hosts and origins. Throws `usage` for a value that is not valid, or that the engine does not
 * support.
 */
export function parseAllowed(
  engine: LocalEngineName,
  hosts: readonly string[] = [],
  origins: readonly string[] = [],
): Allowed {
  for (const host of hosts) {
    if (!/^[\w-]+(\.[\w-]+)*$/.test(host) && !isIPv6(host)) {
      throw new DynamoxError('usage', `${JSON.stringify(host)} is not a valid host to allow`, {
        hint: 'give a name or an address without a port: --allow-host host.docker.internal',
      })
    }
  }
  for (const origin of origins) {
    if (!/^https?:/.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new DynamoxError('usage', `${JSON.stringify(origin)} is not a valid origin to allow`, {
        hint: 'give scheme, host and port as the browser sends them: --allow-origin http://localhost:3000',
      })
    }
  }
  if (hosts.length > 0 && engine !== 'dynalite') throw unsupported('--allow-host', engine, 'dynalite')
  if (origins.length > 0 && engine !== 'dynalite' && engine !== 'dynamodb-local') {
    throw unsupported('--allow-origin', engine, 'dynalite and dynamodb-local')
  }
  return { hosts, origins }
}

/** The error for an option that only some engines have. */
export const unsupported = (flag: string, engine: LocalEngineName, engines: string): DynamoxError =>
  new DynamoxError('usage', `${flag} is not supported by ${engine}, only by ${engines}`)

/**
 * Returns whether the engine may handle a request; otherwise answers it with an error. Any web page can send requests
 * to this machine, also through a host name that resolves to it. A page is answered only when its origin is allowed,
 * and never with a wildcard; dynalite would allow every page.
 */
export function admit(request: IncomingMessage, response: ServerResponse, allowed: readonly Allowed[]): boolean {
  const host = hostName(request.headers.host)
  if (!isLoopbackName(host) && !allowed.some(({ hosts }) => hosts.some(name => name.toLowerCase() === host))) {
    return refuse(response, `the host "${host}" is not allowed; dynamox local --allow-host ${host} allows it`)
  }
  const { origin } = request.headers
  if (origin === undefined) return true
  if (!allowed.some(({ origins }) => origins.includes(origin))) {
    return refuse(response, `the origin "${origin}" is not allowed; dynamox local --allow-origin ${origin} allows it`)
  }
  // Without this header, the engine adds no CORS headers of its own.
  Reflect.deleteProperty(request.headers, 'origin')
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Access-Control-Expose-Headers', 'x-amzn-RequestId, x-amz-crc32')
  response.setHeader('Vary', 'Origin')
  if (request.method !== 'OPTIONS') return true
  const asked = request.headers['access-control-request-headers']
  response
    .writeHead(204, {
      'Access-Control-Allow-Methods': 'POST',
      ...(asked === undefined ? {} : { 'Access-Control-Allow-Headers': asked }),
      'Access-Control-Max-Age': 600,
    })
    .end()
  return false
}

/** The requests that are being answered. */
export interface Requests {
  add(response: ServerResponse): void
  /** Milliseconds since the last request arrived or was answered. */
  quietMs(): number
  /** Resolves when all requests are answered. */
  finished(): Promise<void>
}

/**
 * Keeps the engine running: dynalite throws uncaught errors when a client disconnects during a request, and when its
 * store refuses a write. The first is ignored; the second is answered with DynamoDB's internal error, which clients
 * retry.
 */
export function guardRequests(): Requests {
  const open = new Set<ServerResponse>()
  const waiting: (() => void)[] = []
  let last = performance.now()
  process.on('uncaughtException', (error: Error & { code?: string }) => {
    if (error.code === 'ECONNRESET' || error.code === 'ERR_HTTP_HEADERS_SENT') return
    for (const response of open) {
      answerError(response, 500, 'com.amazonaws.dynamodb.v20120810#InternalServerError', describe(error))
    }
  })
  return {
    add: response => {
      open.add(response)
      last = performance.now()
      response.once('close', () => {
        last = performance.now()
        open.delete(response)
        if (open.size === 0) for (const resolve of waiting.splice(0)) resolve()
      })
    },
    quietMs: () => (open.size === 0 ? performance.now() - last : 0),
    finished: () => new Promise(resolve => (open.size === 0 ? resolve() : waiting.push(resolve))),
  }
}

const describe = (error: Error): string => `the embedded engine failed: ${error.message}`

function refuse(response: ServerResponse, message: string): false {
  answerError(response, 403, 'com.amazon.coral.service#AccessDeniedException', message)
  return false
}

function answerError(response: ServerResponse, status: number, type: string, message: string): void {
  if (response.headersSent || response.destroyed) return
  const body = JSON.stringify({ __type: type, message })
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(body)
}

/** The name in a Host header: without its port, and without the brackets of an IPv6 address. */
const hostName = (header: string | undefined): string =>
  (header ?? '')
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')

const isLoopbackName = (name: string): boolean =>
  name === 'localhost' || name === '::1' || name.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(name)
