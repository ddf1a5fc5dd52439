import { dirname, join } from 'node:path'
import { attempt, DynamoxError, isDynamoxError, type Place } from '../../../errors.ts'
import { didYouMean, suggestion } from '../../../table/did-you-mean.ts'
import { placeText } from '../../../table/problems.ts'
import { asRecord, inSentence, isRecord, ownMember, type UntypedRecord } from '../../../table/untyped.ts'
import {
  joined,
  type ReadContext,
  type ReadTemplate,
  type SkippedTable,
  type TemplateDocument,
  type TemplateFile,
  type TemplateTable,
} from '../format.ts'
import { nameTable, stackOf } from '../name-table.ts'
import { withIncludes } from './include.ts'
import { readProperties } from './read-properties.ts'
import { Resolver, Unresolved } from './resolver.ts'

/** The resource types that are tables. */
export const tableTypes: readonly string[] = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Serverless::SimpleTable',
  'Custom::AmplifyDynamoDBTable',
]

/** A template, or a part of one, with what it is resolved with. */
export interface Stack {
  readonly template: UntypedRecord
  /** As messages name it. */
  readonly file: string
  /** Where the files that it names are looked for. */
  readonly folder: string
  placeOf(holder: unknown, member?: string | number): Place | undefined
  /** The name of the stack, where something besides the user says it. */
  readonly stackName?: string | undefined
  /** Those of the context where they are left out. */
  readonly region?: string | undefined
  readonly accountId?: string | undefined
  /** Parameters that the parent stack gives. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined
  /** Precedes the logical ids of a nested stack: `Storage.`. */
  readonly prefix?: string | undefined
  readonly depth?: number | undefined
  /** How many nested stacks may still be read; stacks that nest each other would multiply. */
  readonly budget?: { stacks: number } | undefined
}

/** A template as a map with `Resources`: a whole one, a map of resources, or a single resource. */
export function resourcesOf(data: unknown): UntypedRecord | undefined {
  if (!isRecord(data)) return undefined
  if (isRecord(data.Resources)) return data
  if (typeof data.AWSTemplateFormatVersion === 'string') return { ...data, Resources: {} }
  const isResource = (value: unknown) => isRecord(value) && tableTypes.includes(String(value.Type))
  if (isResource(data)) return { Resources: { Table: data } }
  return Object.values(data).some(isResource) ? { Resources: data } : undefined
}

/**
 * Reads the tables of a template file. With `lost`, a template that cannot be parsed is only a warning, because it is one
 * of several.
 */
export async function readTemplate(
  file: TemplateFile,
  context: ReadContext,
  stack: Partial<Stack> = {},
  lost?: (reason: string) => string,
): Promise<ReadTemplate> {
  const warnings: string[] = []
  let document: TemplateDocument
  try {
    document = await withIncludes(file, context, warnings)
  } catch (error) {
    if (lost === undefined || !isDynamoxError(error)) throw error
    return { warnings: [...warnings, lost(error.message)] }
  }
  const template = resourcesOf(document.data) ?? {}
  const { placeOf } = document
  const read = await readStack({ template, file: file.shown, folder: dirname(file.path), placeOf, ...stack }, context)
  return { ...read, warnings: [...warnings, ...(read.warnings ?? [])] }
}

/** Reads the tables of a stack and of the stacks nested in it. */
export async function readStack(given: Stack, context: ReadContext): Promise<ReadTemplate> {
  const stack = { budget: { stacks: 200 }, ...given }
  const { inputs } = context
  const values = {
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::Region': stack.region ?? context.region,
    'AWS::AccountId': stack.accountId ?? context.accountId,
    'AWS::StackName': inputs.stackName ?? stack.stackName,
    ...inputs.parameters,
    ...stack.parameters,
  }
  const own = Object.entries(inputs.parameters ?? {}).filter(([name]) => !Object.hasOwn(stack.parameters ?? {}, name))
  checkParameters(Object.fromEntries(own), stack.template, stack.placeOf)
  const resolver = new Resolver(stack.template, { given: values, placeOf: stack.placeOf })
  const tables: TemplateTable[] = []
  const skipped: SkippedTable[] = []
  const nested: ReadTemplate[] = []
  const replicas = replicasOf(resolver, stack)
  for (const { id, resource, place } of resourcesIn(resolver, stack, skipped)) {
    const name = `${stack.prefix ?? ''}${id}`
    try {
      const type = String(resource.Type)
      if (isNested(type)) {
        nested.push(await readNested(resource, id, resolver, stack, context))
      } else if (tableTypes.includes(type)) {
        const uncertain = isIncluded(resource, resolver)
        if (uncertain === false) continue
        const table = readTable(name, resource, resolver, stack, context)
        const own = typeof uncertain === 'string' ? [`${name} is included: ${uncertain}`] : []
        const regions = replicas.filter(({ table: each }) => each === id).map(({ region }) => ({ region }))
        const layer = regions.length === 0 ? table.layer : { ...table.layer, replicas: regions }
        tables.push({ ...table, layer, place, warnings: [...own, ...(table.warnings ?? [])] })
      } else if (isAboutTables(type)) {
        const reason = `"${type}" is not a resource type${suggestion(type, tableTypes)}`
        skipped.push({ id: name, reason, place: resolver.place(resource, 'Type') ?? place })
      }
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error
      skipped.push({ id: name, reason: error.message, place: error.place ?? place })
    }
  }
  const { Parameters: parameters } = stack.template
  return {
    ...joined([{ tables, skipped }, ...nested]),
    parameters: isRecord(parameters) ? Object.keys(parameters) : [],
  }
}

/** Whether a resource type is a table's, or was meant to be. */
export const isAboutTables = (type: string) =>
  type.startsWith('AWS::DynamoDB::') || didYouMean(type, tableTypes) !== undefined

const isNested = (type: string) => type === 'AWS::CloudFormation::Stack' || type === 'AWS::Serverless::Application'

/** The regions in which the CDK copies a table with a resource of its own. */
function replicasOf(resolver: Resolver, stack: Stack): readonly { readonly table: string; readonly region: string }[] {
  return [...resourcesIn(resolver, stack, [])].flatMap(({ resource }) => {
    if (resource.Type !== 'Custom::DynamoDBReplica' || isIncluded(resource, resolver) === false) return []
    const { TableName: name, Region: region } = asRecord(resource.Properties)
    const table = isRecord(name) ? name.Ref : undefined
    const isOther = typeof region === 'string' && region !== resolver.region
    return typeof table === 'string' && isOther ? [{ table, region }] : []
  })
}

/** The resources, with loops written out. A loop that cannot be written out loses only its own tables. */
function* resourcesIn(resolver: Resolver, { template }: Stack, skipped: SkippedTable[]) {
  const all = asRecord(template.Resources)
  for (const [key, value] of Object.entries(all)) {
    try {
      const holder = key.startsWith('Fn::ForEach::') ? resolver.expanded({ [key]: value }) : all
      const keys = holder === all ? [key] : Object.keys(holder)
      for (const id of keys) {
        const resource = holder[id]
        // A resource that a loop makes stands where the loop does.
        const place = resolver.place(holder, id) ?? resolver.place(all, key)
        if (isRecord(resource)) yield { id, resource, place }
      }
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error
      const text = JSON.stringify(value)
      if (tableTypes.some(type => text.includes(type)))
        skipped.push({ id: key, reason: error.message, place: error.place })
    }
  }
}

/** Whether the resource's condition holds; a sentence when that is not known, and the table is read all the same. */
function isIncluded(resource: UntypedRecord, resolver: Resolver): boolean | string {
  const { Condition: condition } = resource
  if (typeof condition !== 'string') return true
  try {
    return resolver.condition(condition, resolver.place(resource, 'Condition'))
  } catch (error) {
    if (!(error instanceof Unresolved) || error.isFault) throw error
    return `its condition ${condition} cannot be decided: ${error.message}`
  }
}

function readTable(
  id: string,
  resource: UntypedRecord,
  resolver: Resolver,
  stack: Stack,
  { inputs }: ReadContext,
): TemplateTable {
  const type = String(resource.Type)
  const properties = asRecord(resource.Properties)
  if (type === 'AWS::DynamoDB::GlobalTable' && properties.KeySchema === undefined)
    throw new Unresolved('it is a replica of a table that another stack defines', undefined)
  const {
    input,
    layer,
    assumed,
    warnings,
    nameless = '',
    given,
    problems,
  } = readProperties(type, withGlobals(type, properties, resolver), resolver)
  const named = nameTable({
    id,
    name: typeof input.TableName === 'string' ? input.TableName : undefined,
    why: nameless,
    stack: inputs.stackName ?? stack.stackName ?? stackOf(stack.file),
    inputs,
    file: stack.file,
  })
  const full = resolver.copy(input, { ...input, TableName: named.name })
  return {
    id,
    shape: 'create-table',
    input: full,
    layer,
    problems,
    placeOf: path => locate(problems.length > 0 ? given : full, path, resolver),
    assumed,
    warnings: [...named.warnings, ...warnings.map(text => `${id}: ${text}`)],
  }
}

/** SAM's `Globals` hold properties of every simple table. */
function withGlobals(type: string, properties: UntypedRecord, resolver: Resolver): UntypedRecord {
  const globals = type === 'AWS::Serverless::SimpleTable' ? resolver.section('Globals').SimpleTable : undefined
  return isRecord(globals) ? resolver.copy(properties, { ...globals, ...properties }) : properties
}

/** Follows a path such as `GlobalSecondaryIndexes.by-at.KeySchema[0]` to the deepest part whose place is known. */
function locate(root: unknown, path: string, resolver: Resolver): Place | undefined {
  let place: Place | undefined
  let [holder, rest] = [root, path]
  while (rest !== '') {
    const key = keyOf(holder, rest)
    if (key === undefined) break
    place = resolver.place(holder, key.member) ?? place
    holder = Array.isArray(holder) ? holder[Number(key.member)] : (holder as UntypedRecord)[key.member]
    rest = rest.slice(key.length).replace(/^\./, '')
  }
  return place
}

function keyOf(
  holder: unknown,
  path: string,
): { readonly member: string | number; readonly length: number } | undefined {
  const begins = (text: string) => path === text || path.startsWith(`${text}.`) || path.startsWith(`${text}[`)
  if (Array.isArray(holder)) {
    const [whole, index] = /^\[(\d+)\]/.exec(path) ?? []
    if (whole !== undefined) return { member: Number(index), length: whole.length }
    const names = holder.map(entry => (isRecord(entry) ? String(entry.IndexName) : ''))
    const found = names.findIndex(name => name !== '' && begins(name))
    return found < 0 ? undefined : { member: found, length: names[found]?.length ?? 0 }
  }
  const key = isRecord(holder) ? Object.keys(holder).find(begins) : undefined
  return key === undefined ? undefined : { member: key, length: key.length }
}

/** A nested stack whose template lies beside this one, as the CDK and SAM write it. */
async function readNested(
  resource: UntypedRecord,
  id: string,
  resolver: Resolver,
  stack: Stack,
  context: ReadContext,
): Promise<ReadTemplate> {
  const { Properties: given, Metadata: metadata } = resource
  const { TemplateURL, Location, Parameters: parameters } = asRecord(given)
  // The CDK uploads the file and keeps its name in the metadata.
  const path = asRecord(metadata)['aws:asset:path'] ?? TemplateURL ?? Location
  if (typeof path !== 'string' || /^\w+:\/\//.test(path) || isIncluded(resource, resolver) === false) return {}
  const depth = (stack.depth ?? 0) + 1
  const { budget = { stacks: 0 } } = stack
  const file = context.open(join(stack.folder, path))
  if (depth > 10 || budget.stacks === 0)
    throw new Unresolved('its stacks are nested without end', resolver.place(resource))
  budget.stacks -= 1
  if (file === undefined)
    return { warnings: [`${stack.file}: the template ${path} of ${id} does not exist; its tables are not read`] }
  const known = Object.entries(asRecord(parameters)).flatMap(([name, node]): [string, unknown][] => {
    try {
      return [[name, resolver.value(node)]]
    } catch (error) {
      if (error instanceof Unresolved) return []
      throw error
    }
  })
  const nested = {
    region: stack.region,
    accountId: stack.accountId,
    stackName: `${context.inputs.stackName ?? stack.stackName ?? stackOf(stack.file)}-${id}`,
    parameters: Object.fromEntries(known),
    prefix: `${stack.prefix ?? ''}${id}.`,
    depth,
    budget,
  }
  return readTemplate(file, context, nested, reason => `${stack.file}: the tables of ${id} are not read: ${reason}`)
}

/** Checks the parameters that the user gives, as CloudFormation does. @throws DynamoxError `model` */
function checkParameters(
  given: Readonly<Record<string, string>>,
  { Parameters: parameters }: UntypedRecord,
  placeOf: (holder: unknown, member: string) => Place | undefined,
): void {
  if (!isRecord(parameters)) return
  for (const [name, value] of Object.entries(given)) {
    const parameter = ownMember(parameters, name)
    const fault = isRecord(parameter) ? faultOf(value, parameter) : undefined
    if (fault === undefined) continue
    const place = placeOf(parameters, name)
    const at = place === undefined ? '' : `${placeText(place)}: `
    throw new DynamoxError('model', `${at}the parameter ${name} ${fault}, not ${JSON.stringify(value)}`, { place })
  }
}

function faultOf(value: string, parameter: UntypedRecord): string | undefined {
  const { Type: type = 'String', AllowedValues: allowed, AllowedPattern: pattern } = parameter
  // The value of such a parameter is a path; its rules are about what stands there.
  if (String(type).startsWith('AWS::SSM::')) return undefined
  const parts = /^(CommaDelimitedList|List<)/.test(String(type)) ? value.split(',').map(part => part.trim()) : [value]
  const isNumber = /Number/.test(String(type))
  if (isNumber && parts.some(part => part === '' || !Number.isFinite(Number(part)))) return 'must be a number'
  const words = Array.isArray(allowed) ? allowed.map(String) : undefined
  if (words !== undefined && parts.some(part => !words.includes(part))) {
    const texts = words.map(word => (word === '' ? 'empty' : word))
    return `must be ${inSentence(texts, 'or')}`
  }
  const whole = typeof pattern === 'string' ? patternOf(pattern) : undefined
  if (whole !== undefined && parts.some(part => !whole.test(part))) return `must match ${pattern}`
  const limits = [
    ['MinLength', value.length, -1, 'must have at least', ' characters'],
    ['MaxLength', value.length, 1, 'must have at most', ' characters'],
    ['MinValue', Number(value), -1, 'must be at least', ''],
    ['MaxValue', Number(value), 1, 'must be at most', ''],
  ] as const
  const broken = limits.find(
    ([limit, size, sign]) => parameter[limit] !== undefined && sign * (size - Number(parameter[limit])) > 0,
  )
  return broken && `${broken[3]} ${String(parameter[broken[0]])}${broken[4]}`
}

/** CloudFormation's patterns are those of Java: one that JavaScript cannot read is not checked. */
function patternOf(pattern: string): RegExp | undefined {
  if (/\\[pPhHQEXzZAG]|\(\?[a-z]/.test(pattern)) return undefined
  return attempt(() => new RegExp(`^(?:${pattern})$`))
}
