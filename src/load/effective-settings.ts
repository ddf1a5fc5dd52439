import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Config, Environment } from '../config/config.ts'
import { DynamoxError } from '../errors.ts'
import { layerFields } from '../settings/fields.ts'
import { isSetIn } from '../settings/merge-layers.ts'
import { suggestion } from '../table/did-you-mean.ts'
import type { TableInput, TableLayer, TemplateInputs } from '../table/input.ts'
import { definedOnly, mapMembers, ownMember, pick, textList } from '../table/untyped.ts'
import type { LoadedConfig, LoadedTarget, LoadOptions, ProtectedEnvironment } from './load-options.ts'
import { shownPath } from './shown-path.ts'

/** A layer of table settings and its place in the files. */
export interface NamedLayer {
  readonly label: string
  readonly layer: TableLayer
  /** The label with the file that sets a field, where several files make up the layer. */
  readonly labelOf?: (field: string) => string
}

/** Layers by table name, and their place in the files. */
export interface Overrides {
  readonly label: string
  readonly names: readonly string[]
  of(name: string): readonly NamedLayer[]
  /** Whether a name that matches no table is an error; resolved names may belong to another environment. */
  readonly mustMatch: boolean
}

/** The settings from options, the chosen environment and the config, combined. */
export interface EffectiveSettings {
  /** Model files or globs, relative to the options' or the config's folder. */
  readonly models: readonly string[]
  readonly modelsFromConfig: boolean
  readonly tables: readonly TableInput[]
  /** The prefix of `[0]` in the paths of `tables`. */
  readonly tablesPath: string
  readonly prefix: string
  readonly suffix: string
  readonly target: LoadedTarget
  /** Values for templates. */
  readonly inputs: TemplateInputs
  readonly allowedAccounts: readonly string[]
  readonly protected: boolean
  /** Layers weaker than a table's source, weakest first. */
  readonly defaults: readonly NamedLayer[]
  /** Layers stronger than a table's source, weakest first. */
  readonly laidOver: readonly NamedLayer[]
  /** Layers for single tables, stronger than `laidOver`; weakest first. */
  readonly overrides: readonly Overrides[]
}

/** @throws DynamoxError `usage` for an environment that the config does not have */
export function effectiveSettings(
  options: LoadOptions,
  cwd: string,
  loaded: LoadedConfig | undefined,
): EffectiveSettings {
  const config: Config = loaded?.value ?? {}
  const file = loaded === undefined ? '' : shownPath(loaded.path, cwd)
  const name = options.env
  if (name !== undefined && options.config === false) {
    throw new DynamoxError('usage', `the environment "${name}" is defined in a config, and no config is used`, {
      hint: 'leave out --no-config, or --env and DYNAMOX_ENV',
    })
  }
  const environment = name === undefined ? {} : environmentOf(name, config, file)
  const parent = `environments.${name}`
  const given = options.models !== undefined && options.models.length > 0
  return {
    models: given ? (options.models ?? []) : textList(environment.models ?? config.models),
    modelsFromConfig: !given,
    tables: given ? [] : (environment.tables ?? config.tables ?? []),
    tablesPath: environment.tables === undefined ? 'tables' : `${parent}.tables`,
    prefix: options.prefix ?? environment.prefix ?? config.prefix ?? '',
    suffix: options.suffix ?? environment.suffix ?? config.suffix ?? '',
    target: targetOf(options, environment, config),
    inputs: inputsOf(options, environment, config, loaded === undefined ? cwd : dirname(loaded.path), cwd),
    allowedAccounts: textList(environment.allowedAccounts ?? config.allowedAccounts),
    protected: environment.protected ?? false,
    defaults: [
      ...layerAt('defaults', each => each.defaults),
      ...layerAt(`${parent}.defaults`, each => inEnvironment(each).defaults),
    ],
    laidOver: layerAt(parent, each => settingsOf(inEnvironment(each))),
    overrides: [
      overridesAt('overrides', each => each.overrides, name === undefined),
      overridesAt(`${parent}.overrides`, each => inEnvironment(each).overrides, true),
    ],
  }

  function inEnvironment({ environments = {} }: Config): Environment {
    return (name === undefined ? undefined : ownMember(environments, name)) ?? {}
  }

  function layerAt(place: string, layerOf: (from: Config) => TableLayer | undefined): readonly NamedLayer[] {
    const layer = layerOf(config)
    if (loaded === undefined || layer === undefined) return []
    const labelOf = (field: string) => {
      const giver = loaded.files.find(({ value }) => isSetIn(layerOf(value) ?? {}, field))
      return `${shownPath(giver?.path ?? loaded.path, cwd)} ${place}`
    }
    return [{ label: `${file} ${place}`, layer, labelOf }]
  }

  function overridesAt(
    place: string,
    overridesOf: (from: Config) => Environment['overrides'],
    mustMatch: boolean,
  ): Overrides {
    const of = (table: string) => layerAt(`${place}.${table}`, each => ownMember(overridesOf(each) ?? {}, table))
    return { label: `${file} ${place}`, names: Object.keys(overridesOf(config) ?? {}), of, mustMatch }
  }
}

function environmentOf(name: string, { environments = {} }: Config, file: string): Environment {
  const environment = ownMember(environments, name)
  if (environment !== undefined) return environment
  const names = Object.keys(environments)
  if (names.length === 0) {
    const where = file === '' ? 'no config file was found' : `${file} defines no environments`
    const hint = file === '' ? 'write a config with dynamox init' : `define it in ${file}, under "environments"`
    throw new DynamoxError('usage', `unknown environment "${name}": ${where}`, { hint })
  }
  throw new DynamoxError('usage', `unknown environment "${name}" in ${file}${suggestion(name, names)}`, {
    hint: `${file} defines ${names.join(', ')}`,
  })
}

// `local` and `endpoint` exclude each other: the strongest layer that sets one of them decides both.
function targetOf(options: LoadOptions, environment: Environment, config: Config): LoadedTarget {
  const decides = [options, environment, config].find(
    layer => layer.local !== undefined || layer.endpoint !== undefined,
  )
  const endpoint = decides?.endpoint === false ? undefined : decides?.endpoint
  return definedOnly({
    region: options.region ?? environment.region ?? config.region,
    profile: options.profile ?? environment.profile ?? config.profile,
    endpoint,
    // The config may come from someone else, as in a cloned repository: do not send credentials to any endpoint it
    // names.
    endpointFrom: endpoint === undefined || decides === options ? undefined : 'config',
    local: decides?.local,
  })
}

/** Maps are merged by name; any other value comes from the strongest layer that has it. */
function inputsOf(
  { inputs: given = {} }: LoadOptions,
  environment: Environment,
  config: Config,
  configFolder: string,
  cwd: string,
): TemplateInputs {
  const texts = (map: Readonly<Record<string, unknown>> = {}) => mapMembers(map, String)
  const here = (names: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(names).map(([key, name]) => [shownKey(key, configFolder, cwd), name]))
  const files = given.variableFiles?.map(file => resolve(cwd, file))
  const configFiles = textList(environment.variableFiles ?? config.variableFiles).map(file =>
    resolve(configFolder, file),
  )
  return {
    parameters: { ...texts(config.parameters), ...texts(environment.parameters), ...given.parameters },
    stage: given.stage ?? environment.stage ?? config.stage,
    stackName: given.stackName ?? environment.stackName ?? config.stackName,
    variables: { ...texts(config.variables), ...texts(environment.variables), ...given.variables },
    variableFiles: files ?? configFiles,
    names: { ...here(config.names), ...here(environment.names), ...given.names },
  }
}

/** `src/cart.ts#Cart`, relative to the config, with the file as messages name it. */
function shownKey(key: string, configFolder: string, cwd: string): string {
  const [, name = key, rest = ''] = /^(.+?)(#.*)?$/s.exec(key) ?? []
  const file = resolve(configFolder, name)
  return existsSync(file) ? `${shownPath(file, cwd)}${rest}` : key
}

function settingsOf(environment: Environment): TableLayer | undefined {
  const layer = pick({ ...environment }, layerFields)
  return Object.keys(layer).length === 0 ? undefined : layer
}

/**
 * Where an environment leaves region, profile or endpoint open, those of this run count: its tables may have been created
 * with the same flags.
 * @param baseNames the names, before prefix and suffix, of the tables that models define
 */
export function protectedEnvironments(
  config: LoadedConfig | undefined,
  options: LoadOptions,
  cwd: string,
  baseNames: readonly string[],
): readonly ProtectedEnvironment[] {
  return Object.entries(config?.value.environments ?? {}).flatMap(([name, environment]) => {
    if (environment.protected !== true) return []
    const own = effectiveSettings({ env: name }, cwd, config)
    const { prefix, suffix, tables } = own
    const isAnywhere = Object.keys(own.target).length === 0 && own.allowedAccounts.length === 0
    const target = {
      ...definedOnly({
        region: options.region,
        profile: options.profile,
        endpoint: isAnywhere && typeof options.endpoint === 'string' ? options.endpoint : undefined,
      }),
      ...own.target,
    }
    const names = new Set([...baseNames, ...tables.flatMap(({ table }) => (typeof table === 'string' ? [table] : []))])
    return [{ name, target, prefix, suffix, tables: [...names].map(each => `${prefix}${each}${suffix}`) }]
  })
}

/**
 * Whether a table belongs to the environment, by its resolved name. The prefix and suffix also identify tables that no
 * model names.
 */
export function isTableOf({ tables, prefix, suffix }: ProtectedEnvironment, name: string): boolean {
  const hasAffix = prefix !== '' || suffix !== ''
  return tables.includes(name) || (hasAffix && name.startsWith(prefix) && name.endsWith(suffix))
}
