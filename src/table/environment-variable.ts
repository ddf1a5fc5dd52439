import type { UntypedRecord } from './untyped.ts'

/** Names such as AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, NPM_TOKEN and OPENAI_API_KEY. */
const secretName = /(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|(SECRET|PRIVATE|ACCESS|API|AUTH)_?KEY)$/i

/**
 * The value of an environment variable that a file of the project names, and the message for the case that it has none. A
 * variable that may hold a secret is not read: the same project may name the endpoint that gets the value, as a name or
 * a tag.
 */
export function readVariable(
  name: string,
  variables: UntypedRecord,
): { readonly value: string | undefined; readonly missing: string } {
  if (secretName.test(name)) {
    return {
      value: undefined,
      missing: `the environment variable ${name} may hold a secret, and is not read from here`,
    }
  }
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined
  return {
    value: typeof value === 'string' ? value : undefined,
    missing: `the environment variable ${name} is not set`,
  }
}
