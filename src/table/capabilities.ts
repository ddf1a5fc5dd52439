import type { TableSettings } from './definition.ts'

/** The program that answers at a target: DynamoDB itself, or one of its emulators. */
export type EngineName =
  | 'aws'
  /** dynalite behind dynamox's control plane: the embedded engine. */
  | 'dynalite'
  /** dynalite on its own, started by other programs. */
  | 'plain-dynalite'
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
  /** Capacities of global indexes of an existing table: CreateTable keeps them, UpdateTable cannot set them. */
  | 'indexCapacityChanges'
  /** Encryption of an existing table: CreateTable keeps it, UpdateTable refuses it. */
  | 'encryptionChanges'
  /** `maxReadUnits` and `maxWriteUnits` of a global index (those of the table are features of their own). */
  | 'indexOnDemandCaps'

/** How a target handles each feature. A feature that is not listed works as on AWS. */
export interface Capabilities {
  /** `unknown` when its answers do not identify it. */
  readonly engine: EngineName
  /** For people: `dynalite (the embedded engine)`. */
  readonly label: string
  /**
   * Features that the engine accepts without keeping them, or whose call it refuses or does not know. They are not sent,
   * cause one warning, and are left out of comparisons.
   */
  readonly ignores: readonly Feature[]
  /** Features of indexes that the engine refuses: left out of new tables, and blocked as changes. */
  readonly refuses: readonly Feature[]
  /** Changes take as long as the engine takes: AWS's durations and quotas do not apply. */
  readonly hasOwnPace?: true | undefined
}
