import type { TableDefinition } from '../definition.ts'
import { shorten } from '../untyped.ts'
import { placedIndexes, type Rule, repeated } from './rule.ts'

/** What an index holds beside its keys. Naming key attributes is allowed. */
export const projectionRules: readonly Rule[] = [
  {
    id: 'P3',
    level: 'problem',
    aws: 'ProjectionType is INCLUDE, but NonKeyAttributes is not specified',
    *check(definition) {
      for (const { at, names } of includes(definition)) {
        if (names.length === 0)
          yield { at, message: 'the list is empty; name the attributes to include, or write KEYS_ONLY' }
      }
    },
  },
  {
    id: 'P4',
    level: 'problem',
    aws: "Value '[...]' at 'nonKeyAttributes' failed to satisfy constraint: Member must have length less than or equal to 20",
    *check(definition) {
      for (const { at, names } of includes(definition)) {
        if (names.length > 20)
          yield { at, message: `${names.length} attributes; an index includes up to 20 by name (ALL includes all)` }
      }
    },
  },
  {
    id: 'P5',
    level: 'problem',
    aws: 'Duplicate element in NonKeyAttributes: x',
    *check(definition) {
      for (const { at, names } of includes(definition)) {
        for (const name of repeated(names)) yield { at, message: `"${shorten(name)}" is listed twice; name it once` }
      }
    },
  },
  {
    id: 'P6',
    level: 'problem',
    // AWS's own words are not known; the limit is documented, and DynamoDB Local refuses more.
    *check(definition) {
      const total = includes(definition).reduce((sum, { names }) => sum + names.length, 0)
      if (total <= 100) return
      const what = `the indexes include ${total} attributes by name, counting an attribute once for each index`
      yield { at: 'globalIndexes', message: `${what}; DynamoDB allows 100 in all` }
    },
  },
  {
    id: 'P-name',
    level: 'problem',
    aws: "Value '[]' at 'nonKeyAttributes' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 1]",
    *check(definition) {
      for (const { at, names } of includes(definition)) {
        for (const name of names) {
          if (name.length >= 1 && name.length <= 255) continue
          yield {
            at,
            message: `attribute name "${shorten(name)}" has ${name.length} characters; DynamoDB takes 1 to 255`,
          }
        }
      }
    },
  },
]

function includes(definition: TableDefinition) {
  return placedIndexes(definition).flatMap(({ at, index: { projection } }) =>
    typeof projection === 'string' ? [] : [{ at: `${at}.projection`, names: projection }],
  )
}
