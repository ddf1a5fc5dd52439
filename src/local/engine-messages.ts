/** What the engine's worker is started with. */
export interface EngineSettings {
  /** Told to those who ask the endpoint, so that they know it from another server on the same port. */
  readonly instance: string
  /** The database's folder; in memory when absent. */
  readonly data?: string | undefined
  readonly createTableMs: number
  readonly deleteTableMs: number
  readonly updateTableMs: number
}

/** To the worker. */
export type EngineOrder =
  | { readonly kind: 'open'; readonly port: number }
  /** Processes that use the endpoint get the time to finish or to take over; then `lock` is given up. */
  | { readonly kind: 'close'; readonly lock?: string | undefined }

/** From the worker. */
export type EngineReport =
  /** The engine's code is loaded; opening takes a few milliseconds from here. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'listening'; readonly port: number }
  | {
      readonly kind: 'failed'
      readonly reason: EngineFailure
      readonly message: string
      readonly code?: string | undefined
    }
  | { readonly kind: 'closed' }

/** `locked`: another process has the database open; `damaged`: its files make no sense; `port`: it is taken or forbidden. */
export type EngineFailure = 'locked' | 'damaged' | 'store' | 'port' | 'internal'
