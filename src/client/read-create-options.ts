import { DynamoxError } from '../errors.ts'
import { planTable } from '../plan/plan-table.ts'
import { tableFields } from '../settings/fields.ts'
import { toDefinition } from '../settings/to-definition.ts'
import type { TableDefinition } from '../table/definition.ts'
import { definitionError } from '../table/definition-error.ts'
import { didYouMean } from '../table/did-you-mean.ts'
import { checkCall, runOptions, waitOptions } from './check-call.ts'
import type { CreateTableOptions } from './client-options.ts'

export interface CreateCall {
  readonly definition: TableDefinition
  readonly wait: boolean
  readonly run: ReturnType<typeof runOptions>
}

/**
 * Takes the options of `createTable` apart: the definition, checked by every rule, and how to carry it out. Throws
 * `definition`, and `usage` for a setting that can be sent only to a ready table, when the call does not wait for one.
 */
export function readCreateOptions(name: string, options: CreateTableOptions): CreateCall {
  checkCall('createTable', name, options, [...Object.keys(options ?? {}).filter(isField), ...ownOptions])
  const { wait = false, timeoutSeconds, signal, ...input } = options
  const run = runOptions({ timeoutSeconds, signal })
  const { definition, problems } = toDefinition({ ...input, table: name }, { path: name, name })
  if (definition === undefined) throw definitionError(name, problems)
  if (!wait) refuseFollowUps(definition)
  return { definition, wait, run }
}

const ownOptions: readonly string[] = ['wait', ...waitOptions]

/** A field of a definition, good or bad: the rules name those that are bad. A misspelt option of our own does not count as a field. */
function isField(option: string): boolean {
  if (option === 'table') return false
  return tableFields.includes(option) || (option !== 'timeout' && didYouMean(option, ownOptions) === undefined)
}

function refuseFollowUps(definition: TableDefinition): void {
  const later = planTable(definition, undefined).steps.slice(1)
  if (later.length === 0) return
  const fields = later.flatMap(step => step.changes.flatMap(change => ('field' in change ? change.field : [])))
  const names = [...new Set(fields)].join(', ')
  const needs = fields.length === 1 ? 'needs' : 'need'
  throw new DynamoxError(
    'usage',
    `${names} of table ${definition.name} ${needs} a second call once the table is ready`,
    {
      hint: 'pass wait: true',
      table: definition.name,
    },
  )
}
