import type { KeyAttribute, TableKey } from '../definition.ts'
import { formatKey } from '../parse-key.ts'
import { listed, shorten } from '../untyped.ts'
import { placedGlobalIndexes, placedLists, placedLocalIndexes, placedNames, type Rule, repeated } from './rule.ts'

/** The rules for the number, shape and keys of indexes. */
export const indexRules: readonly Rule[] = [
  {
    id: 'G2',
    // A quota that AWS raises on request, so only a warning.
    level: 'warning',
    aws: 'GlobalSecondaryIndex count exceeds the per-table limit of 20',
    *check({ globalIndexes: { length } }) {
      if (length > 20)
        yield { at: 'globalIndexes', message: `${length} global indexes exceed AWS's default quota of 20` }
    },
  },
  {
    id: 'L4',
    aws: 'Number of LocalSecondaryIndexes exceeds per-table limit of 5',
    *check({ localIndexes: { length } }) {
      if (length > 5) yield { at: 'localIndexes', message: `${length} local indexes; a table can have at most 5` }
    },
  },
  {
    id: 'G3',
    aws: 'Duplicate index name: x',
    *check(definition) {
      const seen = new Set<string>()
      for (const { at, name } of placedNames(definition)) {
        if (seen.has(name)) {
          const message = `another index is already named "${shorten(name)}"`
          yield { at, message, aws: `Duplicate index name: ${name}` }
        }
        seen.add(name)
      }
    },
  },
  {
    id: 'G4',
    aws: 'The KeySchema exceeds the maximum allowed number of HASH key attributes',
    *check(definition) {
      for (const { at, index } of placedGlobalIndexes(definition)) {
        for (const [field, role] of [['partitionKey', 'partition key'] as const, ['sortKey', 'sort key'] as const]) {
          const { length } = index[field]
          if (length > 4) yield { at: `${at}.${field}`, message: `${length} attributes; a ${role} can have at most 4` }
        }
      }
    },
  },
  {
    id: 'L1',
    aws: 'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    *check({ sortKey, localIndexes }) {
      if (sortKey.length > 0 || localIndexes.length === 0) return
      yield { at: 'sortKey', message: 'local indexes need a table with a sort key; add one, or use global indexes' }
    },
  },
  {
    id: 'L2',
    aws: 'Index KeySchema does not have the same leading hash key as table KeySchema for index: i. index hash key: a, table hash key: pk',
    *check(definition) {
      const own = definition.partitionKey.map(key => key.name).join(', ')
      for (const { at, index } of placedLocalIndexes(definition)) {
        const its = index.partitionKey.map(key => key.name).join(', ')
        if (its === own) continue
        const what = `partition key "${shorten(its)}" is not the table's "${shorten(own)}"`
        yield {
          at: `${at}.partitionKey`,
          message: `${what}; a local index shares it, a global index need not`,
          aws: `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${index.name}. index hash key: ${its}, table hash key: ${own}`,
        }
      }
    },
  },
  {
    id: 'L3',
    aws: 'Index KeySchema does not have a range key for index: i',
    *check(definition) {
      for (const { at, index } of placedLocalIndexes(definition)) {
        if (index.sortKey.length > 0) continue
        yield {
          at: `${at}.sortKey`,
          message: "a local index needs a sort key, such as 'placedAt'",
          aws: `Index KeySchema does not have a range key for index: ${index.name}`,
        }
      }
    },
  },
]

/** The rules for projected attributes. Naming key attributes is allowed. */
export const projectionRules: readonly Rule[] = [
  {
    id: 'P3',
    aws: 'ProjectionType is INCLUDE, but NonKeyAttributes is not specified',
    *check(definition) {
      for (const { at, names } of placedLists(definition)) {
        if (names.length === 0)
          yield { at, message: 'the list is empty; name the attributes to include, or write KEYS_ONLY' }
      }
    },
  },
  {
    id: 'P4',
    aws: "Value '[...]' at 'nonKeyAttributes' failed to satisfy constraint: Member must have length less than or equal to 20",
    *check(definition) {
      for (const { at, names } of placedLists(definition)) {
        if (names.length > 20)
          yield {
            at,
            message: `${names.length} attributes; an index can include at most 20 by name (ALL includes all)`,
          }
      }
    },
  },
  {
    id: 'P5',
    aws: 'Duplicate element in NonKeyAttributes: x',
    *check(definition) {
      for (const { at, names } of placedLists(definition)) {
        for (const name of repeated(names)) {
          const message = `"${shorten(name)}" is listed twice; name it once`
          yield { at, message, aws: `Duplicate element in NonKeyAttributes: ${name}` }
        }
      }
    },
  },
  {
    id: 'P6',
    // AWS's message is not known; the limit is documented, and DynamoDB Local enforces it.
    *check(definition) {
      const total = placedLists(definition).reduce((sum, { names }) => sum + names.length, 0)
      if (total <= 100) return
      const what = `the indexes include ${total} attributes by name, counting an attribute once for each index`
      yield { at: 'globalIndexes', message: `${what}; DynamoDB allows 100 in all` }
    },
  },
  {
    id: 'P-name',
    aws: "Value '[]' at 'nonKeyAttributes' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 1]",
    *check(definition) {
      for (const { at, names } of placedLists(definition)) {
        for (const name of names) {
          if (name.length >= 1 && name.length <= 255) continue
          yield {
            at,
            message: `attribute name "${shorten(name)}" has ${name.length} characters; DynamoDB allows 1 to 255`,
          }
        }
      }
    },
  },
]

/** Warnings about values that AWS accepts and people regret later. Each can be silenced by its id. */
export const regretRules: readonly Rule[] = [
  {
    id: 'W-same-index',
    level: 'warning',
    *check(definition) {
      const table = keyText(definition)
      const seen = new Map<string, string>()
      for (const { at, index } of placedGlobalIndexes(definition)) {
        const text = keyText(index)
        const same = `${text} ${JSON.stringify(index.projection)}`
        const other = seen.get(same)
        if (text === table) yield { at, message: 'the index has the same key as the table; query the table instead' }
        else if (other !== undefined)
          yield { at, message: `the index is the same as "${other}"; every write is charged twice` }
        seen.set(same, index.name)
      }
    },
  },
  {
    id: 'W-local-index',
    level: 'warning',
    onCreation: true,
    *check({ localIndexes }) {
      if (localIndexes.length === 0) return
      const names = listed(
        localIndexes.map(index => index.name),
        'and',
      )
      const limit = 'a table with local indexes holds at most 10 GB per partition key value'
      yield { at: 'localIndexes', message: `${limit}, and ${shorten(names)} cannot be added, changed or removed later` }
    },
  },
]

function keyText({ partitionKey, sortKey }: TableKey): string {
  const text = (keys: readonly KeyAttribute[]) => keys.map(formatKey).join(' ')
  return JSON.stringify([text(partitionKey), text(sortKey)])
}
