import type { CreateTableOptions, DeleteTableOptions, TableOutcome, WaitOptions } from '../client/client-options.ts'
import { getDefaultClient } from '../client/default-client.ts'
import { mergeLayers } from '../settings/merge-layers.ts'
import { type BrandedTable, tableBrand } from '../table/brand.ts'
import type { TableInput, TableLayer } from '../table/input.ts'

/** Fields laid over the model's own for this one call, and how long to stay with it. */
export interface ModelCreateOptions extends TableLayer, Pick<CreateTableOptions, 'wait' | keyof WaitOptions> {}

/**
 * A table that was defined in code. The command line finds it by its brand; its methods go to the default client
 * (`setDefaultClient`) and do what the client's methods of the same names do.
 */
export interface TableModel {
  /** What it was defined with; how dynamox recognises definitions, of whichever copy of it. */
  readonly [tableBrand]: BrandedTable
  /** The table's name. */
  readonly table: string
  /** Creates the table. Throws `exists` where there is one, `definition` when DynamoDB's rules are broken. Does not wait unless `wait` is set. */
  createTable(options?: ModelCreateOptions): Promise<TableOutcome>
  /** Whether the table is there: one that is being created counts, one that is being deleted does not. */
  tableExists(options?: WaitOptions): Promise<boolean>
  /** Deletes the table and all that is in it. Throws `not-found` where there is none. Does not wait unless `wait` is set. */
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

/** The model of an input that was read; nothing is validated or sent until it is used. */
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
  // Whether the overridden indexes are whole again is for the client's check of the definition to say.
  const merged = { ...(layer as Omit<TableInput, 'table'>), wait, timeoutSeconds, signal }
  return { merged, notes }
}

function withNotes(outcome: TableOutcome, notes: readonly string[]): TableOutcome {
  return notes.length === 0 ? outcome : { ...outcome, warnings: [...notes, ...(outcome.warnings ?? [])] }
}
