import { DynamoxError } from '../errors.ts'

/** The endpoint without a trailing slash. Throws `usage` unless it is an http(s) URL. */
export function parseEndpoint(text: string, from: string): string {
  const url = parseUrl(text)
  if (url === undefined) {
    const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    throw new DynamoxError('usage', `${from} is not a URL: '${withoutUserInfo(text)}'`, {
      hint:
        hasScheme || text.trim() === ''
          ? 'write it like http://localhost:8000'
          : `add the scheme: http://${withoutUserInfo(text)}`,
    })
  }
  if (url.username !== '' || url.password !== '') {
    throw new DynamoxError('usage', `${from} must not contain a user name or password`, {
      hint: `use ${url.protocol}//${url.host}, and keep credentials in the environment or in a profile`,
    })
  }
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`
}

/** Whether there is an endpoint and it is on this machine, and so belongs to no AWS account. */
export function isLoopback(endpoint: string | undefined): boolean {
  const host = hostOf(endpoint)
  if (host === undefined) return false
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    /^127(\.\d+){3}$/.test(host) ||
    // The unspecified address connects to this machine.
    host === '0.0.0.0' ||
    host === '[::]' ||
    host === '[::1]' ||
    /^\[::ffff:7f[0-9a-f]{2}:/.test(host)
  )
}

/**
 * Whether there is an endpoint and it is on the user's own machine or network: loopback, a container's name (`http://dynamodb:8000`),
 * a private address, Docker's name for the host.
 */
export function isLocalEndpoint(endpoint: string | undefined): boolean {
  const host = hostOf(endpoint)
  if (host === undefined) return false
  return (
    isLoopback(endpoint) ||
    /^[a-z0-9_-]+$/.test(host) ||
    /\.(docker\.internal|local|test)$/.test(host) ||
    /^(10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|169\.254(\.\d+){2})$/.test(host) ||
    /^\[(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(host)
  )
}

/** Whether a target is an engine on the user's own machine or network. */
export function isLocalTarget(target: { readonly kind: string; readonly endpoint?: string | undefined }): boolean {
  return target.kind === 'local' || isLocalEndpoint(target.endpoint)
}

const awsDomains =
  '(amazonaws\\.com(\\.cn)?|amazonaws\\.eu|api\\.aws|api\\.amazonwebservices\\.com\\.cn|c2s\\.ic\\.gov|sc2s\\.sgov\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov)'
const awsHost = new RegExp(`\\.${awsDomains}$`, 'i')
const dynamoDBHost = new RegExp(
  `^(?:\\d{12}\\.ddb|(?:vpce-[a-z0-9-]+\\.)?dynamodb)(?:-fips)?\\.([a-z0-9-]+)(?:\\.vpce)?\\.${awsDomains}$`,
  'i',
)

/** Whether a host name belongs to AWS or to one of its customers, in any partition. */
export function isAwsHost(host: string): boolean {
  return awsHost.test(host)
}

/** Whether an endpoint is DynamoDB itself, over TLS. Other hosts under amazonaws.com may belong to customers of AWS. */
export function isDynamoDBHost(endpoint: string): boolean {
  return endpoint.startsWith('https:') && dynamoDBHost.test(hostOf(endpoint) ?? '')
}

/** The endpoint in one spelling, so that two that lead to the same place are equal: `aws` and the region for DynamoDB. */
export function sameEndpoint(endpoint: string): { readonly place: string; readonly region?: string } {
  const region = dynamoDBHost.exec(hostOf(endpoint) ?? '')?.[1]
  if (region !== undefined) return { place: 'aws', region }
  const { port, protocol, pathname } = new URL(endpoint)
  const host = isLoopback(endpoint) ? 'localhost' : hostOf(endpoint)
  return { place: `${host}:${port || (protocol === 'https:' ? '443' : '80')}${pathname.replace(/\/+$/, '')}` }
}

function hostOf(endpoint = ''): string | undefined {
  return parseUrl(endpoint)?.hostname.toLowerCase().replace(/\.$/, '')
}

function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url : undefined
}

const withoutUserInfo = (text: string) => text.replace(/[^/@]*@/, '')
