import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What resolving a target needs to know of a profile; credentials themselves are read by the SDK alone. */
export interface Profile {
  readonly region?: string | undefined
  /** From `endpoint_url`, or from the `services` section the profile names. */
  readonly endpoint?: string | undefined
  readonly ignoreEndpoints: boolean
  /** Whether the profile says anything about credentials: keys, a role, SSO, a process. */
  readonly hasCredentials: boolean
}

export type Env = Readonly<Record<string, string | undefined>>

type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

export interface SharedConfig {
  readonly names: readonly string[]
  /** `undefined` when neither file names the profile. */
  profile(name: string): Profile | undefined
}

/**
 * `~/.aws/config` and `~/.aws/credentials`, as far as a target needs them.
 *
 * The SDK reads these files as well, but it looks up `endpoint_url` in the profile of AWS_PROFILE only, never in the
 * one that its client was given: with `--profile local` it would go to another profile's endpoint, or to AWS.
 */
export function readSharedConfig(env: Env): SharedConfig {
  // `||`: an empty variable is as good as none.
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

/** A file that is missing or not readable says nothing; the SDK will say so where it matters. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

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
