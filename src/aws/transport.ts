import type { Call, Operation, Output } from './operations.ts'
import type { Answer } from './recognise-engine.ts'

/** Carries one call to DynamoDB and its answer back. */
export interface Transport {
  /**
   * Sends once. Every HTTP answer is shown to `learn` first; one that is not a success, and a call that was not
   * answered, reject with an error that reads like the SDK's (`name`, `message`, `$metadata.httpStatusCode`).
   */
  send<O extends Operation>(call: Call<O>, learn: (answer: Answer) => void): Promise<Output<O>>
}

/** Nothing that dynamox asks takes DynamoDB half as long. */
export const requestTimeoutMs = 30_000
/** Nobody is there who would take a connection. */
export const connectTimeoutMs = 5_000

export interface TransportOptions {
  /** Sockets to the endpoint that may be open at once; at least 50. */
  readonly sockets?: number | undefined
}

/** Connections are kept alive and shared by all tables of a run. */
export const agentOptions = ({ sockets = 0 }: TransportOptions) => ({
  keepAlive: true,
  maxSockets: Math.max(50, sockets),
})

/** The headers of an answer by their names in lower case. */
export function plainHeaders(headers: object): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') plain[name.toLowerCase()] = value
  return plain
}
