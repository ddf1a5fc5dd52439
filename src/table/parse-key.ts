import type { KeyAttribute, KeyType, TableKey } from './definition.ts'
import type { KeysInput } from './input.ts'
import { definitionError } from './problems.ts'
import { isRecord, show, type UntypedRecord } from './untyped.ts'

/**
 * A key from its short forms: `'pk'` (type S), `'pk:N'`, `{ name, type }`, or a list of these. The validator checks how
 * many are allowed. Attribute names may contain colons: only a last colon followed by S, N or B separates the type.
 * Other type words (`pk:BOOL`, `pk:string`) are refused; to use one as part of a name, add the type: `pk:BOOL:S`.
 * @throws DynamoxError `definition`
 */
export function parseKeys(input: KeysInput): KeyAttribute[] {
  const reading = readKeys(input)
  if ('keys' in reading) return reading.keys
  const { complaint, rule } = reading
  throw definitionError('the key', [{ path: 'key', message: complaint, ...(rule === undefined ? {} : { rule }) }])
}

/** The short form of a key attribute, which `parseKeys` reads: `pk:S`. */
export function formatKey(key: KeyAttribute): string {
  return `${key.name}:${key.type}`
}

/** A key for people: `pk S, sk S`; several attributes in one role are joined: `tenant S + status S, at N`. */
export function summariseKeys({ partitionKey, sortKey }: TableKey): string {
  const roles = [partitionKey, sortKey].filter(keys => keys.length > 0)
  return roles.map(keys => keys.map(({ name, type }) => `${name} ${type}`).join(' + ')).join(', ')
}

/** The key in a value, or the reason why the value is not a key. */
export type KeyReading<T> = { readonly keys: T } | { readonly complaint: string; readonly rule?: string }

/** `parseKeys` for untyped values; never throws. */
export function readKeys(value: unknown): KeyReading<KeyAttribute[]> {
  const keys: KeyAttribute[] = []
  for (const entry of Array.isArray(value) ? value : [value]) {
    const one = readKey(entry)
    if (!('keys' in one)) return one
    keys.push(one.keys)
  }
  return { keys }
}

function readKey(value: unknown): KeyReading<KeyAttribute> {
  if (typeof value === 'string') return fromText(value)
  if (isRecord(value)) return fromRecord(value)
  return { complaint: `${show(value)} is not a key; write 'pk' or 'pk:N' (type S, N or B)` }
}

function fromText(text: string): KeyReading<KeyAttribute> {
  const [, name, type] = /^(.*):([SNB])$/s.exec(text) ?? []
  if (name !== undefined && isKeyType(type)) return { keys: { name, type } }
  const bare = text.slice(0, -1)
  if (text.endsWith(':') && bare !== '')
    return { complaint: `${show(text)} has no type after the colon; write ${bare}, or ${bare}:N`, rule: 'K11' }
  const complaint = misreadType(text)
  return complaint === undefined ? { keys: { name: text, type: 'S' } } : { complaint, rule: 'K11' }
}

function fromRecord(value: UntypedRecord): KeyReading<KeyAttribute> {
  const fields = Object.keys(value)
  const [only] = fields
  if (fields.length === 1 && only !== undefined && only !== 'name') return mistakenMap(only, value[only])
  const unknown = fields.find(field => field !== 'name' && field !== 'type')
  if (unknown !== undefined) return { complaint: `a key has only "name" and "type", not "${unknown}"` }
  const { name, type = 'S' } = value
  if (typeof name !== 'string') return { complaint: `the "name" of a key must be an attribute name, not ${show(name)}` }
  if (isKeyType(type)) return { keys: { name, type } }
  return { complaint: `key "${name}" has the type ${show(type)}; ${keyTypes}`, rule: 'K11' }
}

/** The names of the types for people. */
export const typeNames: Readonly<Record<KeyType, string>> = { S: 'string', N: 'number', B: 'binary' }

/** The sentence that says which types a key may have. */
export const keyTypes = 'a key must be S (string), N (number) or B (binary)'

// YAML reads the flow map `{pk:S}` as { 'pk:S': null }, because no space follows the colon; `{pk: S}` is { pk: 'S' }.
function mistakenMap(field: string, value: unknown): KeyReading<KeyAttribute> {
  if (value === null) {
    return { complaint: `YAML reads {${field}} as a map without a value; write ${field} without the braces` }
  }
  if (isKeyType(value)) {
    return {
      complaint: `a map from name to type is not a key; write '${field}:${value}' or { name: ${field}, type: ${value} }`,
    }
  }
  return { complaint: `a key has only "name" and "type", not "${field}"` }
}

export function isKeyType(value: unknown): value is KeyType {
  return value === 'S' || value === 'N' || value === 'B'
}

/**
 * Why `name:word` is not a valid key: the word was meant as a type but is not S, N or B; `undefined` for plain names.
 */
function misreadType(text: string): string | undefined {
  const asName = `attribute of that name is written ${show(`${text}:S`)}`
  const [, before, type] = /^(.*\w)[= ]([SNB])$/s.exec(text) ?? []
  if (before !== undefined) return `a key with its type is written "${before}:${type}", not ${show(text)}; an ${asName}`
  const colon = text.lastIndexOf(':')
  if (colon < 1) return undefined
  const word = text.slice(colon + 1).trim()
  if (!isTypeWord(word)) return undefined
  const meant = typeCalled(word)
  const start = `${show(text)}: ${word} is not a key type; `
  return meant === undefined
    ? `${start}key attributes are S (string), N (number) or B (binary); an ${asName}`
    : `${start}did you mean "${text.slice(0, colon)}:${meant}"? An ${asName}`
}

/** Whether a word was meant as a type: one letter, a type name, or capitals. */
function isTypeWord(word: string): boolean {
  return /^([A-Za-z]|[A-Z]{2,4})$/.test(word) || otherWords.has(word.toLowerCase()) || typeCalled(word) !== undefined
}

const typeWords: Readonly<Record<KeyType, readonly string[]>> = {
  S: ['s', 'str', 'string'],
  N: ['n', 'num', 'number', 'numeric', 'int', 'integer', 'bigint', 'float', 'double', 'decimal'],
  B: ['b', 'bin', 'binary', 'bytes', 'buffer', 'arraybuffer', 'uint8array', 'blob'],
}

/** The key type that a word of another language or library stands for. */
export function typeCalled(word: string): KeyType | undefined {
  const types = Object.keys(typeWords).filter(isKeyType)
  return types.find(type => typeWords[type].includes(word.toLowerCase()))
}

const otherWords = new Set(['ss', 'ns', 'bs', 'bool', 'boolean', 'l', 'list', 'm', 'map', 'set', 'null'])
