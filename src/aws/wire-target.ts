import { isLocalEndpoint } from './endpoint.ts'
import type { KeyPair, Target } from './target.ts'

/** An engine on this machine or network, with a key pair at hand. */
export interface WireTarget {
  readonly endpoint: string
  readonly region: string
  readonly keys: KeyPair
}

/** The target as the wire needs it; `undefined` for AWS, and for keys that something must be asked for. */
export function wireTarget({ endpoint, region, credentials }: Partial<Target>): WireTarget | undefined {
  if (endpoint === undefined || region === undefined) return undefined
  if (!endpoint.startsWith('http:') || !isLocalEndpoint(endpoint)) return undefined
  if (credentials === undefined || typeof credentials === 'function') return undefined
  return { endpoint, region, keys: credentials }
}
