import { findAdapter } from '../adapters/registry.ts'
import { DynamoxError, type Problem } from '../errors.ts'
import type { SourcedTable, TableInput, TableLayer } from '../table/input.ts'
import { readInput } from '../table/read-input.ts'
import type { LoadedFile } from './messages.ts'
import { shownPath } from './shown-path.ts'

/** A table as its source has it, and what messages call it. */
export interface FoundTable extends SourcedTable {
  /** `src/models/user.ts User`, `tables[0] users`. */
  readonly label: string
  /** The file's `dynamox` export: laid over what the source says. */
  readonly sidecar?: { readonly label: string; readonly layer: TableLayer } | undefined
}

/** The tables of model files. @throws DynamoxError `definition` for a `dynamox` export that is no layer of settings */
export function tablesOfFiles(files: readonly LoadedFile[], cwd: string): readonly FoundTable[] {
  return files.flatMap(({ file, tables, sidecar }) => {
    const label = `${shownPath(file, cwd)} dynamox`
    const layer = sidecar === undefined ? undefined : { label, layer: sidecarLayer(sidecar, label) }
    return tables.map(table => ({ ...table, label: labelOf(table), sidecar: layer }))
  })
}

/** The tables of a config. An entry in the shape of a CreateTable input is understood as one. */
export async function tablesOfConfig(
  tables: readonly TableInput[],
  file: string,
  path: string,
): Promise<readonly FoundTable[]> {
  const found = await Promise.all(tables.map((table, index) => tableOfConfig(table, file, `${path}[${index}]`)))
  return found.flat()
}

async function tableOfConfig(table: TableInput, file: string, path: string): Promise<FoundTable[]> {
  const adapter = 'table' in table || 'partitionKey' in table ? undefined : findAdapter(table)
  const read = await adapter?.toDefinitions(table, { file, export: path })
  const sourced = read ?? [{ input: table, source: { file, export: path, adapter: 'config' }, assumed: [] }]
  return sourced.map(each => ({
    ...each,
    label: [path, each.input.table].filter(part => typeof part === 'string').join(' '),
  }))
}

function labelOf({ source, input }: SourcedTable): string {
  return `${source.file} ${source.export ?? input.table ?? ''}`.trimEnd()
}

function sidecarLayer(sidecar: unknown, label: string): TableLayer {
  const problems: readonly Problem[] = readInput(sidecar, label).problems
  if (problems.length === 0) return sidecar as TableLayer
  const [first] = problems
  const message =
    problems.length === 1 ? `${first?.path}: ${first?.message}` : `${label} has ${problems.length} problems`
  throw new DynamoxError('definition', message, {
    problems,
    hint: 'the export "dynamox" of a model file holds settings for its tables',
  })
}
