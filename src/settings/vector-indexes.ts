import type { VectorIndex as SdkVectorIndex } from '@aws-sdk/client-dynamodb'
import {
  attributesOf,
  isGiven,
  type KeyAttribute,
  type TableDefinition,
  type TableKey,
  type VectorIndex,
} from '../table/definition.ts'
import type { KeysInput } from '../table/input.ts'
import type { LiveTable } from '../table/live.ts'
import { parseKeys } from '../table/parse-key.ts'
import { definedOnly, isRecord, recordsOf, show, type UntypedRecord } from '../table/untyped.ts'
import { attributeDefinitions, projectionInput, readProjection, sameProjection } from './aws-parts.ts'
import { awsNumber, awsText, listOf, type Report, readProjectionMember, structure } from './aws-shape.ts'
import { billingAfter } from './billing.ts'
import { addedIndex, type Change, leavingIndexes, leftAlone } from './change.ts'
import { attributes, indexNames, mapOf, oneOf, projection, structureOf, text, wholeNumber } from './checks.ts'
import type { Setting, Sides } from './setting.ts'
import { addIndexStep, type Context, dropIndexStep, type Step, updatesIn, updateTable, type Work } from './step.ts'
import { vectorRules } from './vector-rules.ts'

/** A vector index with attributes in their short forms: `tenant`, `year:N`. */
export interface VectorIndexInput extends Omit<VectorIndex, 'partitionKey' | 'filters'> {
  /** Partitions the index; every search then names a value. One attribute. */
  readonly partitionKey?: KeysInput | undefined
  /** Up to 18 attributes that a search can filter by. */
  readonly filters?: KeysInput | undefined
}

declare module '../table/definition.ts' {
  interface TableSettings {
    /** Vector indexes by name, for similarity search. On-demand billing only. */
    readonly vectorIndexes?: Readonly<Record<string, VectorIndex>> | undefined
  }
}
declare module '../table/input.ts' {
  interface ShortForms {
    /** Vector indexes by name; a layer may name only the fields that it changes. */
    readonly vectorIndexes?: Readonly<Record<string, Partial<VectorIndexInput>>> | undefined
  }
  interface TableInput {
    /** Vector indexes by name, for similarity search. On-demand billing only. */
    readonly vectorIndexes?: Readonly<Record<string, VectorIndexInput>> | undefined
  }
}

const dropWork: Work = {
  name: 'drop-vector-index',
  expected: '3-5 s',
  leastMs: 3_000,
  isOf: request => updatesIn(request, 'VectorIndexUpdates').some(({ Delete }) => Delete !== undefined),
}
// AWS: the construction of the index decides how long it takes, even on an empty table.
const buildWork: Work = {
  name: 'build-vector-index',
  expected: '8-17 min, longer with data',
  leastMs: 480_000,
  isOf: request => updatesIn(request, 'VectorIndexUpdates').some(({ Create }) => Create !== undefined),
}

const distances = ['COSINE', 'DOT_PRODUCT', 'EUCLIDEAN'] as const

const index = structureOf(
  'a vector index such as { attribute, dimensions, distance }',
  {
    attribute: text('an attribute name'),
    dimensions: wholeNumber('a whole number', { minimum: 1, maximum: 4096 }),
    distance: oneOf(distances),
    partitionKey: attributes,
    filters: attributes,
    projection,
  },
  // A layer may name only some fields; the rules find what is missing in the end.
  [],
)

const shape = structure({
  IndexName: awsText,
  VectorAttribute: structure({ AttributeName: awsText }),
  SearchSchema: listOf(structure({ AttributeName: awsText, SearchSchemaElementType: awsText })),
  Projection: structure({ ProjectionType: awsText, NonKeyAttributes: listOf(awsText) }),
  Dimensions: awsNumber,
  DistanceFunction: awsText,
})

export const vectorIndexes: Setting<'vectorIndexes'> = {
  fields: {
    vectorIndexes: {
      check: mapOf('a map from index name to vector index, such as { by-meaning: { ... } }', index, indexNames),
      label: 'vector indexes',
      description: 'Vector indexes by name, up to 5, for similarity search. On-demand billing only.',
      otherNames: ['vector_indexes', 'vectors'],
      mergesByKey: 'fields',
      ignoredBy: ['plain-dynalite', 'dynamodb-local'],
      parse: value =>
        Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, parseIndex(each)])),
      text: value => Object.keys(value).join(', '),
    },
  },
  rules: vectorRules,

  createMembers: ({ vectorIndexes: wanted = {} }) =>
    Object.keys(wanted).length === 0 ? {} : { VectorIndexes: Object.entries(wanted).map(vectorIndexInput) },
  read({ VectorIndexes: live, AttributeDefinitions: defined = [] }) {
    if (live === undefined || live.length === 0) return {}
    const types = new Map(defined.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]))
    return { vectorIndexes: Object.fromEntries(live.map(each => [each.IndexName ?? '', fromDescription(each, types)])) }
  },

  compare: ({ desired, live }, options) => [
    ...Object.entries(desired.vectorIndexes ?? {}).flatMap(([name, wanted]): Change[] => {
      if (!isGiven(desired, `vectorIndexes.${name}`)) return []
      const current = presentVectors(live)[name]
      if (current === undefined) return [{ kind: 'add-vector-index', name, index: wanted }]
      return isSameVector(desired, name, wanted, current)
        ? []
        : [{ kind: 'replace-vector-index', name, from: current, to: wanted }]
    }),
    ...(options.dropIndexes === true ? unnamed({ desired, live }) : []).map(
      ([name, each]): Change => ({ kind: 'drop-vector-index', name, index: each }),
    ),
  ],
  leftAlone(sides, { dropIndexes }) {
    const names = dropIndexes === true ? [] : unnamed(sides).map(([name]) => name)
    return leftAlone(names, 'vector index', 'vector indexes')
  },
  notices({ vectorIndexes: wanted = {} }, live, target) {
    const added = Object.keys(wanted).filter(name => !Object.hasOwn(live?.vectorIndexes ?? {}, name))
    return target?.engine === 'dynalite' && added.length > 0
      ? [`vector indexes: kept by ${target.label}, which cannot search them (${added.join(', ')})`]
      : []
  },
  /** V1 for values that the definition leaves to the live table. */
  reasonAgainst(change, desired, { definition: live }) {
    if (billingAfter(desired, live) !== 'PROVISIONED') return undefined
    if (change.kind === 'add-vector-index' || change.kind === 'replace-vector-index') {
      const what = 'the live table is provisioned, and vector indexes need on-demand billing'
      return {
        field: `vectorIndexes.${change.name}`,
        message: `${what}; write billingMode: PAY_PER_REQUEST to switch it`,
      }
    }
    const names = Object.keys(live.vectorIndexes ?? {})
    if (change.kind !== 'modify-setting' || change.field !== 'billingMode' || names.length === 0) return undefined
    const message = `PROVISIONED billing cannot be combined with the live vector index ${names.join(', ')}; stay on demand, or drop it first (--drop-indexes)`
    return { field: 'billingMode', message }
  },

  /** One index per call, each after the previous one is gone. Before the billing changes: V1 forbids that switch. */
  firstSteps: (changes, { table }) =>
    changes.flatMap((change): Step[] => {
      if (change.kind !== 'drop-vector-index' && change.kind !== 'replace-vector-index') return []
      const request = updateTable(table, { VectorIndexUpdates: [{ Delete: { IndexName: change.name } }] })
      return [dropIndexStep(change, request, { drop: dropWork, build: buildWork })]
    }),
  stepsAfterBuilds: addVectors,
  works: [dropWork, buildWork],
  isCarriedOut: (request, live) =>
    updatesIn(request, 'VectorIndexUpdates').every(({ Create, Delete }) => {
      const name = (Create ?? Delete)?.IndexName ?? ''
      return Object.hasOwn(presentVectors(live), name) === (Create !== undefined)
    }),

  aws: {
    members: { VectorIndexes: listOf(shape) },
    read: (raw, parent, report) => (parent === '' ? readVectors(raw, report) : {}),
  },
}

/** The attributes that vector indexes search by; AWS wants them defined, with their types, in the same request. */
export function searchKeys({ vectorIndexes: wanted = {} }: TableDefinition): TableKey[] {
  return Object.values(wanted).map(searchKey)
}

export function searchKey({ partitionKey, filters }: VectorIndex): TableKey {
  return { partitionKey, sortKey: filters }
}

/** The live vector indexes without those being deleted. */
export function presentVectors({ definition, indexes }: LiveTable): Readonly<Record<string, VectorIndex>> {
  const live = Object.entries(definition.vectorIndexes ?? {})
  return Object.fromEntries(live.filter(([name]) => indexes[name]?.status !== 'DELETING'))
}

/** Whether a live index is as the user wrote it. AWS reports no order of filters. */
export function isSameVector(desired: TableDefinition, name: string, wanted: VectorIndex, live: VectorIndex): boolean {
  const given = (field: keyof VectorIndex) => isGiven(desired, `vectorIndexes.${name}.${field}`)
  const sameSets = (field: 'partitionKey' | 'filters') => !given(field) || textOf(wanted[field]) === textOf(live[field])
  const same = (field: 'attribute' | 'dimensions' | 'distance') => !given(field) || wanted[field] === live[field]
  return (
    (['attribute', 'dimensions', 'distance'] as const).every(same) &&
    (['partitionKey', 'filters'] as const).every(sameSets) &&
    (wanted.projection === undefined ||
      !given('projection') ||
      sameProjection(wanted.projection, live.projection ?? 'ALL', [
        ...attributesOf(desired),
        ...attributesOf(searchKey(wanted)),
        { name: wanted.attribute },
      ]))
  )
}

const textOf = (keys: readonly KeyAttribute[]) => JSON.stringify(keys.map(({ name, type }) => `${name}:${type}`).sort())

/** The live vector indexes without those that `changes` drop or replace. */
export function remainingVectors(changes: readonly Change[], live: LiveTable): Readonly<Record<string, VectorIndex>> {
  const leaving = leavingIndexes(changes)
  return Object.fromEntries(Object.entries(presentVectors(live)).filter(([name]) => !leaving.includes(name)))
}

function unnamed({ desired, live }: Pick<Sides, 'desired' | 'live'>) {
  return Object.entries(presentVectors(live)).filter(([name]) => !Object.hasOwn(desired.vectorIndexes ?? {}, name))
}

/**
 * One index per call, each after the previous one is built. Each call defines the attributes of all keys that the table
 * then has, since some engines replace the whole list.
 */
function addVectors(changes: readonly Change[], { table, desired, live }: Context): Step[] {
  const base = live ?? desired
  const added = changes.flatMap(change => addedIndex(change) ?? [])
  const keys: TableKey[] = [base, ...base.localIndexes, ...base.globalIndexes, ...added, ...searchKeys(base)]
  return changes.flatMap((change): Step[] => {
    if (change.kind !== 'add-vector-index' && change.kind !== 'replace-vector-index') return []
    const wanted = change.kind === 'add-vector-index' ? change.index : change.to
    keys.push(searchKey(wanted))
    const request = updateTable(table, {
      AttributeDefinitions: attributeDefinitions(keys),
      VectorIndexUpdates: [{ Create: vectorIndexInput([change.name, wanted]) }],
    })
    return [addIndexStep(change, request, buildWork)]
  })
}

/** AWS refuses an empty SearchSchema. */
export function vectorIndexInput([name, each]: readonly [string, VectorIndex]): SdkVectorIndex {
  const search = [
    ...each.partitionKey.map(key => ({ AttributeName: key.name, SearchSchemaElementType: 'HASH' as const })),
    ...each.filters.map(key => ({ AttributeName: key.name, SearchSchemaElementType: 'INLINE_FILTER' as const })),
  ]
  return {
    IndexName: name,
    VectorAttribute: { AttributeName: each.attribute },
    ...(search.length === 0 ? {} : { SearchSchema: search }),
    Projection: projectionInput(each.projection ?? 'ALL'),
    Dimensions: each.dimensions,
    DistanceFunction: each.distance,
  }
}

function fromDescription(
  live: Partial<SdkVectorIndex>,
  types: ReadonlyMap<string | undefined, KeyAttribute['type'] | undefined>,
): VectorIndex {
  const keys = (role: string): KeyAttribute[] =>
    (live.SearchSchema ?? [])
      .filter(({ SearchSchemaElementType: type }) => type === role)
      .map(({ AttributeName: name = '' }) => ({ name, type: types.get(name) ?? 'S' }))
  return {
    attribute: live.VectorAttribute?.AttributeName ?? '',
    dimensions: live.Dimensions ?? 0,
    distance: live.DistanceFunction ?? 'COSINE',
    partitionKey: keys('HASH'),
    filters: keys('INLINE_FILTER'),
    projection: readProjection(live.Projection),
  }
}

/** The rules report what is missing. */
function parseIndex({ partitionKey, filters, ...rest }: UntypedRecord): VectorIndex {
  const keys = (value: unknown) => (value === undefined ? [] : parseKeys(value as KeysInput))
  const given = definedOnly(rest) as Omit<VectorIndex, 'partitionKey' | 'filters'>
  return { ...given, partitionKey: keys(partitionKey), filters: keys(filters) }
}

/** The vector indexes of a CreateTable input, as index inputs by name. */
function readVectors(raw: UntypedRecord, report: Report): UntypedRecord {
  const member = 'VectorIndexes'
  if (!Array.isArray(raw[member])) return {}
  if (raw[member].length === 0) report(member, 'is an empty list; leave it out', 'V0')
  const defined = recordsOf(raw.AttributeDefinitions)
  const types = new Map(defined.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]))
  const byName: Record<string, UntypedRecord> = {}
  for (const [position, each] of recordsOf(raw[member]).entries()) {
    const name = each.IndexName
    if (typeof name !== 'string') {
      report(`${member}[${position}].IndexName`, 'is missing', 'N4')
      continue
    }
    const where = `${member}.${name}`
    if (Object.hasOwn(byName, name)) report(where, 'another index has the same name', 'G3')
    const attribute = isRecord(each.VectorAttribute) ? each.VectorAttribute.AttributeName : undefined
    if (types.has(attribute))
      report(`${where}.VectorAttribute`, `"${attribute}" cannot be in AttributeDefinitions; remove it there`, 'V4')
    byName[name] = {
      attribute,
      dimensions: each.Dimensions,
      distance: each.DistanceFunction,
      ...readSearch(each.SearchSchema, `${where}.SearchSchema`, types, report),
      ...readProjectionMember(each.Projection, `${where}.Projection`, report),
    }
  }
  return { vectorIndexes: byName }
}

function readSearch(schema: unknown, where: string, types: ReadonlyMap<unknown, unknown>, report: Report) {
  const found = { HASH: [] as unknown[], INLINE_FILTER: [] as unknown[] }
  for (const [position, element] of recordsOf(schema).entries()) {
    const { AttributeName: name, SearchSchemaElementType: role } = element
    const place = `${where}[${position}]`
    if (!types.has(name)) report(place, `"${name}" is not in AttributeDefinitions; add it there`, 'V3')
    if (role === 'HASH' || role === 'INLINE_FILTER') found[role].push({ name, type: types.get(name) ?? 'S' })
    else report(`${place}.SearchSchemaElementType`, `must be HASH or INLINE_FILTER, not ${show(role)}`, 'V5')
  }
  return { partitionKey: found.HASH, filters: found.INLINE_FILTER }
}
