import { ownMember } from '../../../table/untyped.ts'
import { functions, lenientFunctions } from './functions.ts'
import { type Expression, ExpressionError, type ForExpression, parseTemplate, splatItem } from './parse-expression.ts'
import {
  describe,
  EvaluationError,
  entriesOf,
  isEqual,
  isList,
  isMap,
  isUnknown,
  NeedError,
  needsOf,
  toBoolean,
  toList,
  toNumber,
  toSet,
  toText,
  unknown,
  type Value,
} from './value.ts'

/** The meaning of names and files where an expression stands. */
export interface Scope {
  /** Names that only this place has: `each`, `count`, the iterator of a dynamic block, the variables of a `for`. */
  readonly names: Readonly<Record<string, Value>>
  /** The value of a reference and how many of its keys it used: `var.stage` uses one, `data.a.b.c` three. */
  resolve(root: string, keys: readonly Value[]): { readonly value: Value; readonly used: number }
  /** Functions that need files; `undefined` when `name` is not one of them. */
  call(name: string, args: readonly Value[]): Value | undefined
}

/**
 * A value of the JSON form of Terraform, its strings evaluated. A part that fails is an unknown value that needs what
 * the error says, so that one bad expression does not lose the others.
 */
export function evaluateRaw(raw: unknown, scope: Scope): Value {
  return settle(() => {
    if (typeof raw === 'string') return evaluateText(raw, scope)
    if (Array.isArray(raw)) return bounded(raw.map(item => evaluateRaw(item, scope)))
    if (typeof raw === 'object' && raw !== null) {
      const entries = Object.entries(raw).map(([key, item]) => [
        keyOf(evaluateText(key, scope)),
        evaluateRaw(item, scope),
      ])
      return bounded(Object.fromEntries(entries))
    }
    return typeof raw === 'number' || typeof raw === 'boolean' ? raw : null
  })
}

/** The text of a template, or the value of a single `${...}`. @throws EvaluationError, ExpressionError */
export function evaluateText(text: string, scope: Scope): Value {
  return /[$%]\{/.test(text) ? evaluate(parseTemplate(text), scope) : text
}

/** Runs `work`; an expression that fails is unknown. */
export function settle(work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    if (error instanceof NeedError) return unknown(error.message)
    if (error instanceof EvaluationError || error instanceof ExpressionError)
      return unknown(`a valid expression (${error.message})`)
    if (error instanceof RangeError) return unknown('an expression that is nested too deeply')
    throw error
  }
}

/** @throws EvaluationError */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'template':
      return template(expression.parts, scope)
    case 'name':
    case 'get':
      return reference(expression, scope)
    case 'splat':
      return splat(evaluate(expression.from, scope), expression.each, scope)
    case 'call':
      return bounded(call(expression, scope))
    case 'unary': {
      const of = evaluate(expression.of, scope)
      if (isUnknown(of)) return of
      // Not `-0`.
      return expression.operator === '!' ? !toBoolean(of) : 0 - toNumber(of)
    }
    case 'binary':
      return binary(expression, scope)
    case 'choice': {
      const condition = evaluate(expression.if, scope)
      if (!isUnknown(condition)) return evaluate(toBoolean(condition) ? expression.yes : expression.no, scope)
      const [yes, no] = [expression.yes, expression.no].map(side => settle(() => evaluate(side, scope)))
      return yes !== undefined && no !== undefined && needsOf(yes).length === 0 && isEqual(yes, no) ? yes : condition
    }
    case 'list':
      return bounded(expression.items.map(item => evaluate(item, scope)))
    case 'object':
      return bounded(
        Object.fromEntries(
          expression.entries.map(([key, value]) => [keyOf(evaluate(key, scope)), evaluate(value, scope)]),
        ),
      )
    case 'for':
      return bounded(forEach(expression, scope))
  }
}

function template(parts: readonly Expression[], scope: Scope): Value {
  const values = parts.map(part => evaluate(part, scope))
  const needs = values.flatMap(needsOf)
  return needs.length > 0 ? unknown(...needs) : bounded(values.map(toText).join(''))
}

function reference(expression: Expression, scope: Scope): Value {
  const keys: Value[] = []
  let root = expression
  for (; root.kind === 'get'; root = root.from) keys.unshift(evaluate(root.key, scope))
  if (root.kind !== 'name') return keys.reduce(get, evaluate(root, scope))
  if (Object.hasOwn(scope.names, root.name)) return keys.reduce(get, scope.names[root.name] ?? null)
  const { value, used } = scope.resolve(root.name, keys)
  return keys.slice(used).reduce(get, value)
}

/** An attribute or element. @throws EvaluationError when the value does not have it */
export function get(from: Value, key: Value): Value {
  if (isUnknown(from)) return from
  if (isUnknown(key)) return key
  if (isList(from) && /^\d+$/.test(String(key))) {
    const item = from[Number(key)]
    if (item !== undefined) return item
  }
  if (isMap(from) && Object.hasOwn(from, String(key))) return from[String(key)] ?? null
  throw new EvaluationError(`${describe(from)} has no attribute ${describe(key)}`)
}

function splat(from: Value, each: Expression, scope: Scope): Value {
  if (isUnknown(from)) return from
  const items = from === null ? [] : isList(from) ? from : [from]
  return items.map(item => evaluate(each, { ...scope, names: { ...scope.names, [splatItem]: item } }))
}

function call({ name, args, spread }: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  if (name === 'can') return can(args, scope)
  if (name === 'try') return tryEach(args, scope)
  const given = args.map(arg => evaluate(arg, scope))
  const last = given.at(-1)
  if (spread && last !== undefined && isUnknown(last)) return last
  const values =
    spread && last !== undefined ? [...given.slice(0, -1), ...entriesOf(last).map(([, item]) => item)] : given
  const needs = lenientFunctions.has(name)
    ? values.flatMap(value => (isUnknown(value) ? needsOf(value) : []))
    : values.flatMap(needsOf)
  if (needs.length > 0) return unknown(...needs)
  const known = ownMember(functions, name)
  return known === undefined ? (scope.call(name, values) ?? unknown(`${name}()`)) : known(...values)
}

function can([arg]: readonly Expression[], scope: Scope): Value {
  return attempt(() => (arg === undefined ? null : evaluate(arg, scope))) !== undefined
}

function tryEach(args: readonly Expression[], scope: Scope): Value {
  for (const arg of args) {
    const result = attempt(() => evaluate(arg, scope))
    if (result !== undefined) return result
  }
  throw new EvaluationError('every argument of try() fails')
}

function attempt(work: () => Value): Value | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof EvaluationError) return undefined
    throw error
  }
}

function binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
  const a = evaluate(left, scope)
  // The right side may be valid only if the left side lets it be evaluated: `x != null && x.y`.
  if (operator === '&&' && !isUnknown(a) && !toBoolean(a)) return false
  if (operator === '||' && !isUnknown(a) && toBoolean(a)) return true
  const b = evaluate(right, scope)
  const needs = [...needsOf(a), ...needsOf(b)]
  if (needs.length > 0) return unknown(...needs)
  switch (operator) {
    case '&&':
    case '||':
      return toBoolean(b)
    case '==':
      return isEqual(a, b)
    case '!=':
      return !isEqual(a, b)
    default:
      return (arithmetic[operator] ?? unsupported(operator))(toNumber(a), toNumber(b))
  }
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => Value>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / divisor(b),
  '%': (a, b) => a % divisor(b),
}

function divisor(number: number): number {
  if (number === 0) throw new EvaluationError('a number is divided by zero')
  return number
}

function unsupported(operator: string): never {
  throw new EvaluationError(`${operator} is not an operator`)
}

function forEach(loop: ForExpression, scope: Scope): Value {
  const collection = evaluate(loop.in, scope)
  if (isUnknown(collection)) return collection
  const [first = '', second] = loop.names
  const results: (readonly [key: string, value: Value])[] = []
  for (const [key, value] of entriesOf(collection)) {
    const names = second === undefined ? { [first]: value } : { [first]: key, [second]: value }
    const inner: Scope = { ...scope, names: { ...scope.names, ...names } }
    const condition = loop.if === undefined ? true : evaluate(loop.if, inner)
    if (isUnknown(condition)) return condition
    if (!toBoolean(condition)) continue
    const name = loop.key === undefined ? '' : keyOf(evaluate(loop.key, inner))
    results.push([name, evaluate(loop.value, inner)])
  }
  if (loop.key === undefined) return results.map(([, value]) => value)
  if (!loop.grouped) return Object.fromEntries(results)
  return Object.fromEntries(
    results.map(([key]) => [key, results.filter(([other]) => other === key).map(([, value]) => value)]),
  )
}

function keyOf(value: Value): string {
  if (isUnknown(value)) throw new NeedError(needsOf(value).join(' and '))
  return toText(value)
}

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
  const convertItem = (item: Value) => convert(item, inner, scope)
  if (type.name === 'object') return object(value, inner, scope)
  if (type.name === 'optional') return convertItem(value)
  if (type.name === 'list' && (isList(value) || isMap(value))) return toList(value).map(convertItem)
  if (type.name === 'set' && isList(value)) return toSet(value.map(convertItem))
  if (type.name === 'map' && isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convertItem(item)]))
  return value
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

const maxWeight = 1_000_000
const weights = new WeakMap<object, number>()

/** Refuses values that grow without bounds, such as a text that doubles twenty times. */
function bounded(value: Value): Value {
  if (weigh(value) > maxWeight) throw new EvaluationError('the value is too large')
  return value
}

function weigh(value: Value): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null || isUnknown(value)) return 1
  const known = weights.get(value)
  if (known !== undefined) return known
  const weight = Object.values(value).reduce((sum: number, item: Value) => sum + weigh(item), 1)
  weights.set(value, weight)
  return weight
}
