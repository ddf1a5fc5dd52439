import { exampleCredentials, localRegion } from '../table/local-credentials.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The endpoint of an engine and the credentials that it accepts. */
interface Access {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** The environment variables that make the AWS SDK or CLI use the engine. */
export function localEnvironment({ endpoint, region, credentials }: Access): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: region,
    // Older SDKs and version 1 of the AWS CLI read this one.
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }
}

/**
 * The environment of a program that uses the engine: the user's own, without variables that could send an AWS SDK to
 * another endpoint, region or account, plus those that point to the engine.
 */
export function programEnvironment(inherited: Environment, server: Access): Environment {
  const rest = Object.entries(inherited).filter(([name]) => !misleads(name))
  return { ...Object.fromEntries(rest), ...switchedOff, ...localEnvironment(server) }
}

/**
 * Whether a variable could send an AWS SDK elsewhere or make it sign with other credentials. Endpoints of other services
 * stay (`AWS_ENDPOINT_URL_S3`), as do variables that only look like AWS's (`AWS_BUCKET`).
 */
export function misleads(name: string): boolean {
  const upper = name.toUpperCase()
  if (upper.startsWith('AWS_ENDPOINT_URL_') && !upper.startsWith('AWS_ENDPOINT_URL_DYNAMODB')) return false
  const [, rest] = /^(?:AWS|AMAZON)_(.*)$/.exec(upper) ?? []
  return rest !== undefined && misleadingStarts.some(start => rest.startsWith(start))
}

const misleadingStarts = [
  // Credentials.
  ...['ACCESS_KEY', 'SECRET', 'SESSION', 'SECURITY_TOKEN', 'CREDENTIAL', 'BEARER_TOKEN', 'PROFILE', 'DEFAULT_PROFILE'],
  ...['WEB_IDENTITY', 'ROLE_', 'CONTAINER_', 'SSO_', 'LOGIN_', 'ACCOUNT_ID', 'SIGV4A', 'AUTH_SCHEME'],
  // Endpoints and regions.
  ...['REGION', 'DEFAULT_REGION', 'ENDPOINT', 'DYNAMODB_ENDPOINT', 'IGNORE_CONFIGURED_ENDPOINT', 'ENABLE_ENDPOINT'],
  ...['USE_', 'DEFAULTS_MODE', 'SDK_LOAD_CONFIG'],
]

// SDKs ignore or refuse the endpoint variable when one of these is on, also in a profile of the shared config file.
// Variables override that file.
const switchedOff: Environment = {
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
  AWS_USE_FIPS_ENDPOINT: 'false',
  AWS_USE_DUALSTACK_ENDPOINT: 'false',
}

/**
 * The environment of an engine program: the variables needed to find and run it, and the local credentials. Nothing
 * else is inherited, because ExtendDB accepts only requests signed with the keys in its environment.
 */
export function engineEnvironment(inherited: Environment): Readonly<Record<string, string>> {
  const kept = Object.entries(inherited).flatMap(([name, value]) =>
    isNeeded(name) && value !== undefined ? [[name, value] as const] : [],
  )
  return {
    ...Object.fromEntries(kept),
    AWS_ACCESS_KEY_ID: exampleCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: exampleCredentials.secretAccessKey,
    AWS_REGION: localRegion,
    AWS_DEFAULT_REGION: localRegion,
  }
}

function isNeeded(name: string): boolean {
  const upper = name.toUpperCase()
  return neededNames.includes(upper) || neededStarts.some(start => upper.startsWith(start))
}

const neededNames = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'LD_LIBRARY_PATH'],
  ...['_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS'],
  // Windows.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH'],
  ...['APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)'],
]
const neededStarts = ['LC_', 'DYLD_', 'NIX_', 'XDG_', 'JAVA_', 'DOCKER_']

/** `AWS_REGION=us-east-1` and so on; none of the values needs quotes. */
export const environmentLines = (variables: Readonly<Record<string, string>>): string[] =>
  Object.entries(variables).map(([name, value]) => `${name}=${value}`)

/** The text of an environment file with these variables in it: lines that set one get its value, all others stay. */
export function mergeEnvironment(text: string, variables: Readonly<Record<string, string>>): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
  const set = new Set<string>()
  const kept = lines.map(line => {
    const [, before = '', name = ''] = /^(\s*(?:export\s+)?)(\w+)\s*=/.exec(line) ?? []
    if (!Object.hasOwn(variables, name)) return line
    set.add(name)
    return `${before}${name}=${variables[name]}`
  })
  const missing = Object.entries(variables).filter(([name]) => !set.has(name))
  return [...kept, ...environmentLines(Object.fromEntries(missing)), ''].join(eol)
}

/**
 * Points this process and its future child processes to the engine; returns a function that restores the old values.
 */
export function enterLocal(variables: Environment): () => void {
  const others = Object.keys(process.env).filter(misleads)
  return setEnvironment({ ...Object.fromEntries(others.map(name => [name, undefined])), ...switchedOff, ...variables })
}

/** Sets variables of this process; the returned function restores what was set before. */
export function setEnvironment(variables: Environment): () => void {
  const before = Object.keys(variables).map(name => [name, process.env[name]] as const)
  for (const [name, value] of Object.entries(variables)) set(name, value)
  return () => {
    for (const [name, value] of before) set(name, value)
  }
}

export const environmentVariable = (name: string): string | undefined => process.env[name]

export const allVariables = (): Environment => process.env

export const workingDirectory = (): string => process.cwd()

/** Distinguishes this worker of a test runner from those that run at the same time. */
export const workerName = (): string => process.env.VITEST_POOL_ID ?? process.env.JEST_WORKER_ID ?? String(process.pid)

// Assigning undefined would set the text "undefined".
function set(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name)
  else process.env[name] = value
}
