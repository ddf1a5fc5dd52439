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
  const indexes = entriesAt(entity, 'model', 'indexes').map(([accessPattern, index]) => {
    const written = memberOf(entity, 'schema', 'indexes', accessPattern)
    const projection = memberOf(index, 'projection') ?? memberOf(written, 'projection')
    return readIndex(index, projection, attributes, (key, side) => ({
      facets: listAt(key, 'facets'),
      isAlone: memberOf(key, 'isCustom') === true && !isLabelled(key),
      cast: memberOf(entity, 'model', 'prefixes', textAt(index, 'index') ?? '', side, 'cast'),
    }))
  })
  return toDraft(typeof name === 'string' && name !== '' ? name : undefined, indexes)
}

/** A schema without an Entity, which has neither a table nor resolved key types. */
function readSchema(schema: unknown): TableDraft {
  const attributes = memberOf(schema, 'attributes')
  const indexes = entriesAt(schema, 'indexes').map(([, index]) =>
    readIndex(index, memberOf(index, 'projection'), attributes, key => {
      const written = listAt(key, 'composite').length > 0 ? memberOf(key, 'composite') : memberOf(key, 'facets')
      const bare = bareAttribute(textAt(key, 'template') ?? written)
      const facets = bare === undefined ? listAt(written) : [bare]
      // An attribute that is stored under the key's own name is the key itself.
      const isNamesake = facets.length === 1 && fieldOf(String(facets[0]), attributes) === textAt(key, 'field')
      return { facets, isAlone: bare !== undefined || isNamesake, cast: memberOf(key, 'cast') }
    }),
  )
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

/** The parts of a key. */
interface KeyParts {
  /** The names of its attributes. */
  readonly facets: readonly unknown[]
  /** Whether a single attribute is stored as it is, without a label around it. */
  readonly isAlone: boolean
  readonly cast: unknown
}

function readIndex(
  index: unknown,
  projection: unknown,
  attributes: unknown,
  partsOf: (key: unknown, side: 'pk' | 'sk') => KeyParts,
): Index {
  const composite = memberOf(index, 'type') === 'composite'
  const key = (side: 'pk' | 'sk'): readonly KeyDraft[] => {
    const holder = memberOf(index, side)
    const parts = partsOf(holder, side)
    if (!composite) return oneKey(textAt(holder, 'field'), () => typeOf(parts, attributes))
    return parts.facets
      .filter(facet => typeof facet === 'string')
      .map(facet => ({ name: fieldOf(facet, attributes), type: typeOfAttribute(facet, attributes) }))
  }
  const name = textAt(index, 'index') ?? ''
  return { name, composite, pk: key('pk'), sk: key('sk'), projection: readProjection(projection, attributes) }
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

/** A key is a string that ElectroDB composes, unless it is cast, or consists of one unlabelled number attribute. */
function typeOf({ facets, isAlone, cast }: KeyParts, attributes: unknown): KeyType {
  if (cast === 'number') return 'N'
  if (cast === 'string') return 'S'
  return isAlone && facets.length === 1 ? typeOfAttribute(facets[0], attributes) : 'S'
}

function typeOfAttribute(attribute: unknown, attributes: unknown): KeyType {
  return memberOf(attributes, String(attribute), 'type') === 'number' ? 'N' : 'S'
}

function isLabelled(key: unknown): boolean {
  const labels = listAt(key, 'labels').length > 0 ? listAt(key, 'labels') : listAt(key, 'facetLabels')
  return labels.some(label => textAt(label, 'label') !== undefined)
}

/** The attribute of a template that consists of one attribute: `${score}`. */
function bareAttribute(template: unknown): string | undefined {
  return typeof template === 'string' ? /^\$\{([^}]+)\}$/.exec(template)?.[1] : undefined
}

/** The name under which an attribute is stored. */
function fieldOf(attribute: string, attributes: unknown): string {
  return textAt(attributes, attribute, 'field') ?? attribute
}

function readProjection(projection: unknown, attributes: unknown): Projection | undefined {
  if (projection === 'all') return 'ALL'
  if (projection === 'keys_only') return 'KEYS_ONLY'
  if (!Array.isArray(projection)) return undefined
  return projection.filter(name => typeof name === 'string').map(name => fieldOf(name, attributes))
}
