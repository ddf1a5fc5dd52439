import { DynamoxError } from '../../errors.ts'
import type { LiveTable } from '../../table/live.ts'
import type { Command } from '../command.ts'
import { announce, completeError, place, withConnection } from '../connect.ts'
import { exitCodes } from '../exit-code.ts'
import { suggestExisting, whileReading } from '../live-tables.ts'
import { selectNames } from '../load.ts'
import { notEmpty } from '../report/json-report.ts'
import type { TableRow } from '../report/report.ts'

export const describe: Command = {
  name: 'describe',
  summary: 'show one live table in full',
  exit1: 'the table does not exist',
  takes: 'table',
  reads: 'names',
  contacts: true,
  otherWords: ['info', 'inspect', 'get', 'describe-table', 'table'],
  examples: [['dynamox describe users --region eu-west-1', 'keys, settings, indexes, statuses and size']],

  /** Shows a live table with every setting that can be read, as `show` shows a definition. */
  async run(invocation) {
    const { flags, signal, report, complete } = invocation
    const { loaded, names } = await selectNames(invocation)
    const [name = '', other] = names
    // Two exports, or environments, may resolve to different tables of one given name.
    if (other !== undefined)
      throw new DynamoxError('usage', `describe shows one table, and ${names.length} are selected`, {
        hint: `name one of them: ${names.join(', ')}`,
      })
    const { readWhole } = await import('../../apply/wait.ts')
    return withConnection(invocation, loaded, async session => {
      const { api } = session.connection
      await announce(session, 'Describing', names)
      const { live, failed } = await whileReading(session, 'Describing', names, () =>
        readWhole(name, api, { signal, timeoutMs: flags.timeout }),
      )
      const target = await session.connection.where()
      if (failed?.error !== undefined) {
        const error = completeError(failed.error, complete)
        return { exit: exitCodes[error.code], target, error }
      }
      if (live === undefined) {
        report.note(`table ${name} does not exist ${place(target)}${await suggestExisting(session, name)}`)
        return { exit: 1, target, tables: [{ name, action: 'missing' }], lines: () => [`${name}  missing`] }
      }
      for (const warning of live.warnings) report.warn(warning, name)
      const { liveLines, stateRows } = await import('../report/definition-lines.ts')
      return {
        exit: 0,
        target,
        tables: [toRow(name, live)],
        definitions: [{ definition: live.definition, facts: [...statuses(live), ...stateRows(live)] }],
        lines: style => liveLines(live, style),
      }
    })
  },

  async calls(run) {
    const { callsOfNamed } = await import('../print-policy.ts')
    const { followUps } = await import('../../settings/catalogue.ts')
    return callsOfNamed(run, followUps)
  },
}

const statuses = ({ status, indexes, replicaStatuses = {} }: LiveTable): readonly (readonly [string, string])[] => [
  ['status', status],
  ...Object.entries(indexes).map(([name, index]) => [`status of index ${name}`, index.status] as const),
  ...Object.entries(replicaStatuses).map(([region, own]) => [`status in ${region}`, own] as const),
]

function toRow(name: string, { definition, status, read: _read, settling, ...rest }: LiveTable): TableRow {
  const { assumed: _assumed, ...settings } = definition
  const { indexes, createdAt, warnings, ...facts } = rest
  return {
    name,
    action: 'exists',
    status,
    definition: settings,
    indexes,
    ...facts,
    createdAt: createdAt?.toISOString(),
    settling: notEmpty(settling),
    warnings: notEmpty(warnings),
  }
}
