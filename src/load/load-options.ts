import type { Config, TargetSettings } from '../config/config.ts'
import type { DynamoxError } from '../errors.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { Source, TableLayer, TemplateInputs } from '../table/input.ts'

/** The definitions to load and the settings that override them; every member is optional. */
export interface LoadOptions extends TargetSettings {
  /** The base folder for relative paths and for the config search; the working directory by default. */
  readonly cwd?: string | undefined
  /** Model files or globs. They replace the config's `models` and `tables`: only what these files define is loaded. */
  readonly models?: readonly string[] | undefined
  /** The config file to use instead of searching for one; `false` for none. */
  readonly config?: string | false | undefined
  /** The environment of the config to apply. */
  readonly env?: string | undefined
  /** Only these tables, by resolved name or by the name before prefix and suffix. All when absent or empty. */
  readonly names?: readonly string[] | undefined
  /**
   * Whether `names` that have no definition throw an error (the default), or are returned as `unknownNames`.
   */
  readonly unknownNames?: 'error' | 'return' | undefined
  /**
   * What to do with tables that have problems: throw an error (the default), or return it as `error` with the valid
   * tables.
   */
  readonly problems?: 'error' | 'return' | undefined
  /** Put before every table name; overrides the config's. */
  readonly prefix?: string | undefined
  /** Put after every table name; overrides the config's. */
  readonly suffix?: string | undefined
  /** Makes prefix and suffix valid parts of a table's name: `-feature/x` becomes `-feature-x-217d2b`. */
  readonly slug?: boolean | undefined
  /** The strongest layer, for exactly one table. With a `partitionKey` it defines a table that no source has. */
  readonly flags?: TableLayer | undefined
  /** Treat warnings with a rule id as problems, unless silenced; the config's `strict` by default. */
  readonly strict?: boolean | undefined
  /** Files or packages to load before the models and before those of the config. */
  readonly require?: readonly string[] | undefined
  /** Use only this export of the model files. */
  readonly export?: string | undefined
  /** The table name for models without one. */
  readonly table?: string | undefined
  /** Values that templates leave open; they are laid over the config's, name by name. */
  readonly inputs?: TemplateInputs | undefined
  /** Allows model files to open connections while they are loaded, but never to DynamoDB. `false` by default. */
  readonly allowNetwork?: boolean | undefined
  /** How long model files may take to load, in milliseconds; 30,000 by default. */
  readonly loadTimeoutMs?: number | undefined
  /** Stops loading; the promise rejects with code `interrupted`. */
  readonly signal?: AbortSignal | undefined
  /** Receives the output of model files while they are loaded; by default it goes to stderr. */
  readonly onOutput?: ((text: string) => void) | undefined
}

/** One table, resolved from its sources and all layers. */
export interface ResolvedTable {
  /** The valid definition, under its resolved name. */
  readonly definition: TableDefinition
  /** The name before prefix and suffix. */
  readonly baseName: string
  /** The places that define it; several when sources describe one table together. */
  readonly sources: readonly Source[]
  /** Sample items of a template, which seed local tables. */
  readonly items?: readonly unknown[] | undefined
  /** Assumptions and values that AWS accepts and people regret later, one line each. */
  readonly warnings: readonly string[]
  /**
   * The origin of settings that do not come from the table's own source, by path: `ttl`,
   * `globalIndexes.by-at.readCapacity`.
   */
  readonly origins: Readonly<Record<string, string>>
  /** The `warnings` that matter only when the table is created. */
  readonly onCreation: readonly string[]
}

/** The target from options and config; the input of `resolveTarget`. */
export interface LoadedTarget extends TargetSettings {
  /** `config` when the endpoint was read from a config file: the user's own credentials are not sent to it. */
  readonly endpointFrom?: 'config' | undefined
}

/** An environment of the config that is marked `protected`, chosen or not. */
export interface ProtectedEnvironment {
  readonly name: string
  readonly target: LoadedTarget
  /** The resolved names of its tables. */
  readonly tables: readonly string[]
  readonly prefix: string
  readonly suffix: string
}

/** A config with what it extends. */
export interface LoadedConfig {
  /** Absolute. */
  readonly path: string
  /** The checked config, with what it extends. */
  readonly value: Config
  /** Itself and the files that it extends, each alone, strongest first. */
  readonly files: readonly ConfigFile[]
}

/** One config file (absolute path), checked. */
export interface ConfigFile {
  readonly path: string
  readonly value: Config
}

/** The result of `loadDefinitions`. */
export interface Loaded {
  /** The tables, in the order of their sources. */
  readonly tables: readonly ResolvedTable[]
  /** The config file and its checked value, environments included. */
  readonly config: LoadedConfig | undefined
  /** From options, the environment and the config, in this order of strength. */
  readonly target: LoadedTarget
  /** The allowed AWS accounts; empty when any account is allowed. */
  readonly allowedAccounts: readonly string[]
  /** Whether the chosen environment is marked `protected`. */
  readonly protected: boolean
  /** All protected environments. Their tables are protected in every run at the same target. */
  readonly protectedEnvironments: readonly ProtectedEnvironment[]
  /**
   * Warnings that are not about one table: blocked connections, late errors of model files, overrides that match
   * nothing.
   */
  readonly warnings: readonly string[]
  /** Entries of `names` without a definition; empty unless `unknownNames` is `return`. */
  readonly unknownNames: readonly string[]
  /** The error for them, which names the tables that are defined. */
  readonly unknownError?: DynamoxError
  /** Every name that `names` may contain. */
  readonly definedNames: readonly string[]
  /** The files that a search of the folders in `models` found, and what each holds. */
  readonly discovered: readonly { readonly file: string; readonly what: string }[]
  /** Whether there was anything to load: model files, tables in a config, or flags that define one. */
  readonly hasDefinitions: boolean
  /** The problems of the tables that are not in `tables`; only with `problems: 'return'`. */
  readonly error?: DynamoxError | undefined
}
