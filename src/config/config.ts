import type { TableInput, TableLayer } from '../table/input.ts'

/** The target. Absent members come from the standard AWS environment. */
export interface TargetSettings {
  /** The AWS region, such as `eu-west-1`. */
  readonly region?: string | undefined
  /** A profile of the shared AWS config files. */
  readonly profile?: string | undefined
  /** An endpoint other than AWS's own: `http://localhost:8000`. */
  readonly endpoint?: string | undefined
  /** The embedded engine on `.dynamox/local`. */
  readonly local?: boolean | undefined
}

/** The target settings of a config. */
export interface ConfigTarget extends Omit<TargetSettings, 'endpoint'> {
  /** `false` in an environment removes the endpoint that the rest of the config sets, so that AWS is used. */
  readonly endpoint?: string | false | undefined
}

/** Settings that are not compared: `capacity`, any field's name, or `globalIndexes.<index>.<field>`. */
export type IgnoreList = readonly string[]

/** Members of both the config and its environments. */
interface CommonConfig extends ConfigTarget {
  /** Model files or globs, relative to the config file. */
  readonly models?: string | readonly string[] | undefined
  /** Tables defined here rather than in code. */
  readonly tables?: readonly TableInput[] | undefined
  /** Values of template parameters, as `--param` gives them. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined
  /** The stage of serverless services, as `--stage` gives it. */
  readonly stage?: string | undefined
  /** The name of the stack that templates are deployed as, as `--stack-name` gives it. */
  readonly stackName?: string | undefined
  /** Values of Terraform variables, as `--var` gives them; lists and objects as HCL text. */
  readonly variables?: Readonly<Record<string, string | number | boolean>> | undefined
  /** Files with values of Terraform variables, relative to the config file, as `--var-file` gives them. */
  readonly variableFiles?: string | readonly string[] | undefined
  /** Table names for models and templates that carry none, by export or logical id, or by `file#Export`; as `--name`. */
  readonly names?: Readonly<Record<string, string>> | undefined
  /** Put before every resolved table name. */
  readonly prefix?: string | undefined
  /** Put after every resolved table name. */
  readonly suffix?: string | undefined
  /** Settings for every table, overridden by its source. */
  readonly defaults?: TableLayer | undefined
  /** Settings by table (the name before or after prefix and suffix), which override its source. */
  readonly overrides?: Readonly<Record<string, TableLayer>> | undefined
  /** The only AWS accounts (12 digits, quoted) in which anything may be changed. Loopback endpoints are exempt. */
  readonly allowedAccounts?: string | readonly string[] | undefined
}

/**
 * One of `environments`, which overrides the rest of the config when chosen. Its lists replace those of the config; its
 * table settings override every table's source.
 */
export interface Environment extends CommonConfig, TableLayer {
  /** Whether changes that destroy data also need `--allow-protected`. */
  readonly protected?: boolean | undefined
}

/** The content of a config file: `.dynamoxrc`, `dynamox.config.*` or `package.json#dynamox`. */
export interface Config extends CommonConfig {
  /** The JSON Schema of this file, for editors. */
  readonly $schema?: string | undefined
  /** Configs that this one builds on: files relative to it, or packages; the last is the strongest. */
  readonly extends?: string | readonly string[] | undefined
  /** The folder that holds `.dynamox`, the data of local engines; the folder of the project by default. */
  readonly dataFolder?: string | undefined
  /** Settings by environment, chosen with `--env` or DYNAMOX_ENV. */
  readonly environments?: Readonly<Record<string, Environment>> | undefined
  /** Differences to ignore, for every table or by table name (`*` means every table). */
  readonly ignore?: IgnoreList | Readonly<Record<string, IgnoreList>> | undefined
  /** Files or globs with items for `dynamox local`, for all tables or by table name. */
  readonly seed?: string | readonly string[] | Readonly<Record<string, string | readonly string[]>> | undefined
  /** Files or packages to load before the models. */
  readonly require?: string | readonly string[] | undefined
  /** How long to wait: seconds as a number, or `30s`, `5m`, `1h`. */
  readonly timeout?: number | string | undefined
  /** How many tables to process at once. */
  readonly concurrency?: number | undefined
  /** Like `--strict` on every command that supports it. */
  readonly strict?: boolean | undefined
  /** Ids of warnings to silence. */
  readonly silence?: readonly string[] | undefined
}

/**
 * Returns its argument, and exists for type checking: `export default defineConfig({ models: 'src/models/*.ts' })` in
 * `dynamox.config.ts`. The value is checked when the file is loaded, not here.
 */
export function defineConfig(config: Config): Config {
  return config
}
