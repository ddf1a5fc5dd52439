import type { VectorIndex } from '../table/definition.ts'
import { byteLength, type Finding, placedKeys, placedVectorIndexes, type Rule, repeated } from '../table/rules/rule.ts'
import { shorten } from '../table/untyped.ts'

/** The rules for vector indexes. Their names, filters and projections also fall under the rules of all indexes. */
export const vectorRules: readonly Rule[] = [
  {
    id: 'V0',
    aws: "Value null at 'vectorIndexes.1.member.dimensions' failed to satisfy constraint: Member must not be null",
    *check(definition) {
      for (const { at, index } of placedVectorIndexes(definition)) {
        for (const [field, example] of required)
          if (index[field] === undefined) yield { at: `${at}.${field}`, message: `is missing; write ${example}` }
      }
    },
  },
  {
    id: 'V1',
    aws: 'Vector indexes are only supported for PAY_PER_REQUEST tables',
    *check(definition) {
      if (definition.billingMode !== 'PROVISIONED' || placedVectorIndexes(definition).length === 0) return
      yield { at: 'billingMode', message: 'PROVISIONED cannot be combined with vector indexes; write PAY_PER_REQUEST' }
    },
  },
  {
    id: 'V2',
    // A quota, so only a warning.
    level: 'warning',
    aws: 'VectorIndex count exceeds the per-table limit of 5',
    *check(definition) {
      const { length } = placedVectorIndexes(definition)
      if (length > 5) yield { at: 'vectorIndexes', message: `${length} vector indexes exceed AWS's default quota of 5` }
    },
  },
  {
    id: 'V4',
    aws: "Conflicting attribute definition for 'v'. An attribute cannot be defined in AttributeDefinitions when used as a VectorAttribute.",
    *check(definition) {
      const keys = placedKeys(definition)
      for (const { at, index } of placedVectorIndexes(definition)) {
        const key = keys.find(({ key: { name } }) => name === index.attribute)
        if (key === undefined) continue
        const message = `"${shorten(index.attribute)}" is also in ${key.at}; a vector can be neither a key nor a filter`
        yield { at: `${at}.attribute`, message }
      }
    },
  },
  {
    id: 'V5',
    aws: 'Attributes cannot be redefined. Please check that your attribute has the same type as previously defined.',
    *check(definition) {
      const seen = new Map<string, VectorIndex>()
      for (const { at, index } of placedVectorIndexes(definition)) {
        if (index.attribute === undefined || index.dimensions === undefined) continue
        const first = seen.get(index.attribute)
        seen.set(index.attribute, first ?? index)
        yield* dimensions(index, first, at)
        yield* search(index, at)
        const bytes = byteLength(index.attribute)
        if (bytes > 255)
          yield {
            at: `${at}.attribute`,
            message: `"${shorten(index.attribute)}" has ${bytes} bytes in UTF-8; DynamoDB allows 255`,
          }
      }
    },
  },
]

const required = [
  ['attribute', 'the name of the attribute that holds the vectors'],
  ['dimensions', 'the length of the vectors, 1 to 4096'],
  ['distance', 'COSINE, DOT_PRODUCT or EUCLIDEAN'],
] as const

function* dimensions(index: VectorIndex, first: VectorIndex | undefined, at: string): Iterable<Finding> {
  const { attribute, dimensions: wanted } = index
  if (wanted < 1 || wanted > 4096) yield { at: `${at}.dimensions`, message: `must be 1 to 4096, not ${wanted}` }
  if (first === undefined || first.dimensions === wanted) return
  const message = `"${shorten(attribute)}" has ${first.dimensions} dimensions in another vector index and ${wanted} here; use one length for an attribute`
  yield { at: `${at}.dimensions`, message }
}

function* search({ partitionKey, filters }: VectorIndex, at: string): Iterable<Finding> {
  if (partitionKey.length > 1) {
    const message = `${partitionKey.length} attributes; a vector index can have at most one partition key attribute`
    yield { at: `${at}.partitionKey`, message }
  }
  if (filters.length > 18)
    yield { at: `${at}.filters`, message: `${filters.length} attributes; a vector index can have at most 18 filters` }
  const names = filters.map(({ name }) => name)
  for (const name of repeated(names)) yield { at: `${at}.filters`, message: `"${shorten(name)}" is listed twice` }
  for (const { name } of partitionKey) {
    if (names.includes(name))
      yield { at: `${at}.filters`, message: `"${shorten(name)}" is also the partition key; name it once` }
  }
}
