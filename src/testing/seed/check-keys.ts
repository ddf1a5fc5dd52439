import type { Item } from '../../apply/data-api.ts'
import type { KeyAttribute, TableDefinition } from '../../table/definition.ts'

/** Why DynamoDB would refuse an item because of its keys; `undefined` when it fits the table. */
export function checkKeys(item: Item, definition: TableDefinition): string | undefined {
  const own = [...definition.partitionKey, ...definition.sortKey]
  for (const key of own) {
    if (item[key.name] === undefined) return `has no ${key.name}, a key of ${definition.name} (${key.name}:${key.type})`
    const problem = checkValue(item, key, `key ${key.name}`)
    if (problem !== undefined) return problem
  }
  for (const index of [...definition.globalIndexes, ...definition.localIndexes]) {
    for (const key of [...index.partitionKey, ...index.sortKey]) {
      if (item[key.name] === undefined) continue
      const problem = checkValue(item, key, `${key.name}, a key of the index ${index.name},`)
      if (problem !== undefined) return problem
    }
  }
  return undefined
}

/** The item's key as a text, which is equal for items that DynamoDB treats as the same. */
export function keyText(item: Item, { partitionKey, sortKey }: TableDefinition): string {
  return JSON.stringify([...partitionKey, ...sortKey].map(({ name }) => normal(item[name])))
}

/** The key of an item. */
export function keyOf(item: Item, { partitionKey, sortKey }: TableDefinition): Item {
  const entries = [...partitionKey, ...sortKey].flatMap(({ name }) => {
    const value = item[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

// 1, 1.0 and 1e0 are the same number.
const normal = (value: Item[string] | undefined): unknown => {
  if (value?.N !== undefined) return Number.isSafeInteger(Number(value.N)) ? Number(value.N) : value.N
  return value?.B === undefined ? value : Buffer.from(value.B).toString('base64')
}

const words = { S: 'a string', N: 'a number', B: 'binary' } as const

function checkValue(item: Item, { name, type }: KeyAttribute, what: string): string | undefined {
  const value = item[name]
  const [kind = ''] = Object.keys(value ?? {})
  if (kind !== type) return `${what} must be ${words[type]} (${type}), not ${kindWords[kind] ?? kind}`
  const empty = value?.S === '' || value?.B?.length === 0
  return empty ? `${what} must not be empty` : undefined
}

const kindWords: Readonly<Record<string, string>> = {
  ...words,
  BOOL: 'true or false',
  NULL: 'null',
  M: 'a map',
  L: 'a list',
  SS: 'a set',
  NS: 'a set',
  BS: 'a set',
}
