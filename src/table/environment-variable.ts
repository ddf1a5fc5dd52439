import { ownMember, type UntypedRecord } from './untyped.ts'

/** Environment variables by name. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>

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
): { readonly value?: string; readonly missing: string; readonly isSecret: boolean } {
  if (secretName.test(name)) {
    const missing = `the environment variable ${name} may hold a secret, and is not read from here`
    return { missing, isSecret: true }
  }
  const value = ownMember(variables, name)
  const missing = `the environment variable ${name} is not set`
  return { ...(typeof value === 'string' ? { value } : {}), missing, isSecret: false }
}
