import type { KeyType, Projection } from '../table/definition.ts'
import { isHolder, memberOf } from '../table/untyped.ts'
import { looksUnknown } from './adapter.ts'
import { fromDraft, type IndexDraft, type KeyDraft, type LibraryAdapter, oneKey, type TableDraft } from './draft.ts'
import { entriesAt, invoke, listAt, textAt } from './read-values.ts'

/** Entities, services and raw schemas of ElectroDB 1 to 3. */
export const electrodb: LibraryAdapter = {
  name: 'electrodb',
  library: {
    title: 'ElectroDB',
    packages: { electrodb: { exports: 'an Entity, a Service or a schema', versions: ['1', '2', '3'] } },
  },
  matches: value => isEntity(value) || isService(value) || isSchema(value),
  members: value => (isService(value) ? entriesAt(value, 'entities') : []),
  replaces: value => (isEntity(value) ? [memberOf(value, 'schema')] : []),
  explain: value => (looksLike(value) ? looksUnknown(electrodb.library) : undefined),
  toDefinitions: (value, context) => {
    if (isService(value)) return []
    return [fromDraft(isEntity(value) ? readEntity(value) : readSchema(value), electrodb, context)]
  },
}

const isEntity = (value: unknown) =>
  memberOf(value, '_instanceType') === 'entity' && isHolder(memberOf(value, 'model', 'prefixes'))
const isService = (value: unknown) =>
  memberOf(value, '_instanceType') === 'service' && isHolder(memberOf(value, 'entities'))
const isSchema = (value: unknown) =>
  textAt(value, 'model', 'entity') !== undefined &&
  isHolder(memberOf(value, 'attributes')) &&
  isHolder(memberOf(value, 'indexes'))

const looksLike = (value: unknown) =>
  !isEntity(value) && !isService(value) && ['entity', 'service'].includes(textAt(value, '_instanceType') ?? '')

function readEntity(entity: unknown): TableDraft {
  const attributes = memberOf(entity, 'model', 'schema', 'attributes') ?? memberOf(entity, 'schema', 'attributes')
  const name = invoke(entity, 'getTableName') ?? invoke(entity, '_getTableName') ?? memberOf(entity, 'config', 'table')
  const indexes = entriesAt(entity, 'model', 'indexes').map(([accessPattern, index]): Index => {
    const indexName = textAt(index, 'index') ?? ''
    const written = memberOf(entity, 'schema', 'indexes', accessPattern)
    const part = (side: 'pk' | 'sk'): readonly KeyDraft[] =>
      readKey(
        memberOf(index, side),
        memberOf(entity, 'model', 'prefixes', indexName, side, 'cast'),
        attributes,
        isComposite(index),
      )
    return {
      name: indexName,
      composite: isComposite(index),
      pk: part('pk'),
      sk: part('sk'),
      projection: readProjection(memberOf(index, 'projection') ?? memberOf(written, 'projection'), attributes),
    }
  })
  return toDraft(typeof name === 'string' && name !== '' ? name : undefined, indexes)
}

/** A schema without an Entity, which has neither a table nor resolved key types. */
function readSchema(schema: unknown): TableDraft {
  const attributes = memberOf(schema, 'attributes')
  const indexes = entriesAt(schema, 'indexes').map(([, index]): Index => {
    const part = (side: 'pk' | 'sk'): readonly KeyDraft[] => {
      const key = memberOf(index, side)
      const template = textAt(key, 'template')
      const facets = listAt(key, 'composite').length > 0 ? memberOf(key, 'composite') : memberOf(key, 'facets')
      const bare = bareAttribute(template ?? facets)
      const asNamed = bare ?? namesake(key, facets, attributes)
      const custom = {
        field: memberOf(key, 'field'),
        facets: bare === undefined ? facets : [bare],
        isCustom: asNamed !== undefined,
      }
      return readKey(custom, memberOf(key, 'cast'), attributes, isComposite(index))
    }
    return {
      name: textAt(index, 'index') ?? '',
      composite: isComposite(index),
      pk: part('pk'),
      sk: part('sk'),
      projection: readProjection(memberOf(index, 'projection'), attributes),
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
        // ElectroDB does not distinguish local and global indexes; a shared partition key suggests a local one.
        const local =
          !composite && pk[0]?.name === main?.pk[0]?.name && sk.length > 0 && sk[0]?.name !== main?.sk[0]?.name
        return { name, kind: local ? 'local?' : 'global', partitionKey: pk, sortKey: sk, projection }
      }),
  }
}

const isComposite = (index: unknown) => memberOf(index, 'type') === 'composite'

function readKey(key: unknown, cast: unknown, attributes: unknown, composite: boolean): readonly KeyDraft[] {
  const facets = listAt(key, 'facets').filter(facet => typeof facet === 'string')
  if (composite) {
    return facets.map(facet => ({
      name: fieldOf(facet, attributes),
      type: memberOf(attributes, facet, 'type') === 'number' ? 'N' : 'S',
    }))
  }
  return oneKey(textAt(key, 'field'), () => typeOf(key, cast, facets, attributes))
}

/** A key is a string that ElectroDB composes, unless it is cast, or consists of one unlabelled number attribute. */
function typeOf(key: unknown, cast: unknown, facets: readonly string[], attributes: unknown): KeyType {
  if (cast === 'number') return 'N'
  if (cast === 'string') return 'S'
  const [facet] = facets
  const alone = memberOf(key, 'isCustom') === true && facets.length === 1 && facet !== undefined && !isLabelled(key)
  return alone && memberOf(attributes, facet, 'type') === 'number' ? 'N' : 'S'
}

function isLabelled(key: unknown): boolean {
  const labels = listAt(key, 'labels').length > 0 ? listAt(key, 'labels') : listAt(key, 'facetLabels')
  return labels.some(label => textAt(label, 'label') !== undefined)
}

/** The attribute of a template that consists of one attribute: `${score}`, or `:score` in ElectroDB 1. */
function bareAttribute(template: unknown): string | undefined {
  return typeof template === 'string' ? /^(?:\$\{([^}]+)\}|:(\w+))$/.exec(template)?.slice(1).find(Boolean) : undefined
}

/** The attribute that is stored under the key's own name, and so is the key itself. */
function namesake(key: unknown, facets: unknown, attributes: unknown): string | undefined {
  const [facet, ...more] = Array.isArray(facets) ? facets : []
  const field = textAt(key, 'field')
  return typeof facet === 'string' && more.length === 0 && fieldOf(facet, attributes) === field ? facet : undefined
}

function fieldOf(attribute: string, attributes: unknown): string {
  return textAt(attributes, attribute, 'field') ?? attribute
}

function readProjection(projection: unknown, attributes: unknown): Projection | undefined {
  if (projection === 'all') return 'ALL'
  if (projection === 'keys_only') return 'KEYS_ONLY'
  if (!Array.isArray(projection)) return undefined
  return projection.filter(name => typeof name === 'string').map(name => fieldOf(name, attributes))
}
