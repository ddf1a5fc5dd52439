import type { Config } from '../config/config.ts'
import type { Assumption, TableDefinition } from '../table/definition.ts'

/**
 * What the config's `ignore` says of a table, as assumptions: such values serve to create it (and to switch its
 * billing), and are never compared with what is live. `capacity` is that of the table and of all its global indexes.
 */
export function ignoredFields(
  ignore: Config['ignore'],
  definition: TableDefinition,
  names: readonly string[],
): readonly Assumption[] {
  const fields = Array.isArray(ignore)
    ? (ignore as readonly string[])
    : ['*', ...new Set(names)].flatMap(name => (ignoreOf(ignore, name) ?? []) as readonly string[])
  return [...new Set(fields.flatMap(field => pathsOf(field, definition)))].map(path => ({
    path,
    message: ignoredMessage,
    guess: false,
  }))
}

/** The names in `ignore` that are to be names of tables. */
export function ignoredNames(ignore: Config['ignore']): readonly string[] {
  return ignore === undefined || Array.isArray(ignore) ? [] : Object.keys(ignore).filter(name => name !== '*')
}

/** Says of an assumption that the config asked for it. */
export const ignoredMessage = 'differences are ignored by the config'

function ignoreOf(ignore: Config['ignore'], name: string): readonly string[] | undefined {
  if (ignore === undefined || Array.isArray(ignore)) return undefined
  return Object.hasOwn(ignore, name) ? (ignore as Readonly<Record<string, readonly string[]>>)[name] : undefined
}

const capacity = ['readCapacity', 'writeCapacity'] as const

function pathsOf(field: string, { globalIndexes }: TableDefinition): readonly string[] {
  const [, index] = /^globalIndexes\.(.+)\.capacity$/.exec(field) ?? []
  if (index !== undefined) return capacity.map(each => `globalIndexes.${index}.${each}`)
  if (field !== 'capacity') return [field]
  return [...capacity, ...globalIndexes.flatMap(({ name }) => capacity.map(each => `globalIndexes.${name}.${each}`))]
}
