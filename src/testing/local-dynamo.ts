import type { LocalEngineName } from '../local/engines/engine.ts'
import type { SeedSetting } from './seed/load-seed.ts'

/** What `startLocal` is asked for; every member is optional. */
export interface StartLocalOptions {
  /** The folder that the search for a config starts from; the working directory by default. */
  readonly cwd?: string | undefined
  /** Model files or globs; they replace the config's `models` and `tables`. */
  readonly models?: string | readonly string[] | undefined
  /** This config file instead of the one that is found; `false` for none. */
  readonly config?: string | false | undefined
  /** The environment of the config to lay over the rest. */
  readonly env?: string | undefined
  /** Before every table name; stronger than the config's. */
  readonly prefix?: string | undefined
  /** After every table name; stronger than the config's. */
  readonly suffix?: string | undefined
  /** `dynalite`, which comes with dynamox, by default. */
  readonly engine?: LocalEngineName | undefined
  /** DynamoDBLocal.jar, for the engine `dynamodb-local`. */
  readonly jar?: string | undefined
  /** Whether nothing is kept; `true` by default. Otherwise data stays in `.dynamox/local`. */
  readonly inMemory?: boolean | undefined
  /** A port on 127.0.0.1; a free one when left out or 0. */
  readonly port?: number | undefined
  /** Files or globs with items, relative to `cwd`; the config's `seed` when left out, `false` for none. */
  readonly seed?: SeedSetting | false | undefined
  /** Whether it keeps the process alive until `close`; `false` by default. */
  readonly keepAlive?: boolean | undefined
}

/** A local DynamoDB with the project's tables in it. */
export interface LocalDynamo {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string
  readonly region: string
  /** Any pair will do for most engines; this one does for all. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** The variables by which an unchanged AWS SDK finds it: `AWS_ENDPOINT_URL_DYNAMODB`, region and credentials. */
  readonly env: Readonly<Record<string, string>>
  /** The resolved names of its tables. */
  readonly tables: readonly string[]
  /** Deletes all items; the tables stay. */
  clearTables(): Promise<void>
  /** Puts the items of these files in, checked before the first one is sent. Throws DynamoxError `config`. */
  seed(seed: SeedSetting): Promise<void>
  /** Ends the engine. May be called twice; never throws. */
  close(): Promise<void>
}
