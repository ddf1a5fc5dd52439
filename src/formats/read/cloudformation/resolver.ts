import type { Place } from '../../../errors.ts'
import { asRecord, isRecord, type UntypedRecord } from '../../../table/untyped.ts'
import { missingReason } from '../missing-value.ts'

/** The values that a template is resolved with. */
export interface StackValues {
  /** Given parameters and pseudo parameters (`AWS::Region`) by name. */
  readonly given: Readonly<Record<string, unknown>>
  placeOf(holder: unknown, member?: string | number): Place | undefined
}

/** A value that is not known before the stack is deployed, or that needs an input. */
export class Unresolved extends Error {
  readonly place: Place | undefined
  /** Whether the template itself is wrong, so that the value cannot be left out. */
  readonly isFault: boolean

  constructor(message: string, place: Place | undefined, isFault = false) {
    super(message)
    this.place = place
    this.isFault = isFault
  }
}

/** `AWS::NoValue`: the member or entry is left out. */
const noValue = Symbol('AWS::NoValue')

// AWS allows 500 resources in a stack; a larger expansion is an attack or a mistake.
const maxValues = 100_000

/**
 * Resolves CloudFormation's functions. Only what is asked for is looked at, so that a part that cannot be resolved does
 * not matter to the others.
 */
export class Resolver {
  private readonly template: UntypedRecord
  private readonly values: StackValues
  private readonly conditions = new Map<string, boolean | 'running'>()
  /** The object or list of the template that each resolved one was made from. */
  private readonly origins = new WeakMap<object, object>()
  private count = 0

  constructor(template: UntypedRecord, values: StackValues) {
    this.template = template
    this.values = values
  }

  /** The stack's region, when it is known. */
  get region(): unknown {
    return this.values.given['AWS::Region']
  }

  /** The value of a part of the template; `undefined` for `AWS::NoValue`. @throws Unresolved */
  value(node: unknown): unknown {
    const value = this.resolve(node)
    return value === noValue ? undefined : value
  }

  /** Whether a condition holds. @throws Unresolved */
  condition(name: string, place?: Place): boolean {
    const known = this.conditions.get(name)
    if (known === 'running') throw new Unresolved(`the condition ${name} depends on itself`, place, true)
    if (known !== undefined) return known
    const conditions = this.section('Conditions')
    if (!Object.hasOwn(conditions, name))
      throw new Unresolved(`the template has no condition ${name}`, place ?? this.place(conditions), true)
    this.conditions.set(name, 'running')
    try {
      const value = this.boolean(conditions[name], conditions, name)
      this.conditions.set(name, value)
      return value
    } catch (error) {
      this.conditions.delete(name)
      throw error
    }
  }

  /** A top-level section with its `Fn::ForEach` loops written out. */
  section(name: string): UntypedRecord {
    const section = this.template[name]
    return isRecord(section) ? this.expanded(section) : {}
  }

  /** A map with its `Fn::ForEach` loops written out, and nothing else resolved. @throws Unresolved */
  expanded(map: UntypedRecord): UntypedRecord {
    const keys = Object.keys(map)
    if (!keys.some(key => key.startsWith(forEach))) return map
    const entries = keys.flatMap((key): (readonly [string, unknown])[] =>
      key.startsWith(forEach) ? this.loop(map, key) : [[key, map[key]]],
    )
    return this.copy(map, Object.fromEntries(entries))
  }

  /** Where an object or list, original or resolved, or one of its members stands. */
  place(holder: unknown, member?: string | number): Place | undefined {
    const origin = typeof holder === 'object' && holder !== null ? this.origins.get(holder) : undefined
    return origin === undefined ? this.values.placeOf(holder, member) : this.place(origin, member)
  }

  /** Notes that `copy` was made from `origin`, for `place`. */
  copy<T extends object>(origin: unknown, copy: T): T {
    if (copy !== origin && typeof origin === 'object' && origin !== null) this.origins.set(copy, origin)
    return copy
  }

  /** A copy of a list or map with other values and names; anything else as it is. */
  changed(node: unknown, value: (value: unknown, key?: string) => unknown, name = (key: string) => key): unknown {
    if (Array.isArray(node))
      return this.copy(
        node,
        node.map(entry => value(entry)),
      )
    if (!isRecord(node)) return node
    return this.copy(
      node,
      Object.fromEntries(Object.entries(node).map(([key, entry]) => [name(key), value(entry, key)])),
    )
  }

  private resolve(node: unknown): unknown {
    this.count += 1
    if (this.count > maxValues) throw new Unresolved('the template expands without end', undefined, true)
    if (typeof node === 'string') return this.text(node)
    if (Array.isArray(node)) {
      const list = node.map(entry => this.resolve(entry)).filter(entry => entry !== noValue)
      return this.copy(node, list)
    }
    if (!isRecord(node)) return node
    const missing = missingReason(node)
    if (missing !== undefined) throw new Unresolved(missing, this.place(node))
    const [name, ...others] = Object.keys(node)
    if (name !== undefined && others.length === 0) {
      if (name === 'Ref' || name === 'Condition' || /^Fn::(?!ForEach)/.test(name)) return this.call(name, node)
      if (name.startsWith('!')) throw new Unresolved(`the tag ${name} cannot be resolved`, this.place(node), true)
    }
    const map = this.expanded(node)
    const entries = Object.entries(map).map(([key, entry]) => [key, this.resolve(entry)] as const)
    return this.copy(node, Object.fromEntries(entries.filter(([, entry]) => entry !== noValue)))
  }

  // A dynamic reference is replaced by the service that gets the value.
  private text(text: string): string {
    if (!text.includes('{{resolve:')) return text
    throw new Unresolved(`${text} is read from another service when the stack is deployed`, undefined)
  }

  private call(name: string, node: UntypedRecord): unknown {
    const argument = node[name]
    const fail = (message: string, isFault = false) => new Unresolved(message, this.place(node, name), isFault)
    switch (name) {
      case 'Ref':
        return this.reference(String(argument), this.place(node, name))
      case 'Condition':
        return typeof argument === 'string'
          ? this.condition(argument, this.place(node, name))
          : { [name]: this.resolve(argument) }
      case 'Fn::Sub':
        return this.substitute(argument, node)
      case 'Fn::If': {
        const [condition, yes, no] = this.list(argument, name, fail)
        if (typeof condition !== 'string') throw fail('Fn::If needs the name of a condition, and two values', true)
        return this.resolve(this.condition(condition, this.place(node, name)) ? yes : no)
      }
      case 'Fn::Join': {
        const [separator, parts] = this.list(argument, name, fail)
        return this.texts(parts, name, fail).join(String(this.resolve(separator)))
      }
      case 'Fn::Select': {
        const [index, values] = this.list(argument, name, fail)
        const list = this.texts(values, name, fail)
        const found = list[Number(this.resolve(index))]
        if (found === undefined) throw fail(`Fn::Select finds no entry ${String(index)} among ${list.length}`, true)
        return found
      }
      case 'Fn::Split': {
        const [separator, text] = this.list(argument, name, fail)
        return String(this.resolve(text)).split(String(this.resolve(separator)))
      }
      case 'Fn::FindInMap':
        return this.findInMap(this.list(argument, name, fail), fail)
      case 'Fn::Length':
        return this.texts(argument, name, fail).length
      case 'Fn::Base64':
        return Buffer.from(String(this.resolve(argument))).toString('base64')
      case 'Fn::ToJsonString':
        return JSON.stringify(this.resolve(argument))
      case 'Fn::Equals':
      case 'Fn::And':
      case 'Fn::Or':
      case 'Fn::Not':
        return this.boolean(node, node, name)
      case 'Fn::GetAtt': {
        const [resource, attribute] = Array.isArray(argument) ? argument : String(argument).split(/\.(.*)/s)
        throw fail(`${String(attribute)} of ${String(resource)} is known only after it is deployed`)
      }
      case 'Fn::ImportValue':
        throw fail('Fn::ImportValue takes a value from another stack')
      case 'Fn::Transform':
        throw fail(`${transformName(argument)} brings in a part of the template from elsewhere`)
      default:
        throw fail(`${name} is known only when the stack is deployed`)
    }
  }

  private reference(name: string, place: Place | undefined): unknown {
    if (name === 'AWS::NoValue') return noValue
    const { given } = this.values
    const parameters = this.template.Parameters
    const parameter = isRecord(parameters) && Object.hasOwn(parameters, name) ? parameters[name] : undefined
    const type = isRecord(parameter) ? String(parameter.Type ?? 'String') : 'String'
    if (Object.hasOwn(given, name) && given[name] !== undefined) return listOf(given[name], type)
    if (isRecord(parameter)) {
      // The default of such a parameter is the path of the value, not the value.
      const isPath = type.startsWith('AWS::SSM::Parameter::Value')
      if (Object.hasOwn(parameter, 'Default') && !isPath) return listOf(parameter.Default, type)
      const why = isPath ? 'is read from the Parameter Store' : 'has no value'
      throw new Unresolved(`the parameter ${name} ${why}; give it with --param ${name}=<value>`, place)
    }
    if (name === 'AWS::StackName')
      throw new Unresolved('the name of the stack is not known; give it with --stack-name <name>', place)
    if (name === 'AWS::Region') throw new Unresolved('the region is not known; give it with --region <region>', place)
    if (name.startsWith('AWS::'))
      throw new Unresolved(`${name} has no value; give it with --param ${name}=<value>`, place)
    const resources = this.template.Resources
    if (isRecord(resources) && Object.hasOwn(resources, name))
      throw new Unresolved(`the resource ${name} is known only after it is deployed`, place)
    throw new Unresolved(`the template has no parameter or resource ${name}`, place)
  }

  private substitute(argument: unknown, node: UntypedRecord): string {
    const [text, own] = Array.isArray(argument) ? argument : [argument]
    const place = this.place(node, 'Fn::Sub')
    if (typeof text !== 'string') throw new Unresolved('Fn::Sub needs a string', place, true)
    return this.text(text).replace(/\$\{([^}]*)\}/g, (whole, inner: string) => {
      if (inner.startsWith('!')) return `\${${inner.slice(1)}}`
      const name = inner.trim()
      if (isRecord(own) && Object.hasOwn(own, name)) return String(this.resolve(own[name]))
      if (!name.startsWith('AWS::') && name.includes('.'))
        return String(this.call('Fn::GetAtt', this.copy(node, { 'Fn::GetAtt': name })))
      const value = this.reference(name, place)
      return value === noValue ? '' : value === undefined ? whole : String(value)
    })
  }

  private findInMap([map, first, second, options]: readonly unknown[], fail: Fail): unknown {
    const mappings = this.section('Mappings')
    const keys = [map, first, second].map(key => String(this.resolve(key)))
    const found = keys.reduce<unknown>(
      (holder, key) => (isRecord(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined),
      mappings,
    )
    if (found !== undefined) return this.resolve(found)
    if (isRecord(options) && 'DefaultValue' in options) return this.resolve(options.DefaultValue)
    throw fail(`Fn::FindInMap finds nothing at ${keys.join('.')}`)
  }

  private boolean(node: unknown, holder: unknown, member: string): boolean {
    const place = this.place(holder, member)
    const fail: Fail = (message, isFault) => new Unresolved(message, place, isFault)
    if (typeof node === 'boolean') return node
    if (node === 'true' || node === 'false') return node === 'true'
    const [name] = isRecord(node) ? Object.keys(node) : []
    if (!isRecord(node) || name === undefined) throw fail(`${member} is not a condition`, true)
    const argument = node[name]
    if (name === 'Condition') return this.condition(String(argument), place)
    if (name === 'Fn::Equals') {
      const [left, right] = this.list(argument, name, fail).map(side => comparable(this.resolve(side)))
      return left === right
    }
    if (!/^Fn::(And|Or|Not)$/.test(name)) return this.boolean(this.resolve(node), holder, member)
    const parts = this.list(argument, name, fail)
    if (name === 'Fn::Not') return !this.boolean(parts[0], node, name)
    // A part that cannot be resolved does not matter when another one decides.
    const decisive = name === 'Fn::Or'
    let unresolved: unknown
    for (const part of parts) {
      try {
        if (this.boolean(part, node, name) === decisive) return decisive
      } catch (error) {
        if (!(error instanceof Unresolved)) throw error
        unresolved ??= error
      }
    }
    if (unresolved !== undefined) throw unresolved
    return !decisive
  }

  private list(argument: unknown, name: string, fail: Fail): readonly unknown[] {
    if (Array.isArray(argument)) return argument
    throw fail(`${name} needs a list`, true)
  }

  /** A list that is written out, or that a function or a parameter returns. */
  private texts(argument: unknown, name: string, fail: Fail): readonly unknown[] {
    const value = this.resolve(argument)
    if (Array.isArray(value)) return value
    if (typeof value === 'string') return value.split(',').map(part => part.trim())
    throw fail(`${name} needs a list`, true)
  }

  /** `Fn::ForEach::Name: [Identifier, [values], { Key: body }]`. */
  private loop(map: UntypedRecord, key: string): (readonly [string, unknown])[] {
    const place = this.place(map, key)
    const fail: Fail = (message, isFault = true) => new Unresolved(message, place, isFault)
    const [identifier, collection, body] = this.list(map[key], 'a loop', fail)
    if (typeof identifier !== 'string' || !isRecord(body)) throw fail('a loop needs an identifier, a list and a map')
    const values = this.texts(collection, 'a loop', fail)
    return values.flatMap(value => {
      const copy = this.replaced(body, identifier, String(value))
      return isRecord(copy) ? Object.entries(this.expanded(copy)) : []
    })
  }

  /** A copy of a loop's body in which `${Identifier}`, `&{Identifier}` and `Ref: Identifier` are the value. */
  private replaced(node: unknown, identifier: string, value: string): unknown {
    this.count += 1
    if (this.count > maxValues) throw new Unresolved('the template expands without end', undefined, true)
    // `&{X}` leaves only letters and digits, for logical ids.
    const inText = (text: string) =>
      text.replaceAll(`\${${identifier}}`, value).replaceAll(`&{${identifier}}`, value.replace(/[^a-zA-Z0-9]/g, ''))
    if (typeof node === 'string') return inText(node)
    if (isRecord(node) && Object.keys(node).length === 1 && node.Ref === identifier) return value
    return this.changed(node, entry => this.replaced(entry, identifier, value), inText)
  }
}

type Fail = (message: string, isFault?: boolean) => Unresolved

const forEach = 'Fn::ForEach::'

// Parameters are texts; a list type is written with commas.
function listOf(value: unknown, type: string): unknown {
  return /^(CommaDelimitedList|List<)/.test(type.replace(/^AWS::SSM::Parameter::Value<(.*)>$/, '$1')) &&
    typeof value === 'string'
    ? value.split(',').map(part => part.trim())
    : value
}

/** CloudFormation compares texts: `true` and `"true"` are equal. */
function comparable(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A macro for messages, with the file that `AWS::Include` names. */
export function transformName(argument: unknown): string {
  const { Name: name, Parameters: parameters } = asRecord(argument)
  const location = isRecord(parameters) && typeof parameters.Location === 'string' ? ` of ${parameters.Location}` : ''
  return `${typeof name === 'string' ? name : 'Fn::Transform'}${location}`
}
