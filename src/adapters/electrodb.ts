import type { KeyType, Projection } from '../table/definition.ts'
import type { Adapter } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type Library, oneKey, type TableDraft } from './draft.ts'
import { looksUnknown } from './not-understood.ts'
import { invoke, isHolder, peek, peekEntries, peekList, peekText } from './peek.ts'

const library: Library = { adapter: 'electrodb', title: 'ElectroDB', versions: '1 to 3' }

/** Entities, services and raw schemas of ElectroDB 1 to 3. */
export const electrodb: Adapter = {
  name: library.adapter,
  matches: value => isEntity(value) || isService(value) || isSchema(value),
  members: value => (isService(value) ? peekEntries(value, 'entities') : []),
  replaces: value => (isEntity(value) ? [peek(value, 'schema')] : []),
  explain: value => (looksLike(value) ? looksUnknown(library) : undefined),
  toDefinitions: (value, context) => {
    if (isService(value)) return []
    return [fromDraft(isEntity(value) ? readEntity(value) : readSchema(value), library, context)]
  },
}

const isEntity = (value: unknown) =>
  peek(value, '_instanceType') === 'entity' && isHolder(peek(value, 'model', 'prefixes'))
const isService = (value: unknown) => peek(value, '_instanceType') === 'service' && isHolder(peek(value, 'entities'))
const isSchema = (value: unknown) =>
  peekText(value, 'model', 'entity') !== undefined &&
  isHolder(peek(value, 'attributes')) &&
  isHolder(peek(value, 'indexes'))

const looksLike = (value: unknown) =>
  !isEntity(value) && !isService(value) && ['entity', 'service'].includes(peekText(value, '_instanceType') ?? '')

function readEntity(entity: unknown): TableDraft {
  const attributes = peek(entity, 'model', 'schema', 'attributes') ?? peek(entity, 'schema', 'attributes')
  const name = invoke(entity, 'getTableName') ?? invoke(entity, '_getTableName') ?? peek(entity, 'config', 'table')
  const indexes = peekEntries(entity, 'model', 'indexes').map(([accessPattern, index]): Index => {
    const indexName = peekText(index, 'index') ?? ''
    const written = peek(entity, 'schema', 'indexes', accessPattern)
    const part = (side: 'pk' | 'sk'): readonly KeyDraft[] =>
      readKey(
        peek(index, side),
        peek(entity, 'model', 'prefixes', indexName, side, 'cast'),
        attributes,
        isComposite(index),
      )
    return {
      name: indexName,
      composite: isComposite(index),
      pk: part('pk'),
      sk: part('sk'),
      projection: readProjection(peek(index, 'projection') ?? peek(written, 'projection'), attributes),
    }
  })
  return toDraft(typeof name === 'string' && name !== '' ? name : undefined, indexes)
}

/** A schema that no Entity was made of here; it holds neither table nor resolved key types. */
function readSchema(schema: unknown): TableDraft {
  const attributes = peek(schema, 'attributes')
  const indexes = peekEntries(schema, 'indexes').map(([, index]): Index => {
    const part = (side: 'pk' | 'sk'): readonly KeyDraft[] => {
      const key = peek(index, side)
      const template = peekText(key, 'template')
      const facets = peekList(key, 'composite').length > 0 ? peek(key, 'composite') : peek(key, 'facets')
      const bare = bareAttribute(template ?? facets)
      const asNamed = bare ?? namesake(key, facets, attributes)
      const custom = {
        field: peek(key, 'field'),
        facets: bare === undefined ? facets : [bare],
        isCustom: asNamed !== undefined,
      }
      return readKey(custom, peek(key, 'cast'), attributes, isComposite(index))
    }
    return {
      name: peekText(index, 'index') ?? '',
      composite: isComposite(index),
      pk: part('pk'),
      sk: part('sk'),
      projection: readProjection(peek(index, 'projection'), attributes),
    }
  })
  return toDraft(undefined, indexes)
}

interface Index {
  /** Empty for the table itself. */
  readonly name: string
  readonly composite: boolean
  readonly pk: readonly KeyDraft[]
  readonly sk: readonly KeyDraft[]
  readonly projection: Projection | undefined
}

function toDraft(table: string | undefined, indexes: readonly Index[]): TableDraft {
  const main = indexes.find(({ name }) => name === '')
  return {
    table,
    partitionKey: main?.pk ?? [],
    sortKey: main?.sk ?? [],
    indexes: indexes
      .filter(({ name }) => name !== '')
      .map(({ name, composite, pk, sk, projection }): IndexDraft => {
        // ElectroDB does not tell local indexes from global ones; only a shared partition key hints at one.
        const local =
          !composite && pk[0]?.name === main?.pk[0]?.name && sk.length > 0 && sk[0]?.name !== main?.sk[0]?.name
        return { name, kind: local ? 'local?' : 'global', partitionKey: pk, sortKey: sk, projection }
      }),
  }
}

const isComposite = (index: unknown) => peek(index, 'type') === 'composite'

function readKey(key: unknown, cast: unknown, attributes: unknown, composite: boolean): readonly KeyDraft[] {
  const facets = peekList(key, 'facets').filter(facet => typeof facet === 'string')
  if (composite) {
    return facets.map(facet => ({
      name: fieldOf(facet, attributes),
      type: peek(attributes, facet, 'type') === 'number' ? 'N' : 'S',
    }))
  }
  return oneKey(peekText(key, 'field'), typeOf(key, cast, facets, attributes))
}

/** A key is a string that ElectroDB composes, unless it is cast or is one number attribute as it is. */
function typeOf(key: unknown, cast: unknown, facets: readonly string[], attributes: unknown): KeyType {
  if (cast === 'number') return 'N'
  if (cast === 'string') return 'S'
  const [facet] = facets
  const alone = peek(key, 'isCustom') === true && facets.length === 1 && facet !== undefined && !isLabelled(key)
  return alone && peek(attributes, facet, 'type') === 'number' ? 'N' : 'S'
}

function isLabelled(key: unknown): boolean {
  const labels = peekList(key, 'labels').length > 0 ? peekList(key, 'labels') : peekList(key, 'facetLabels')
  return labels.some(label => peekText(label, 'label') !== undefined)
}

/** The attribute of a template that is nothing but one attribute: `${score}`, and `:score` in ElectroDB 1. */
function bareAttribute(template: unknown): string | undefined {
  return typeof template === 'string' ? /^(?:\$\{([^}]+)\}|:(\w+))$/.exec(template)?.slice(1).find(Boolean) : undefined
}

/** An attribute that is stored under the key's own name is that key as it is. */
function namesake(key: unknown, facets: unknown, attributes: unknown): string | undefined {
  const [facet, ...more] = Array.isArray(facets) ? facets : []
  const field = peekText(key, 'field')
  return typeof facet === 'string' && more.length === 0 && fieldOf(facet, attributes) === field ? facet : undefined
}

function fieldOf(attribute: string, attributes: unknown): string {
  return peekText(attributes, attribute, 'field') ?? attribute
}

function readProjection(projection: unknown, attributes: unknown): Projection | undefined {
  if (projection === 'all') return 'ALL'
  if (projection === 'keys_only') return 'KEYS_ONLY'
  if (!Array.isArray(projection)) return undefined
  return projection.filter(name => typeof name === 'string').map(name => fieldOf(name, attributes))
}
