import type { Problem } from '../errors.ts'
import type { TableInput } from './input.ts'

/**
 * Marks an object as a table definition of dynamox. `Symbol.for` and not a class, so that definitions
 * made by another copy of dynamox (the project's own beside the CLI's) are recognised as well.
 */
export const tableBrand = Symbol.for('dynamox.table')

/** What `value[tableBrand]` holds. */
export interface BrandedTable {
  readonly input: TableInput
  /** What a model knows to be regrettable and a table input cannot show; paths are within the table. */
  readonly warnings?: readonly Problem[] | undefined
}
