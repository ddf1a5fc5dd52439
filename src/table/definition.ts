/** The three types that DynamoDB allows for a key attribute: string, number, binary. */
export type KeyType = 'S' | 'N' | 'B'

/** An attribute that is a key, or part of one; its name is 1 to 255 bytes of UTF-8. */
export interface KeyAttribute {
  /** The name in the table. */
  readonly name: string
  /** `S`, `N` or `B`. */
  readonly type: KeyType
}

/** `PAY_PER_REQUEST` (on-demand, the default) is charged per request, `PROVISIONED` for the capacity that is reserved. */
export type BillingMode = 'PAY_PER_REQUEST' | 'PROVISIONED'
/** All attributes, the keys alone, or the keys and the attributes of the list (INCLUDE). */
export type Projection = 'ALL' | 'KEYS_ONLY' | readonly string[]

/** Settings that both a table and a global index have. Absent means "leave alone". */
// biome-ignore lint/suspicious/noEmptyInterface: its members are declared by the settings
export interface IndexSettings {}

/** Settings that DescribeTable does not report; each is read with a separate call. */
// biome-ignore lint/suspicious/noEmptyInterface: its members are declared by the settings
export interface FollowUpSettings {}

/**
 * Settings beside keys and indexes. Absent means "leave alone", `false` means "make sure it is off". The names are also
 * used in models, in config and (in kebab case) as flags.
 */
export interface TableSettings extends IndexSettings, FollowUpSettings {}

/** The key of a table or of an index. */
export interface TableKey<K = KeyAttribute> {
  readonly partitionKey: readonly K[]
  readonly sortKey: readonly K[]
}

/** A local secondary index: the table's partition key with another sort key. It cannot be added or removed later. */
export interface LocalIndex {
  /** 3 to 255 characters; unique among all indexes of the table. */
  readonly name: string
  /** Always the table's partition key. */
  readonly partitionKey: readonly KeyAttribute[]
  /** Empty for a global index without one; several attributes on global indexes only. */
  readonly sortKey: readonly KeyAttribute[]
  /** The attributes that the index holds. */
  readonly projection: Projection
}

/** A global secondary index: a key of its own, and settings of its own. */
export interface GlobalIndex extends LocalIndex, IndexSettings {}

/** How the distance between two vectors is calculated. */
export type VectorDistance = 'COSINE' | 'DOT_PRODUCT' | 'EUCLIDEAN'

/** A vector index: searched by similarity (SearchVectors), never queried. None of it can be changed in place. */
export interface VectorIndex {
  /** The attribute that holds the vectors: a list of numbers. It cannot be a key. */
  readonly attribute: string
  /** The length of every vector, 1 to 4096. */
  readonly dimensions: number
  /** How the distance between two vectors is calculated. */
  readonly distance: VectorDistance
  /** Partitions the index; every search then names a value. At most one attribute. */
  readonly partitionKey: readonly KeyAttribute[]
  /** Up to 18 attributes that a search can filter by. */
  readonly filters: readonly KeyAttribute[]
  /** `ALL` at creation when absent. */
  readonly projection?: Projection | undefined
}

/** The settings that a replica may have of its own. Absent means "as the table", or "leave alone". */
export type ReplicaSettings = Pick<
  TableSettings,
  | 'kmsKeyId'
  | 'tableClass'
  | 'readCapacity'
  | 'maxReadUnits'
  | 'deletionProtection'
  | 'pointInTimeRecovery'
  | 'tags'
  | 'contributorInsights'
>

/** A copy of the table in another region; DynamoDB replicates writes in both directions. */
export type Replica = ReplicaSettings & {
  /** `us-east-2`. */
  readonly region: string
  /** Settings of the table's global indexes in that region, by index name. */
  readonly globalIndexes?: Readonly<Record<string, ReplicaIndex>> | undefined
}

/** The settings that a global index may have of its own in the region of a replica. */
export type ReplicaIndex = Pick<IndexSettings, 'readCapacity' | 'maxReadUnits' | 'contributorInsights'>

/** How reads in different regions agree: EVENTUAL within about a second, STRONG always. */
export type Consistency = 'EVENTUAL' | 'STRONG'

/** A value that the user did not write: used when a table is created, never compared with a live one. */
export interface Assumption {
  /** The field within the definition: `billingMode`, `globalIndexes.by-email.projection`. */
  readonly path: string
  /** The assumption and its reason, in one line. */
  readonly message: string
  /** Whether users should be told: true for an adapter's guess, false for a documented default. */
  readonly guess: boolean
}

/**
 * The definition of a table, desired or live. Plain data that can be stored as JSON. Keys are lists because global
 * indexes may have up to four partition and four sort attributes.
 */
export interface TableDefinition extends TableSettings {
  /** The resolved name, with prefix and suffix. */
  readonly name: string
  /** One attribute. */
  readonly partitionKey: readonly KeyAttribute[]
  /** One attribute, or none. */
  readonly sortKey: readonly KeyAttribute[]
  /** In any order; compared by name. */
  readonly globalIndexes: readonly GlobalIndex[]
  /** In any order; compared by name. */
  readonly localIndexes: readonly LocalIndex[]
  /** Members of CreateTableCommandInput without a dynamox field; merged into the request unchanged. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
  /** Which values were assumed; empty for a live table. */
  readonly assumed: readonly Assumption[]
}

/**
 * Whether the user wrote the value at `path`. Defaults and an adapter's guesses (`definition.assumed`) are used to
 * create a table, and never compared with a live one. An assumption covers everything below its path.
 */
export function isGiven(definition: TableDefinition, path: string): boolean {
  return !definition.assumed.some(assumption => path === assumption.path || path.startsWith(`${assumption.path}.`))
}

/** The message of assumptions that come from the config's `ignore`. */
export const ignoredMessage = 'differences are ignored by the config'

/** All attributes of a key. */
export function attributesOf<K>({ partitionKey, sortKey }: TableKey<K>): readonly K[] {
  return [...partitionKey, ...sortKey]
}
