import type { Projection } from '../table/definition.ts'
import { didYouMean, suggestion } from '../table/did-you-mean.ts'
import { memberPath } from '../table/problems.ts'
import { isRecord, listed, ownMember, show, type UntypedRecord } from '../table/untyped.ts'

/** The form of a value in AWS's vocabulary. */
export type AwsShape =
  | { readonly kind: 'text' | 'number' | 'boolean' | 'anything' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: AwsShape }
  | StructureShape

export interface StructureShape {
  readonly kind: 'structure'
  readonly members: Readonly<Record<string, AwsShape>>
}

/** Reports a problem: its place in the input, the message, and the id of AWS's rule. */
export type Report = (where: string, message: string, rule?: string) => void

export const awsText: AwsShape = { kind: 'text' }
export const awsNumber: AwsShape = { kind: 'number' }
export const awsBoolean: AwsShape = { kind: 'boolean' }
export const anything: AwsShape = { kind: 'anything' }

export function choice(...values: readonly string[]): AwsShape {
  return { kind: 'choice', values }
}

export function listOf(of: AwsShape): AwsShape {
  return { kind: 'list', of }
}

export function structure(members: Readonly<Record<string, AwsShape>>): StructureShape {
  return { kind: 'structure', members }
}

export interface CheckedShape {
  /** The value, with quoted numbers converted and unknown members removed. */
  readonly value: unknown
  /** The places with problems, and the places of members that an unknown (misspelt) member probably meant. */
  readonly faulty: readonly string[]
}

/** Checks a value against a shape, recursively. */
export function checkShape(value: unknown, shape: AwsShape, where: string, report: Report): CheckedShape {
  const faulty: string[] = []
  const walk = (value: unknown, shape: AwsShape, where: string): unknown => {
    if (shape.kind === 'anything') return value
    if (shape.kind === 'number' && typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value)
    if (shape.kind === 'list' && Array.isArray(value))
      return value.map((entry, index) => walk(entry, shape.of, placeOf(entry, index, where)))
    if (shape.kind === 'structure' && isRecord(value)) return structured(value, shape, where)
    if (!fits(value, shape)) {
      faulty.push(where)
      report(where, `must be ${wanted(shape)}, not ${foundText(value)}${closest(value, shape)}`)
    }
    return value
  }
  const structured = (record: UntypedRecord, shape: StructureShape, where: string): UntypedRecord => {
    const { members } = shape
    const checked: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(record)) {
      const member = ownMember(members, name)
      const place = memberPath(where, name)
      if (member !== undefined) checked[name] = walk(value, member, place)
      else {
        const meant = meantMember(name, Object.keys(members))
        faulty.push(place, ...(meant === undefined ? [] : [memberPath(where, meant)]))
        report(place, `${unknownMember(name, where)}${meant === undefined ? '' : `; did you mean "${meant}"?`}`)
      }
    }
    return checked
  }
  return { value: walk(value, shape, where), faulty }
}

function fits(value: unknown, shape: AwsShape): boolean {
  if (shape.kind === 'text') return typeof value === 'string'
  if (shape.kind === 'number') return typeof value === 'number' && Number.isFinite(value)
  if (shape.kind === 'choice') return shape.values.some(allowed => allowed === value)
  return shape.kind === 'boolean' && typeof value === 'boolean'
}

const shapeWords = {
  text: 'a string',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  structure: 'an object',
  anything: 'a value',
}

function wanted(shape: AwsShape): string {
  if (shape.kind === 'choice') return listed(shape.values, 'or')
  return shapeWords[shape.kind]
}

/** Describes a value of the wrong type, for messages. */
export function foundText(value: unknown): string {
  const [only, ...others] = isRecord(value) ? Object.keys(value) : []
  return only !== undefined && others.length === 0 && /^(Fn::\w+|Ref)$/.test(only)
    ? `${only === 'Ref' ? 'a' : 'an'} ${only} of CloudFormation, which dynamox does not resolve`
    : show(value)
}

function closest(value: unknown, shape: AwsShape): string {
  return shape.kind === 'choice' && typeof value === 'string' ? suggestion(value, shape.values) : ''
}

function unknownMember(name: string, where: string): string {
  return `${where === '' ? 'CreateTable' : (where.split('.').at(-1) ?? where)} has no member "${name}"`
}

/**
 * The member with a similar spelling, else the only member that contains the name: `Enabled` for
 * `PointInTimeRecoveryEnabled`.
 */
function meantMember(name: string, members: readonly string[]): string | undefined {
  const short = shortNames[name.toLowerCase()]
  if (short !== undefined && members.includes(short)) return short
  const near = didYouMean(name, members)
  if (near !== undefined) return near
  const word = name.toLowerCase()
  const containing = word.length < 3 ? [] : members.filter(member => member.toLowerCase().includes(word))
  const starting = containing.filter(member => member.toLowerCase().startsWith(word))
  const found = starting.length > 0 ? starting : containing
  return found.length === 1 ? found[0] : undefined
}

const shortNames: Readonly<Record<string, string>> = {
  ttl: 'TimeToLiveSpecification',
  pitr: 'PointInTimeRecoverySpecification',
  gsi: 'GlobalSecondaryIndexes',
  lsi: 'LocalSecondaryIndexes',
  throughput: 'ProvisionedThroughput',
}

/** Reads a `Projection` member; reports one that AWS refuses. */
export function readProjectionMember(
  value: unknown,
  where: string,
  report: Report,
): { readonly projection?: Projection } {
  const { ProjectionType: type, NonKeyAttributes: names } = isRecord(value) ? value : {}
  const wanted = 'ALL, KEYS_ONLY or INCLUDE'
  if (type === 'ALL' || type === 'KEYS_ONLY') {
    if (names !== undefined)
      report(`${where}.NonKeyAttributes`, `cannot be given with ProjectionType ${type}, only with INCLUDE`, 'P2')
    return { projection: type }
  }
  if (type === 'INCLUDE') {
    if (Array.isArray(names)) return { projection: names }
    report(`${where}.NonKeyAttributes`, 'is missing; ProjectionType INCLUDE needs it', 'P3')
  } else if (type === undefined) report(`${where}.ProjectionType`, `is missing; write ${wanted}`, 'P1')
  else report(`${where}.ProjectionType`, `must be ${wanted}, not ${show(type)}`, 'P1')
  return {}
}

/** The place of a list entry: an index by its name, any other entry by its position. */
function placeOf(entry: unknown, index: number, where: string): string {
  const name = isRecord(entry) ? entry.IndexName : undefined
  return typeof name === 'string' ? `${where}.${name}` : `${where}[${index}]`
}
