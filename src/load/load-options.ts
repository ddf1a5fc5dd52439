import type { Config, TargetSettings } from '../config/config.ts'
import type { DynamoxError } from '../errors.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { Source, TableLayer } from '../table/input.ts'

/** What to load and what to lay over it; every member is optional. */
export interface LoadOptions extends TargetSettings {
  /** The folder that relative paths and the search for a config start from; the working directory by default. */
  readonly cwd?: string | undefined
  /** Model files or globs. They replace the config's `models` and `tables`: only what these files define is loaded. */
  readonly models?: readonly string[] | undefined
  /** This config file instead of the one that is found; `false` for none. */
  readonly config?: string | false | undefined
  /** The environment of the config to lay over the rest. */
  readonly env?: string | undefined
  /** Only these tables, by resolved name or by the name before prefix and suffix. All when absent or empty. */
  readonly names?: readonly string[] | undefined
  /** What to do about `names` that no definition has: an error (the default), or hand them back as `unknownNames`. */
  readonly unknownNames?: 'error' | 'return' | undefined
  /** What to do about tables that contradict themselves: an error (the default), or hand it back with the others. */
  readonly problems?: 'error' | 'return' | undefined
  /** Before every table name; stronger than the config's. */
  readonly prefix?: string | undefined
  /** After every table name; stronger than the config's. */
  readonly suffix?: string | undefined
  /** The strongest layer, for exactly one table. With a `partitionKey` it defines a table that no source has. */
  readonly flags?: TableLayer | undefined
  /** Warnings that have a rule's id, unless it is silenced, are problems; the config's `strict` when left out. */
  readonly strict?: boolean | undefined
  /** Files or packages to load before the models, before those of the config. */
  readonly require?: readonly string[] | undefined
  /** Only this export of the model files. */
  readonly export?: string | undefined
  /** The table's name for models that carry none. */
  readonly table?: string | undefined
  /** Lets model files open connections while they are loaded, though never to DynamoDB. `false` by default. */
  readonly allowNetwork?: boolean | undefined
  /** How long model files may take to load, in milliseconds; 30,000 by default. */
  readonly loadTimeoutMs?: number | undefined
  /** Stops loading; the promise rejects with code `interrupted`. */
  readonly signal?: AbortSignal | undefined
  /** Receives what model files print while they are loaded. Without it that goes to stderr. */
  readonly onOutput?: ((text: string) => void) | undefined
}

/** One table as resolved from its sources and all layers. */
export interface ResolvedTable {
  readonly definition: TableDefinition
  /** The name before prefix and suffix. */
  readonly baseName: string
  /** Where it was written; several when sources describe one table together. */
  readonly sources: readonly Source[]
  readonly warnings: readonly string[]
  /** Where a setting was written, when that is not the table's own source: `ttl`, `globalIndexes.by-at.readCapacity`. */
  readonly origins: Readonly<Record<string, string>>
  /** Those of `warnings` that matter only while the table is made. */
  readonly onCreation: readonly string[]
}

/** A target as options and config give it; `resolveTarget` takes it as it is. */
export interface LoadedTarget extends TargetSettings {
  /** `config` when the endpoint was read from a config file: the user's own credentials are not sent to it. */
  readonly endpointFrom?: 'config' | undefined
}

/** An environment of the config that is marked `protected`, whether or not it is the chosen one. */
export interface ProtectedEnvironment {
  readonly name: string
  readonly target: LoadedTarget
  /** The resolved names that its tables have. */
  readonly tables: readonly string[]
  readonly prefix: string
  readonly suffix: string
}

/** What `loadDefinitions` found. */
export interface Loaded {
  /** In the order of their sources. */
  readonly tables: readonly ResolvedTable[]
  /** The config file (absolute path) and its checked value as written, environments included. */
  readonly config: { readonly path: string; readonly value: Config } | undefined
  /** From options, the environment and the config, in this order of strength. */
  readonly target: LoadedTarget
  /** Empty when any account is allowed. */
  readonly allowedAccounts: readonly string[]
  /** Whether the chosen environment is marked `protected`. */
  readonly protected: boolean
  /** Every environment that is: a table that one of them resolves to is protected in every run at the same target. */
  readonly protectedEnvironments: readonly ProtectedEnvironment[]
  /** What is not about one table: blocked connections, late errors of model files, overrides that match nothing. */
  readonly warnings: readonly string[]
  /** Names asked for that no definition has; empty unless `unknownNames` is `return`. */
  readonly unknownNames: readonly string[]
  /** Every name that a table can be asked for by. */
  readonly definedNames: readonly string[]
  /** Whether there was anything to load: model files, tables in a config, or flags that define one. */
  readonly hasDefinitions: boolean
  /** What is wrong with the tables that are not in `tables`; only with `problems: 'return'`. */
  readonly error?: DynamoxError | undefined
}
