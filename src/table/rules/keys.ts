import type { KeyAttribute, TableKey } from '../definition.ts'
import { isKeyType, keyTypes, typeNames } from '../parse-key.ts'
import { shorten } from '../untyped.ts'
import {
  byteLength,
  type Finding,
  placedGlobalIndexes,
  placedIndexes,
  placedKeys,
  placedLocalIndexes,
  type Rule,
  repeated,
} from './rule.ts'

/** The rules for keys of the table and its indexes. */
export const keyRules: readonly Rule[] = [
  {
    id: 'K1',
    aws: "Value null at 'keySchema' failed to satisfy constraint: Member must not be null",
    *check(definition) {
      if (definition.partitionKey.length === 0) {
        yield { at: 'partitionKey', message: "a table needs a partition key, such as 'pk'" }
      }
      for (const { at, index } of placedGlobalIndexes(definition)) {
        if (index.partitionKey.length > 0) continue
        yield { at: `${at}.partitionKey`, message: "a global index needs a partition key, such as 'email'" }
      }
    },
  },
  {
    id: 'K2',
    aws: "Value '[...]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2",
    *check(definition) {
      yield* single(definition.partitionKey, 'partitionKey', 'a table has one partition key attribute')
      yield* single(definition.sortKey, 'sortKey', 'a table has one sort key attribute')
      for (const { at, index } of placedLocalIndexes(definition)) {
        yield* single(index.sortKey, `${at}.sortKey`, 'a local index has one sort key attribute')
      }
    },
  },
  {
    id: 'K5',
    aws: 'Both the Hash Key and the Range Key element in the KeySchema have the same name',
    plain: true,
    *check(definition) {
      yield* inBothRoles(definition, '')
      for (const { at, index } of placedIndexes(definition)) yield* inBothRoles(index, `${at}.`)
    },
  },
  {
    id: 'G6',
    aws: 'The KeySchema contains multiple key attributes with the same name',
    plain: true,
    *check(definition) {
      for (const { at, index } of placedGlobalIndexes(definition)) {
        for (const role of ['partitionKey', 'sortKey'] as const) {
          for (const name of repeated(index[role].map(key => key.name))) {
            yield { at: `${at}.${role}`, message: `"${shorten(name)}" is listed twice; name each attribute once` }
          }
        }
      }
    },
  },
  {
    id: 'K10',
    aws: 'Attribute Name is duplicated: pk',
    plain: true,
    *check(definition) {
      const seen = new Map<string, { readonly type: string; readonly at: string }>()
      for (const { at, key } of placedKeys(definition)) {
        const first = seen.get(key.name)
        if (first === undefined) seen.set(key.name, { type: key.type, at })
        else if (first.type !== key.type) {
          const what = `attribute "${shorten(key.name)}" is defined as ${nameOf(first.type)} in ${first.at} and ${nameOf(key.type)} here`
          yield { at, message: `${what}; use one type in all keys of a table` }
        }
      }
    },
  },
  {
    id: 'K11',
    aws: "Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
    *check(definition) {
      for (const { at, role, key } of placedKeys(definition)) {
        if (!isKeyType(key.type))
          yield { at, message: `${role} "${shorten(key.name)}" has the type ${key.type}; ${keyTypes}` }
      }
    },
  },
  {
    id: 'K12',
    aws: "Value '' at 'attributeDefinitions.1.member.attributeName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    *check(definition) {
      for (const { at, role, key } of placedKeys(definition)) {
        const bytes = byteLength(key.name)
        if (bytes === 0) yield { at, message: `the ${role} has an empty name; write the attribute's name` }
        if (bytes <= 255) continue
        yield { at, message: `${role} "${shorten(key.name)}" has ${bytes} bytes in UTF-8; DynamoDB allows 255` }
      }
    },
  },
]

function* single(keys: readonly KeyAttribute[], at: string, what: string): Iterable<Finding> {
  if (keys.length <= 1) return
  const [first, second] = keys
  const names = keys.map(key => key.name).join(', ')
  // Other libraries write a typed key as ['pk', 'S'].
  const meant =
    first !== undefined && isKeyType(second?.name)
      ? `; for type ${second.name} write '${first.name}:${second.name}'`
      : ''
  yield {
    at,
    message: `${what}, not ${keys.length} (${shorten(names)}); only global indexes take lists${meant}`,
  }
}

function* inBothRoles({ partitionKey, sortKey }: TableKey, parent: string): Iterable<Finding> {
  for (const { name } of sortKey) {
    if (!partitionKey.some(key => key.name === name)) continue
    yield { at: `${parent}sortKey`, message: `"${shorten(name)}" is also the partition key; use two attributes` }
  }
}

const nameOf = (type: string) => (isKeyType(type) ? typeNames[type] : type)
