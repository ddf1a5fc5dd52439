import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Item } from '../../apply/data-api.ts'

/** A value that was read, or the place and reason why it cannot be stored. */
export type Read<T> = { readonly value: T } | { readonly path: string; readonly wrong: string }

/** An item from plain values, or from DynamoDB JSON when all of its values are typed (`{ "S": "..." }`). */
export function toItem(given: unknown): Read<Item> {
  const raw = unwrap(given)
  if (!isMap(raw)) return wrong('', `an item must be a map of attributes, not ${nameOf(raw)}`)
  const entries = Object.entries(raw)
  const typed = entries.length > 0 && entries.every(([, value]) => isTyped(value))
  return members(entries, '', typed ? fromTyped : fromPlain)
}

/** Unwraps the forms in which exports and request files contain an item. */
function unwrap(given: unknown): unknown {
  if (!isMap(given) || Object.keys(given).length !== 1) return given
  const inner = isMap(given.PutRequest) ? given.PutRequest : given
  return isMap(inner.Item) && (inner !== given || Object.values(inner.Item).every(isTyped)) ? inner.Item : given
}

const kinds = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'])

function isTyped(value: unknown): boolean {
  if (!isMap(value)) return false
  const [kind, ...more] = Object.keys(value)
  if (kind === undefined || more.length > 0 || !kinds.has(kind)) return false
  const inner = value[kind]
  if (kind === 'M') return isMap(inner)
  if (kind === 'BOOL' || kind === 'NULL') return typeof inner === 'boolean'
  return kind.length === 2 || kind === 'L'
    ? Array.isArray(inner)
    : typeof inner === 'string' || typeof inner === 'number'
}

function fromTyped(value: unknown, path: string): Read<AttributeValue> {
  if (!isMap(value) || !isTyped(value))
    return wrong(path, `${nameOf(value)} is among typed values; give it a type as well`)
  const [kind = '', inner] = Object.entries(value)[0] ?? []
  const texts = Array.isArray(inner) ? inner.map(String) : []
  switch (kind) {
    case 'S':
      return { value: { S: String(inner) } }
    case 'N':
      return number(String(inner), path)
    case 'B':
      return { value: { B: bytes(String(inner)) } }
    case 'BOOL':
      return { value: { BOOL: inner === true } }
    case 'NULL':
      return { value: { NULL: true } }
    case 'SS':
      return set(texts, path, { SS: texts })
    case 'NS':
      return set(texts, path, { NS: texts })
    case 'BS':
      return set(texts, path, { BS: texts.map(bytes) })
    case 'L':
      return list(Array.isArray(inner) ? inner : [], path, fromTyped)
    default:
      return map(isMap(inner) ? inner : {}, path, fromTyped)
  }
}

function fromPlain(value: unknown, path: string): Read<AttributeValue> {
  if (value === null) return { value: { NULL: true } }
  if (value instanceof Uint8Array) return { value: { B: value } }
  if (value instanceof Set) return plainSet([...value], path)
  if (value instanceof Date) return { value: { S: value.toISOString() } }
  if (Array.isArray(value)) return list(value, path, fromPlain)
  if (isMap(value)) return map(value, path, fromPlain)
  switch (typeof value) {
    case 'string':
      return { value: { S: value } }
    case 'boolean':
      return { value: { BOOL: value } }
    case 'bigint':
      return { value: { N: String(value) } }
    case 'number':
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        return wrong(path, `${value} is too large to be exact in JSON; write the item as DynamoDB JSON`)
      }
      return number(String(value), path)
    default:
      return wrong(path, `${nameOf(value)} cannot be stored in DynamoDB`)
  }
}

function number(text: string, path: string): Read<AttributeValue> {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return { value: { N: text } }
  return wrong(path, `${JSON.stringify(text)} is not a number that DynamoDB can store`)
}

function plainSet(values: readonly unknown[], path: string): Read<AttributeValue> {
  const texts = values.map(String)
  if (values.every(value => typeof value === 'string')) return set(texts, path, { SS: texts })
  if (values.every(value => typeof value === 'number' || typeof value === 'bigint'))
    return set(texts, path, { NS: texts })
  return wrong(path, 'a set must hold only strings or only numbers')
}

const set = (values: readonly unknown[], path: string, value: AttributeValue): Read<AttributeValue> =>
  values.length === 0 ? wrong(path, 'a set must not be empty') : { value }

type ReadValue = (value: unknown, path: string) => Read<AttributeValue>

function list(values: readonly unknown[], path: string, read: ReadValue): Read<AttributeValue> {
  const items: AttributeValue[] = []
  for (const [at, value] of values.entries()) {
    const result = read(value, `${path}[${at}]`)
    if ('wrong' in result) return result
    items.push(result.value)
  }
  return { value: { L: items } }
}

function map(values: Readonly<Record<string, unknown>>, path: string, read: ReadValue): Read<AttributeValue> {
  const result = members(Object.entries(values), `${path}.`, read)
  return 'wrong' in result ? result : { value: { M: result.value } }
}

function members(entries: readonly (readonly [string, unknown])[], path: string, read: ReadValue) {
  const values: (readonly [string, AttributeValue])[] = []
  for (const [name, value] of entries) {
    const result = read(value, `${path}${name}`)
    if ('wrong' in result) return result
    values.push([name, result.value])
  }
  return { value: Object.fromEntries(values) }
}

const wrong = (path: string, what: string) => ({ path, wrong: what })
const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'))

function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !(value instanceof Uint8Array || value instanceof Set || value instanceof Date)
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `the ${typeof value} ${String(value)}`
}
