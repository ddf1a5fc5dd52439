/** The three types that DynamoDB allows for a key attribute: string, number, binary. */
export type KeyType = 'S' | 'N' | 'B'

/** An attribute that is a key, or part of one; its name is 1 to 255 bytes of UTF-8. */
export interface KeyAttribute {
  readonly name: string
  readonly type: KeyType
}

/** `PAY_PER_REQUEST` (on-demand, the default) is charged per request, `PROVISIONED` for the capacity that is reserved. */
export type BillingMode = 'PAY_PER_REQUEST' | 'PROVISIONED'
/** All attributes, the keys alone, or the keys and the attributes of the list (INCLUDE). */
export type Projection = 'ALL' | 'KEYS_ONLY' | readonly string[]

/** Settings that a global index has as well as the table. Absent means "leave alone". */
// biome-ignore lint/suspicious/noEmptyInterface: its members are declared by the settings
export interface IndexSettings {}

/** Settings that DescribeTable does not report: reading each takes a call of its own. */
// biome-ignore lint/suspicious/noEmptyInterface: its members are declared by the settings
export interface FollowUpSettings {}

/**
 * Settings beside keys and indexes. Absent means "leave alone", `false` means "make sure it is off".
 * The names are those that people write in models, in config and (in kebab case) as flags.
 */
export interface TableSettings extends IndexSettings, FollowUpSettings {}

/** A local secondary index: the table's partition key with another sort key. Part of the table for its whole life. */
export interface LocalIndex {
  readonly name: string
  /** Always the table's partition key. */
  readonly partitionKey: readonly KeyAttribute[]
  readonly sortKey: readonly KeyAttribute[]
  readonly projection: Projection
}

/** A global secondary index: a key of its own, and settings of its own. */
export interface GlobalIndex extends LocalIndex, IndexSettings {}

/** A value that the user did not write: used when a table is created, never compared with a live one. */
export interface Assumption {
  /** The field within the definition: `billingMode`, `globalIndexes.by-email.projection`. */
  readonly path: string
  /** What was assumed and why, one line. */
  readonly message: string
  /** Whether users should be told: true for an adapter's guess, false for a documented default. */
  readonly guess: boolean
}

/**
 * What a table is: desired and live share this type. Plain data that survives JSON.
 * Keys are lists because global indexes may have up to four partition and four sort attributes.
 */
export interface TableDefinition extends TableSettings {
  readonly name: string
  readonly partitionKey: readonly KeyAttribute[]
  readonly sortKey: readonly KeyAttribute[]
  readonly globalIndexes: readonly GlobalIndex[]
  readonly localIndexes: readonly LocalIndex[]
  /** Members of CreateTableCommandInput that dynamox has no field for; merged into the request as they are. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
  /** Which values were assumed; empty for a live table. */
  readonly assumed: readonly Assumption[]
}
