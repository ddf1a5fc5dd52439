import type { Command } from '../command.ts'
import { exitFor } from '../exit-code.ts'
import { loadDefined } from '../load.ts'
import { definitionFlags } from '../options/definition-flags.ts'
import { writerOf, writeTables } from '../write-tables.ts'

export const exportTables: Command = {
  name: 'export',
  summary: 'write definitions as CloudFormation, SAM, CDK, Terraform and others',
  takes: 'tables',
  reads: 'definitions',
  defines: true,
  writes: true,
  otherWords: ['generate', 'convert', 'synth'],
  examples: [
    ['dynamox export --to cloudformation --out template.yaml', 'every table of models and config'],
    ['dynamox export users --to terraform --import', 'with the import block of a live table'],
  ],

  /** Writes the definitions in another format. Sends no requests. */
  async run(invocation) {
    // Before the models are loaded, whose warnings would stand above this error.
    writerOf(invocation.flags.to)
    const loaded = await loadDefined(invocation, definitionFlags(invocation.flags))
    const { error, warnings } = loaded
    const definitions = loaded.tables.map(({ definition }) => definition)
    // An incomplete file would look complete.
    if (error !== undefined && invocation.flags.out !== undefined) throw error
    const written = await writeTables(invocation, definitions)
    return {
      ...written,
      exit: exitFor(error),
      error,
      warnings: [...warnings, ...(written.warnings ?? [])],
      tables: definitions.map(({ name }) => ({ name })),
    }
  },
}
