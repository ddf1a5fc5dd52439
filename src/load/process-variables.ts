import type { EnvironmentVariables } from '../table/environment-variable.ts'

/** The environment variables of this process. */
export function processVariables(): EnvironmentVariables {
  return process.env
}
