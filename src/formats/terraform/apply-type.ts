import { evaluate, type Scope } from './evaluate.ts'
import { type Expression, ExpressionError, parseTemplate } from './parse-expression.ts'
import {
  EvaluationError,
  isList,
  isMap,
  isUnknown,
  toBoolean,
  toList,
  toNumber,
  toSet,
  toText,
  type Value,
} from './value.ts'

/** A variable's value converted to its type, with the defaults of `optional(...)`; unchanged where it does not fit. */
export function applyType(value: Value, type: string, scope: Scope): Value {
  try {
    return convert(value, parseTemplate(type.includes('${') ? type : `\${${type}}`), scope)
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof ExpressionError) return value
    throw error
  }
}

function convert(value: Value, type: Expression, scope: Scope): Value {
  if (isUnknown(value) || value === null) return value
  if (type.kind === 'name') return primitive(value, type.name)
  if (type.kind !== 'call') return value
  const [inner] = type.args
  if (inner === undefined) return value
  switch (type.name) {
    case 'list':
      return isList(value) || isMap(value) ? toList(value).map(item => convert(item, inner, scope)) : value
    case 'set':
      return isList(value) ? toSet(value.map(item => convert(item, inner, scope))) : value
    case 'map':
      return isMap(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item, inner, scope)]))
        : value
    case 'object':
      return object(value, inner, scope)
    case 'optional':
      return convert(value, inner, scope)
    default:
      return value
  }
}

function primitive(value: Value, name: string): Value {
  if (name === 'string') return toText(value)
  if (name === 'number') return toNumber(value)
  return name === 'bool' ? toBoolean(value) : value
}

/** The attributes that the type names; Terraform drops the others. */
function object(value: Value, fields: Expression, scope: Scope): Value {
  if (!isMap(value) || fields.kind !== 'object') return value
  return Object.fromEntries(
    fields.entries.map(([key, type]) => {
      const name = toText(evaluate(key, scope))
      const given = Object.hasOwn(value, name) ? (value[name] ?? null) : null
      const [inner, otherwise] = type.kind === 'call' && type.name === 'optional' ? type.args : [type]
      const full = given === null && otherwise !== undefined ? evaluate(otherwise, scope) : given
      return [name, inner === undefined ? full : convert(full, inner, scope)]
    }),
  )
}
