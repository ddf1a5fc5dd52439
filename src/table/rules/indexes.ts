import { shorten } from '../untyped.ts'
import { placedGlobalIndexes, placedIndexes, placedLocalIndexes, type Rule } from './rule.ts'

/** How many indexes, of what shape, over which keys. */
export const indexRules: readonly Rule[] = [
  {
    id: 'G2',
    // A quota that AWS raises on request, so only a warning.
    level: 'warning',
    aws: 'GlobalSecondaryIndex count exceeds the per-table limit of 20',
    *check({ globalIndexes: { length } }) {
      if (length > 20)
        yield { at: 'globalIndexes', message: `${length} global indexes are above 20, the quota of a new account` }
    },
  },
  {
    id: 'L4',
    level: 'problem',
    aws: 'Number of LocalSecondaryIndexes exceeds per-table limit of 5',
    *check({ localIndexes: { length } }) {
      if (length > 5) yield { at: 'localIndexes', message: `${length} local indexes; a table takes 5` }
    },
  },
  {
    id: 'G3',
    level: 'problem',
    aws: 'Duplicate index name: x',
    *check(definition) {
      const seen = new Set<string>()
      for (const { at, index } of placedIndexes(definition)) {
        if (seen.has(index.name)) yield { at, message: `another index has the name "${shorten(index.name)}" already` }
        seen.add(index.name)
      }
    },
  },
  {
    id: 'G4',
    level: 'problem',
    aws: 'The KeySchema exceeds the maximum allowed number of HASH key attributes',
    *check(definition) {
      for (const { at, index } of placedGlobalIndexes(definition)) {
        const { partitionKey, sortKey } = index
        if (partitionKey.length > 4) {
          yield {
            at: `${at}.partitionKey`,
            message: `${partitionKey.length} attributes; a partition key takes up to 4`,
          }
        }
        if (sortKey.length > 4) {
          yield { at: `${at}.sortKey`, message: `${sortKey.length} attributes; a sort key takes up to 4` }
        }
      }
    },
  },
  {
    id: 'L1',
    level: 'problem',
    aws: 'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    *check({ sortKey, localIndexes }) {
      if (sortKey.length > 0 || localIndexes.length === 0) return
      yield {
        at: 'sortKey',
        message: 'local indexes need a table with a sort key; add one, or make them global indexes',
      }
    },
  },
  {
    id: 'L2',
    level: 'problem',
    aws: 'Index KeySchema does not have the same leading hash key as table KeySchema for index: i. index hash key: a, table hash key: pk',
    *check(definition) {
      const own = definition.partitionKey.map(key => key.name).join(', ')
      for (const { at, index } of placedLocalIndexes(definition)) {
        const its = index.partitionKey.map(key => key.name).join(', ')
        if (its === own) continue
        const what = `partition key "${shorten(its)}" is not the table's "${shorten(own)}"`
        yield { at: `${at}.partitionKey`, message: `${what}; a local index shares it, a global index need not` }
      }
    },
  },
  {
    id: 'L3',
    level: 'problem',
    aws: 'Index KeySchema does not have a range key for index: i',
    *check(definition) {
      for (const { at, index } of placedLocalIndexes(definition)) {
        if (index.sortKey.length > 0) continue
        yield { at: `${at}.sortKey`, message: "a local index needs a sort key, such as 'placedAt:N'" }
      }
    },
  },
]
