import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { attempt, DynamoxError } from '../errors.ts'
import type { EngineName } from '../table/capabilities.ts'
import { suggestion } from '../table/did-you-mean.ts'
import type { EnvironmentVariables } from '../table/environment-variable.ts'
import { exampleCredentials, localRegion, servedEndpoint } from '../table/local-credentials.ts'
import { isRegionName, noSuchRegion } from '../table/region.ts'
import { isDynamoDBHost, isLocalEndpoint, parseEndpoint, sameEndpoint } from './endpoint.ts'

/** The target settings from flags, config or a constructor. */
export interface TargetOptions {
  /** From AWS_REGION or the profile when left out. */
  readonly region?: string | undefined
  /** A profile of the shared AWS files; from AWS_PROFILE when left out. */
  readonly profile?: string | undefined
  /** A URL such as `http://localhost:8000`. */
  readonly endpoint?: string | undefined
  /** `config`: the endpoint was read from a config file, which may be someone else's; see `resolveTarget`. */
  readonly endpointFrom?: 'config' | undefined
  /** The embedded engine. */
  readonly local?: boolean | undefined
  /** Used instead of the SDK's credential chain. */
  readonly credentials?: Credentials | undefined
}

/** An AWS access key, with the session token of temporary credentials. */
export interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** The account, where the source of the keys knows it. */
  readonly accountId?: string | undefined
}

/** A key pair, or a function that returns one and is called again when it has expired, as in the SDK. */
export type Credentials = KeyPair | (() => Promise<KeyPair & { readonly expiration?: Date | undefined }>)

/** Where requests go, resolved. Absent values are left to the SDK's standard chain. */
export interface Target {
  /** `local`: an engine that this process starts or shares. */
  readonly kind: 'aws' | 'endpoint' | 'local'
  /** Which engine a `local` one is; the embedded one when absent. */
  readonly engine?: EngineName | undefined
  /** The region that requests are signed for. */
  readonly region?: string | undefined
  /** The profile whose credentials the SDK reads. */
  readonly profile?: string | undefined
  /** An endpoint other than AWS's own, without a trailing slash. */
  readonly endpoint?: string | undefined
  /** Used instead of the SDK's credential chain. */
  readonly credentials?: Credentials | undefined
  /** Used when the SDK's chain finds no credentials; for local endpoints only. */
  readonly fallbackCredentials?: KeyPair | undefined
  /** The user's own credentials are not sent, because the endpoint comes from a config file. */
  readonly withheld?: boolean | undefined
  /** The STS endpoint for finding the account, if it is not AWS's own. */
  readonly stsEndpoint?: string | undefined
}

/**
 * Determines region, endpoint, profile and credentials: from `settings` (flags over config), then the standard AWS
 * environment, then the shared files. Sends no requests; reads only those files.
 *
 * A local endpoint needs no other setting: the region defaults to us-east-1 and the keys to AWS's example pair. Keys
 * from the environment or a profile are used if present.
 *
 * Real credentials go to DynamoDB's own hosts and to an endpoint that the user named. An endpoint of a config file
 * (`endpointFrom: 'config'`) gets the example pair, unless DYNAMOX_TRUST_CONFIG_ENDPOINT is 1.
 *
 * Throws `usage` for an endpoint that is not a URL, an impossible region of AWS, an unknown profile, and for `local` together with an endpoint.
 */
export function resolveTarget(settings: TargetOptions, env: EnvironmentVariables): Target {
  const profileName = filled(settings.profile) ?? filled(env.AWS_PROFILE)
  const shared = readSharedConfig(env)
  const profile = shared.profile(profileName ?? 'default')
  const region =
    filled(settings.region) ?? filled(env.AWS_REGION) ?? filled(env.AWS_DEFAULT_REGION) ?? filled(profile?.region)
  const named = {
    profile: profile === undefined ? undefined : profileName,
    stsEndpoint: stsEndpoint(env, profile),
    credentials: settings.credentials,
  }

  if (settings.local === true) {
    if (filled(settings.endpoint) !== undefined) {
      throw new DynamoxError('usage', 'endpoint and local cannot be combined', {
        hint: 'give one of them: endpoint for an engine that already runs, local for the embedded one',
      })
    }
    const keys = { region: region ?? localRegion, credentials: settings.credentials ?? exampleCredentials }
    // Inside `dynamox local -- command`, `local` means the engine that serves this command.
    const served = filled(env[servedEndpoint])
    if (served !== undefined) return { kind: 'endpoint', endpoint: parseEndpoint(served, servedEndpoint), ...keys }
    return { kind: 'local', ...keys }
  }
  const endpoint = configuredEndpoint(settings, env, profile)
  const mayLack = isLocalEndpoint(endpoint) && filled(settings.profile) === undefined
  if (profileName !== undefined && profile === undefined && !mayLack) throw noSuchProfile(profileName, shared.names)
  if (endpoint === undefined) {
    if (region !== undefined && !isRegionName(region)) {
      const { message, hint } = noSuchRegion(region)
      throw new DynamoxError('usage', message, { hint })
    }
    return { kind: 'aws', region, ...named }
  }
  if (!isTrusted(endpoint, settings, env)) {
    const withheld = !isLocalEndpoint(endpoint) || hasOwnCredentials(settings, env, profile)
    return { kind: 'endpoint', endpoint, region: region ?? localRegion, credentials: exampleCredentials, withheld }
  }
  if (!isLocalEndpoint(endpoint)) return { kind: 'endpoint', endpoint, region, ...named }
  return {
    kind: 'endpoint',
    endpoint,
    region: region ?? localRegion,
    ...named,
    ...localCredentials(settings, env, profile),
  }
}

/**
 * Where the tables of a target are, as a text that is equal for the same place. A profile counts on AWS only, where it
 * may belong to another account.
 */
export function placeKey({ kind, endpoint, region, profile }: Target, otherRegion?: string): string {
  if (kind === 'local') return 'local'
  const same: ReturnType<typeof sameEndpoint> = endpoint === undefined ? { place: 'aws' } : sameEndpoint(endpoint)
  const at = otherRegion ?? same.region ?? region
  return JSON.stringify(same.place === 'aws' ? [same.place, at, profile] : [same.place, at])
}

function configuredEndpoint(
  settings: TargetOptions,
  env: EnvironmentVariables,
  profile: Profile | undefined,
): string | undefined {
  const given = filled(settings.endpoint)
  if (given !== undefined) return parseEndpoint(given, 'the endpoint')
  if (ignoresEndpoints(env, profile)) return undefined
  for (const name of ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL']) {
    const value = filled(env[name])
    if (value !== undefined) return parseEndpoint(value, name)
  }
  const ofProfile = filled(profile?.endpoint)
  return ofProfile === undefined ? undefined : parseEndpoint(ofProfile, 'endpoint_url of the AWS profile')
}

/** Whether the user's own credentials may be sent to the endpoint. */
function isTrusted(endpoint: string, { endpointFrom, credentials }: TargetOptions, env: EnvironmentVariables): boolean {
  if (endpointFrom !== 'config' || credentials !== undefined || isDynamoDBHost(endpoint)) return true
  return /^(1|true|yes)$/i.test(filled(env.DYNAMOX_TRUST_CONFIG_ENDPOINT) ?? '')
}

function hasOwnCredentials(
  { profile }: TargetOptions,
  env: EnvironmentVariables,
  shared: Profile | undefined,
): boolean {
  const key = filled(env.AWS_ACCESS_KEY_ID)
  return (
    (key !== undefined && key !== exampleCredentials.accessKeyId) ||
    filled(profile) !== undefined ||
    shared?.hasCredentials === true
  )
}

function stsEndpoint(env: EnvironmentVariables, profile: Profile | undefined): string | undefined {
  if (ignoresEndpoints(env, profile)) return undefined
  const value = filled(env.AWS_ENDPOINT_URL_STS) ?? filled(env.AWS_ENDPOINT_URL)
  return value === undefined ? undefined : parseEndpoint(value, 'the endpoint of STS in the environment')
}

function noSuchProfile(name: string, names: readonly string[]): DynamoxError {
  const known = names.length === 0 ? '~/.aws/config has no profiles' : `the profiles are ${names.join(', ')}`
  return new DynamoxError('usage', `the AWS profile '${name}' was not found${suggestion(name, names)}`, {
    hint: `${known}; AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name the files of profiles`,
  })
}

/**
 * For a local endpoint, the SDK's credential chain is used only when a profile has credentials: outside EC2, its last
 * provider, the metadata service, takes seconds to fail.
 */
function localCredentials(
  settings: TargetOptions,
  env: EnvironmentVariables,
  profile: Profile | undefined,
): Partial<Target> {
  if (settings.credentials !== undefined) return {}
  const named = filled(settings.profile) !== undefined
  const [accessKeyId, secretAccessKey] = [filled(env.AWS_ACCESS_KEY_ID), filled(env.AWS_SECRET_ACCESS_KEY)]
  const keys =
    accessKeyId === undefined || secretAccessKey === undefined || named
      ? undefined
      : { accessKeyId, secretAccessKey, sessionToken: filled(env.AWS_SESSION_TOKEN) }
  // The credentials of an explicitly chosen profile must work; do not fall back to other keys.
  if (profile?.hasCredentials === true) return named ? {} : { fallbackCredentials: keys ?? exampleCredentials }
  return { credentials: keys ?? exampleCredentials }
}

function ignoresEndpoints(env: EnvironmentVariables, profile: Profile | undefined): boolean {
  const said = filled(env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)
  return said === undefined ? profile?.ignoreEndpoints === true : said.toLowerCase() === 'true'
}

const filled = (value: string | undefined) => (value === undefined || value.trim() === '' ? undefined : value.trim())

/** The part of a profile that determines the target; credentials are read by the SDK. */
interface Profile {
  readonly region?: string | undefined
  /** From `endpoint_url`, or from the `services` section the profile names. */
  readonly endpoint?: string | undefined
  readonly ignoreEndpoints: boolean
  /** Whether the profile has a source of credentials: keys, a role, SSO, a process. */
  readonly hasCredentials: boolean
}

type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

interface SharedConfig {
  readonly names: readonly string[]
  /** `undefined` when neither file names the profile. */
  profile(name: string): Profile | undefined
}

/**
 * Reads `~/.aws/config` and `~/.aws/credentials`. The SDK's own loader is asynchronous, but the constructor of
 * DynamoxClient must report an unknown profile. The SDK also reads `endpoint_url` only from the profile in AWS_PROFILE,
 * so `--profile local` would go to the wrong endpoint.
 */
function readSharedConfig(env: EnvironmentVariables): SharedConfig {
  // `||`: an empty variable counts as unset.
  const folder = join(env.HOME || env.USERPROFILE || homedir(), '.aws')
  const config = parseIni(readText(env.AWS_CONFIG_FILE || join(folder, 'config')))
  const credentials = parseIni(readText(env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials')))
  const ofConfig = [...config.keys()].flatMap(name =>
    name === 'default' ? name : (/^profile (.+)$/.exec(name)?.[1] ?? []),
  )
  return {
    names: [...new Set([...ofConfig, ...credentials.keys()])],
    profile: name => toProfile(name, config, credentials),
  }
}

function toProfile(name: string, config: Sections, credentials: Sections): Profile | undefined {
  const settings = config.get(`profile ${name}`) ?? (name === 'default' ? config.get('default') : undefined)
  const keys = credentials.get(name)
  if (settings === undefined && keys === undefined) return undefined
  const value = (key: string) => keys?.get(key) ?? settings?.get(key)
  const services = config.get(`services ${value('services')}`)
  return {
    region: value('region'),
    endpoint: services?.get('dynamodb.endpoint_url') ?? value('endpoint_url'),
    ignoreEndpoints: value('ignore_configured_endpoint_urls')?.toLowerCase() === 'true',
    hasCredentials: credentialKeys.some(key => value(key) !== undefined),
  }
}

const credentialKeys = [
  'aws_access_key_id',
  'role_arn',
  'sso_session',
  'sso_start_url',
  'credential_process',
  'web_identity_token_file',
  'login_session',
]

/** Empty for a file that cannot be read; the SDK reports the error if the file is needed. */
const readText = (file: string) => attempt(() => readFileSync(file, 'utf8')) ?? ''

/** Sections of AWS's INI dialect. Indented lines below an empty value are its sub-keys: `dynamodb.endpoint_url`. */
function parseIni(text: string): Sections {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let parent: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const content = line.replace(/(^|\s)[;#].*$/, '').trimEnd()
    const header = /^\s*\[\s*([^\]]+?)\s*\]/.exec(content)
    if (header?.[1] !== undefined) {
      const name = header[1].replace(/\s+/g, ' ').replace(/["']/g, '')
      section = sections.get(name) ?? new Map()
      sections.set(name, section)
      parent = undefined
      continue
    }
    const pair = /^(\s*)([^=\s][^=]*?)\s*=\s*(.*)$/.exec(content)
    if (section === undefined || pair === null) continue
    const [, indent = '', key = '', value = ''] = pair
    if (indent !== '' && parent !== undefined) {
      section.set(`${parent}.${key}`, value)
      continue
    }
    parent = value === '' ? key : undefined
    if (value !== '') section.set(key, value)
  }
  return sections
}
