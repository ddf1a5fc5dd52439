/** The three types that DynamoDB allows for a key attribute: string, number, binary. */
export type KeyType = 'S' | 'N' | 'B'

/** An attribute that is a key, or part of one; its name is 1 to 255 bytes of UTF-8. */
export interface KeyAttribute {
  readonly name: string
  readonly type: KeyType
}

/** `PAY_PER_REQUEST` (on-demand, the default) is paid by the request, `PROVISIONED` by the capacity that is set aside. */
export type BillingMode = 'PAY_PER_REQUEST' | 'PROVISIONED'
/** `STANDARD_INFREQUENT_ACCESS` costs less to store and more to read and write. */
export type TableClass = 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS'
/** `AWS_OWNED` is free and the default; `AWS_MANAGED` and `CUSTOMER_MANAGED` are KMS keys that are charged. */
export type Encryption = 'AWS_OWNED' | 'AWS_MANAGED' | 'CUSTOMER_MANAGED'
/** What a stream record holds of the item that changed: its keys, the item after, before, or both. */
export type StreamView = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES'
/** What CloudWatch Contributor Insights counts: all keys that are used, or only those that are throttled. */
export type InsightsMode = 'ACCESSED_AND_THROTTLED_KEYS' | 'THROTTLED_KEYS'
/** All attributes, the keys alone, or the keys and the attributes of the list (INCLUDE). */
export type Projection = 'ALL' | 'KEYS_ONLY' | readonly string[]

/** Throughput of a table or of one global index; every member is optional and absent means "leave alone". */
export interface Throughput {
  /** Provisioned read capacity units per second. */
  readonly readCapacity?: number | undefined
  /** Provisioned write capacity units per second. */
  readonly writeCapacity?: number | undefined
  /** On-demand cap in read request units per second; `false` means no cap. */
  readonly maxReadUnits?: number | false | undefined
  /** On-demand cap in write request units per second; `false` means no cap. */
  readonly maxWriteUnits?: number | false | undefined
  /** Warm throughput, read units per second; can only be raised. */
  readonly warmReadUnits?: number | undefined
  /** Warm throughput, write units per second; can only be raised. */
  readonly warmWriteUnits?: number | undefined
}

/** A local secondary index: the table's partition key with another sort key. Part of the table for its whole life. */
export interface LocalIndex {
  readonly name: string
  /** Always the table's partition key. */
  readonly partitionKey: readonly KeyAttribute[]
  readonly sortKey: readonly KeyAttribute[]
  readonly projection: Projection
}

/** A global secondary index: a key of its own, and throughput of its own. */
export interface GlobalIndex extends LocalIndex, Throughput {
  readonly contributorInsights?: boolean | InsightsMode | undefined
}

/** A Kinesis data stream that receives the table's changes. */
export interface KinesisDestination {
  readonly arn: string
  readonly precision?: 'MILLISECOND' | 'MICROSECOND' | undefined
}

/**
 * Settings beside keys and indexes. Absent means "leave alone", `false` means "make sure it is off".
 * The names are those that people write in models, in config and (in kebab case) as flags.
 */
export interface TableSettings extends Throughput {
  readonly billingMode?: BillingMode | undefined
  readonly tableClass?: TableClass | undefined
  readonly encryption?: Encryption | undefined
  readonly kmsKeyId?: string | undefined
  readonly stream?: StreamView | false | undefined
  /** The attribute that holds the expiry time (epoch seconds, a number). */
  readonly ttl?: string | false | undefined
  /** `true`, `false`, or for how many days (1 to 35; AWS's default is 35). */
  readonly pointInTimeRecovery?: boolean | number | undefined
  readonly deletionProtection?: boolean | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** A resource-based policy as JSON text; `false` means none. */
  readonly resourcePolicy?: string | false | undefined
  readonly contributorInsights?: boolean | InsightsMode | undefined
  readonly kinesis?: KinesisDestination | false | undefined
}

/** A value that nobody wrote down: used when a table is created, never compared with a live one. */
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
