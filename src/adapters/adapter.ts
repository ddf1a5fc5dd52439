import type { SourcedTable } from '../table/input.ts'

/** Where a value came from: a file as messages name it, and the export within it (`User`, `tables[0]`). */
export interface AdapterContext {
  readonly file: string
  readonly export?: string | undefined
}

/** One way of writing tables, recognised by shape: a model library, a format, dynamox's own. */
export interface Adapter {
  /** As it appears in `source.adapter`. */
  readonly name: string
  /** The library tries to reach DynamoDB, and to create tables, while its models are merely loaded. */
  readonly connects?: true
  /** Whether this value is a table in the adapter's way of writing. Looks only, calls nothing; may throw on hostile values. */
  matches(value: unknown): boolean
  /**
   * The tables in a value that matched, as plain data, with every assumption named.
   * @throws DynamoxError `definition` with all problems, when the value contradicts itself.
   */
  toDefinitions(value: unknown, context: AdapterContext): readonly SourcedTable[] | Promise<readonly SourcedTable[]>
  /** What a value that matched leads to, by name: a service's entities, an entity's table. Looked at like exports of their own. */
  members?(value: unknown): readonly (readonly [name: string, member: unknown])[]
  /** Values that say less of the same table than this one does, such as the schema that it was made of; they are passed over. */
  replaces?(value: unknown): readonly unknown[]
  /** Why a value of this library gives no table, when it does not: what follows its name, `is an entity without a table`. */
  explain?(value: unknown): string | undefined
}
