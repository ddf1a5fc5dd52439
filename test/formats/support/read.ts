import { loadDefinitions } from '../../../src/load/load-definitions.ts'
import type { LoadOptions } from '../../../src/load/load-options.ts'
import type { KeyAttribute, TableDefinition } from '../../../src/table/definition.ts'
import { folder } from '../../load/support/folder.ts'

type Compact = Readonly<Record<string, unknown>>

/** The whole of a definition in a few words: keys as `pk:S`, indexes by name, and without the list of assumptions. */
function compact({ name: _, assumed: __, ...table }: TableDefinition): Compact {
  return {
    ...table,
    ...keys(table),
    globalIndexes: Object.fromEntries(
      table.globalIndexes.map(({ name, ...index }) => [name, { ...index, ...keys(index) }]),
    ),
    localIndexes: Object.fromEntries(
      table.localIndexes.map(({ name, ...index }) => [name, { ...index, ...keys(index) }]),
    ),
  }
}

function keys(holder: { readonly partitionKey: readonly KeyAttribute[]; readonly sortKey: readonly KeyAttribute[] }) {
  const text = (list: readonly KeyAttribute[]) => list.map(({ name, type }) => `${name}:${type}`).join(' ')
  return { partitionKey: text(holder.partitionKey), sortKey: text(holder.sortKey) }
}

export interface Reading {
  readonly tables: Readonly<Record<string, Compact>>
  readonly warnings: readonly string[]
  readonly items: Readonly<Record<string, readonly unknown[]>>
  /** The error's message and problems, a line each. */
  readonly error?: string
  readonly hint?: string | undefined
}

/** Loads a template from files in a temporary folder. */
export async function read(
  files: Readonly<Record<string, string>>,
  model = '.',
  options: (cwd: string) => LoadOptions = () => ({}),
): Promise<Reading> {
  const cwd = folder(files)
  const loaded = await loadDefinitions({
    cwd,
    models: [model],
    config: false,
    problems: 'return',
    ...options(cwd),
  }).catch(error => ({
    tables: [],
    warnings: [],
    error,
  }))
  const { tables, error } = loaded
  const lines = [
    error?.message,
    ...(error?.problems ?? []).map((each: { path: string; message: string }) => `${each.path} ${each.message}`),
  ]
  return {
    tables: Object.fromEntries(tables.map(({ definition }) => [definition.name, compact(definition)])),
    warnings: [...loaded.warnings, ...tables.flatMap(({ warnings }) => warnings)],
    items: Object.fromEntries(
      tables.flatMap(({ definition, items }) =>
        items === undefined || items.length === 0 ? [] : [[definition.name, items]],
      ),
    ),
    ...(error === undefined
      ? {}
      : { error: lines.filter(Boolean).join('\n').replaceAll(cwd, '<cwd>'), hint: error.hint }),
  }
}

/** A table that has nothing but a key and what `more` says. */
export function plain(partitionKey: string, more: Compact = {}): Compact {
  return { partitionKey, sortKey: '', globalIndexes: {}, localIndexes: {}, billingMode: 'PAY_PER_REQUEST', ...more }
}
