import { exitCodes } from '../exit-code.ts'
import { loadDefined } from '../load.ts'
import { definitionFlags } from '../options/definition-flags.ts'
import { definitionLines } from '../report/definition-lines.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'

/** The definitions as resolved from models, config and flags. Contacts nothing. */
export async function show(run: Run): Promise<Result> {
  const loaded = await loadDefined(run, definitionFlags(run.flags))
  const { tables } = loaded
  const { planTable } = await import('../../plan/plan-table.ts')
  return {
    exit: loaded.error === undefined ? 0 : exitCodes[loaded.error.code],
    error: loaded.error,
    warnings: loaded.warnings,
    tables: tables.map(({ definition, sources, origins, warnings }) => ({
      name: definition.name,
      definition,
      // The first step of a missing table's plan is its creation.
      request: planTable(definition, undefined).steps[0]?.request.input,
      source: sources,
      ...(Object.keys(origins).length === 0 ? {} : { origins }),
      ...(warnings.length === 0 ? {} : { warnings }),
    })),
    lines: style => tables.flatMap((table, at) => [...(at === 0 ? [] : ['']), ...definitionLines(table, style)]),
  }
}
