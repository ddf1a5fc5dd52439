import type { Problem } from '../errors.ts'
import { didYouMean, suggestion } from '../table/did-you-mean.ts'
import type { BrandedTable, TableInput } from '../table/input.ts'
import { isKeyType, keyTypes } from '../table/parse-key.ts'
import { at } from '../table/problems.ts'
import { isRecord, show, type UntypedRecord } from '../table/untyped.ts'
import { type Attribute, attributeTypes, type VectorAttribute } from './attributes.ts'

/**
 * Turns a model's input into a table input: keys get their stored names and their types from the attributes.
 * Everything else is passed on as it is, for the check of table inputs.
 */
export function readModel(input: UntypedRecord): {
  readonly branded: BrandedTable
  readonly problems: readonly Problem[]
} {
  const problems: Problem[] = []
  const path = typeof input.table === 'string' ? input.table : 'model'
  const report: Report = (field, message) => {
    problems.push({ path: at(path, field), message })
  }
  const { attributes, ...rest } = input
  const declared = readAttributes(attributes, report)
  const names = isRecord(attributes) ? Object.keys(attributes) : []
  const reader: ModelReader = { declared, invalid: new Set(names.filter(name => !declared.has(name))), report }
  const table = {
    ...rest,
    ...keyFields(reader, rest, '', ['partitionKey', 'sortKey']),
    ...indexFields(reader, rest, 'globalIndexes', ['partitionKey', 'sortKey']),
    ...indexFields(reader, rest, 'localIndexes', ['sortKey']),
    ...indexFields(reader, rest, 'vectorIndexes', ['partitionKey', 'filters'], (index, parent) =>
      vectorFields(reader, index, parent),
    ),
    ...(typeof rest.ttl === 'string' ? { ttl: storedName(reader, rest.ttl, 'ttl') } : {}),
  }
  const warnings = [...expiryWarnings(declared, rest), ...projectionWarnings(declared, rest)]
  // The check of table inputs finds all other problems.
  return { branded: { input: table as TableInput, ...(warnings.length === 0 ? {} : { warnings }) }, problems }
}

type Report = (field: string, message: string) => void

interface ModelReader {
  readonly declared: DeclaredAttributes
  /** Attributes that were reported already. */
  readonly invalid: ReadonlySet<string>
  readonly report: Report
}

function keyFields(
  reader: ModelReader,
  holder: UntypedRecord,
  parent: string,
  fields: readonly string[],
): UntypedRecord {
  const given = fields.filter(field => holder[field] !== undefined)
  const read = given.map(field => {
    const [value, path] = [holder[field], `${parent}${field}`]
    const one = (name: unknown) => keyAttribute(reader, name, path)
    return [field, Array.isArray(value) ? value.map(one) : one(value)]
  })
  return Object.fromEntries(read)
}

function keyAttribute({ declared, invalid, report }: ModelReader, name: unknown, field: string) {
  if (typeof name !== 'string') return report(field, `must be the name of an attribute, not ${show(name)}`)
  const attribute = declared.get(name)
  if (attribute === undefined) return invalid.has(name) ? undefined : report(field, undeclared(name, declared))
  if (!isKeyType(attribute.type)) return report(field, `"${name}" has the type ${attribute.type}; ${keyTypes}`)
  return { name: attribute.name ?? name, type: attribute.type }
}

function undeclared(name: string, declared: DeclaredAttributes, type = 'string()'): string {
  const [, bare] = /^(.*):[SNB]$/.exec(name) ?? []
  if (bare !== undefined && declared.has(bare)) return `write '${bare}' alone: its type is declared in attributes`
  const advice = suggestion(name, declared.keys()) || `; add ${isWord(name) ? name : show(name)}: ${type}`
  return `"${name}" is not declared in attributes${advice}`
}

const isWord = (name: string) => /^[A-Za-z_$][\w$]*$/.test(name)

/** `special` reads the fields that only some indexes have. */
function indexFields(
  reader: ModelReader,
  input: UntypedRecord,
  field: string,
  keys: readonly string[],
  special: (index: UntypedRecord, parent: string) => UntypedRecord = () => ({}),
): UntypedRecord {
  const indexes = input[field]
  if (!isRecord(indexes)) return {}
  const read = Object.entries(indexes).map(([name, index]) => {
    if (!isRecord(index)) return [name, index]
    const parent = `${field}.${name}.`
    const own = special(index, parent)
    return [name, { ...index, ...keyFields(reader, index, parent, keys), ...storedProjection(reader, index), ...own }]
  })
  return { [field]: Object.fromEntries(read) }
}

/** Vector indexes take the length of their vectors from the attribute; a length of their own must be the same. */
function vectorFields(reader: ModelReader, { attribute, dimensions }: UntypedRecord, parent: string): UntypedRecord {
  const vector = typeof attribute === 'string' ? vectorOf(reader, attribute, `${parent}attribute`) : undefined
  const length = vector?.dimensions
  if (length !== undefined && dimensions !== undefined && dimensions !== length) {
    const message = `is ${show(dimensions)}, but "${attribute}" is declared as vector(${length})`
    reader.report(`${parent}dimensions`, message)
  }
  return vector === undefined ? {} : { attribute: vector.name ?? attribute, dimensions: dimensions ?? length }
}

function vectorOf({ declared, report }: ModelReader, name: string, field: string): DeclaredAttribute | undefined {
  const attribute = declared.get(name)
  if (attribute === undefined) report(field, undeclared(name, declared, 'vector(1024)'))
  else if (attribute.type !== 'VECTOR')
    report(field, `"${name}" has the type ${attribute.type}; declare it as vector(...)`)
  return attribute
}

// An index may hold attributes of other models in the same table, so an undeclared name passes.
function storedProjection({ declared }: ModelReader, { projection }: UntypedRecord): UntypedRecord {
  return Array.isArray(projection) ? { projection: projection.map(name => storedAs(declared, name)) } : {}
}

function storedAs(declared: DeclaredAttributes, name: unknown): unknown {
  return (typeof name === 'string' ? declared.get(name)?.name : undefined) ?? name
}

function storedName({ declared, invalid, report }: ModelReader, name: string, field: string): string {
  const attribute = declared.get(name)
  if (attribute === undefined && !invalid.has(name)) report(field, undeclared(name, declared, 'number()'))
  return attribute?.name ?? name
}

/** An undeclared name passes, but one that is almost a declared one is probably a typing error. */
function projectionWarnings(declared: DeclaredAttributes, input: UntypedRecord): readonly Problem[] {
  return ['globalIndexes', 'localIndexes', 'vectorIndexes'].flatMap(field =>
    Object.entries(isRecord(input[field]) ? input[field] : {}).flatMap(([index, value]) => {
      const projection = isRecord(value) && Array.isArray(value.projection) ? value.projection : []
      return projection.flatMap((name, at): Problem[] => {
        if (typeof name !== 'string' || declared.has(name)) return []
        const meant = didYouMean(name, declared.keys())
        if (meant === undefined) return []
        const message = `"${name}" is not declared in attributes; did you mean "${meant}"?`
        return [{ path: `${field}.${index}.projection[${at}]`, message, rule: 'W-unknown-index-attribute' }]
      })
    }),
  )
}

// Key types are checked with the table input.
function expiryWarnings(
  declared: DeclaredAttributes,
  { ttl, partitionKey, sortKey }: UntypedRecord,
): readonly Problem[] {
  const type = typeof ttl === 'string' ? declared.get(ttl)?.type : undefined
  if (type === undefined || type === 'N' || ttl === partitionKey || ttl === sortKey) return []
  const message = `"${ttl}" is ${type}; only a number (epoch seconds) makes items expire`
  return [{ path: 'ttl', message, rule: 'W-ttl-type' }]
}

/** The attributes of a model, by the names that the model uses. */
type DeclaredAttributes = ReadonlyMap<string, DeclaredAttribute>

type DeclaredAttribute = Attribute & Partial<Pick<VectorAttribute, 'dimensions'>>

/** Reads untyped `attributes`; invalid entries are left out and reported. */
function readAttributes(value: unknown, report: Report): DeclaredAttributes {
  const declared = new Map<string, DeclaredAttribute>()
  if (!isRecord(value)) {
    const what = value === undefined ? 'are missing' : `must be an object, not ${show(value)}`
    report('attributes', `${what}; write { pk: string(), ... }`)
    return declared
  }
  const stored = new Map<string, string>()
  for (const [name, attribute] of Object.entries(value)) {
    const field = `attributes.${name}`
    if (!isAttribute(attribute)) {
      const meant =
        typeof attribute === 'function' ? 'call it: string(), number(), ...' : 'write string(), number(), ...'
      report(field, `must be an attribute, not ${show(attribute)}; ${meant}`)
      continue
    }
    const other = stored.get(attribute.name ?? name)
    if (other !== undefined) report(field, `is stored as "${attribute.name ?? name}", as is "${other}"; use two names`)
    stored.set(attribute.name ?? name, name)
    declared.set(name, attribute)
  }
  return declared
}

function isAttribute(value: unknown): value is Attribute {
  if (!isRecord(value) || !attributeTypes.some(type => type === value.type)) return false
  if (value.type === 'VECTOR' && !Number.isInteger(value.dimensions)) return false
  return value.name === undefined || (typeof value.name === 'string' && value.name !== '')
}
