import type { TableApi } from '../../../src/apply/ports.ts'
import type { DynamoxError } from '../../../src/errors.ts'
import { engines } from '../../../src/settings/engines.ts'
import type { TableRequest } from '../../../src/settings/step.ts'
import type { GlobalIndex, KeyAttribute, TableDefinition } from '../../../src/table/definition.ts'
import type { LiveTable } from '../../../src/table/live.ts'

export interface TinyApi extends TableApi {
  readonly sent: readonly TableRequest[]
}

export interface TinyOptions {
  readonly tables?: readonly LiveTable[] | undefined
  /** What any call about a table of this name ends with. */
  readonly failing?: Readonly<Record<string, DynamoxError>> | undefined
  readonly account?: string | undefined
  readonly region?: string | undefined
  /** New tables stay CREATING. */
  readonly slow?: boolean | undefined
}

/** The least that behaves like DynamoDB: tables come and go at once. The rules live in the fake of AWS. */
export function tinyApi({
  tables = [],
  failing = {},
  account,
  region = 'eu-west-1',
  slow = false,
}: TinyOptions = {}): TinyApi {
  const live = new Map(tables.map(table => [table.definition.name, table]))
  const sent: TableRequest[] = []
  const check = (name: string) => {
    const error = failing[name]
    if (error !== undefined) throw error
  }
  return {
    sent,
    async describe(name) {
      check(name)
      return live.get(name)
    },
    list: async () => [...live.keys()].sort(),
    listWithin: async () => [...live.keys()].sort(),
    identify: async () => ({ account, region, endpoint: undefined }),
    async send(request) {
      const name = 'TableName' in request.input ? (request.input.TableName ?? '') : ''
      check(name)
      if (request.api === 'CreateTable') {
        if (live.has(name)) return { kind: 'exists', message: `Table already exists: ${name}` }
        live.set(name, liveTable({ name, status: slow ? 'CREATING' : 'ACTIVE' }))
      }
      const table = live.get(name)
      if (request.api === 'UpdateTable' && table !== undefined) {
        const deletionProtection = request.input.DeletionProtectionEnabled ?? false
        const dropped = (request.input.ReplicaUpdates ?? []).map(({ Delete }) => Delete?.RegionName)
        const replicas = table.definition.replicas?.filter(({ region }) => !dropped.includes(region))
        const definition = { ...table.definition, ...(replicas === undefined ? {} : { replicas }) }
        live.set(name, { ...table, definition: { ...definition, deletionProtection } })
      }
      if (request.api === 'DeleteTable') live.delete(name)
      sent.push(request)
      return undefined
    },
    capabilities: () => engines.aws,
  }
}

export interface TinyTable extends Partial<Omit<TableDefinition, 'partitionKey' | 'sortKey'>> {
  readonly name: string
  readonly partitionKey?: readonly KeyAttribute[]
  readonly sortKey?: readonly KeyAttribute[]
  readonly status?: LiveTable['status']
  readonly indexStatus?: Readonly<Record<string, 'ACTIVE' | 'CREATING'>>
  readonly itemCount?: number
  readonly sizeBytes?: number
  readonly id?: string
}

/** A live table with a partition key `pk` of type S, on demand, unless told otherwise. */
export function liveTable({
  status = 'ACTIVE',
  indexStatus = {},
  itemCount,
  sizeBytes,
  id,
  ...table
}: TinyTable): LiveTable {
  const definition: TableDefinition = {
    partitionKey: [{ name: 'pk', type: 'S' }],
    sortKey: [],
    globalIndexes: [],
    localIndexes: [],
    billingMode: 'PAY_PER_REQUEST',
    assumed: [],
    ...table,
  }
  const indexes = Object.fromEntries(
    definition.globalIndexes.map(({ name }) => [name, { status: indexStatus[name] ?? 'ACTIVE' }] as const),
  )
  return { definition, status, indexes, itemCount, sizeBytes, id, read: [], settling: [], warnings: [] }
}

export function globalIndex(name: string, attribute: string): GlobalIndex {
  return { name, partitionKey: [{ name: attribute, type: 'S' }], sortKey: [], projection: 'ALL' }
}
