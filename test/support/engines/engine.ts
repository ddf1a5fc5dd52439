import type { EngineName } from '../../../src/table/capabilities.ts'

/** A real engine that tests can be run against. */
export interface TestEngine {
  /** As it stands in the names of tests. */
  readonly name: string
  /** Its row in the table of capabilities. */
  readonly capabilities: EngineName
  /** Starts one on a free port of 127.0.0.1. Throws EngineUnavailable where it cannot run. */
  start(): Promise<RunningEngine>
}

export interface EngineAddress {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export interface RunningEngine extends EngineAddress {
  stop(): Promise<void>
}

/** This machine cannot run the engine (no Java, another platform, no network); the message says why. */
export class EngineUnavailable extends Error {}
