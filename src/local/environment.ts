import type { LocalServer } from './local-server.ts'

/** What a program needs in its environment to reach the engine through an unchanged AWS SDK or CLI. */
export function localEnvironment({
  endpoint,
  region,
  credentials,
}: Pick<LocalServer, 'endpoint' | 'region' | 'credentials'>): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: region,
    // Older SDKs and version 1 of the AWS CLI read this one.
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }
}

/** What would send a program elsewhere, or sign with other keys, although the above is set. */
export const misleading: readonly string[] = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
]

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
