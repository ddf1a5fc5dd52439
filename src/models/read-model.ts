import type { Problem } from '../errors.ts'
import type { BrandedTable } from '../table/brand.ts'
import type { KeyAttribute } from '../table/definition.ts'
import { suggestion } from '../table/did-you-mean.ts'
import type { TableInput } from '../table/input.ts'
import { isKeyType, keyTypes } from '../table/parse-key.ts'
import { at } from '../table/path.ts'
import { isRecord, show, type UntypedRecord } from '../table/untyped.ts'
import { type DeclaredAttributes, readAttributes } from './read-attributes.ts'

/**
 * A model's input as a table's: every key that is named from the attributes gets its stored name and its type.
 * What is not about attributes is passed on as it is; the table's own check reads it.
 */
export function readModel(input: UntypedRecord): {
  readonly branded: BrandedTable
  readonly problems: readonly Problem[]
} {
  const problems: Problem[] = []
  const path = typeof input.table === 'string' ? input.table : 'model'
  const report: Report = (field, message) => problems.push({ path: at(path, field), message })
  const { attributes, ...rest } = input
  const declared = readAttributes(attributes, report)
  const reader: ModelReader = { declared, report }
  const table = {
    ...rest,
    ...keyFields(reader, rest, '', ['partitionKey', 'sortKey']),
    ...indexFields(reader, rest, 'globalIndexes', ['partitionKey', 'sortKey']),
    ...indexFields(reader, rest, 'localIndexes', ['sortKey']),
    ...(typeof rest.ttl === 'string' ? { ttl: storedName(reader, rest.ttl, 'ttl') } : {}),
  }
  const warnings = expiryWarnings(declared, rest)
  // What is missing or misshapen beside the keys is for the table's own check to say.
  return {
    branded: {
      input: table as TableInput,
      ...(warnings.length === 0 ? {} : { warnings }),
    },
    problems,
  }
}

export type Report = (field: string, message: string) => void

interface ModelReader {
  readonly declared: DeclaredAttributes
  readonly report: Report
}

function keyFields(
  reader: ModelReader,
  holder: UntypedRecord,
  parent: string,
  fields: readonly string[],
): UntypedRecord {
  const given = fields.filter(field => holder[field] !== undefined)
  return Object.fromEntries(given.map(field => [field, keyOf(reader, holder[field], `${parent}${field}`)]))
}

function keyOf(reader: ModelReader, value: unknown, field: string): unknown {
  return Array.isArray(value)
    ? value.map(name => keyAttribute(reader, name, field))
    : keyAttribute(reader, value, field)
}

function keyAttribute({ declared, report }: ModelReader, name: unknown, field: string): KeyAttribute | undefined {
  if (typeof name !== 'string') {
    report(field, `${show(name)} is no attribute name; a model's keys are named from its attributes`)
    return undefined
  }
  const attribute = declared.get(name)
  if (attribute === undefined) {
    report(field, undeclared(name, declared))
    return undefined
  }
  if (isKeyType(attribute.type)) return { name: attribute.name ?? name, type: attribute.type }
  report(field, `"${name}" is ${attribute.type} and no key; ${keyTypes}`)
  return undefined
}

function undeclared(name: string, declared: DeclaredAttributes): string {
  const [, bare] = /^(.*):[SNB]$/.exec(name) ?? []
  if (bare !== undefined && declared.has(bare)) return `write '${bare}' alone: its type is declared in attributes`
  return `"${name}" is not declared in attributes${suggestion(name, declared.keys())}`
}

function indexFields(reader: ModelReader, input: UntypedRecord, field: string, keys: readonly string[]): UntypedRecord {
  const indexes = input[field]
  if (!isRecord(indexes)) return {}
  const read = Object.entries(indexes).map(([name, index]) => {
    if (!isRecord(index)) return [name, index]
    const projection = Array.isArray(index.projection)
      ? { projection: index.projection.map((name: unknown) => storedAs(reader.declared, name)) }
      : {}
    return [name, { ...index, ...keyFields(reader, index, `${field}.${name}.`, keys), ...projection }]
  })
  return { [field]: Object.fromEntries(read) }
}

// An index may hold attributes of other models in the same table, so an undeclared name passes.
function storedAs(declared: DeclaredAttributes, name: unknown): unknown {
  return (typeof name === 'string' ? declared.get(name)?.name : undefined) ?? name
}

function storedName({ declared, report }: ModelReader, name: string, field: string): string {
  const attribute = declared.get(name)
  if (attribute === undefined) report(field, undeclared(name, declared))
  return attribute?.name ?? name
}

// A key's type is known to the table's own check.
function expiryWarnings(
  declared: DeclaredAttributes,
  { ttl, partitionKey, sortKey }: UntypedRecord,
): readonly Problem[] {
  const type = typeof ttl === 'string' ? declared.get(ttl)?.type : undefined
  if (type === undefined || type === 'N' || ttl === partitionKey || ttl === sortKey) return []
  const message = `"${ttl}" is ${type}; only a number (epoch seconds) makes items expire`
  return [{ path: 'ttl', message, rule: 'W-ttl-type' }]
}
