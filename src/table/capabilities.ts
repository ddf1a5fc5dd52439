import type { TableSettings } from './definition.ts'

export type EngineName =
  | 'aws'
  | 'dynalite'
  | 'dynamodb-local'
  | 'extenddb'
  | 'dynoxide'
  | 'localstack'
  | 'moto'
  | 'unknown'

/** A setting, or a feature of keys and indexes, that an engine may lack. */
export type Feature =
  | keyof TableSettings
  /** Global indexes with more than one partition or sort attribute. */
  | 'multiAttributeKeys'
  /** Adding and dropping global indexes of a live table. */
  | 'indexChanges'
  /** Capacities of global indexes once their table is there: CreateTable keeps them, UpdateTable cannot set them. */
  | 'indexCapacityChanges'
  /** Encryption once the table exists: CreateTable keeps it, UpdateTable refuses it. */
  | 'encryptionChanges'
  /** `maxReadUnits` and `maxWriteUnits` of a global index (those of the table are features of their own). */
  | 'indexOnDemandCaps'

/** What a target does with each feature; one that is not named is kept and reported as on AWS. */
export interface Capabilities {
  readonly engine: EngineName
  /** For people: `dynalite (the embedded engine)`. */
  readonly label: string
  /** Accepted and forgotten, or the call is unknown: not sent, warned about once, left out of comparisons. */
  readonly ignores: readonly Feature[]
  /** Refused by the engine: a table that needs one cannot be made there. */
  readonly refuses: readonly Feature[]
}
