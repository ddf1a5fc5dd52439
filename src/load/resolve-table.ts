import type { Config } from '../config/config.ts'
import type { Problem } from '../errors.ts'
import { isSetIn, mergeLayers, stillAssumed, valueIn } from '../settings/merge-layers.ts'
import { toDefinition } from '../settings/to-definition.ts'
import { assumedId, isOnCreation, layerWarnings } from '../settings/validate.ts'
import { type Assumption, ignoredMessage, type TableDefinition } from '../table/definition.ts'
import type { TableLayer } from '../table/input.ts'
import { at } from '../table/problems.ts'
import { isRecord, memberOf, ownMember } from '../table/untyped.ts'
import type { EffectiveSettings, NamedLayer } from './effective-settings.ts'
import type { TableGroup } from './group-tables.ts'
import type { ResolvedTable } from './load-options.ts'
import { isTypeGuess, mergeSources, settleGuesses, withoutAssumed } from './merge-sources.ts'

export interface ResolveContext {
  readonly settings: EffectiveSettings
  readonly flags: TableLayer | undefined
  /** Ids of silenced warnings. */
  readonly silence: readonly string[]
  /** Whether to treat warnings with a rule id as problems. */
  readonly strict: boolean
  /** The config's `ignore`: differences that are not reported. */
  readonly ignore: Config['ignore']
  /** The names of the config's environments. */
  readonly environments: readonly string[]
}

/** A table, or all its problems. */
export interface Resolution {
  readonly table?: ResolvedTable
  readonly problems: readonly Problem[]
}

/** Resolves one table from its sources and all layers. */
export function resolveTable(
  group: TableGroup,
  { settings, flags, silence, strict, ignore, environments }: ResolveContext,
): Resolution {
  const { name, baseName, sides } = group
  const path = sides[0]?.label ?? baseName
  const merged = mergeSources(sides)
  if (merged.conflicts.length > 0) {
    const twice = `${name} is defined ${sides.length === 2 ? 'twice' : 'several times'}`
    return {
      problems: merged.conflicts.map(text => ({ path: sides.at(-1)?.label ?? path, message: `${twice}, and ${text}` })),
    }
  }

  const over: readonly NamedLayer[] = [
    ...settings.laidOver,
    ...overridesOf(group, settings),
    ...(flags === undefined ? [] : [{ label: 'flags', layer: flags }]),
  ]
  // Any written value, including config defaults, overrides a value that an adapter assumed.
  const written = [...settings.defaults, ...over].map(each => each.layer)
  const settled = settleGuesses(
    merged,
    written.map(input => ({ input, assumed: [] })),
  )
  const assumed = stillAssumed(settled.assumed, written)
  const moot = settled.assumed.filter(assumption => !assumed.includes(assumption) && !isTypeGuess(assumption))
  const source = { label: path, layer: withoutAssumed(settled.input, moot) }
  const layers: readonly NamedLayer[] = [...settings.defaults, source, ...over]
  const { layer, notes } = mergeLayers(layers.map(each => each.layer))
  const result = toDefinition({ ...layer, table: baseName }, { path, name, assumed, region: regionOf(settings) })
  const found: readonly Problem[] = [
    ...notes.map(message => ({ path, message, rule: layerWarnings.ignoredCapacity })),
    ...sides.flatMap(({ label, warnings = [] }) =>
      warnings.map(warning => ({ ...warning, path: at(label, warning.path) })),
    ),
    ...result.warnings.map(problem => relabel(problem, path, layers)),
    ...nameTwice(group, path, environments),
  ]
  const warnings = found.filter(({ rule }) => rule === undefined || !silence.includes(rule)).map(withId)
  const problems = [
    ...result.problems.map(problem => relabel(problem, path, layers)),
    ...(strict ? warnings.filter(({ rule }) => rule !== undefined) : []),
  ]
  if (result.definition === undefined || problems.length > 0) return { problems }

  const ignored = ignoredFields(ignore, result.definition, [baseName, name])
  const definedByFlags = group.sources.every(({ adapter }) => adapter === 'flags')
  // Without the field's name, equal guesses of many tables stay equal texts, and are reported once. Of several fields
  // with one message, setting the first is enough.
  const guesses = assumed
    .filter(({ guess, path: field }) => guess && !silence.includes(assumedId(field)))
    .filter(({ message }, index, all) => index === all.findIndex(other => other.message === message))
    .map(({ message, path: field }) => `${message}; ${settles(field, baseName, layer)} [${assumedId(field)}]`)
  return {
    problems: [],
    table: {
      definition: { ...result.definition, assumed: [...result.definition.assumed, ...ignored] },
      baseName,
      sources: group.sources,
      items: group.items,
      origins: originsOf(layer, layers, definedByFlags ? 'flags' : source.label),
      warnings: [...new Set([...guesses, ...warnings.map(asText)])],
      onCreation: warnings.filter(({ rule }) => isOnCreation(rule)).map(asText),
    },
  }
}

/** The region that config, environment or flags name, on AWS: on an engine it says nothing about replicas. */
function regionOf({ target: { region, endpoint, local } }: EffectiveSettings): string | undefined {
  return endpoint === undefined && local !== true ? region : undefined
}

/** The settings that come from a layer other than the table's own source, with that layer's name. */
function originsOf(merged: TableLayer, layers: readonly NamedLayer[], own: string): Record<string, string> {
  if (layers.length === 1) return {}
  const fields = Object.keys(merged).filter(field => field !== 'globalIndexes' && field !== 'localIndexes')
  const ofIndexes = (['globalIndexes', 'localIndexes'] as const).flatMap(map =>
    Object.entries(merged[map] ?? {}).flatMap(([name, index]) =>
      Object.keys(index).map(field => `${map}.${name}.${field}`),
    ),
  )
  const given = [...fields, ...ofIndexes].flatMap(path => {
    const giver = layers.findLast(({ layer }) => isSetIn(layer, path))
    return giver === undefined || giver.label === own ? [] : [[path, giver.labelOf?.(path) ?? giver.label] as const]
  })
  return Object.fromEntries(given)
}

/** Where to set an assumed value. A setting of the whole table may be meant for all tables; a key or an index is not. */
function settles(field: string, table: string, layer: TableLayer): string {
  const isKey = assumedId(field) === 'W-assumed-key-type'
  if (!isKey && !field.includes('.')) return `set ${field} in defaults or overrides of the config`
  const key = isKey ? memberOf(valueIn(layer, field), 'name') : undefined
  const value = typeof key === 'string' ? ` to ${key}:S, ${key}:N or ${key}:B` : ''
  return `set overrides.${table}.${field}${value} in the config`
}

/** Adds the rule id, by which the warning can be silenced. */
function withId(warning: Problem): Problem {
  return warning.rule === undefined ? warning : { ...warning, message: `${warning.message} [${warning.rule}]` }
}

function asText({ path, message }: Problem): string {
  return `${path}: ${message}`
}

/** Warns about names like `prod-prod-users`, where both the affix and the table's own name contain the environment. */
function nameTwice({ name, baseName }: TableGroup, path: string, environments: readonly string[]): Problem[] {
  if (name === baseName) return []
  const words = name.toLowerCase().split(/[^a-z0-9]+/)
  const twice = environments.find(each => words.filter(word => word === each.toLowerCase()).length > 1)
  if (twice === undefined) return []
  const message = `prefix and suffix turn it into "${name}", which holds the environment's name "${twice}" twice`
  return [{ path: at(path, 'table'), message, rule: layerWarnings.nameTwice }]
}

function overridesOf({ name, baseName }: TableGroup, { overrides }: EffectiveSettings): NamedLayer[] {
  return overrides.flatMap(({ of }) => [...new Set([baseName, name])].flatMap(of))
}

/**
 * Assigns a problem to the layer that set the value instead of the source. For a missing field of an index, that is the
 * layer that first defines the index.
 */
function relabel(problem: Problem, path: string, layers: readonly NamedLayer[]): Problem {
  const start = at(path, 'x').slice(0, -1)
  if (!problem.path.startsWith(start)) return problem
  const field = problem.path.slice(start.length)
  const place = field.replace(/\[\d+\]$/, '')
  const giver =
    layers.findLast(({ layer }) => isSetIn(layer, place)) ??
    layers.find(({ layer }) => isSetIn(layer, place.replace(/\.[^.]+$/, '')))
  if (giver === undefined) return problem
  const isFlag = giver.label === 'flags' && !place.includes('.')
  return { ...problem, path: isFlag ? `--${kebabCase(place)}` : at(giver.label, field) }
}

const kebabCase = (field: string) => field.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/**
 * The config's `ignore` for a table, as assumptions: the values are used to create the table (and to switch its
 * billing), and never compared with the live table. `capacity` covers the table and all its global indexes.
 */
export function ignoredFields(
  ignore: Config['ignore'],
  definition: TableDefinition,
  names: readonly string[],
): readonly Assumption[] {
  const fields = isRecord(ignore)
    ? ['*', ...new Set(names)].flatMap(name => ownMember(ignore, name) ?? [])
    : (ignore ?? [])
  return [...new Set(fields.flatMap(field => pathsOf(field, definition)))].map(path => ({
    path,
    message: ignoredMessage,
    guess: false,
  }))
}

/** The keys of `ignore` that must be table names. */
export function ignoredNames(ignore: Config['ignore']): readonly string[] {
  return isRecord(ignore) ? Object.keys(ignore).filter(name => name !== '*') : []
}

const capacity = ['readCapacity', 'writeCapacity'] as const

function pathsOf(field: string, { globalIndexes }: TableDefinition): readonly string[] {
  const [, index] = /^globalIndexes\.(.+)\.capacity$/.exec(field) ?? []
  if (index !== undefined) return capacity.map(each => `globalIndexes.${index}.${each}`)
  if (field !== 'capacity') return [field]
  return [...capacity, ...globalIndexes.flatMap(({ name }) => capacity.map(each => `globalIndexes.${name}.${each}`))]
}
