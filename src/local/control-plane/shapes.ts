import { isRecord } from '../../table/untyped.ts'
import { type AwsError, validation } from './answer.ts'

/**
 * A value's type and constraints in AWS's service model. AWS checks them before any rule, and reports all violations
 * together.
 */
export type Shape =
  | { readonly kind: 'text'; readonly length?: Range; readonly pattern?: string; readonly values?: readonly string[] }
  | { readonly kind: 'number'; readonly range?: Range }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'list'; readonly of: Shape; readonly length?: Range }
  | Structure

export interface Structure {
  readonly kind: 'structure'
  /** The name of the Java class, which AWS prints with its values. */
  readonly name: string
  readonly members: Readonly<Record<string, Shape>>
  /** The members as a list, with their names in AWS's messages. */
  readonly listed: readonly Member[]
}

interface Member {
  readonly name: string
  readonly shape: Shape
  readonly shown: string
  readonly isRequired: boolean
}

type Range = readonly [min: number | undefined, max: number | undefined]

export function text(length?: Range, pattern?: string): Shape {
  return { kind: 'text', ...(length === undefined ? {} : { length }), ...(pattern === undefined ? {} : { pattern }) }
}

export const choice = (...values: readonly string[]): Shape => ({ kind: 'text', values })
export const number = (...range: Partial<Range>): Shape => ({ kind: 'number', range: [range[0], range[1]] })
export const boolean: Shape = { kind: 'boolean' }
export const list = (of: Shape, ...length: Partial<Range>): Shape => ({
  kind: 'list',
  of,
  length: [length[0], length[1]],
})

/** Members whose names end with `!` are required. */
export function structure(name: string, members: Readonly<Record<string, Shape>>): Structure {
  const listed = Object.entries(members).map(([given, shape]): Member => {
    const member = given.replace('!', '')
    return { name: member, shape, shown: lowerFirst(member), isRequired: member !== given }
  })
  return {
    kind: 'structure',
    name,
    members: Object.fromEntries(listed.map(member => [member.name, member.shape])),
    listed,
  }
}

/** Checks types first, as AWS does when it reads the JSON, then all constraints. */
export function shapeRefusal(input: unknown, shape: Structure): AwsError | undefined {
  const mismatch = mismatchOf(input, shape)
  if (mismatch !== undefined) return { type: 'SerializationException', message: mismatch }
  const errors = violations(input, shape, '')
  if (errors.length === 0) return undefined
  const shown = errors.slice(0, 10)
  return validation(`${shown.length} validation error${shown.length === 1 ? '' : 's'} detected: ${shown.join('; ')}`)
}

/** AWS cuts the fractions of numbers off, all of which are whole in these inputs. */
export function wholeNumbers(value: unknown, shape: Shape): unknown {
  if (shape.kind === 'number' && typeof value === 'number') return Math.floor(value)
  if (shape.kind === 'list' && Array.isArray(value)) return value.map(entry => wholeNumbers(entry, shape.of))
  if (shape.kind !== 'structure' || !isRecord(value)) return value
  const members = shape.listed.filter(({ name }) => !isMissing(value[name]))
  return {
    ...value,
    ...Object.fromEntries(members.map(({ name, shape: of }) => [name, wholeNumbers(value[name], of)])),
  }
}

const isMissing = (value: unknown): value is null | undefined => value === undefined || value === null

function mismatchOf(value: unknown, shape: Shape): string | undefined {
  if (isMissing(value)) return undefined
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string' ? undefined : conversion(value, 'String')
    case 'number':
      return typeof value === 'number' ? undefined : conversion(value, 'Long')
    case 'boolean':
      return typeof value === 'boolean' ? undefined : conversion(value, 'Boolean')
    case 'list':
      if (!Array.isArray(value)) return typeof value === 'object' ? structureFound : 'Unexpected field type'
      return first(value, entry => mismatchOf(entry, shape.of))
    case 'structure':
      if (typeof value !== 'object') return 'Unexpected value type in payload'
      if (Array.isArray(value)) return `Unrecognized collection type class ${javaPackage}.${shape.name}`
      return first(shape.listed, member => mismatchOf(Reflect.get(value, member.name), member.shape))
  }
}

const structureFound = 'Start of structure or map found where not expected'
const javaPackage = 'com.amazonaws.dynamodb.v20120810'

function conversion(value: unknown, to: string): string {
  if (Array.isArray(value)) return `Unrecognized collection type class java.lang.${to}`
  if (typeof value === 'object') return structureFound
  const found =
    typeof value === 'boolean'
      ? String(value).toUpperCase()
      : typeof value === 'string'
        ? 'STRING'
        : Number.isInteger(value)
          ? 'NUMBER'
          : 'DECIMAL'
  return `${found}_VALUE cannot be converted to ${to}`
}

function first<T>(values: Iterable<T>, find: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = find(value)
    if (found !== undefined) return found
  }
  return undefined
}

function violations(value: unknown, shape: Shape, path: string): string[] {
  if (isMissing(value)) return []
  const failed = (constraint: string) =>
    `Value '${printed(value, shape)}' at '${path}' failed to satisfy constraint: Member must ${constraint}`
  switch (shape.kind) {
    case 'text': {
      const { values, pattern, length } = shape
      const given = String(value)
      const fits = pattern === undefined || matches(pattern, given)
      return [
        ...(values === undefined || values.includes(given) ? [] : [`satisfy enum value set: [${values.join(', ')}]`]),
        ...(fits ? [] : [`satisfy regular expression pattern: ${pattern}`]),
        ...outside(given.length, length, 'have length'),
      ].map(failed)
    }
    case 'number':
      return outside(Math.floor(Number(value)), shape.range, 'have value').map(failed)
    case 'boolean':
      return []
    case 'list': {
      const entries: readonly unknown[] = Array.isArray(value) ? value : []
      const { of } = shape
      return [
        ...outside(entries.length, shape.length, 'have length').map(failed),
        ...(of.kind === 'text'
          ? entryViolations(entries, of).map(failed)
          : entries.flatMap((entry, index) => violations(entry, of, `${path}.${index + 1}.member`))),
      ]
    }
    case 'structure': {
      return shape.listed.flatMap(member => {
        const given = Reflect.get(Object(value), member.name)
        if (isMissing(given) && !member.isRequired) return []
        const place = `${path === '' ? '' : `${path}.`}${member.shown}`
        return isMissing(given)
          ? [`Value null at '${place}' failed to satisfy constraint: Member must not be null`]
          : violations(given, member.shape, place)
      })
    }
  }
}

const patterns = new Map<string, RegExp>()

/** Patterns are compiled once. */
function matches(pattern: string, text: string): boolean {
  const compiled = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`)
  patterns.set(pattern, compiled)
  return compiled.test(text)
}

/** AWS reports the entries of a list together, as a violation of the list. */
function entryViolations(
  entries: readonly unknown[],
  { length: [min, max] = [undefined, undefined] }: { length?: Range },
) {
  const bad = entries.some(entry => outside(String(entry).length, [min, max], '').length > 0)
  const bounds = [
    ...(max === undefined ? [] : [`Member must have length less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have length greater than or equal to ${min}`]),
  ]
  return bad ? [`satisfy constraint: [${bounds.join(', ')}]`] : []
}

function outside(size: number, [min, max]: Range = [undefined, undefined], have: string): string[] {
  if (max !== undefined && size > max) return [`${have} less than or equal to ${max}`]
  return min !== undefined && size < min ? [`${have} greater than or equal to ${min}`] : []
}

/** As Java prints it: `[KeySchemaElement(attributeName=pk, keyType=HASH)]`. */
function printed(value: unknown, shape: Shape): string {
  if (isMissing(value)) return 'null'
  if (shape.kind === 'list' && Array.isArray(value))
    return `[${value.map(entry => printed(entry, shape.of)).join(', ')}]`
  if (shape.kind !== 'structure') return String(value)
  const members = shape.listed.flatMap(member => {
    const given = Reflect.get(Object(value), member.name)
    return isMissing(given) ? [] : [`${member.shown}=${printed(given, member.shape)}`]
  })
  return `${shape.name}(${members.join(', ')})`
}

function lowerFirst(name: string): string {
  // `KMSMasterKeyId` is `kMSMasterKeyId` in AWS's messages.
  return name.charAt(0).toLowerCase() + name.slice(1)
}
