import { setMaxListeners } from 'node:events'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Clock, systemClock } from '../apply/clock.ts'
import { type ReadOptions, type Refusal, TransientError } from '../apply/ports.ts'
import { DynamoxError } from '../errors.ts'
import type { Output } from '../settings/aws-operations.ts'
import type { Capabilities, Feature } from '../table/capabilities.ts'
import { createClient } from './create-client.ts'
import { isAwsHost, isLocalEndpoint } from './endpoint.ts'
import { nameOf, notDynamoDB, type Place, silentTarget, statusOf, toDynamoxError, unexpectedAnswer } from './errors.ts'
import { classifyRefusal, readFailure, redact } from './failure.ts'
import { type Answer, capabilitiesOf, presumed } from './recognise-engine.ts'
import { type Call, type Exchange, type Operation, type Sdk, sendCall } from './send-call.ts'
import type { Target } from './target.ts'

export interface SessionOptions {
  /** The maximum number of open sockets to the endpoint; at least 50. */
  readonly sockets?: number | undefined
  readonly clock?: Clock | undefined
}

/** The result of one call: an output, or a refusal (`undefined` when the table already has the requested state). */
export type Attempt<O> =
  | { readonly output: O; readonly refusal?: undefined }
  | { readonly output?: undefined; readonly refusal: Refusal | undefined }

/** A client and the facts learnt from its answers. One for each TableApi. */
export interface SdkSession {
  /** The client, created on the first call. */
  client(): Promise<DynamoDBClient>
  /** Sends once. Refusals are returned, every other failure is thrown as a DynamoxError. */
  attempt<O extends Operation>(call: Call<O>): Promise<Attempt<Output<O>>>
  /**
   * Like `attempt`, for a read: returns `undefined` for not found, throws a TransientError for temporary failures and a
   * DynamoxError for others.
   */
  read<O extends Operation>(call: Call<O>): Promise<Output<O> | undefined>
  capabilities(): Capabilities
  /** Records that the target does not support a feature: it is not read again, and left out of comparisons. */
  lacks(feature: Feature): void
  readonly clock: Clock
  /** The session with another region, with the same credentials; made once for each. */
  inRegion(region: string): SdkSession
  /** The known parts of region, endpoint and profile; complete once a call was made. */
  place(): Pick<Place, 'region' | 'endpoint' | 'profile' | 'withheld'>
}

/** A client of the user's, or a copy of it for another region. */
interface GivenClient {
  readonly client: DynamoDBClient
  readonly region?: string
}

/**
 * The target in another region. An endpoint of AWS serves one region; any other endpoint gets the requests for every
 * region.
 */
function elsewhere(target: Target, region: string): Target {
  const isRegional = target.endpoint !== undefined && isAwsHost(new URL(target.endpoint).hostname)
  return isRegional ? { ...target, kind: 'aws', region, endpoint: undefined } : { ...target, region }
}

/** Nothing is loaded or contacted until the first call. */
export function createSession(target: Target | GivenClient, options: SessionOptions): SdkSession {
  const settings: Partial<Target> = 'client' in target ? {} : target
  // Without its endpoint, requests to the embedded engine would go to AWS.
  if (settings.kind === 'local' && settings.endpoint === undefined) {
    throw new DynamoxError('internal', 'the embedded engine was not started before it was used')
  }
  const clock = options.clock ?? systemClock
  let opened: ReturnType<typeof load> | undefined
  let { region, endpoint } = settings
  let capabilities = presumed(target)
  /** Whether an answer has identified the engine. */
  let recognised = false
  /** Whether anything has answered in DynamoDB's protocol. */
  let spoke = false

  const open = () => {
    opened ??= load()
    return opened
  }

  async function load() {
    const sdk: Sdk = await import('./sdk-exports.ts')
    if (!('client' in target)) return { sdk, client: createClient(sdk, target, options) }
    const custom = await target.client.config.endpoint?.()
    const { region: other } = target
    if (custom !== undefined) {
      const port = custom.port === undefined ? '' : `:${custom.port}`
      endpoint = `${custom.protocol}//${custom.hostname}${port}${custom.path.replace(/\/+$/, '')}`
    }
    if (other === undefined) return { sdk, client: target.client }
    // An endpoint of AWS is of one region.
    const isRegional = custom !== undefined && isAwsHost(custom.hostname)
    if (isRegional) endpoint = undefined
    return { sdk, client: copyFor(sdk, target.client, other, isRegional ? undefined : target.client.config.endpoint) }
  }

  const place = () => ({ region, endpoint, profile: settings.profile, withheld: settings.withheld })

  function learn({ answer }: Exchange) {
    // Keep the first identification: a later odd answer may come from a proxy.
    if (answer === undefined || recognised) return
    const found = capabilitiesOf(answer)
    recognised = found.engine !== 'unknown'
    if (recognised) capabilities = found
  }

  async function attempt<O extends Operation>(call: Call<O>): Promise<Attempt<Output<O>>> {
    if (call.signal !== undefined) setMaxListeners(0, call.signal)
    for (let tries = 1; ; tries += 1) {
      const exchange: Exchange = { secrets: [] }
      const hadAnswered = spoke
      try {
        const { sdk, client } = await open()
        region ??= await client.config.region()
        const output = await sendCall(sdk, client, call, exchange)
        learn(exchange)
        spoke = true
        return { output }
      } catch (error) {
        redact(error, exchange.secrets)
        learn(exchange)
        if (exchange.answer !== undefined && isDynamoDBAnswer(exchange.answer, error)) spoke = true
        // On the first call, a gateway error may mean that the server is still starting.
        const isStarting = !hadAnswered && isRead(call.operation) && isGatewayError(exchange, error)
        if (isStarting && endpoint !== undefined && tries < 3 && call.signal?.aborted !== true) {
          await clock.sleep(tries * 500, call.signal)
          continue
        }
        return { refusal: sort(error, call, exchange, hadAnswered) }
      }
    }
  }

  function sort<O extends Operation>(
    error: unknown,
    { operation, table, signal }: Call<O>,
    exchange: Exchange,
    hadAnswered: boolean,
  ): Refusal | undefined {
    const { answer } = exchange
    const at: Place = { ...place(), operation, table, answer }
    if (signal?.aborted === true) {
      throw new DynamoxError('interrupted', `interrupted during ${operation}`, { table, cause: error })
    }
    if (answer !== undefined && !isDynamoDBAnswer(answer, error)) {
      const foreign = sortForeign(answer, at, error, hadAnswered)
      if (foreign !== undefined) return foreign
    } else if (answer !== undefined && (answer.status < 300 || exchange.isBroken === true || isUnparsable(error))) {
      return unreadable(at, error)
    }
    const refusal = classifyRefusal(error, operation)
    if (refusal === 'accepted') return undefined
    if (refusal !== undefined) return refusal
    const thrown = toDynamoxError(error, at)
    // Retry a lost connection to AWS that worked before; a local engine that was stopped does not come back.
    if (thrown.code === 'network' && hadAnswered && !isLocalEndpoint(endpoint)) {
      return { kind: 'unavailable', message: thrown.message, cause: thrown }
    }
    throw thrown
  }

  /**
   * Classifies an answer that is not in DynamoDB's protocol: from a proxy, an emulator's web framework, or another
   * server.
   */
  function sortForeign({ status }: Answer, at: Place, error: unknown, hadAnswered: boolean): Refusal | undefined {
    const isKnown = hadAnswered || endpoint === undefined || capabilities.engine === 'aws'
    if (status === 501 || (isKnown && isSideCall(at.operation) && capabilities.engine !== 'aws' && isOwnError(status)))
      return { kind: 'unsupported', message: `${nameOf(at)} does not support ${at.operation}${statusOf(at)}` }
    const isRefused = status >= 300 && status < 500
    // The change may have been carried out although a proxy replaced the answer; DescribeTable decides.
    if (!isKnown && (isRefused || isRead(at.operation))) throw notDynamoDB(at, error)
    if (isRefused) throw unexpectedAnswer(at, error)
    return unreadable(at, error)
  }

  async function read<O extends Operation>(call: Call<O>): Promise<Output<O> | undefined> {
    const { output, refusal } = await attempt(call)
    if (output !== undefined) return output
    if (refusal === undefined || refusal.kind === 'not-found') return undefined
    const at = { ...place(), ...call }
    if (!spoke && refusal.kind === 'unavailable' && isNoAnswer(refusal.cause)) throw silentTarget(at, refusal.cause)
    if (mayPass(refusal)) throw new TransientError(refusal)
    throw new DynamoxError('aws', `${call.operation} was refused: ${refusal.message}`, { table: call.table })
  }

  const regions = new Map<string, SdkSession>()
  function inRegion(name: string): SdkSession {
    const known = regions.get(name)
    if (known !== undefined) return known
    const made = createSession(
      'client' in target ? { client: target.client, region: name } : elsewhere(target, name),
      options,
    )
    regions.set(name, made)
    return made
  }

  return {
    clock,
    inRegion,
    client: async () => (await open()).client,
    attempt,
    read,
    capabilities: () => capabilities,
    lacks(feature) {
      if (!capabilities.ignores.includes(feature))
        capabilities = { ...capabilities, ignores: [...capabilities.ignores, feature] }
    },
    place,
  }
}

/** The SDK's resolved configuration is valid input; region and endpoint aside, it is shared with the user's client. */
function copyFor(
  sdk: Sdk,
  { config }: DynamoDBClient,
  region: string,
  endpoint: DynamoDBClient['config']['endpoint'],
): DynamoDBClient {
  const { credentials, requestHandler, useFipsEndpoint, useDualstackEndpoint } = config
  return new sdk.DynamoDBClient({
    ...{ region, credentials, requestHandler, useFipsEndpoint, useDualstackEndpoint, maxAttempts: 1 },
    ...(endpoint === undefined ? {} : { endpoint }),
  })
}

const unreadable = (at: Place, cause: unknown): Refusal => ({
  kind: 'unavailable',
  message: `${nameOf(at)} answered ${at.operation} with something that cannot be read${statusOf(at)}`,
  cause,
})

const isRead = (operation: string) => /^(Describe|List|Get|Scan)/.test(operation)

const isSideCall = (operation: string) =>
  !/^(Create|Describe|Update|Delete)Table$|^ListTables$|Item$|^Scan$/.test(operation)

/** Whether the server itself sent the error, not a proxy whose server is busy, down or not open to this user. */
const isOwnError = (status: number) => status >= 400 && ![401, 403, 407, 429, 502, 503, 504].includes(status)

const isGatewayError = ({ answer }: Exchange, error: unknown) =>
  answer !== undefined && answer.status >= 500 && answer.status !== 501 && !isDynamoDBAnswer(answer, error)

/** DynamoDB and its emulators answer with its own JSON content type and an error name. */
function isDynamoDBAnswer({ headers }: Answer, error: unknown): boolean {
  if (/^application\/x-amz-json/.test(headers['content-type'] ?? '') || headers['x-amzn-requestid'] !== undefined)
    return true
  const { name } = readFailure(error)
  return !['', 'Error', 'TypeError', 'SyntaxError', 'Unknown', 'UnknownError'].includes(name)
}

const isUnparsable = (error: unknown) => readFailure(error).name === 'SyntaxError'

/** Whether the request timed out; the SDK uses the same name for broken connections. */
function isNoAnswer(error: unknown): boolean {
  const { name, code } = readFailure(error)
  return name === 'TimeoutError' && code !== 'ECONNRESET' && code !== 'EPIPE'
}

/** Whether the same call may be accepted a moment later. */
export function mayPass(refusal: Refusal | undefined): refusal is TransientError['refusal'] {
  return refusal?.kind === 'throttled' || refusal?.kind === 'unavailable'
}

interface Patience extends ReadOptions {
  /** Starts the message of the error: `users`. */
  readonly subject: string
  readonly table?: string | undefined
  /** How often to try; for about six seconds by default. */
  readonly tries?: number | undefined
  readonly clock?: Clock | undefined
}

/** Reads again while DynamoDB throttles or does not answer. Throws `throttled` or `network` after the last try. */
export async function patiently<T>(read: () => Promise<T>, options: Patience): Promise<T> {
  const { subject, table, tries = 6, clock = systemClock, signal } = options
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      if (signal?.aborted === true) throw new DynamoxError('interrupted', `${subject}: interrupted`, { table })
      if (attempt === tries) {
        const { kind, message } = error.refusal
        const isThrottled = kind === 'throttled'
        throw new DynamoxError(isThrottled ? 'throttled' : 'network', `${subject}: ${message}`, {
          hint: isThrottled ? 'try again in a moment, when fewer programs send requests' : undefined,
          table,
          cause: error,
        })
      }
      await clock.sleep(100 * 2 ** attempt, signal)
    }
  }
}
