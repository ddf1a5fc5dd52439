/**
 * The items behind the control plane: dynalite's store in the engine, nothing in the tests' fake. The control plane
 * decides what happens and when; the store carries it out. Each operation is called after the table's record was
 * written.
 */
export interface ItemStore {
  /** Deletes the items of a table and the entries of its indexes. */
  dropTable(table: string): Promise<void>
  /**
   * Fills a new index from the items that exist. The record lists the index, so writes that arrive meanwhile reach it
   * already. Rejects when the store closes.
   */
  buildIndex(table: string, index: string): Promise<void>
  /** Deletes the entries of an index that the record no longer lists. */
  dropIndex(table: string, index: string): Promise<void>
}
