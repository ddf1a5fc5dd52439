import { unknownField } from '../table/unknown-field.ts'
import { isRecord, show } from '../table/untyped.ts'

/** One thing wrong with a field's shape: where within the field (`''` for the field itself), what, and the rule if AWS has one. */
export interface Complaint {
  readonly at: string
  readonly message: string
  readonly rule?: string
}

/** What a field may hold, for people's editors; the part of JSON Schema that is needed here. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** The type of a field: a check for values of unknown origin (no complaint means that it fits), and the same as a schema. */
export interface FieldCheck {
  readonly complaints: (value: unknown) => readonly Complaint[]
  readonly schema: JsonSchema
}

export const wholeNumber = wholeNumberOr('a whole number')

/** A whole number, where `wanted` says what else would do. */
export function wholeNumberOr(wanted: string, schema: JsonSchema = { minimum: 1 }): FieldCheck {
  return {
    schema: { type: 'integer', ...schema },
    complaints(value) {
      if (Number.isSafeInteger(value)) return []
      if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
        return wrong(`${show(value)} is text; write the number ${Number(value)} without quotes`)
      }
      return wrong(`${show(value)} will not do; write ${wanted}`)
    },
  }
}

export const text: FieldCheck = {
  schema: { type: 'string', minLength: 1 },
  complaints(value) {
    if (value === undefined) return wrong('it is missing; write a text')
    return typeof value === 'string' && value !== '' ? [] : wrong(`${show(value)} will not do; write a text`)
  },
}

export const jsonText: FieldCheck = {
  schema: text.schema,
  complaints: value =>
    isRecord(value) ? wrong('the policy is an object; write it as JSON text (JSON.stringify)') : text.complaints(value),
}

export const textMap: FieldCheck = {
  schema: { type: 'object', additionalProperties: { type: 'string' } },
  complaints(value) {
    if (Array.isArray(value)) return wrong('tags are a list; write a map from key to value: { team: shop }')
    if (!isRecord(value)) return wrong(`${show(value)} will not do; write a map from key to value`)
    return Object.entries(value).flatMap(([key, entry]) =>
      typeof entry === 'string' ? [] : wrong(`the value ${show(entry)} is no text; put it in quotes`, `.${key}`),
    )
  },
}

const precision = oneOf(['MILLISECOND', 'MICROSECOND'])

export const kinesisDestination: FieldCheck = {
  schema: {
    type: 'object',
    properties: { arn: text.schema, precision: precision.schema },
    required: ['arn'],
    additionalProperties: false,
  },
  complaints(value) {
    if (!isRecord(value)) return wrong(`${show(value)} will not do; write { arn } of the data stream, or false`)
    const { arn, precision: given, ...rest } = value
    return [
      ...prefixed('.arn', text.complaints(arn)),
      ...(given === undefined ? [] : prefixed('.precision', precision.complaints(given))),
      ...Object.keys(rest).flatMap(field => wrong(unknownField(field, ['arn', 'precision']), `.${field}`)),
    ]
  },
}

export function oneOf(values: readonly (string | boolean)[], rule?: string): FieldCheck {
  const words = values.filter(value => typeof value === 'string')
  const others = values.filter(value => typeof value !== 'string').map(String)
  const choice = [...words, ...others].join(', ').replace(/, ([^,]*)$/, ' or $1')
  return {
    schema: { enum: values },
    complaints: value =>
      values.some(allowed => allowed === value) ? [] : wrong(`${show(value)} will not do; write ${choice}`, '', rule),
  }
}

export function orFalse({ schema, complaints }: FieldCheck): FieldCheck {
  return {
    schema: { anyOf: [schema, { const: false }] },
    complaints: value => (value === false ? [] : complaints(value)),
  }
}

function prefixed(at: string, complaints: readonly Complaint[]): readonly Complaint[] {
  return complaints.map(complaint => ({ ...complaint, at: at + complaint.at }))
}

export function wrong(message: string, at = '', rule?: string): readonly Complaint[] {
  return [{ at, message, ...(rule === undefined ? {} : { rule }) }]
}
