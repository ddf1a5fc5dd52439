import type { KeyAttribute, KeyType } from '../../table/definition.ts'
import { isKeyType, keyTypes } from '../../table/parse-key.ts'
import { isRecord, show } from '../../table/untyped.ts'

/** Says that something is wrong: where in the input, what, and AWS's rule. */
export type Report = (where: string, message: string, rule?: string) => void

export type KeyTypes = ReadonlyMap<string, KeyType>

export interface Keys {
  readonly partitionKey: readonly KeyAttribute[]
  readonly sortKey: readonly KeyAttribute[]
}

/**
 * The types of all attributes that are defined; `undefined` when there is no list to look anything up in. One of a
 * type that no key has is a string from here on: it has been complained of.
 */
export function readAttributeDefinitions(value: unknown, report: Report): KeyTypes | undefined {
  const where = 'AttributeDefinitions'
  if (!Array.isArray(value)) {
    report(where, 'it is missing; list every key attribute with its type: { AttributeName, AttributeType }', 'K6')
    return undefined
  }
  const types = new Map<string, KeyType>()
  for (const [index, entry] of value.entries()) {
    const { AttributeName: name, AttributeType: type } = isRecord(entry) ? entry : {}
    if (typeof name !== 'string') report(`${where}[${index}]`, 'the AttributeName is missing', 'K11')
    else if (types.has(name)) report(`${where}[${index}]`, `"${name}" is defined twice; keep one`, 'K10')
    else {
      if (!isKeyType(type)) report(`${where}[${index}]`, `"${name}" has the type ${show(type)}; ${keyTypes}`, 'K11')
      types.set(name, isKeyType(type) ? type : 'S')
    }
  }
  return types
}

/** The key that a KeySchema names, with the types of its attributes. */
export function readKeySchema(
  value: unknown,
  where: string,
  holder: 'table' | 'local' | 'global',
  types: KeyTypes | undefined,
  report: Report,
): Keys {
  const partitionKey: KeyAttribute[] = []
  const sortKey: KeyAttribute[] = []
  if (!Array.isArray(value) || value.length === 0) {
    report(where, 'it names no key; begin with { AttributeName, KeyType: "HASH" }', 'K1')
    return { partitionKey, sortKey }
  }
  for (const [index, entry] of value.entries()) {
    const { AttributeName: name, KeyType: role } = isRecord(entry) ? entry : {}
    const place = `${where}[${index}]`
    if (typeof name !== 'string') report(place, 'the AttributeName is missing', 'K11')
    else if (role !== 'HASH' && role !== 'RANGE')
      report(place, `the KeyType is ${show(role)}; write HASH or RANGE`, 'K11')
    else {
      checkOrder(index, role, sortKey.length > 0, holder, place, report)
      if (types !== undefined && !types.has(name))
        report(place, `"${name}" is not in AttributeDefinitions; add it there`, 'K7')
      const keys = role === 'HASH' ? partitionKey : sortKey
      keys.push({ name, type: types?.get(name) ?? 'S' })
    }
  }
  return { partitionKey, sortKey }
}

function checkOrder(
  index: number,
  role: 'HASH' | 'RANGE',
  afterSort: boolean,
  holder: 'table' | 'local' | 'global',
  place: string,
  report: Report,
): void {
  if (index === 0 && role !== 'HASH') report(place, 'a key begins with its HASH attribute', 'K3')
  else if (holder !== 'global' && index === 1 && role !== 'RANGE')
    report(place, 'the second attribute is the RANGE key', 'K4')
  else if (holder === 'global' && role === 'HASH' && afterSort)
    report(place, 'all HASH attributes come before the RANGE ones', 'G5')
}
