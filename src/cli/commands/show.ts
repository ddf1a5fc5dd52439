import type { Command } from '../command.ts'
import { exitFor } from '../exit-code.ts'
import { loadDefined } from '../load.ts'
import { definitionFlags } from '../options/definition-flags.ts'
import { definitionLines, notesOf, sourcesText } from '../report/definition-lines.ts'
import { notEmpty } from '../report/json-report.ts'

export const show: Command = {
  name: 'show',
  summary: 'print the definitions as resolved; contacts nothing',
  takes: 'tables',
  reads: 'definitions',
  defines: true,
  otherWords: ['validate', 'lint', 'print', 'definitions', 'cat'],
  examples: [['dynamox show --model src/models/user.ts --json', 'with the CreateTable request']],

  /** Shows the definitions resolved from models, config and flags. Sends no requests. */
  async run(invocation) {
    // The planner arrives while models load.
    const [{ tables, error, warnings, discovered }, { planTable }] = await Promise.all([
      loadDefined(invocation, definitionFlags(invocation.flags)),
      import('../../plan/plan-table.ts'),
    ])
    return {
      exit: exitFor(error),
      error,
      warnings,
      ...(discovered.length === 0 ? {} : { extra: { found: discovered } }),
      tables: tables.map(({ definition, sources, origins, warnings: own }) => ({
        name: definition.name,
        definition,
        // The first step of a plan for a missing table is CreateTable.
        request: planTable(definition, undefined).steps[0]?.request.input,
        source: sources,
        ...(Object.keys(origins).length === 0 ? {} : { origins }),
        warnings: notEmpty(own),
      })),
      definitions: tables.map(table => ({
        definition: table.definition,
        facts: [['from', sourcesText(table.sources)]],
        note: notesOf(table),
      })),
      lines: style => tables.flatMap((table, at) => [...(at === 0 ? [] : ['']), ...definitionLines(table, style)]),
    }
  },
}
