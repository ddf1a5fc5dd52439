import type { Assumption, KeyAttribute, KeyType, Projection, TableSettings, Throughput } from '../table/definition.ts'
import type { GlobalIndexInput, KeysInput, LocalIndexInput, SourcedTable } from '../table/input.ts'
import type { AdapterContext } from './adapter.ts'
import { sourceOf } from './source.ts'

/** A key attribute whose type the library may not know. */
export interface KeyDraft {
  readonly name: string
  readonly type: KeyType | undefined
}

export interface IndexDraft {
  readonly name: string
  /** `local?` when it only looks like a local index. */
  readonly kind: 'global' | 'local' | 'local?'
  /** Of no meaning for local indexes. */
  readonly partitionKey: readonly KeyDraft[]
  readonly sortKey: readonly KeyDraft[]
  /** `undefined` when the library does not know it. */
  readonly projection: Projection | undefined
  /** Global indexes only. */
  readonly throughput?: Throughput | undefined
}

/** A table as a model library knows it; what it cannot know is `undefined`. */
export interface TableDraft {
  readonly table: string | undefined
  readonly partitionKey: readonly KeyDraft[]
  readonly sortKey: readonly KeyDraft[]
  readonly indexes: readonly IndexDraft[]
  readonly settings?: TableSettings | undefined
  /** What the adapter assumed beside the gaps that show as `undefined`. */
  readonly assumed?: readonly Assumption[] | undefined
}

export interface Library {
  /** As the adapter is called: `electrodb`. */
  readonly adapter: string
  /** As people write it: `ElectroDB`. */
  readonly title: string
  /** The versions it is tested with, for people: `1 to 3`. */
  readonly versions: string
}

/** What a library's model says as a table input; each gap that creation must fill is an assumption in words. */
export function fromDraft(draft: TableDraft, library: Library, context: AdapterContext): SourcedTable {
  const assumed = [...(draft.assumed ?? [])]
  const guess = (path: string, message: string) => assumed.push({ path, message, guess: true })
  const keys = (path: string, drafts: readonly KeyDraft[]): KeysInput =>
    typed(drafts, key => guess(path, `${key} is taken for a string: ${library.title} does not say its type`))
  const projection = (path: string, index: IndexDraft): { projection?: Projection } => {
    if (index.projection !== undefined) return { projection: tidy(index.projection, [draft, index]) }
    guess(`${path}.projection`, `index ${index.name} projects ALL: ${library.title} does not say what it holds`)
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
        guess(path, `index ${index.name} is taken for a local one, for its partition key is the table's own`)
      }
      localIndexes[index.name] = { sortKey: keys(`${path}.sortKey`, index.sortKey), ...projection(path, index) }
    }
  }
  if (draft.settings?.billingMode === undefined) {
    guess('billingMode', `billing is on-demand (PAY_PER_REQUEST): ${library.title} does not say`)
  }
  return {
    input: {
      ...input,
      ...(Object.keys(globalIndexes).length === 0 ? {} : { globalIndexes }),
      ...(Object.keys(localIndexes).length === 0 ? {} : { localIndexes }),
      ...draft.settings,
    },
    source: sourceOf(library.adapter, context),
    assumed,
  }
}

/** A key of an index or table that is a single attribute or none. */
export function oneKey(name: string | undefined, type: KeyType | undefined): readonly KeyDraft[] {
  return name === undefined ? [] : [{ name, type }]
}

function typed(drafts: readonly KeyDraft[], onUnknown: (name: string) => void): KeysInput {
  const keys = drafts.map(({ name, type }): KeyAttribute => {
    if (type === undefined) onUnknown(name)
    return { name, type: type ?? 'S' }
  })
  const [only] = keys
  return keys.length === 1 && only !== undefined ? only : keys
}

/** Key attributes are in every index anyway; a list that names nothing else is KEYS_ONLY. */
function tidy(projection: Projection, holders: readonly Pick<IndexDraft, 'partitionKey' | 'sortKey'>[]): Projection {
  if (typeof projection === 'string') return projection
  const keys = holders.flatMap(({ partitionKey, sortKey }) => [...partitionKey, ...sortKey].map(key => key.name))
  const names = [...new Set(projection)].filter(name => !keys.includes(name))
  return names.length === 0 ? 'KEYS_ONLY' : names
}
