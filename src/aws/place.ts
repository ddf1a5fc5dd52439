import type { Answer } from './recognise-engine.ts'

/** Where a call went: what its errors name. */
export interface Place {
  readonly operation: string
  readonly table?: string | undefined
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
  readonly profile?: string | undefined
  /** The answer that the error came from, if any came. */
  readonly answer?: Answer | undefined
}

/** For people: the endpoint that was set, or DynamoDB with its region. */
export function nameOf({ endpoint, region }: Place): string {
  return endpoint ?? (region === undefined ? 'DynamoDB' : `DynamoDB in ${region}`)
}
