import type { Problem } from '../errors.ts'
import type { TableLayer } from '../table/input.ts'
import { isGiven, mergeLayers, stillAssumed } from '../table/merge-layers.ts'
import { at } from '../table/path.ts'
import { toDefinition } from '../table/to-definition.ts'
import type { EffectiveSettings, NamedLayer } from './effective-settings.ts'
import type { TableGroup } from './group-tables.ts'
import type { ResolvedTable } from './load-options.ts'
import { mergeSources } from './merge-sources.ts'
import { isTypeGuess, settleGuesses } from './settle-guesses.ts'
import { withoutAssumed } from './without-assumed.ts'

export interface ResolveContext {
  readonly settings: EffectiveSettings
  readonly flags: TableLayer | undefined
  /** Ids of rules whose warnings are not shown. */
  readonly silence: readonly string[]
}

/** One table out of its sources and all layers: its definition, or every problem with it. */
export function resolveTable(
  group: TableGroup,
  { settings, flags, silence }: ResolveContext,
): { readonly table: ResolvedTable } | { readonly problems: readonly Problem[] } {
  const { name, baseName, sides } = group
  const path = sides[0]?.label ?? baseName
  const merged = mergeSources(sides)
  if (merged.conflicts.length > 0) return { problems: merged.conflicts.map(message => ({ path: name, message })) }

  const over: readonly NamedLayer[] = [
    ...settings.laidOver,
    ...overridesOf(group, settings),
    ...(flags === undefined ? [] : [{ label: 'flags', layer: flags }]),
  ]
  // What somebody wrote down anywhere, config defaults included, comes before what an adapter assumed.
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
  const result = toDefinition({ ...layer, table: baseName }, { path, name, assumed })
  const placed = (problem: Problem): Problem => relabel(problem, path, layers)
  if (result.definition === undefined) return { problems: result.problems.map(placed) }

  const ownWarnings = sides.flatMap(({ label, warnings = [] }) =>
    warnings.map(warning => ({ ...warning, path: at(label, warning.path) })),
  )
  const spoken = [...ownWarnings, ...result.warnings.map(placed)].filter(
    ({ rule }) => rule === undefined || !silence.includes(rule),
  )
  const warnings = [
    ...assumed.filter(({ guess }) => guess).map(({ message }) => `${path}: ${message}`),
    ...notes.map(note => `${path}: ${note}`),
    ...spoken.map(
      warning => `${warning.path}: ${warning.message}${warning.rule === undefined ? '' : ` [${warning.rule}]`}`,
    ),
  ]
  return {
    table: { definition: result.definition, baseName, sources: group.sources, warnings: [...new Set(warnings)] },
  }
}

function overridesOf({ name, baseName }: TableGroup, { overrides }: EffectiveSettings): NamedLayer[] {
  return overrides.flatMap(({ label, tables }) =>
    [...new Set([baseName, name])].flatMap(key => {
      const layer = Object.hasOwn(tables, key) ? tables[key] : undefined
      return layer === undefined ? [] : [{ label: `${label}.${key}`, layer }]
    }),
  )
}

/**
 * A problem with a value that a layer gave is that layer's, not the source's; what is missing in an index is missing
 * where the index first comes from.
 */
function relabel(problem: Problem, path: string, layers: readonly NamedLayer[]): Problem {
  const start = at(path, 'x').slice(0, -1)
  if (!problem.path.startsWith(start)) return problem
  const field = problem.path.slice(start.length)
  const place = field.replace(/\[\d+\]$/, '')
  const giver =
    layers.findLast(({ layer }) => isGiven(layer, place)) ??
    layers.find(({ layer }) => isGiven(layer, place.replace(/\.[^.]+$/, '')))
  return giver === undefined ? problem : { ...problem, path: at(giver.label, field) }
}
