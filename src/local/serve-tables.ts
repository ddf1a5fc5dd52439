import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DynaliteStore, StoredTable } from 'dynalite/db/index.js'
import type { TableDefinition } from '../table/definition.ts'
import { localAccount, localRegion } from '../table/local-credentials.ts'
import { answerRequest, operationOf } from './answer-request.ts'
import { type Answer, type AwsError, notSupported, validation } from './control-plane/answer.ts'
import { type ControlPlane, type ControlPlaneOptions, createControlPlane } from './control-plane/control-plane.ts'
import type { Operation } from './control-plane/inputs.ts'
import type { TableState, Work } from './control-plane/state.ts'
import type { Dynalite } from './load-dynalite.ts'
import { type Items, serveItems } from './serve-items.ts'
import { loadTables, recordOf, tableWrites } from './table-records.ts'

/** The tables of a store, whose items dynalite serves. */
export interface Tables {
  /** Whether it answers this request: those of the control plane. */
  handles(request: IncomingMessage, response: ServerResponse): boolean
  /** Ends what is under way and writes everything. */
  close(): Promise<void>
}

/** How long the work of the control plane takes, and what it refuses because of time. */
export type Pace = Pick<ControlPlaneOptions, 'timings' | 'random' | 'coolDown' | 'notFoundMs' | 'limits'> & {
  readonly isOfAws?: true
}

// Made from the tables again when they are needed; those of a thousand tables would take a megabyte.
const mostRecords = 100

/** Puts the control plane in front of dynalite, whose database is open; tables are written to it if it is `kept`. */
export async function serveTables(
  dynalite: Dynalite,
  store: DynaliteStore,
  pace: Pace,
  kept: boolean,
): Promise<Tables> {
  const records = new Map<string, StoredTable>()
  const unwritten = new Set<string>()
  const drops = new Map<string, Promise<void>>()
  let writes: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let address = ''

  const find = (name: string): StoredTable | undefined => {
    const known = records.get(name)
    const table = known === undefined ? plane.tables.get(name) : undefined
    if (table === undefined) return known
    const record = recordOf(table)
    if (records.size >= mostRecords) records.clear()
    records.set(name, record)
    return record
  }
  const items: Items = serveItems(store, dynalite.functions, find)

  const writeAll = async (): Promise<void> => {
    const names = [...unwritten]
    unwritten.clear()
    if (!kept || names.length === 0) return
    try {
      await store.db.batch(names.flatMap(name => tableWrites(name, plane.tables.get(name))))
    } catch (error) {
      for (const name of names) unwritten.add(name)
      throw error
    }
  }
  /** Resolves when all changes so far are on disk. */
  const written = (): Promise<void> => {
    if (unwritten.size > 0) writes = writes.catch(() => undefined).then(writeAll)
    return writes
  }
  /** The record is written first: what happens to items must be completed after a kill. */
  const afterRecord = async (work: () => Promise<void>): Promise<void> => {
    await undefined
    await written()
    await work()
  }
  const plane: ControlPlane = createControlPlane({
    ...{ account: localAccount, region: localRegion },
    now: Date.now,
    ...pace,
    address: () => address,
    supports,
    items: {
      dropTable: name => {
        const drop = afterRecord(() => items.dropTable(name))
        drops.set(name, drop)
        return drop.finally(() => drops.delete(name))
      },
      buildIndex: (name, index) => afterRecord(() => items.buildIndex(name, index)),
      dropIndex: (name, index) => afterRecord(() => items.dropIndex(name, index)),
    },
    changed: name => {
      records.delete(name)
      if (unwritten.size === 0) queueMicrotask(settle)
      unwritten.add(name)
    },
    // A build ends when the store closes; it is done again at the next start.
    failed: () => undefined,
  })
  // A failure to write fails the requests that wait for it.
  const settle = () => {
    plane.advance()
    written().catch(() => undefined)
    const due = plane.nextDue()
    clearTimeout(timer)
    timer = due === undefined ? undefined : setTimeout(settle, Math.min(due - Date.now(), 2 ** 31 - 1)).unref()
  }

  const answer = async (operation: Operation, input: unknown): Promise<Answer> => {
    plane.advance()
    const given = plane.answer(operation, input)
    plane.advance()
    await written()
    if (operation === 'DeleteTable') await Promise.all(drops.values())
    return given
  }

  for (const table of await loadTables(store.db)) {
    for (const { status, definition } of table.indexes)
      if (status === 'DELETING') await items.dropIndex(table.name, definition.name)
    resume(plane, table, Date.now(), pace.isOfAws === true ? 'in time' : 'now')
  }
  plane.advance()
  return {
    handles: (request, response) => {
      const operation = operationOf(request)
      if (operation === undefined) return false
      address = request.headers.host ?? ''
      void answerRequest(request, response, async input =>
        typeof operation === 'string' ? answer(operation, input) : operation,
      )
      return true
    },
    close: async () => {
      clearTimeout(timer)
      await items.close()
      await written()
    },
  }
}

/**
 * Adds a table whose engine ended, perhaps in the middle of work. The work then ends at its planned time (`in time`),
 * or at once (`now`); indexes are built from the start.
 */
function resume(plane: ControlPlane, table: TableState, now: number, ends: 'in time' | 'now'): void {
  const timeOf = (work: Work | undefined) => (ends === 'in time' ? Math.max(work?.at ?? now, now) : now)
  const others = table.pending.filter(work => !('index' in work) || work.kind === 'warmed')
  const indexes = [...table.indexes.map(index => ({ ...index, ...index.definition })), ...(table.vectors ?? [])]
  const ofIndexes = indexes.flatMap(({ status, name }): Work[] => {
    const again = (kind: 'allocated' | 'built' | 'dropped'): Work => {
      const begun = table.pending.find(work => work.kind === kind && work.index === name)
      return { kind, index: name, at: timeOf(begun) }
    }
    if (status === 'CREATING' && table.status !== 'CREATING') return [again('allocated'), again('built')]
    return status === 'DELETING' ? [again('dropped')] : []
  })
  table.replicas = []
  table.working = false
  for (const index of table.indexes) index.working = false
  table.pending = [...others.map(work => ({ ...work, at: timeOf(work) })), ...ofIndexes].sort((a, b) => a.at - b.at)
  plane.put(table)
}

/** dynalite has no keys of several attributes, and there is one region. */
function supports({ globalIndexes, replicas = [], consistency }: TableDefinition): AwsError | undefined {
  const several = globalIndexes.find(({ partitionKey, sortKey }) => partitionKey.length > 1 || sortKey.length > 1)
  if (several !== undefined) return notSupported(`keys of several attributes (index ${several.name})`)
  return replicas.length === 0 && consistency === undefined
    ? undefined
    : validation('the embedded engine has one region and does not support replicas')
}
