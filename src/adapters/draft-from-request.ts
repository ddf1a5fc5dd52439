import type { KeyType, Projection, Throughput } from '../table/definition.ts'
import type { IndexDraft, KeyDraft, TableDraft } from './draft.ts'
import { peek, peekList, peekText } from './peek.ts'

/**
 * Name, keys, indexes and capacity of a CreateTable input that a library composed. More forgiving than the adapter
 * for inputs that people write: libraries define attributes that no key uses, and leave the billing mode open.
 */
export function draftFromRequest(request: unknown): TableDraft {
  const types = new Map(
    peekList(request, 'AttributeDefinitions').map(each => [peek(each, 'AttributeName'), peek(each, 'AttributeType')]),
  )
  const keys = (holder: unknown, role: 'HASH' | 'RANGE'): readonly KeyDraft[] =>
    peekList(holder, 'KeySchema')
      .filter(each => peek(each, 'KeyType') === role)
      .map(each => ({
        name: String(peek(each, 'AttributeName')),
        type: keyType(types.get(peek(each, 'AttributeName'))),
      }))
  const indexes = (member: string, kind: IndexDraft['kind']): readonly IndexDraft[] =>
    peekList(request, member).map(index => ({
      name: String(peek(index, 'IndexName')),
      kind,
      partitionKey: keys(index, 'HASH'),
      sortKey: keys(index, 'RANGE'),
      projection: readProjection(peek(index, 'Projection')),
      throughput: capacity(index),
    }))
  const units = capacity(request)
  return {
    table: peekText(request, 'TableName'),
    partitionKey: keys(request, 'HASH'),
    sortKey: keys(request, 'RANGE'),
    indexes: [...indexes('GlobalSecondaryIndexes', 'global'), ...indexes('LocalSecondaryIndexes', 'local')],
    settings: {
      ...(peek(request, 'BillingMode') === 'PAY_PER_REQUEST' ? { billingMode: 'PAY_PER_REQUEST' as const } : {}),
      ...(units === undefined ? {} : { billingMode: 'PROVISIONED' as const, ...units }),
    },
  }
}

function keyType(type: unknown): KeyType | undefined {
  return type === 'S' || type === 'N' || type === 'B' ? type : undefined
}

function readProjection(projection: unknown): Projection | undefined {
  const kind = peek(projection, 'ProjectionType')
  if (kind === 'INCLUDE') return peekList(projection, 'NonKeyAttributes').map(String)
  return kind === 'ALL' || kind === 'KEYS_ONLY' ? kind : undefined
}

function capacity(holder: unknown): Throughput | undefined {
  const read = peek(holder, 'ProvisionedThroughput', 'ReadCapacityUnits')
  const write = peek(holder, 'ProvisionedThroughput', 'WriteCapacityUnits')
  return typeof read === 'number' && typeof write === 'number'
    ? { readCapacity: read, writeCapacity: write }
    : undefined
}
