import type { Problem } from '../errors.ts'
import type { TableDefinition } from '../table/definition.ts'
import { at } from '../table/problems.ts'
import { indexRules, projectionRules, regretRules } from '../table/rules/indexes.ts'
import { keyRules } from '../table/rules/keys.ts'
import { nameRules } from '../table/rules/names.ts'
import type { Rule } from '../table/rules/rule.ts'
import { settings } from './catalogue.ts'

/**
 * Every rule that a definition can break, in the order of reporting. Mistakes that a definition cannot express (an
 * unused attribute definition, a stream without a view, a projection ALL with attributes) are checked where
 * CreateTable-shaped inputs are read.
 */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...keyRules,
  ...indexRules,
  ...projectionRules,
  ...settings.flatMap(setting => setting.rules ?? []),
  ...regretRules,
]

/** Warnings that need more than the definition: an ignored capacity, a prefix that occurs twice. */
export const layerWarnings = {
  ignoredCapacity: 'W-ignored-capacity',
  nameTwice: 'W-name-twice',
  unknownAttribute: 'W-unknown-index-attribute',
} as const

/** Warnings about what a model library does not say; they are no errors with strict. */
const assumptions = ['W-assumed-billing', 'W-assumed-key-type', 'W-assumed-projection', 'W-assumed-setting']

/** The ids of all warnings that can be silenced. */
export const warningIds: readonly string[] = [
  ...rules.filter(({ level }) => level === 'warning').map(({ id }) => id),
  ...Object.values(layerWarnings),
  ...assumptions,
]

/** The id of the warning about an assumed value, by its path in the definition. */
export function assumedId(path: string): string {
  if (/^billingMode$|(^|\.)(read|write)Capacity$/.test(path)) return 'W-assumed-billing'
  if (/(^|\.)(partitionKey|sortKey)$/.test(path)) return 'W-assumed-key-type'
  return path.endsWith('.projection') ? 'W-assumed-projection' : 'W-assumed-setting'
}

/** Whether a warning matters only while the table is created. */
export function isOnCreation(rule: string | undefined): boolean {
  return rules.some(({ id, onCreation }) => id === rule && onCreation === true)
}

/**
 * Finds everything that AWS would refuse (problems) and that people regret (warnings), in the order of the rules, each
 * with its rule.
 * @param path the prefix of each problem's place: `users` gives `users › globalIndexes.by-status.sortKey`.
 * @param region the table's own, where it is known.
 */
export function validateDefinition(
  definition: TableDefinition,
  path: string,
  region?: string,
): { readonly problems: Problem[]; readonly warnings: Problem[] } {
  const problems: Problem[] = []
  const warnings: Problem[] = []
  for (const rule of rules) {
    const found = rule.level === 'warning' ? warnings : problems
    for (const { at: where, message } of rule.check(definition, region)) {
      found.push({ path: at(path, where), message, rule: rule.id })
    }
  }
  return { problems, warnings }
}
