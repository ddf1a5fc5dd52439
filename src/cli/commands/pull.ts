import { DynamoxError } from '../../errors.ts'
import { writerNames } from '../../formats/writers.ts'
import type { LocalIndex, TableDefinition } from '../../table/definition.ts'
import type { Command } from '../command.ts'
import { announce, place, withConnection } from '../connect.ts'
import { baseNameOf, liveNames, readLiveTables } from '../live-tables.ts'
import { loadSettings } from '../load.ts'
import { notEmpty } from '../report/json-report.ts'
import { writeTables } from '../write-tables.ts'

export const pull: Command = {
  name: 'pull',
  summary: 'write live tables as definitions',
  takes: 'tables',
  reads: 'config',
  contacts: true,
  writes: true,
  meanings: { to: `${writerNames.join(', ')}; default dynamox` },
  otherWords: ['import', 'introspect', 'fetch', 'introspection'],
  examples: [
    ['dynamox pull users --region eu-west-1 --out tables.yaml', 'a model file for dynamox'],
    ['dynamox pull --to terraform --import --out infra/', 'every table, adopted by Terraform'],
  ],

  /** Writes live tables as definitions that plan as unchanged. Changes nothing. */
  async run(invocation) {
    const settings = await loadSettings(invocation)
    return withConnection(invocation, settings, async session => {
      const { withoutDefaults } = await import('../../plan/aws-defaults.ts')
      const names = session.names.length > 0 ? session.names : await liveNames(session, settings)
      await announce(session, 'Reading', names)
      const tables = await readLiveTables(session, names)
      const missing = names.filter(name => !tables.some(({ definition }) => definition.name === name))
      const target = await session.connection.where()
      if (missing.length > 0) {
        const which = missing.length === 1 ? `table ${missing.join()} does` : `tables ${missing.join(', ')} do`
        throw new DynamoxError('not-found', `${which} not exist ${place(target)}`, {
          hint: 'dynamox list shows the tables that exist',
        })
      }
      const definitions = tables.map(({ definition }) => {
        const { name } = definition
        // A model file is loaded with the config's prefix and suffix; the other formats hold whole names.
        const shown = (session.flags.to ?? 'dynamox') === 'dynamox' ? (baseNameOf(name, settings) ?? name) : name
        return inOrder({ ...withoutDefaults(definition), name: shown })
      })
      const written = await writeTables(invocation, definitions, 'dynamox')
      const documents = tables.map(({ definition: { name }, warnings }) => ({
        name,
        warnings: notEmpty(warnings),
      }))
      return { ...written, exit: 0, target, tables: documents }
    })
  },

  async calls(run) {
    const { callsOfReading } = await import('../print-policy.ts')
    const { followUps } = await import('../../settings/catalogue.ts')
    const names = run.names.length > 0 ? run.names : undefined
    return [await callsOfReading(run, await loadSettings(run), { names, fields: followUps })]
  },
}

/** Sorts what AWS returns in any order, so that the same table always gives the same text. */
function inOrder({ globalIndexes, localIndexes, tags, ...rest }: TableDefinition): TableDefinition {
  const sorted = <Index extends LocalIndex>(indexes: readonly Index[]): readonly Index[] =>
    indexes
      .map(index =>
        typeof index.projection === 'string' ? index : { ...index, projection: [...index.projection].sort() },
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  const ordered = Object.entries(tags ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...rest,
    globalIndexes: sorted(globalIndexes),
    localIndexes: sorted(localIndexes),
    ...(ordered.length === 0 ? {} : { tags: Object.fromEntries(ordered) }),
  }
}
