import type { TableInput, TableLayer } from '../table/input.ts'

/** Where to go. Absent members come from the standard AWS environment. */
export interface TargetSettings {
  readonly region?: string | undefined
  /** A profile of the shared AWS config files. */
  readonly profile?: string | undefined
  /** An endpoint other than AWS's own: `http://localhost:8000`. */
  readonly endpoint?: string | undefined
  /** The embedded engine on `.dynamox/local`. */
  readonly local?: boolean | undefined
}

/** The target as config may write it. */
export interface ConfigTarget extends Omit<TargetSettings, 'endpoint'> {
  /** `false` in an environment takes back an endpoint that the rest of the config sets: AWS itself. */
  readonly endpoint?: string | false | undefined
}

/** What a table's settings need not be compared for: `capacity`, any field's name, or `globalIndexes.<index>.<field>`. */
export type IgnoreList = readonly string[]

/** Members that the config as a whole and each environment share. */
interface CommonConfig extends ConfigTarget {
  /** Model files or globs, relative to the config file. */
  readonly models?: string | readonly string[] | undefined
  /** Tables defined here rather than in code. */
  readonly tables?: readonly TableInput[] | undefined
  /** Put before every resolved table name. */
  readonly prefix?: string | undefined
  /** Put after every resolved table name. */
  readonly suffix?: string | undefined
  /** For every table, weaker than what its source says. */
  readonly defaults?: TableLayer | undefined
  /** By table (the name before or after prefix and suffix), stronger than what its source says. */
  readonly overrides?: Readonly<Record<string, TableLayer>> | undefined
  /** The only AWS accounts (12 digits, quoted) in which anything may be changed. Loopback endpoints are exempt. */
  readonly allowedAccounts?: string | readonly string[] | undefined
}

/**
 * One of `environments`: laid over the rest of the config when chosen.
 * Lists replace those of the config; table settings written directly are laid over every table's own source.
 */
export interface Environment extends CommonConfig, TableLayer {
  /** Changes that destroy need `--allow-protected` as well. */
  readonly protected?: boolean | undefined
}

/** What a config file may hold; the one vocabulary of `.dynamoxrc`, `dynamox.config.*` and `package.json#dynamox`. */
export interface Config extends CommonConfig {
  /** Where editors find the schema of this file. */
  readonly $schema?: string | undefined
  readonly environments?: Readonly<Record<string, Environment>> | undefined
  /** Differences not to see, for every table or by table name (`*` is every table). */
  readonly ignore?: IgnoreList | Readonly<Record<string, IgnoreList>> | undefined
  /** Files or globs with items for `dynamox local`, for all tables or by table name. */
  readonly seed?: string | readonly string[] | Readonly<Record<string, string | readonly string[]>> | undefined
  /** Files or packages to load before the models. */
  readonly require?: string | readonly string[] | undefined
  /** How long to wait: seconds as a number, or `30s`, `5m`, `1h`. */
  readonly timeout?: number | string | undefined
  /** How many tables are worked on at once. */
  readonly concurrency?: number | undefined
  /** As `--strict` on every command that takes it. */
  readonly strict?: boolean | undefined
  /** Ids of rules whose warnings are not shown. */
  readonly silence?: readonly string[] | undefined
}
