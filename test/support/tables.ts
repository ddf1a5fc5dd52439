import { toDefinition } from '../../src/settings/to-definition.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import type { TableInput } from '../../src/table/input.ts'

/** A valid definition from the short forms; `users` with the key `pk` unless said otherwise. */
export function table(input: Partial<TableInput> = {}): TableDefinition {
  const { definition, problems } = toDefinition({ table: 'users', partitionKey: 'pk', ...input }, { path: 'users' })
  if (definition === undefined) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return definition
}
