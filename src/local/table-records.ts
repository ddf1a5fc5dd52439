import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { KeyRange, LevelDatabase, StoredTable, Write } from 'dynalite/db/index.js'
import { isRecord, memberOf } from '../table/untyped.ts'
import { describeTable } from './control-plane/describe.ts'
import { readCreateTable } from './control-plane/read-request.ts'
import { stateOf, type TableState } from './control-plane/state.ts'

// dynalite keeps a record of each table, which it needs to serve items. The state of the control plane is beside it.
const recordKey = (name: string) => `table~${name}`
const stateKey = (name: string) => `dynamox~table~${name}`

/** The keys `<part>~...` of dynalite's database. No table or index name holds a `~`, and DEL is the character after it. */
export const keysOf = (part: string): KeyRange => ({ gte: `${part}~`, lt: `${part}\x7f` })

/** The record of a table, as serving its items needs it: without indexes that must not be written to. */
export function recordOf(table: TableState): StoredTable {
  const { GlobalSecondaryIndexes: indexes = [], ...description } = describeTable(table, 0)
  const { ttl = false } = table.settings
  // Older versions of dynamox read all members; this one reads only those that StoredTable has.
  return {
    ...description,
    GlobalSecondaryIndexes: indexes.filter(
      ({ IndexStatus, Backfilling }) => IndexStatus !== 'DELETING' && Backfilling !== false,
    ),
    ...(ttl === false ? {} : { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: ttl } }),
  } as StoredTable
}

/** Writes the record and the state of a table; both go when it no longer exists. */
export function tableWrites(name: string, table: TableState | undefined): Write[] {
  return table === undefined
    ? [
        { type: 'del', key: recordKey(name) },
        { type: 'del', key: stateKey(name) },
      ]
    : [
        { type: 'put', key: recordKey(name), value: recordOf(table) },
        { type: 'put', key: stateKey(name), value: table },
      ]
}

/**
 * All tables of a store; the deletion of those that a kill interrupted is completed. A table without a state was created
 * by an older version of dynamox: its state is made from its record.
 */
export async function loadTables(database: LevelDatabase): Promise<readonly TableState[]> {
  const states = new Map<string, unknown>()
  for await (const [key, state] of database.iterator(keysOf('dynamox~table')))
    states.set(key.slice(stateKey('').length), state)
  const tables: TableState[] = []
  for await (const [key, record] of database.iterator(keysOf('table'))) {
    const name = key.slice(recordKey('').length)
    if (!isRecord(record) || typeof record.TableStatus !== 'string') continue
    if (record.TableStatus === 'DELETING') {
      await completeDrop(database, name)
      continue
    }
    const state = states.get(name)
    // An older version may have deleted the table and created another under its name.
    if (isState(state) && state.id === record.TableId) tables.push(state)
    else tables.push(fromRecord(record, await oldTags(database, name)))
  }
  return tables
}

/** The record goes last, so that this can be interrupted again. */
async function completeDrop(database: LevelDatabase, name: string): Promise<void> {
  for (const part of ['item-', 'tag-', 'index-local~', 'index-global~']) await database.clear(keysOf(part + name))
  await database.batch(tableWrites(name, undefined))
}

const isState = (value: unknown): value is TableState => isRecord(memberOf(value, 'settings'))

/** Older versions kept tags, one by one. */
async function oldTags(database: LevelDatabase, name: string): Promise<Record<string, string>> {
  const tags: Record<string, string> = {}
  const prefix = `tag-${name}~`
  for await (const [key, value] of database.iterator(keysOf(`tag-${name}`)))
    tags[key.slice(prefix.length)] = String(value)
  return tags
}

type OldRecord = Readonly<Record<string, unknown>>

/** dynalite's record is the CreateTable input with the members that DescribeTable adds. */
function fromRecord(record: OldRecord, tags: Readonly<Record<string, string>>): TableState {
  const billing = memberOf(record.BillingModeSummary, 'BillingMode')
  const isOnDemand = billing === 'PAY_PER_REQUEST'
  const withoutCapacity = (index: unknown) =>
    isOnDemand && isRecord(index) ? { ...index, ProvisionedThroughput: undefined } : index
  const { GlobalSecondaryIndexes: given } = record
  const input = {
    ...record,
    BillingMode: isOnDemand ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    ...(isOnDemand ? { ProvisionedThroughput: undefined } : {}),
    ...(Array.isArray(given) ? { GlobalSecondaryIndexes: given.map(withoutCapacity) } : {}),
  } as unknown
  const { settings, indexes } = readCreateTable(input as CreateTableCommandInput)
  const own = { id: String(record.TableId), arn: String(record.TableArn), status: 'ACTIVE' } as const
  const createdAt = Number(record.CreationDateTime) * 1_000
  return stateOf({ ...own, createdAt, settings: { ...settings, tags } }, indexes)
}
