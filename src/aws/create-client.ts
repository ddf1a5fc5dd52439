import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { isLocalEndpoint } from './endpoint.ts'
import type { Credentials, Target } from './target.ts'
import { agentOptions, connectTimeoutMs, requestTimeoutMs, type TransportOptions } from './transport.ts'

type Sdk = typeof import('@aws-sdk/client-dynamodb')

/**
 * The SDK's client for a target. It tries each call once: what to try again, and when, is decided in apply, where a
 * wait can be told and interrupted. Connections are kept alive and shared by all tables of a run.
 */
export function createClient(sdk: Sdk, target: Target, options: TransportOptions = {}): DynamoDBClient {
  const agent = agentOptions(options)
  const config: DynamoDBClientConfig = {
    maxAttempts: 1,
    // resolveTarget has settled the endpoint; the SDK's own look-up does not know of --profile.
    ignoreConfiguredEndpointUrls: true,
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: target.endpoint?.startsWith('http:') === true ? unused : agent,
      // Its warnings would go to the console.
      logger: silent,
    },
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
    ...(target.endpoint !== undefined && isLocalEndpoint(target.endpoint) ? nothingToAsk : {}),
    ...(target.region === undefined ? {} : { region: target.region }),
    ...(target.profile === undefined ? {} : { profile: target.profile }),
  }
  const credentials = chooseCredentials(sdk, target, config)
  return new sdk.DynamoDBClient(credentials === undefined ? config : { ...config, credentials })
}

function chooseCredentials(
  sdk: Sdk,
  target: Target,
  config: DynamoDBClientConfig,
): DynamoDBClientConfig['credentials'] {
  if (target.credentials !== undefined) return plain(target.credentials)
  const { fallbackCredentials } = target
  if (fallbackCredentials === undefined) return undefined
  // An expired sign-in must not keep anybody from an engine that needs none.
  const { credentials: chain } = new sdk.DynamoDBClient(config).config
  return () => chain().catch(() => withoutUndefined(fallbackCredentials))
}

/** Without members that are undefined, which the SDK's types do not allow. */
function plain(credentials: Credentials): NonNullable<DynamoDBClientConfig['credentials']> {
  if (typeof credentials === 'function') return async () => withoutUndefined(await credentials())
  return withoutUndefined(credentials)
}

interface SdkKeys {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  accountId?: string
  expiration?: Date
}

function withoutUndefined(keys: Awaited<ReturnType<Extract<Credentials, () => unknown>>>): SdkKeys {
  const { accessKeyId, secretAccessKey, sessionToken, accountId, expiration } = keys
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(expiration === undefined ? {} : { expiration }),
  }
}

// What the SDK would otherwise look for in the shared AWS files, and what an engine on this machine has no use for.
const nothingToAsk = {
  accountIdEndpointMode: 'disabled',
  authSchemePreference: ['sigv4'],
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
} satisfies DynamoDBClientConfig

// Making an agent for https takes loading TLS, which a plain endpoint has no use for. The SDK takes what can be destroyed
// for an agent of the user's own.
const unused = { keepAlive: true, destroy() {} }

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }
