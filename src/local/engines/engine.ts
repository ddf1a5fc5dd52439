import type { DynamoxError } from '../../errors.ts'
import type { EngineName } from '../../table/capabilities.ts'
import type { Environment } from '../environment.ts'

/** The engines that `dynamox local` can start, the default first. */
export const engineNames = [
  'dynalite',
  'dynamodb-local',
  'extenddb',
  'dynoxide',
] as const satisfies readonly EngineName[]

export type LocalEngineName = (typeof engineNames)[number]

/** The hosts and origins that an engine accepts in addition to loopback names and addresses. */
export interface Allowed {
  /** Further host names, without a port. */
  readonly hosts: readonly string[]
  /** The origins of web pages: `http://localhost:3000`. */
  readonly origins: readonly string[]
}

/** A DynamoDB that listens on 127.0.0.1 until `close`. */
export interface LocalServer {
  /** `http://127.0.0.1:<port>`; stays the same when another process hands the store over. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Whether another process currently serves the store. */
  readonly shared: boolean
  /** For an engine that is a separate program: resolves when it ends without `close`, with its last output. */
  readonly crashed?: Promise<DynamoxError> | undefined
  /** Waits until every write is on disk. Engines of other processes are left alone. May be called twice; never throws. */
  close(): Promise<void>
}

/** The places to search for engines. */
export interface EnginePlaces {
  /** The project's folder; its `node_modules`, and those above, are searched. */
  readonly root: string
  /** DynamoDBLocal.jar, where the user named one. */
  readonly jar?: string | undefined
  readonly env: Environment
}

export interface EngineStart {
  /** The folder that holds `.dynamox/local`. */
  readonly root: string
  readonly inMemory: boolean
  /** A free one when 0. */
  readonly port: number
  /** Whether it keeps this process alive until `close`. */
  readonly keepAlive: boolean
  /** Further hosts, and origins of web pages, that are answered. */
  readonly allowed?: Allowed | undefined
  /** How many times as fast as on AWS changes take effect, on the embedded engine only; immediately when left out. */
  readonly speed?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** An engine that was found and its place, or why it cannot be used and how to install it. */
export type EngineFinding =
  | { readonly usable: true; readonly found: string; start(options: EngineStart): Promise<LocalServer> }
  | { readonly usable: false; readonly why: string; readonly hint: string }

/** One engine: how to find and start it. Its capabilities are in `settings/engines.ts`, under its name. */
export interface LocalEngine {
  readonly name: LocalEngineName
  find(places: EnginePlaces): Promise<EngineFinding>
}
