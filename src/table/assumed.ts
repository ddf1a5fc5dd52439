import type { TableDefinition } from './definition.ts'

/**
 * Whether the value at `path` was written down. Defaults and an adapter's guesses (`definition.assumed`) serve to
 * create a table; they are never compared with a live one. An assumption covers everything below its path.
 */
export function isGiven(definition: TableDefinition, path: string): boolean {
  return !definition.assumed.some(assumption => path === assumption.path || path.startsWith(`${assumption.path}.`))
}
