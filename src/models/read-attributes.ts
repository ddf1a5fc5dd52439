import { isRecord, show } from '../table/untyped.ts'
import type { Attribute, AttributeType } from './attributes.ts'
import type { Report } from './read-model.ts'

/** The attributes of a model, by the names that the model uses. */
export type DeclaredAttributes = ReadonlyMap<string, Attribute>

const types: Readonly<Record<AttributeType, true>> = {
  S: true,
  N: true,
  B: true,
  BOOL: true,
  L: true,
  M: true,
  SS: true,
  NS: true,
  BS: true,
}

/** Reads `attributes` of unknown origin; what is no attribute is left out and reported. */
export function readAttributes(value: unknown, report: Report): DeclaredAttributes {
  const declared = new Map<string, Attribute>()
  if (!isRecord(value)) {
    const what = value === undefined ? 'they are missing' : `${show(value)} will not do`
    report('attributes', `${what}; write { pk: string(), ... }`)
    return declared
  }
  const stored = new Map<string, string>()
  for (const [name, attribute] of Object.entries(value)) {
    const field = `attributes.${name}`
    if (!isAttribute(attribute)) {
      const meant =
        typeof attribute === 'function' ? 'call it: string(), number(), ...' : 'write string(), number(), ...'
      report(field, `${show(attribute)} is no attribute; ${meant}`)
      continue
    }
    const other = stored.get(attribute.name ?? name)
    if (other !== undefined)
      report(field, `it is stored as "${attribute.name ?? name}", as is "${other}"; use two names`)
    stored.set(attribute.name ?? name, name)
    declared.set(name, attribute)
  }
  return declared
}

function isAttribute(value: unknown): value is Attribute {
  if (!isRecord(value) || typeof value.type !== 'string' || !Object.hasOwn(types, value.type)) return false
  return value.name === undefined || (typeof value.name === 'string' && value.name !== '')
}
