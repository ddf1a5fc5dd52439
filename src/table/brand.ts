import type { Problem } from '../errors.ts'
import type { TableInput } from './input.ts'

/**
 * Marks an object as a table definition of dynamox. `Symbol.for` instead of a class, so that definitions from another
 * copy of dynamox (the project's own, not the CLI's) are also recognised.
 */
export const tableBrand = Symbol.for('dynamox.table')

/** The value of `value[tableBrand]`. */
export interface BrandedTable {
  readonly input: TableInput
  /** Warnings that only the model can give, not the table input; paths are within the table. */
  readonly warnings?: readonly Problem[] | undefined
}
