import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Refusal, TransientError } from '../apply/ports.ts'
import { DynamoxError } from '../errors.ts'
import type { Capabilities } from '../table/capabilities.ts'
import { createClient } from './create-client.ts'
import { isLocalEndpoint } from './endpoint.ts'
import { toDynamoxError } from './errors.ts'
import { type Failure, readFailure } from './failure.ts'
import { notDynamoDB, silentTarget } from './network-errors.ts'
import type { Call, Operation, Output } from './operations.ts'
import type { Place } from './place.ts'
import { type Answer, capabilitiesOf, presumed } from './recognise-engine.ts'
import { classifyRefusal } from './refusals.ts'
import { createSdkTransport } from './sdk-transport.ts'
import type { Target } from './target.ts'
import type { Transport, TransportOptions } from './transport.ts'
import { wireTarget } from './wire-target.ts'

type Sdk = typeof import('@aws-sdk/client-dynamodb')

export interface SessionOptions extends TransportOptions {
  /** Whether items are sent or read. They may hold binary values, which the SDK alone encodes. */
  readonly items?: boolean | undefined
}

/** What became of one call. `refusal` without `output` for "not now" and "no"; both absent never happens. */
export type Attempt<O> =
  | { readonly output: O; readonly refusal?: undefined }
  | { readonly output?: undefined; readonly refusal: Refusal | undefined }

/** A client and what was learnt from its answers. One for each TableApi. */
export interface Session {
  /** The SDK and the client, loaded and made at the first call. */
  open(): Promise<{ readonly sdk: Sdk; readonly client: DynamoDBClient }>
  /** Sends once. Refusals are returned, anything else that fails is thrown as a DynamoxError. */
  attempt<O extends Operation>(call: Call<O>): Promise<Attempt<Output<O>>>
  /** The same for a read: `undefined` for not found, a TransientError for what passes, a DynamoxError for the rest. */
  read<O extends Operation>(call: Call<O>): Promise<Output<O> | undefined>
  capabilities(): Capabilities
  /** Region and endpoint as far as they are known; complete once `open` and an answer have come. */
  place(): {
    readonly region: string | undefined
    readonly endpoint: string | undefined
    readonly profile: string | undefined
  }
}

/** Nothing is loaded or contacted until the first call. */
export function createSession(target: Target | { readonly client: DynamoDBClient }, options: SessionOptions): Session {
  const settings: Partial<Target> = 'client' in target ? {} : target
  // Without its endpoint the embedded engine's requests would go to AWS.
  if (settings.kind === 'local' && settings.endpoint === undefined) {
    throw new DynamoxError('internal', 'the embedded engine was not started before it was used')
  }
  let opened: Promise<{ sdk: Sdk; client: DynamoDBClient }> | undefined
  let chosen: Promise<Transport> | undefined
  let region = settings.region
  let endpoint = settings.endpoint
  let last: Answer | undefined
  let capabilities = presumed(target)
  let shown = false

  const open = () => {
    opened ??= load()
    return opened
  }

  async function load() {
    const sdk = await import('@aws-sdk/client-dynamodb')
    if (!('client' in target)) return { sdk, client: createClient(sdk, target, options) }
    const custom = await target.client.config.endpoint?.()
    if (custom !== undefined) {
      const port = custom.port === undefined ? '' : `:${custom.port}`
      endpoint = `${custom.protocol}//${custom.hostname}${port}${custom.path.replace(/\/+$/, '')}`
    }
    return { sdk, client: target.client }
  }

  async function choose(): Promise<Transport> {
    const wire = options.items === true ? undefined : wireTarget(settings)
    if (wire !== undefined) return (await import('./wire.ts')).createWire(wire, options)
    const { sdk, client } = await open()
    return createSdkTransport(sdk, client)
  }

  const place = () => ({ region, endpoint, profile: settings.profile })

  function learn(answer: Answer) {
    last = answer
    // Once shown it stays known: one odd answer, from a proxy in between, does not unlearn what an earlier one showed.
    if (shown) return
    const found = capabilitiesOf(answer)
    shown = found.engine !== 'unknown'
    if (shown) capabilities = found
  }

  async function attempt<O extends Operation>(call: Call<O>): Promise<Attempt<Output<O>>> {
    chosen ??= choose()
    const transport = await chosen
    const answered = last !== undefined && capabilities.engine !== 'unknown'
    try {
      region ??= await (await open()).client.config.region()
      return { output: await transport.send(call, learn) }
    } catch (error) {
      return { refusal: sort(error, call, answered) }
    }
  }

  function sort(
    error: unknown,
    call: { operation: string; table?: string | undefined },
    answered: boolean,
  ): Refusal | undefined {
    const failed: Place = {
      ...place(),
      operation: call.operation,
      table: call.table,
      answer: failedAnswer(error, last),
    }
    // AWS's own front end may fail with a page of HTML; at an endpoint it is likelier that something else listens.
    const doubtful = endpoint !== undefined && !answered
    if (doubtful && failed.answer !== undefined && !isDynamoDBAnswer(failed.answer, error))
      throw notDynamoDB(failed, error)
    const refusal = classifyRefusal(error, call.operation)
    if (refusal === 'accepted') return undefined
    if (refusal !== undefined) return refusal
    const thrown = toDynamoxError(error, failed)
    // A network that worked a moment ago and is AWS's comes back; an engine that was stopped does not.
    if (thrown.code === 'network' && answered && (endpoint === undefined || !isLocalEndpoint(endpoint))) {
      return { kind: 'unavailable', message: thrown.message, cause: thrown }
    }
    throw thrown
  }

  async function read<O extends Operation>(call: Call<O>): Promise<Output<O> | undefined> {
    const { output, refusal } = await attempt(call)
    if (output !== undefined) return output
    if (refusal === undefined || refusal.kind === 'not-found') return undefined
    if (last === undefined && refusal.kind === 'unavailable' && isNoAnswer(readFailure(refusal.cause)))
      throw silentTarget({ ...place(), ...call }, refusal.cause)
    if (refusal.kind === 'throttled' || refusal.kind === 'unavailable') throw new TransientError(refusal)
    throw new DynamoxError('aws', `${call.operation} was refused: ${refusal.message}`, { table: call.table })
  }

  return { open, attempt, read, capabilities: () => capabilities, place }
}

/** The answer an error came from: only when the error carries an HTTP status is it more than a lost connection. */
function failedAnswer(error: unknown, last: Answer | undefined): Answer | undefined {
  return readFailure(error).status === undefined ? undefined : last
}

/** The request's time ran out; the SDK gives broken connections the same name. */
function isNoAnswer({ name, code }: Failure): boolean {
  return name === 'TimeoutError' && code !== 'ECONNRESET' && code !== 'EPIPE'
}

/** DynamoDB and everything that stands in for it answers in its own JSON type and names its errors. */
function isDynamoDBAnswer({ headers }: Answer, error: unknown): boolean {
  if (/^application\/x-amz-json/.test(headers['content-type'] ?? '') || headers['x-amzn-requestid'] !== undefined)
    return true
  const { name } = readFailure(error)
  return !['', 'Error', 'SyntaxError', 'Unknown', 'UnknownError'].includes(name)
}
