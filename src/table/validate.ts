import type { Problem } from '../errors.ts'
import type { TableDefinition } from './definition.ts'
import { at } from './path.ts'
import { rules } from './rules/catalogue.ts'

/**
 * Everything that AWS would refuse in a definition (problems), and what people regret (warnings): all at once,
 * in the order of the catalogue, each with its rule.
 * @param path stands before each problem's place: `users` gives `users › globalIndexes.by-status.sortKey`.
 */
export function validateDefinition(
  definition: TableDefinition,
  path: string,
): { readonly problems: Problem[]; readonly warnings: Problem[] } {
  const problems: Problem[] = []
  const warnings: Problem[] = []
  for (const rule of rules) {
    const found = rule.level === 'problem' ? problems : warnings
    for (const { at: where, message } of rule.check(definition)) {
      found.push({ path: at(path, where), message, rule: rule.id })
    }
  }
  return { problems, warnings }
}
