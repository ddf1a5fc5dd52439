import { indexRules } from './indexes.ts'
import { keyRules } from './keys.ts'
import { nameRules } from './names.ts'
import { projectionRules } from './projections.ts'
import { regretRules } from './regrets.ts'
import type { Rule } from './rule.ts'
import { settingRules } from './settings.ts'
import { tagRules } from './tags.ts'
import { throughputRules } from './throughput.ts'

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
