import { env } from 'node:process'
import type { Env } from '../aws/target.ts'

/** The current environment; the library reads it only here. */
export const environment = (): Env => ({ ...env })

/** The AWS variables of the environment, for the worker of the blocking methods, whose own copy may be outdated. */
export function awsEnvironment(): Record<string, string> {
  const entries = Object.entries(env).filter(([name]) => name.startsWith('AWS_') || name === 'HOME')
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** Replaces the AWS variables in this thread's environment. */
export function adoptEnvironment(settings: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(env)) {
    if (name.startsWith('AWS_') && !(name in settings)) delete env[name]
  }
  Object.assign(env, settings)
}
