import type { Place, Problem } from '../errors.ts'
import type { Assumption, GlobalIndex, KeyAttribute, Projection, TableSettings } from './definition.ts'

/** One key attribute: `'pk'` (a string key), `'pk:N'`, or `{ name, type }`. */
export type KeyInput = string | KeyAttribute
/** A key: one attribute, or up to four (global indexes only). */
export type KeysInput = KeyInput | readonly KeyInput[]

/** A local secondary index: the table's partition key with another sort key. */
export interface LocalIndexInput {
  /** The sort key: `createdAt:N`. */
  readonly sortKey: KeysInput
  /** `ALL` when left out. */
  readonly projection?: Projection | undefined
}

type GlobalIndexSettings = Omit<GlobalIndex, 'name' | 'partitionKey' | 'sortKey' | 'projection'>

/** A global secondary index; each key is one attribute or a list of up to four. */
export interface GlobalIndexInput extends GlobalIndexSettings {
  /** The partition key: `email`, `year:N`, or a list of up to four attributes. */
  readonly partitionKey: KeysInput
  /** The sort key, or a list of up to four attributes; none when left out. */
  readonly sortKey?: KeysInput | undefined
  /** `ALL` when left out. */
  readonly projection?: Projection | undefined
}

/** The short forms of settings that definitions hold in another form. Members are declared by the settings. */
// biome-ignore lint/suspicious/noEmptyInterface: its members are declared by the settings
export interface ShortForms {}

/** All fields of a table except its name; also the fields that a layer (defaults, overrides, flags) may set. */
export interface TableLayer extends Omit<TableSettings, keyof ShortForms>, ShortForms {
  /** The partition key: `pk` (a string), `pk:N` or `pk:B`. */
  readonly partitionKey?: KeysInput | undefined
  /** The sort key, such as `createdAt:N`; none when left out. */
  readonly sortKey?: KeysInput | undefined
  /** By index name; a layer may name only the fields that it changes. */
  readonly globalIndexes?: Readonly<Record<string, Partial<GlobalIndexInput>>> | undefined
  /** By index name; a layer may name only the fields that it changes. */
  readonly localIndexes?: Readonly<Record<string, Partial<LocalIndexInput>>> | undefined
  /** Members of the CreateTable request without a dynamox field, by their AWS names. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
}

/** A table as written in `defineTable` and config `tables:`; the flags use the same names. */
export interface TableInput extends TableLayer {
  /** The table's name: 3 to 255 characters, before prefix and suffix. */
  readonly table: string
  /** The partition key: `pk` (a string), `pk:N` or `pk:B`. */
  readonly partitionKey: KeysInput
  /** Global secondary indexes by name: keys and settings of their own; may be added and removed later. */
  readonly globalIndexes?: Readonly<Record<string, GlobalIndexInput>> | undefined
  /** Local secondary indexes by name: the table's partition key with another sort key; fixed at creation. */
  readonly localIndexes?: Readonly<Record<string, LocalIndexInput>> | undefined
}

/** Where a definition was written. */
export interface Source {
  /** The file, relative to the working directory when it lies below it; `flags` for the command line. */
  readonly file: string
  /** `User`, `default`, `tables[0]`; absent when the file as a whole is the definition. */
  readonly export?: string | undefined
  /** The adapter or format that read it: `dynamox`, `create-table`, `dynamoose`, `cloudformation`, ... */
  readonly adapter: string
  /** Where it stands in a template, from 1. */
  readonly line?: number | undefined
  /** The column there, from 1. */
  readonly column?: number | undefined
}

/**
 * A table as one source knows it, before layers, prefix and validation. Plain data. `input` may lack values that the
 * source does not know, such as the name; the loader completes or refuses it.
 */
export interface SourcedTable {
  readonly input: TableLayer & { readonly table?: string | undefined }
  readonly source: Source
  readonly assumed: readonly Assumption[]
  /** Where it stands in a template. */
  readonly place?: Place | undefined
  /** Warnings that only the source can give, not `input`; paths are within the table. */
  readonly warnings?: readonly Problem[] | undefined
  /** Sample items of the source: seed data. */
  readonly items?: readonly unknown[] | undefined
}

/** Values that templates leave open, from flags and config. */
export interface TemplateInputs {
  /** Values of parameters; `AWS::AccountId` and the like as well. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly stage?: string | undefined
  readonly stackName?: string | undefined
  /** Values of Terraform variables. */
  readonly variables?: Readonly<Record<string, string>> | undefined
  /** Files with values of Terraform variables; absolute. */
  readonly variableFiles?: readonly string[] | undefined
  /** Table names by logical id, or by `file#LogicalId`. */
  readonly names?: Readonly<Record<string, string>> | undefined
}

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
