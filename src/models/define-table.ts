import type { CreateTableOptions, DeleteTableOptions, TableOutcome, WaitOptions } from '../client/client-options.ts'
import { getDefaultClient } from '../client/dynamox-client.ts'
import { mergeLayers } from '../settings/merge-layers.ts'
import { type BrandedTable, type TableInput, type TableLayer, tableBrand } from '../table/input.ts'
import { definitionError } from '../table/problems.ts'
import { isRecord, show } from '../table/untyped.ts'

/**
 * A table, with keys in their short forms: `defineTable({ table: 'users', partitionKey: 'pk:S' })`. Rules are checked
 * when it is used, so that the problems of all tables are reported at once.
 * @throws DynamoxError `definition` when the input is not an object.
 */
export function defineTable(input: TableInput): TableModel {
  const untyped: unknown = input
  if (!isRecord(untyped)) {
    const message = `must be an object, not ${show(untyped)}; write { table, partitionKey, ... }`
    throw definitionError('the table', [{ path: 'defineTable', message }])
  }
  return makeTableModel({ input })
}

/** Fields that override the model's for this call, and how long to wait. */
export interface ModelCreateOptions extends TableLayer, Pick<CreateTableOptions, 'wait' | keyof WaitOptions> {}

/**
 * A table defined in code. Its methods use the default client (`setDefaultClient`) and do the same as the client's
 * methods with these names.
 */
export interface TableModel {
  /** The input of the definition. The CLI recognises definitions by this key, from any copy of dynamox. */
  readonly [tableBrand]: BrandedTable
  /** The table's name. */
  readonly table: string
  /** Creates the table. Throws `exists` when it exists already, `definition` when the definition breaks DynamoDB's rules. Does not wait unless `wait` is set. */
  createTable(options?: ModelCreateOptions): Promise<TableOutcome>
  /** Whether the table exists: one that is being created counts, one that is being deleted does not. */
  tableExists(options?: WaitOptions): Promise<boolean>
  /** Deletes the table and all its items. Throws `not-found` when it does not exist. Does not wait unless `wait` is set. */
  deleteTable(options?: DeleteTableOptions): Promise<TableOutcome>
  /** Waits until the table and its indexes are ready; `timeoutSeconds` is 300 when left out. */
  waitForTableActive(options?: WaitOptions): Promise<TableOutcome>
  /** `createTable` for scripts that cannot await; blocks the thread. */
  createTableSync(options?: ModelCreateOptions): TableOutcome
  /** `tableExists`, blocking. */
  tableExistsSync(options?: WaitOptions): boolean
  /** `deleteTable`, blocking. */
  deleteTableSync(options?: DeleteTableOptions): TableOutcome
  /** `waitForTableActive`, blocking. */
  waitForTableActiveSync(options?: WaitOptions): TableOutcome
}

/** Creates a model from an input. Nothing is validated or sent until it is used. */
export function makeTableModel(branded: BrandedTable): TableModel {
  const { input } = branded
  const { table } = input
  return {
    [tableBrand]: branded,
    table,
    async createTable(options = {}) {
      const { merged, notes } = overridden(input, options)
      return withNotes(await getDefaultClient().createTable(table, merged), notes)
    },
    tableExists: async options => getDefaultClient().tableExists(table, options),
    deleteTable: async options => getDefaultClient().deleteTable(table, options),
    waitForTableActive: async options => getDefaultClient().waitForTableActive(table, options),
    createTableSync(options = {}) {
      const { merged, notes } = overridden(input, options)
      return withNotes(getDefaultClient().createTableSync(table, merged), notes)
    },
    tableExistsSync: options => getDefaultClient().tableExistsSync(table, options),
    deleteTableSync: options => getDefaultClient().deleteTableSync(table, options),
    waitForTableActiveSync: options => getDefaultClient().waitForTableActiveSync(table, options),
  }
}

function overridden({ table: _, ...input }: TableInput, options: ModelCreateOptions) {
  const { wait, timeoutSeconds, signal, ...overrides } = options
  const { layer, notes } = mergeLayers([input, overrides])
  // The client checks whether the overridden indexes are complete.
  const merged = { ...(layer as Omit<TableInput, 'table'>), wait, timeoutSeconds, signal }
  return { merged, notes }
}

function withNotes(outcome: TableOutcome, notes: readonly string[]): TableOutcome {
  return notes.length === 0 ? outcome : { ...outcome, warnings: [...notes, ...(outcome.warnings ?? [])] }
}
