import { unknownField } from '../table/did-you-mean.ts'
import { readKeys } from '../table/parse-key.ts'
import { isRecord, show } from '../table/untyped.ts'

/**
 * A problem with a field's shape: its place within the field (`''` for the field itself), the message, and AWS's rule
 * if there is one.
 */
export interface Complaint {
  readonly at: string
  readonly message: string
  readonly rule?: string
}

/** The JSON Schema of a field, for editors. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** The type of a field: a check for untyped values (no complaints means valid), and the matching schema. */
export interface FieldCheck {
  /** For the message: `must be ${wanted}, not ...`. */
  readonly wanted: string
  /** `wanted` replaces the check's own text when other values are valid as well. */
  complaints(value: unknown, wanted?: string): readonly Complaint[]
  readonly schema: JsonSchema
}

/** A whole number. `bounds` only go into the schema; the rules check them. */
export function wholeNumber(wanted = 'a whole number', bounds: JsonSchema = { minimum: 1 }): FieldCheck {
  return {
    wanted,
    schema: { type: 'integer', ...bounds },
    complaints(value, or = wanted) {
      if (Number.isSafeInteger(value)) return []
      if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
        return wrong(`must be ${or}, not the string ${show(value)}; write ${Number(value)} without quotes`)
      }
      return mustBe(or, value)
    },
  }
}

/** Text that is not empty; `wanted` names it: `an attribute name`. */
export function text(wanted = 'text'): FieldCheck {
  return {
    wanted,
    schema: { type: 'string', minLength: 1 },
    complaints: (value, or = wanted) => (typeof value === 'string' && value !== '' ? [] : mustBe(or, value)),
  }
}

/** One of these values. */
export function oneOf(values: readonly (string | boolean)[], rule?: string): FieldCheck {
  const words = values.filter(value => typeof value === 'string')
  const others = values.filter(value => typeof value !== 'string').map(String)
  const wanted = [...words, ...others].join(', ').replace(/, ([^,]*)$/, ' or $1')
  return {
    wanted,
    schema: { enum: values },
    complaints: (value, or = wanted) => (values.some(allowed => allowed === value) ? [] : mustBe(or, value, rule)),
  }
}

export const trueOrFalse = oneOf([true, false])

/** The values of `check`, or `false` for off. */
export function orFalse(check: FieldCheck): FieldCheck {
  const wanted = `${check.wanted} or false`
  return {
    wanted,
    schema: { anyOf: [check.schema, { const: false }] },
    complaints: (value, or = wanted) => (value === false ? [] : check.complaints(value, or)),
  }
}

/** An object with these fields; those in `required` must be given. */
export function structureOf(
  wanted: string,
  fields: Readonly<Record<string, FieldCheck>>,
  required: readonly string[],
): FieldCheck {
  const known = Object.keys(fields)
  return {
    wanted,
    schema: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(fields).map(([field, { schema }]) => [field, schema])),
      required,
      additionalProperties: false,
    },
    complaints(value, or = wanted) {
      if (!isRecord(value)) return mustBe(or, value)
      return [
        ...Object.entries(fields).flatMap(([field, check]) =>
          value[field] === undefined
            ? required.includes(field)
              ? wrong(`is missing; it must be ${check.wanted}`, `.${field}`)
              : []
            : check.complaints(value[field]).map(complaint => ({ ...complaint, at: `.${field}${complaint.at}` })),
        ),
        ...Object.keys(value)
          .filter(field => !known.includes(field))
          .flatMap(field => wrong(unknownField(field, known), `.${field}`)),
      ]
    },
  }
}

/** A map from name to what `entry` checks. `names` is the schema of a name. */
export function mapOf(wanted: string, entry: FieldCheck, names: JsonSchema = {}): FieldCheck {
  return {
    wanted,
    schema: { type: 'object', propertyNames: names, additionalProperties: entry.schema },
    complaints(value, or = wanted) {
      if (!isRecord(value)) return mustBe(or, value)
      return Object.entries(value).flatMap(([name, each]) =>
        entry.complaints(each).map(complaint => ({ ...complaint, at: `.${name}${complaint.at}` })),
      )
    },
  }
}

/** The form of index names, for editors. */
export const indexNames: JsonSchema = { pattern: '^[a-zA-Z0-9_.-]{3,255}$' }

/** Attributes in their short form: `tenant`, `year:N`, or a list of these. */
export const attributes: FieldCheck = {
  wanted: 'attributes such as [tenant, year:N]',
  schema: { $ref: '#/definitions/attributes' },
  complaints(value) {
    const reading = readKeys(value)
    return 'keys' in reading ? [] : wrong(reading.complaint, '', reading.rule)
  },
}

/** `ALL`, `KEYS_ONLY`, or a list of attribute names. */
export const projection: FieldCheck = {
  wanted: 'ALL, KEYS_ONLY or a list of attribute names',
  schema: {
    anyOf: [
      { enum: ['ALL', 'KEYS_ONLY'] },
      { type: 'array', items: text().schema, minItems: 1, maxItems: 20, uniqueItems: true },
    ],
  },
  complaints(value) {
    if (value === 'ALL' || value === 'KEYS_ONLY') return []
    if (value === 'INCLUDE') return wrong('must be the list of attribute names itself, not "INCLUDE"')
    if (!Array.isArray(value)) return mustBe(projection.wanted, value)
    return value.flatMap((name, index) =>
      typeof name === 'string' ? [] : wrong(`must be an attribute name, not ${show(name)}`, `[${index}]`),
    )
  },
}

/** `must be STANDARD or STANDARD_INFREQUENT_ACCESS, not "x"`. */
export function mustBe(wanted: string, value: unknown, rule?: string): readonly Complaint[] {
  return wrong(`must be ${wanted}, not ${show(value)}`, '', rule)
}

export function wrong(message: string, at = '', rule?: string): readonly Complaint[] {
  return [{ at, message, ...(rule === undefined ? {} : { rule }) }]
}
