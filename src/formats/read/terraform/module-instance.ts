import { resolve } from 'node:path'
import { DynamoxError, isDynamoxError } from '../../../errors.ts'
import { isRecord, ownMember, type UntypedRecord } from '../../../table/untyped.ts'
import type { ReadContext } from '../format.ts'
import { applyType, evaluate, evaluateRaw, evaluateText, get, type Scope, settle } from './evaluate.ts'
import type { Block, Module } from './load-module.ts'
import { parseExpression } from './parse-expression.ts'
import { providerRegion } from './provider.ts'
import {
  EvaluationError,
  entriesOf,
  fromPlain,
  isList,
  isMap,
  isUnknown,
  listed,
  NeedError,
  toNumber,
  toText,
  unknown,
  type Value,
} from './value.ts'

/** A module with its inputs: the root, or one call of a module. */
export interface ModuleInstance {
  readonly module: Module
  readonly scope: Scope
  /** The calls that lead here: `["users", "tables[\"eu\"]"]`; empty for the root. */
  readonly path: readonly string[]
  /** The module of the run, whose providers all modules use; `undefined` for itself. */
  readonly root?: ModuleInstance | undefined
}

/** One of the instances that `count` or `for_each` make of a block. */
export interface Instance {
  /** `undefined` without `count` and `for_each`. */
  readonly key: string | number | undefined
  readonly scope: Scope
}

/** The inputs and files that all modules of a run share. */
export interface ModuleRun {
  readonly context: ReadContext
  /** Values from variable files and flags, for the root only. */
  readonly variables: Readonly<Record<string, unknown>>
  /** The modules of local calls, by the folder of the caller and the call's name; loaded before anything is evaluated. */
  readonly calls: ReadonlyMap<string, Module | string>
  /** The parser of `yamldecode`, when a file uses it. */
  readonly parseYaml?: ((text: string) => unknown) | undefined
  /** Counts the instances of all modules. */
  readonly count: { instances: number }
}

/** Modules that each call others many times multiply; no real project comes near. */
const maxInstances = 10_000

/** Prepares a module for evaluation; everything is evaluated when it is first asked for. */
export function instantiate(
  module: Module,
  run: ModuleRun,
  path: readonly string[] = [],
  given?: Readonly<Record<string, Value>>,
  root?: ModuleInstance,
): ModuleInstance {
  const { context } = run
  const once = memory()
  const find = (...labels: readonly string[]) => module.named.get(labels.join(' '))

  const variable = (name: string): Value => {
    const body = find('variable', name)?.body
    const where = path.length === 0 ? `var.${name}` : `var.${name} of module.${path.join('.module.')}`
    const passed = given === undefined ? fromInputs(name, body, run) : given[name]
    const value =
      passed !== undefined && !(passed === null && body?.nullable === false)
        ? passed
        : body !== undefined && 'default' in body
          ? evaluateRaw(body.default, scope)
          : unknown(where)
    return typeof body?.type === 'string' ? applyType(value, body.type, scope) : value
  }

  const outputs = (name: string): Value => {
    const call = find('module', name)
    const child = call === undefined ? undefined : childOf(call, instance, run)
    if (call === undefined || typeof child === 'string' || child === undefined) return unknown(`module.${name}`)
    return shaped(call, scope, ({ key, scope: inner }) => {
      const made = instantiateCall(call, { key, scope: inner }, child, instance, run)
      const values = made.module.blocks
        .filter(({ labels }) => labels[0] === 'output')
        .map(({ labels, body }) => [labels[1] ?? '', evaluateRaw(body.value, made.scope)])
      return Object.fromEntries(values)
    })
  }

  const resource = (type: string, name: string): Value => {
    const block = find('resource', type, name)
    return block === undefined ? unknown(name) : shaped(block, scope, each => evaluateBody(block.body, each.scope))
  }

  /** `aws_x.name.attribute` or `aws_x.name[0].attribute`; an attribute that is not written is known only after apply. */
  const attributeOf = (address: string, make: () => Value, keys: readonly Value[]) => {
    let value = once(address, make)
    if (isUnknown(value)) return { value, used: keys.length }
    let used = 1
    for (const key of keys.slice(1)) {
      if (isUnknown(key)) return { value: key, used: keys.length }
      const text = toText(key)
      if (isMap(value) && !Object.hasOwn(value, text)) {
        if (text === 'id' && Object.hasOwn(value, 'name')) return { value: value.name ?? null, used: used + 1 }
        return { value: unknown(`${address}.${text}`), used: keys.length }
      }
      value = get(value, key)
      used += 1
      // Below an attribute, a missing part is an error, which `try` may catch.
      if (!isMap(value) || used > 2) break
    }
    return { value, used }
  }

  const scope: Scope = {
    names: {},
    resolve(root, keys) {
      const [name = ''] = keys.map(textOf)
      switch (root) {
        case 'var':
          return { value: once(`var.${name}`, () => variable(name)), used: 1 }
        case 'local':
          if (!Object.hasOwn(module.locals, name)) return { value: unknown(`local.${name}`), used: 1 }
          return { value: once(`local.${name}`, () => evaluateRaw(module.locals[name], scope)), used: 1 }
        case 'module':
          return attributeOf(`module.${name}`, () => outputs(name), keys)
        case 'data':
          return { value: data(keys, instance, run), used: Math.min(3, keys.length) }
        case 'path':
          return { value: name === 'module' ? module.folder : context.root, used: 1 }
        case 'terraform':
          return { value: context.env.TF_WORKSPACE || 'default', used: 1 }
        case 'each':
        case 'count':
        case 'self':
          return { value: unknown(`${root}.${name}`), used: 1 }
        default: {
          const address = keys.length === 0 ? root : `${root}.${name}`
          if (find('resource', root, name) === undefined)
            return { value: unknown([root, ...keys.map(textOf)].join('.')), used: keys.length }
          return attributeOf(address, () => resource(root, name), keys)
        }
      }
    },
    call: (name, args) => fileFunction(name, args, module, scope, run),
  }
  const instance: ModuleInstance = { module, scope, path, root }
  return instance
}

/** The instances of a block, or an unknown value when `for_each` is not known. An unknown `count` counts as one. */
export function instancesOf({ body }: Block, scope: Scope): readonly Instance[] | Value {
  if (body.for_each !== undefined) {
    const given = settle(() => collectionOf(evaluateRaw(body.for_each, scope)))
    if (isUnknown(given)) return given
    return entriesOf(given).map(([index, value]) => {
      // A list is a set here: its elements are the keys.
      const key = isList(given) && typeof value === 'string' ? value : index
      return { key, scope: { ...scope, names: { ...scope.names, each: { key, value } } } }
    })
  }
  if (body.count === undefined) return [{ key: undefined, scope }]
  const count = settle(() => {
    const given = evaluateRaw(body.count, scope)
    return isUnknown(given) ? 1 : given === true ? 1 : given === false ? 0 : toNumber(given)
  })
  const length = isUnknown(count) || isList(count) ? 1 : Math.min(Math.max(toNumber(count), 0), maxCount)
  return Array.from({ length }, (_, key) => ({
    key,
    scope: { ...scope, names: { ...scope.names, count: { index: key } } },
  }))
}

/** A list or a map, of which `null` is an empty one. @throws EvaluationError */
function collectionOf(value: Value): Value {
  if (!isUnknown(value) && value !== null) entriesOf(value)
  return value ?? []
}

const maxCount = 1_000

/** The value of a resource or module: one object, or with `count` a list and with `for_each` a map of them. */
function shaped(block: Block, scope: Scope, make: (instance: Instance) => Value): Value {
  const instances = instancesOf(block, scope)
  if (!isInstances(instances)) return instances
  if (block.body.for_each !== undefined)
    return Object.fromEntries(instances.map(instance => [String(instance.key), make(instance)]))
  const values = instances.map(make)
  return block.body.count === undefined ? (values[0] ?? null) : values
}

export function isInstances(value: readonly Instance[] | Value): value is readonly Instance[] {
  return Array.isArray(value) && value.every(item => isRecord(item) && 'scope' in item)
}

function textOf(key: Value): string {
  return isUnknown(key) ? '*' : toText(key)
}

function data(keys: readonly Value[], instance: ModuleInstance, { context }: ModuleRun): Value {
  const [type = '', name = '', attribute = ''] = keys.map(textOf)
  const address = ['data', ...keys.slice(0, 3).map(textOf)].join('.')
  if (type === 'aws_partition' && attribute === 'partition') return 'aws'
  const { 'AWS::Region': region, 'AWS::AccountId': account } = context.inputs.parameters ?? {}
  if (type === 'aws_region' && ['name', 'region', 'id'].includes(attribute))
    return (
      context.region ??
      region ??
      providerRegion(instance.module.named.get(`data aws_region ${name}`), instance) ??
      unknown(address)
    )
  if (type === 'aws_caller_identity' && attribute === 'account_id')
    return context.accountId ?? account ?? unknown(address)
  return unknown(address)
}

/** A variable's value from flags, files and `TF_VAR_...`. On the command line, texts are texts unless the type says otherwise. */
function fromInputs(
  name: string,
  body: UntypedRecord | undefined,
  { context, variables }: ModuleRun,
): Value | undefined {
  const { variables: flags = {} } = context.inputs
  const text = ownMember(flags, name)
  if (text === undefined && Object.hasOwn(variables, name)) return evaluateRaw(variables[name], noScope)
  const given = text ?? (Object.hasOwn(variables, name) ? undefined : context.env[`TF_VAR_${name}`])
  if (given === undefined) return undefined
  const type = typeof body?.type === 'string' ? body.type : ''
  return /string/.test(type) && !/[([]/.test(type.replace('${', '')) ? given : parsedText(given, type)
}

function parsedText(text: string, type: string): Value {
  if (!/^\s*[[{]/.test(text) && type === '') return text
  const value = settle(() => evaluate(parseExpression(text), noScope))
  return isUnknown(value) ? text : value
}

const noScope: Scope = {
  names: {},
  resolve: (root, keys) => ({ value: unknown(root), used: keys.length }),
  call: () => undefined,
}

/** Evaluates the blocks and attributes of a resource; `dynamic` blocks become the blocks that they make. */
export function evaluateBody(body: UntypedRecord, scope: Scope): { readonly [key: string]: Value } {
  const plain = Object.entries(body).filter(([key]) => !metaArguments.test(key))
  const result: Record<string, Value> = Object.fromEntries(plain.map(([key, raw]) => [key, evaluateBlocks(raw, scope)]))
  for (const [label, block] of listed(body.dynamic)
    .filter(isRecord)
    .flatMap(entry => Object.entries(entry))) {
    for (const dynamic of listed(block).filter(isRecord)) {
      const made = settle(() => expandDynamic(label, dynamic, scope))
      const before = result[label] ?? []
      result[label] = isUnknown(made) || !isList(made) || !isList(before) ? made : [...before, ...made]
    }
  }
  return result
}

/** Arguments that every block may have, which say nothing about what it makes. */
const metaArguments = /^(count|for_each|depends_on|lifecycle|provider|provisioner|timeouts|connection|dynamic)$/

function evaluateBlocks(raw: unknown, scope: Scope): Value {
  if (Array.isArray(raw)) return raw.map(item => evaluateBlocks(item, scope))
  return isRecord(raw) && (isRecord(raw.dynamic) || Array.isArray(raw.dynamic))
    ? evaluateBody(raw, scope)
    : evaluateRaw(raw, scope)
}

function expandDynamic(label: string, { for_each, iterator, content }: UntypedRecord, scope: Scope): Value {
  const collection = evaluateRaw(for_each, scope)
  if (isUnknown(collection) || collection === null) return collection ?? []
  const name = typeof iterator === 'string' ? iterator.replace(/^\$\{(.*)\}$/, '$1') : label
  const [inner] = listed(content)
  return entriesOf(collection).map(([key, value]) => {
    const names = { ...scope.names, [name]: { key, value } }
    return isRecord(inner) ? evaluateBody(inner, { ...scope, names }) : {}
  })
}

/** The module that a call names, or why it cannot be read; `undefined` when it is known to define no tables. */
export function childOf(call: Block, { module }: ModuleInstance, run: ModuleRun): Module | string | undefined {
  return run.calls.get(callKey(module.folder, call.labels[1] ?? ''))
}

export function callKey(folder: string, name: string): string {
  return `${folder}\n${name}`
}

/** One instance of a module call, with the arguments of the call. */
export function instantiateCall(
  call: Block,
  { key, scope }: Instance,
  child: Module,
  parent: ModuleInstance,
  run: ModuleRun,
): ModuleInstance {
  run.count.instances += 1
  if (run.count.instances > maxInstances) {
    throw new DynamoxError('model', `${call.place.file}: the modules have more than 10,000 instances`)
  }
  const name = `${call.labels[1]}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`
  return instantiate(child, run, [...parent.path, name], evaluateBody(call.body, scope), parent.root ?? parent)
}

/** `file` and its relatives. They read only inside the project. */
function fileFunction(
  name: string,
  args: readonly Value[],
  module: Module,
  scope: Scope,
  run: ModuleRun,
): Value | undefined {
  const [first = null, second = null] = args
  const read = (): string | undefined => {
    try {
      return run.context.open(resolve(module.folder, toText(first)))?.text()
    } catch (error) {
      if (isDynamoxError(error)) throw new EvaluationError(error.message)
      throw error
    }
  }
  const needed = () => read() ?? missingFile(toText(first))
  switch (name) {
    case 'file':
      return needed()
    case 'filebase64':
      return Buffer.from(needed()).toString('base64')
    case 'fileexists':
      return read() !== undefined
    case 'templatefile':
      return evaluateText(needed(), { ...scope, names: isMap(second) ? second : {} })
    case 'yamldecode':
      return run.parseYaml === undefined ? undefined : fromPlain(run.parseYaml(toText(first)))
    case 'abspath':
    case 'pathexpand':
      return toText(first)
    default:
      return undefined
  }
}

function missingFile(path: string): never {
  throw new NeedError(`the file ${path}, which does not exist`)
}

const maxReferences = 200

/** Remembers values, and refuses one that needs itself. */
function memory(): (name: string, make: () => Value) => Value {
  const values = new Map<string, Value>()
  const open = new Set<string>()
  return (name, make) => {
    const known = values.get(name)
    if (known !== undefined) return known
    if (open.has(name)) throw new NeedError(`${name}, which refers to itself`)
    if (open.size >= maxReferences) throw new NeedError(`${name}, which is ${maxReferences} references away`)
    open.add(name)
    const value = settle(make)
    open.delete(name)
    values.set(name, value)
    return value
  }
}
