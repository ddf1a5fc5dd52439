import type { Problem } from '../errors.ts'
import type { Assumption, TableDefinition } from '../table/definition.ts'
import { at } from '../table/path.ts'
import { fillDefaults } from './fill-defaults.ts'
import { ignoreCapacity } from './ignored-capacity.ts'
import { readInput } from './read-input.ts'
import { validateDefinition } from './validate.ts'

export interface DefinitionContext {
  /** What stands before every problem's path: `tables[0] users`. */
  readonly path: string
  /** The resolved table name (prefix and suffix included); the input's `table` when left out. */
  readonly name?: string | undefined
  /** What the source's adapter assumed. */
  readonly assumed?: readonly Assumption[] | undefined
}

export interface DefinitionResult {
  /** Absent when there is any problem. */
  readonly definition: TableDefinition | undefined
  readonly problems: Problem[]
  readonly warnings: Problem[]
}

/**
 * The definition that an input stands for: short forms read, defaults filled in, every rule checked.
 * @param input a `TableInput`, or anything that may be one (JavaScript, YAML and JSON are checked field by field).
 */
export function toDefinition(input: unknown, context: DefinitionContext): DefinitionResult {
  const { table, problems: misread, misnamed } = readInput(input, context.path)
  const unbilled = misread.some(problem => problem.path === at(context.path, 'billingMode'))
  const { table: charged, warnings: ignored } = unbilled ? { table, warnings: [] } : ignoreCapacity(table, context.path)
  const filled = fillDefaults(charged, context.name ?? table.table ?? '', context.assumed)
  // With a billing mode that nobody understands, what it allows cannot be said.
  const definition = unbilled ? { ...filled, billingMode: undefined } : filled
  const { problems: broken, warnings } = validateDefinition(definition, context.path)
  // A field that could not be read, or stands under a wrong name, is missing to the rules; what they say of it is noise.
  const unknown = [...misread.map(problem => problem.path), ...misnamed]
  const problems = [...misread, ...broken.filter(problem => !unknown.some(path => isWithin(problem.path, path)))]
  return {
    definition: problems.length === 0 ? definition : undefined,
    problems,
    warnings: misread.length > 0 ? ignored : [...ignored, ...warnings],
  }
}

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}.`) || path.startsWith(`${parent} › `)
}
