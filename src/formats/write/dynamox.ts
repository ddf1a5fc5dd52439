import { settingFields } from '../../settings/catalogue.ts'
import {
  type GlobalIndex,
  isGiven,
  type KeyAttribute,
  type LocalIndex,
  type TableDefinition,
  type VectorIndex,
} from '../../table/definition.ts'
import { formatKey } from '../../table/parse-key.ts'
import { isRecord, memberOf, type UntypedRecord } from '../../table/untyped.ts'
import { typescriptLiteral } from './code.ts'
import { headline, identifiers, jsonText, type WriteOptions, type WrittenTemplate } from './written.ts'
import { yamlText } from './yaml-text.ts'

/** Definitions in dynamox's own words: YAML, JSON, TypeScript or JavaScript, by the file's extension. */
export function writeDynamox(tables: readonly TableDefinition[], { file = '' }: WriteOptions): WrittenTemplate {
  const inputs = tables.map(table => ({ table, input: inputOf(table) }))
  const value = { tables: inputs.map(({ input }) => input) }
  if (/\.[cm]?[jt]s$/i.test(file)) {
    const names = identifiers(tables, 'pascal')
    const parts = inputs.map(
      ({ table, input }) => `export const ${names.get(table)} = defineTable(${typescriptLiteral(input)})`,
    )
    const text = [`// ${headline}`, "import { defineTable } from 'dynamox'", ...parts.map(part => `\n${part}`)].join(
      '\n',
    )
    return { files: [{ path: 'tables.ts', text: `${text}\n` }], notes: [] }
  }
  const text = /\.json$/i.test(file) ? jsonText(value) : yamlText(value, { head: [headline] })
  return { files: [{ path: 'tables.yaml', text }], notes: [] }
}

/** The input that gives this definition; documented defaults are left out. */
function inputOf(definition: TableDefinition): UntypedRecord {
  const { name, globalIndexes, localIndexes, extra } = definition
  const isWritten = (path: string) =>
    isGiven(definition, path) || definition.assumed.some(({ path: own, guess }) => guess && own === path)
  const settings = (owner: TableDefinition | GlobalIndex, parent: string) =>
    Object.fromEntries(
      Object.keys(settingFields).flatMap(field => {
        const value = memberOf(owner, field)
        return value !== undefined && isWritten(`${parent}${field}`) ? [[field, shortForm(field, value)]] : []
      }),
    )
  const index = (list: string, each: LocalIndex | GlobalIndex) => {
    const parent = `${list}.${each.name}.`
    return {
      ...(list === 'globalIndexes' ? { partitionKey: keyInput(each.partitionKey) } : {}),
      ...(each.sortKey.length === 0 ? {} : { sortKey: keyInput(each.sortKey) }),
      ...(isWritten(`${parent}projection`) || each.projection !== 'ALL' ? { projection: each.projection } : {}),
      ...(list === 'globalIndexes' ? settings(each, parent) : {}),
    }
  }
  const byName = (list: string, indexes: readonly LocalIndex[]) =>
    indexes.length === 0 ? {} : { [list]: Object.fromEntries(indexes.map(each => [each.name, index(list, each)])) }
  return {
    table: name,
    partitionKey: keyInput(definition.partitionKey),
    ...(definition.sortKey.length === 0 ? {} : { sortKey: keyInput(definition.sortKey) }),
    ...byName('globalIndexes', globalIndexes),
    ...byName('localIndexes', localIndexes),
    ...settings(definition, ''),
    ...(isRecord(extra) ? { extra } : {}),
  }
}

/** One attribute as `name:type`, several as a list. */
function keyInput(key: readonly KeyAttribute[]): unknown {
  const inputs = key.map(formatKey)
  return inputs.length === 1 ? inputs[0] : inputs
}

/** Vector indexes and replicas as people write them. */
function shortForm(field: string, value: unknown): unknown {
  if (field === 'vectorIndexes' && isRecord(value)) {
    return Object.fromEntries(Object.entries(value as VectorIndexes).map(([name, index]) => [name, vectorInput(index)]))
  }
  if (field !== 'replicas' || !Array.isArray(value)) return value
  return value.map(replica => (isRecord(replica) && Object.keys(replica).length === 1 ? replica.region : replica))
}

type VectorIndexes = Readonly<Record<string, VectorIndex>>

function vectorInput({ partitionKey, filters, ...rest }: VectorIndex): UntypedRecord {
  return {
    ...rest,
    ...(partitionKey.length === 0 ? {} : { partitionKey: keyInput(partitionKey) }),
    ...(filters.length === 0 ? {} : { filters: filters.map(formatKey) }),
  }
}
