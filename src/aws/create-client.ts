import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { definedOnly } from '../table/untyped.ts'
import { isLocalEndpoint } from './endpoint.ts'
import type { Sdk } from './send-call.ts'
import type { Credentials, Target } from './target.ts'

/** DynamoDB answers table operations much faster than this. */
const requestTimeoutMs = 30_000
const connectTimeoutMs = 5_000

export interface ClientOptions {
  /** The maximum number of open sockets to the endpoint; at least 50. */
  readonly sockets?: number | undefined
}

/**
 * The SDK client for a target. It tries each call once: apply does the retries, because it can report and interrupt the
 * waits. Connections are kept alive and shared by all tables of a run.
 */
export function createClient(sdk: Sdk, target: Target, { sockets = 0 }: ClientOptions): DynamoDBClient {
  const agent = { keepAlive: true, maxSockets: Math.max(50, sockets) }
  const config: DynamoDBClientConfig = {
    maxAttempts: 1,
    // Otherwise the SDK prints its warnings to the console, as about keys in the environment beside a profile.
    logger: silent,
    // resolveTarget has already determined the endpoint; the SDK's own look-up ignores --profile.
    ignoreConfiguredEndpointUrls: true,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      socketTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: target.endpoint?.startsWith('http:') === true ? unused : agent,
      logger: silent,
    },
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
    ...(isLocalEndpoint(target.endpoint) ? nothingToAsk : {}),
    ...(target.region === undefined ? {} : { region: target.region }),
    ...(target.profile === undefined ? {} : { profile: target.profile }),
  }
  const credentials = chooseCredentials(sdk, target, config)
  const client = new sdk.DynamoDBClient(credentials === undefined ? config : { ...config, credentials })
  // It copies each input and output for the logger.
  client.middlewareStack.remove('loggerMiddleware')
  return client
}

type SdkCredentials = NonNullable<DynamoDBClientConfig['credentials']>

function chooseCredentials(sdk: Sdk, target: Target, config: DynamoDBClientConfig): SdkCredentials | undefined {
  const { credentials, fallbackCredentials } = target
  if (typeof credentials === 'function') return async () => toSdk(await credentials())
  if (credentials !== undefined) return toSdk(credentials)
  if (fallbackCredentials === undefined) return undefined
  // A local engine needs no sign-in, so an expired one must not cause a failure.
  const { credentials: chain } = new sdk.DynamoDBClient(config).config
  return () => chain().catch(() => toSdk(fallbackCredentials))
}

type GivenKeys = Awaited<ReturnType<Extract<Credentials, () => unknown>>>

/** Removes undefined members, which the SDK's types do not allow. */
function toSdk({ accessKeyId, secretAccessKey, sessionToken, accountId, expiration }: GivenKeys) {
  return definedOnly({ accessKeyId, secretAccessKey, sessionToken, accountId, expiration })
}

// Set these, so that the SDK does not read the shared AWS files; a local engine does not need them.
const nothingToAsk = {
  accountIdEndpointMode: 'disabled',
  authSchemePreference: ['sigv4'],
  disableClockSkewCorrection: false,
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
} satisfies DynamoDBClientConfig

// An https agent loads TLS, which an http endpoint does not need. The SDK accepts any object with `destroy` as an
// agent.
const unused = { keepAlive: true, destroy() {} }

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }
