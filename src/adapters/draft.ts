import {
  type Assumption,
  attributesOf,
  type IndexSettings,
  type KeyAttribute,
  type KeyType,
  type Projection,
  type TableKey,
  type TableSettings,
} from '../table/definition.ts'
import type { GlobalIndexInput, KeysInput, LocalIndexInput, SourcedTable } from '../table/input.ts'
import { typeCalled } from '../table/parse-key.ts'
import { memberOf } from '../table/untyped.ts'
import { type Adapter, type AdapterContext, type Library, sourceOf } from './adapter.ts'
import { listAt, textAt } from './read-values.ts'

/** A key attribute whose type the library may not know. */
export interface KeyDraft {
  readonly name: string
  readonly type: KeyType | undefined
}

/** The partition key of a local index is ignored. */
export interface IndexDraft extends TableKey<KeyDraft> {
  readonly name: string
  /** `local?` when it looks like a local index and may be a global one. */
  readonly kind: 'global' | 'local' | 'local?'
  /** Left out when the library does not know it. */
  readonly projection?: Projection | undefined
  /** Global indexes only. */
  readonly throughput?: IndexSettings | undefined
}

/** A table as a model library describes it; `undefined` means that the library does not know the value. */
export interface TableDraft extends TableKey<KeyDraft> {
  readonly table: string | undefined
  readonly indexes: readonly IndexDraft[]
  readonly settings?: TableSettings | undefined
  /** Further assumptions of the adapter. */
  readonly assumed?: readonly Assumption[] | undefined
}

/** An adapter for a model library. */
export interface LibraryAdapter extends Adapter {
  readonly library: Library
}

/** Turns a draft into a table input. Each gap that must be filled to create the table becomes an assumption. */
export function fromDraft(
  draft: TableDraft,
  { name, library: { title } }: Pick<LibraryAdapter, 'name' | 'library'>,
  context: AdapterContext,
): SourcedTable {
  const assumed = [...(draft.assumed ?? [])]
  const guess = (path: string, message: string) => assumed.push({ path, message, guess: true })
  const keys = (path: string, drafts: readonly KeyDraft[]): KeysInput =>
    typed(drafts, key => guess(path, `${key} is assumed to be a string: ${title} does not say its type`))
  const projection = (path: string, index: IndexDraft): { projection?: Projection } => {
    if (index.projection !== undefined) return { projection: tidy(index.projection, [draft, index]) }
    guess(`${path}.projection`, `index ${index.name} is assumed to project ALL: ${title} does not say`)
    return {}
  }

  const input = {
    ...(draft.table === undefined ? {} : { table: draft.table }),
    ...(draft.partitionKey.length === 0 ? {} : { partitionKey: keys('partitionKey', draft.partitionKey) }),
    ...(draft.sortKey.length === 0 ? {} : { sortKey: keys('sortKey', draft.sortKey) }),
  }
  const globalIndexes: Record<string, GlobalIndexInput> = {}
  const localIndexes: Record<string, LocalIndexInput> = {}
  for (const index of draft.indexes) {
    if (index.kind === 'global') {
      const path = `globalIndexes.${index.name}`
      globalIndexes[index.name] = {
        partitionKey: keys(`${path}.partitionKey`, index.partitionKey),
        ...(index.sortKey.length === 0 ? {} : { sortKey: keys(`${path}.sortKey`, index.sortKey) }),
        ...projection(path, index),
        ...index.throughput,
      }
    } else {
      const path = `localIndexes.${index.name}`
      if (index.kind === 'local?') {
        guess(path, `index ${index.name} is assumed to be local: its partition key is the table's`)
      }
      localIndexes[index.name] = { sortKey: keys(`${path}.sortKey`, index.sortKey), ...projection(path, index) }
    }
  }
  if (draft.settings?.billingMode === undefined) {
    guess('billingMode', `billing is assumed to be on-demand (PAY_PER_REQUEST): ${title} does not say`)
  }
  return {
    input: {
      ...input,
      ...(Object.keys(globalIndexes).length === 0 ? {} : { globalIndexes }),
      ...(Object.keys(localIndexes).length === 0 ? {} : { localIndexes }),
      ...draft.settings,
    },
    source: sourceOf(name, context),
    assumed,
  }
}

/** The key of one attribute, or an empty key without a name. `typeOf` returns the attribute's type, if the library knows it. */
export function oneKey(
  name: string | undefined,
  typeOf: (name: string) => KeyType | undefined = () => undefined,
): readonly KeyDraft[] {
  return name === undefined ? [] : [{ name, type: typeOf(name) }]
}

/** The key type that a library's word for it, or the name of a class, stands for. */
export function keyType(word: unknown): KeyType | undefined {
  return typeof word === 'string' ? typeCalled(word) : undefined
}

/** The capacity in a holder of two numbers; `undefined` when either is missing. */
export function capacityOf(read: unknown, write: unknown): IndexSettings | undefined {
  return typeof read === 'number' && typeof write === 'number'
    ? { readCapacity: read, writeCapacity: write }
    : undefined
}

function typed(drafts: readonly KeyDraft[], onUnknown: (name: string) => void): KeysInput {
  const keys = drafts.map(({ name, type }): KeyAttribute => {
    if (type === undefined) onUnknown(name)
    return { name, type: type ?? 'S' }
  })
  const [only] = keys
  return keys.length === 1 && only !== undefined ? only : keys
}

/** Every index contains the key attributes; a list of nothing else is KEYS_ONLY. */
function tidy(projection: Projection, holders: readonly TableKey<KeyDraft>[]): Projection {
  if (typeof projection === 'string') return projection
  const keys = holders.flatMap(holder => attributesOf(holder).map(({ name }) => name))
  const names = [...new Set(projection)].filter(name => !keys.includes(name))
  return names.length === 0 ? 'KEYS_ONLY' : names
}

/**
 * Reads a CreateTable input that a library composed. It is more lenient than the adapter for inputs that people write:
 * libraries define attributes that no key uses, and leave the billing mode open.
 */
export function draftFromRequest(request: unknown): TableDraft {
  const types = new Map(
    listAt(request, 'AttributeDefinitions').map(each => [
      memberOf(each, 'AttributeName'),
      memberOf(each, 'AttributeType'),
    ]),
  )
  const keys = (holder: unknown, role: 'HASH' | 'RANGE'): readonly KeyDraft[] =>
    listAt(holder, 'KeySchema')
      .filter(each => memberOf(each, 'KeyType') === role)
      .map(each => ({
        name: String(memberOf(each, 'AttributeName')),
        type: keyType(types.get(memberOf(each, 'AttributeName'))),
      }))
  const indexes = (member: string, kind: IndexDraft['kind']): readonly IndexDraft[] =>
    listAt(request, member).map(index => ({
      name: String(memberOf(index, 'IndexName')),
      kind,
      partitionKey: keys(index, 'HASH'),
      sortKey: keys(index, 'RANGE'),
      projection: readProjection(memberOf(index, 'Projection')),
      throughput: capacity(index),
    }))
  const units = capacity(request)
  return {
    table: textAt(request, 'TableName'),
    partitionKey: keys(request, 'HASH'),
    sortKey: keys(request, 'RANGE'),
    indexes: [...indexes('GlobalSecondaryIndexes', 'global'), ...indexes('LocalSecondaryIndexes', 'local')],
    settings: {
      ...(memberOf(request, 'BillingMode') === 'PAY_PER_REQUEST' ? { billingMode: 'PAY_PER_REQUEST' as const } : {}),
      ...(units === undefined ? {} : { billingMode: 'PROVISIONED' as const, ...units }),
    },
  }
}

function readProjection(projection: unknown): Projection | undefined {
  const kind = memberOf(projection, 'ProjectionType')
  if (kind === 'INCLUDE') return listAt(projection, 'NonKeyAttributes').map(String)
  return kind === 'ALL' || kind === 'KEYS_ONLY' ? kind : undefined
}

function capacity(holder: unknown): IndexSettings | undefined {
  const units = memberOf(holder, 'ProvisionedThroughput')
  return capacityOf(memberOf(units, 'ReadCapacityUnits'), memberOf(units, 'WriteCapacityUnits'))
}
