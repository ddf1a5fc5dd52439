import type { EngineName } from '../../table/capabilities.ts'
import type { LocalServer } from '../local-server.ts'

/** The engines that `dynamox local` can start. */
export type LocalEngineName = Extract<EngineName, 'dynalite' | 'dynamodb-local' | 'extenddb' | 'dynoxide'>

/** Where engines are looked for. */
export interface EnginePlaces {
  /** The project's folder; its `node_modules`, and those above, are looked through. */
  readonly root: string
  /** DynamoDBLocal.jar, when somebody said where it is. */
  readonly jar?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface EngineStart {
  /** The folder that holds `.dynamox/local`. */
  readonly root: string
  readonly inMemory: boolean
  /** A free one when 0. */
  readonly port: number
  /** Whether it keeps this process alive until `close`. */
  readonly keepAlive: boolean
  readonly signal?: AbortSignal | undefined
}

/** An engine that was found, and where; or why it cannot be used here, and how to get it. */
export type EngineFinding =
  | { readonly usable: true; readonly found: string; start(options: EngineStart): Promise<LocalServer> }
  | { readonly usable: false; readonly why: string; readonly hint: string }

/** One engine: how it is found and started. What it can do is in the table of capabilities, under its name. */
export interface LocalEngine {
  readonly name: LocalEngineName
  find(places: EnginePlaces): Promise<EngineFinding>
}
