import { indexRules } from '../table/rules/indexes.ts'
import { keyRules } from '../table/rules/keys.ts'
import { nameRules } from '../table/rules/names.ts'
import { projectionRules } from '../table/rules/projections.ts'
import { regretRules } from '../table/rules/regrets.ts'
import type { Rule } from '../table/rules/rule.ts'
import { settingRules } from '../table/rules/settings.ts'
import { tagRules } from '../table/rules/tags.ts'
import { throughputRules } from '../table/rules/throughput.ts'

/**
 * Every rule that a definition can break, in the order in which problems are reported.
 * What a definition cannot even say (an attribute definition that no key uses, a stream without a view,
 * a projection ALL with attributes) needs no rule here; raw CreateTable inputs are checked for it where they are read.
 */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...keyRules,
  ...indexRules,
  ...projectionRules,
  ...throughputRules,
  ...settingRules,
  ...tagRules,
  ...regretRules,
]

/** Warnings that no definition shows by itself: what a layer loses, and what a prefix adds. */
export const layerWarnings = { ignoredCapacity: 'W-ignored-capacity', nameTwice: 'W-name-twice' } as const

/** Every id by which a warning can be silenced. */
export const warningIds: readonly string[] = [
  ...rules.filter(({ level }) => level === 'warning').map(({ id }) => id),
  ...Object.values(layerWarnings),
]

/** Whether a warning matters only while the table is made. */
export function isOnCreation(rule: string | undefined): boolean {
  return rules.some(({ id, onCreation }) => id === rule && onCreation === true)
}
