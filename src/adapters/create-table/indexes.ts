import type { Projection } from '../../table/definition.ts'
import { isRecord, show, type UntypedRecord } from '../../table/untyped.ts'
import { type Keys, type KeyTypes, type Report, readKeySchema } from './key-schema.ts'
import { unitsOf } from './units.ts'

/** The indexes of one list, by name, in dynamox's words; and the keys of each, for what looks at all of them. */
export interface ReadIndexes {
  readonly byName: UntypedRecord
  readonly keys: readonly Keys[]
}

export function readGlobalIndexes(
  value: unknown,
  types: KeyTypes | undefined,
  billing: unknown,
  report: Report,
): ReadIndexes {
  return readIndexes(value, 'GlobalSecondaryIndexes', 'global', types, report, (index, keys, where) => {
    if (billing === 'PROVISIONED' && index.ProvisionedThroughput === undefined) {
      report(`${where}.ProvisionedThroughput`, 'a PROVISIONED table needs it for every global index', 'T4')
    }
    return {
      partitionKey: keys.partitionKey,
      ...(keys.sortKey.length === 0 ? {} : { sortKey: keys.sortKey }),
      ...unitsOf(index, `${where}.`, report),
    }
  })
}

export function readLocalIndexes(
  value: unknown,
  types: KeyTypes | undefined,
  table: Keys,
  report: Report,
): ReadIndexes {
  const own = table.partitionKey[0]?.name
  return readIndexes(value, 'LocalSecondaryIndexes', 'local', types, report, (_, keys, where) => {
    const its = keys.partitionKey[0]?.name
    if (its !== undefined && own !== undefined && its !== own) {
      report(`${where}.KeySchema`, `the HASH key is "${its}"; a local index shares the table's, "${own}"`, 'L2')
    }
    return { sortKey: keys.sortKey }
  })
}

type Convert = (index: UntypedRecord, keys: Keys, where: string) => UntypedRecord

function readIndexes(
  value: unknown,
  field: string,
  holder: 'global' | 'local',
  types: KeyTypes | undefined,
  report: Report,
  convert: Convert,
): ReadIndexes {
  const byName = new Map<string, UntypedRecord>()
  const keys: Keys[] = []
  if (value === undefined) return { byName: {}, keys }
  if (!Array.isArray(value)) report(field, `${show(value)} is no list of indexes`)
  else if (value.length === 0) report(field, 'the list is empty; AWS wants it left out then', 'G1')
  for (const [position, index] of Array.isArray(value) ? value.entries() : []) {
    const name = isRecord(index) ? index.IndexName : undefined
    if (!isRecord(index) || typeof name !== 'string') {
      report(`${field}[${position}]`, 'the IndexName is missing', 'N4')
      continue
    }
    const where = `${field}.${name}`
    if (byName.has(name)) report(where, 'another index has this name already', 'G3')
    const its = readKeySchema(index.KeySchema, `${where}.KeySchema`, holder, types, report)
    keys.push(its)
    byName.set(name, {
      ...convert(index, its, where),
      ...readProjection(index.Projection, `${where}.Projection`, report),
    })
  }
  return { byName: Object.fromEntries(byName), keys }
}

function readProjection(value: unknown, where: string, report: Report): { readonly projection?: Projection } {
  const { ProjectionType: type, NonKeyAttributes: names } = isRecord(value) ? value : {}
  if (type === 'ALL' || type === 'KEYS_ONLY') {
    if (names !== undefined)
      report(where, `ProjectionType ${type} takes no NonKeyAttributes; leave them out, or write INCLUDE`, 'P2')
    return { projection: type }
  }
  if (type === 'INCLUDE') {
    if (Array.isArray(names)) return { projection: names }
    report(where, 'ProjectionType INCLUDE needs NonKeyAttributes', 'P3')
  } else if (type === undefined) report(where, 'the ProjectionType is missing; write ALL, KEYS_ONLY or INCLUDE', 'P1')
  else report(where, `the ProjectionType is ${show(type)}; write ALL, KEYS_ONLY or INCLUDE`, 'P1')
  return {}
}
