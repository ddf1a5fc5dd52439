/** What `startEmbedded` is asked for. */
export interface EmbeddedOptions {
  /** The folder that holds `.dynamox/local` (see `localRoot`), or that folder itself (see `storeFolder`). */
  readonly root: string
  /** Keep nothing and share nothing: the tables are gone after `close`. */
  readonly inMemory?: boolean | undefined
  /** A port on 127.0.0.1; a free one when left out or 0. Where a running engine is shared, its own port counts. */
  readonly port?: number | undefined
  /** How long a new table stays CREATING, in milliseconds; 0 when left out. */
  readonly createTableMs?: number | undefined
  /** How long a deleted table stays DELETING, in milliseconds; 0 when left out. */
  readonly deleteTableMs?: number | undefined
  /** How long a change of throughput stays UPDATING, in milliseconds; 0 when left out. */
  readonly updateTableMs?: number | undefined
  /** Whether the server keeps the process alive until `close`; false when left out, so that a command ends by itself. */
  readonly keepAlive?: boolean | undefined
}

/** A DynamoDB that listens on 127.0.0.1 until `close`. */
export interface LocalServer {
  /** `http://127.0.0.1:<port>`; stays the same when another process hands the store over. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Whether another process serves the store at this moment and we only use it. */
  readonly shared: boolean
  /** Waits until every write is on disk. Engines of other processes are left alone. May be called twice; never throws. */
  close(): Promise<void>
}
