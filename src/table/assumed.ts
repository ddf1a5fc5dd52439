import type { TableDefinition } from './definition.ts'

/**
 * Whether the user wrote the value at `path`. Defaults and an adapter's guesses (`definition.assumed`) are used to
 * create a table, and never compared with a live one. An assumption covers everything below its path.
 */
export function isGiven(definition: TableDefinition, path: string): boolean {
  return !definition.assumed.some(assumption => path === assumption.path || path.startsWith(`${assumption.path}.`))
}

/** The message of assumptions that come from the config's `ignore`. */
export const ignoredMessage = 'differences are ignored by the config'
