import type { Problem } from '../errors.ts'
import type { TableDefinition } from '../table/definition.ts'
import { at } from '../table/path.ts'
import { nameRules } from '../table/rules/names.ts'
import { rules } from './rules.ts'

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
  const shape = shapeOf(definition)
  for (const rule of shape !== undefined && flawless.has(shape) ? nameRules : rules) {
    const found = rule.level === 'problem' ? problems : warnings
    for (const { at: where, message } of rule.check(definition)) {
      found.push({ path: at(path, where), message, rule: rule.id })
    }
  }
  const isFlawless = problems.length + warnings.length === 0
  if (isFlawless && shape !== undefined && flawless.size < mostShapes) flawless.add(shape)
  return { problems, warnings }
}

// A project's many tables have few shapes, and of one that breaks no rule only the name can still be wrong.
const flawless = new Set<string>()
const mostShapes = 100

/** All that rules look at but for the name; `extra` is whatever somebody wrote. */
function shapeOf({ extra, ...definition }: TableDefinition): string | undefined {
  return extra === undefined ? JSON.stringify({ ...definition, name: '' }) : undefined
}
