import type {
  $Command,
  DynamoDBClient,
  DynamoDBClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb'
import type { Input, Output } from '../settings/aws-operations.ts'
import { memberOf } from '../table/untyped.ts'
import { isClockProblem } from './errors.ts'
import { readFailure } from './failure.ts'
import type { Answer } from './recognise-engine.ts'

/** The part of the SDK that dynamox uses; a command that sdk-exports.ts lacks does not compile. */
export type Sdk = typeof import('./sdk-exports.ts')

type CommandName = Extract<keyof Sdk, `${string}Command`>

/** The operations that dynamox calls, by their AWS names: exactly the commands that sdk-exports.ts lists. */
export type Operation = CommandName extends infer Name ? (Name extends `${infer O}Command` ? O : never) : never

/** One call: the operation, its input and the table it concerns. */
export interface Call<O extends Operation> {
  readonly operation: O
  readonly input: Input<O>
  readonly table?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The data exchanged during one call. */
export interface Exchange {
  /** The credentials and signature of the request, once it is signed. */
  secrets: readonly string[]
  /** The last answer, whatever its status. */
  answer?: Answer | undefined
  /** The answer was incomplete or too large. */
  isBroken?: boolean
}

/**
 * Sends one call through the SDK, once. The middleware that reads the raw answer is added to the command, so that a
 * user-supplied client is not changed.
 */
export async function sendCall<O extends Operation>(
  sdk: Sdk,
  client: DynamoDBClient,
  { operation, input, signal }: Call<O>,
  exchange: Exchange,
): Promise<Output<O>> {
  // Input and Output are derived from this constructor, but TypeScript cannot infer that for a generic name.
  const named: unknown = sdk[`${operation}Command`]
  const Command = named as new (input: Input<O>) => SdkCommand<O>
  const options = signal === undefined ? {} : { abortSignal: signal }
  const sendOnce = () => {
    const command = new Command(input)
    command.middlewareStack.add(
      next => async args => {
        exchange.secrets = secretsOf(args.request)
        const result = await next(args)
        exchange.answer = readAnswer(args.request, result.response)
        await collectBody(result.response, exchange)
        return result
      },
      { step: 'deserialize', priority: 'low', name: 'dynamoxAnswer' },
    )
    return client.send(command, options)
  }
  return resendOnceClockIsCorrected(sendOnce)
}

type SdkCommand<O extends Operation> = $Command<
  Input<O>,
  Output<O>,
  DynamoDBClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>

/**
 * Resends once: a refusal because of the signature's time corrects the SDK's clock, but our client makes only one
 * attempt.
 */
export async function resendOnceClockIsCorrected<T>(sendOnce: () => Promise<T>): Promise<T> {
  try {
    return await sendOnce()
  } catch (error) {
    if (!isClockProblem(readFailure(error))) throw error
    return sendOnce()
  }
}

function secretsOf(request: unknown): readonly string[] {
  const headers = memberOf(request, 'headers')
  const authorization = memberOf(headers, 'authorization')
  const token = memberOf(headers, 'x-amz-security-token')
  const signature = typeof authorization === 'string' ? /Signature=(\w+)/.exec(authorization)?.[1] : undefined
  return [signature, token].filter(value => typeof value === 'string').filter(value => value.length >= 4)
}

function readAnswer(request: unknown, response: unknown): Answer | undefined {
  const host = memberOf(request, 'hostname')
  const status = memberOf(response, 'statusCode')
  const headers = memberOf(response, 'headers')
  if (typeof host !== 'string' || typeof status !== 'number' || typeof headers !== 'object' || headers === null)
    return undefined
  const texts = Object.entries(headers).filter(entry => typeof entry[1] === 'string')
  return { host, status, headers: Object.fromEntries(texts.map(([name, value]) => [name.toLowerCase(), value])) }
}

/** DynamoDB's largest answer is 1 MB of items (a page of a scan); an endless answer would fill the memory. */
const largestAnswer = 16 * 2 ** 20

/** Replaces the stream with the complete body, because the SDK would collect it without a limit. */
async function collectBody(response: unknown, exchange: Exchange): Promise<void> {
  const body = memberOf(response, 'body')
  if (!isByteStream(body) || typeof response !== 'object' || response === null) return
  const parts: Uint8Array[] = []
  let size = 0
  exchange.isBroken = true
  for await (const part of body) {
    size += part.length
    if (size > largestAnswer) throw new Error(`the answer is larger than ${largestAnswer / 2 ** 20} MB`)
    parts.push(part)
  }
  exchange.isBroken = false
  Reflect.set(response, 'body', parts.length === 1 ? parts[0] : Buffer.concat(parts))
}

function isByteStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof memberOf(body, Symbol.asyncIterator) === 'function'
}
