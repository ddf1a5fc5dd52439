import type { Outcome } from '../../apply/events.ts'
import { readNamed } from '../../apply/read-live.ts'
import { unsettled } from '../../apply/readiness.ts'
import type { RunOptions } from '../../apply/run.ts'
import { DynamoxError, type Problem } from '../../errors.ts'
import type { LiveTable } from '../../table/live.ts'
import type { Invocation, Session } from '../command.ts'
import type { PlannedWork } from '../plan-tables.ts'
import type { ReportTarget } from '../report/report.ts'
import { concurrencyOf } from '../work-on.ts'
import { digestLive } from './digest-live.ts'
import { establish } from './save-plan.ts'
import { planAgain, type SavedPlan, type SavedTable } from './saved-plan.ts'

/**
 * Makes sure that everything is as it was when the plan was made: account, region and endpoint, each table and what
 * is live of it, once work under way has settled. Throws `conflict` with all that is not, before anything is sent.
 */
export async function checkSavedPlan(
  session: Session,
  saved: SavedPlan,
  options: RunOptions,
): Promise<readonly PlannedWork[]> {
  const { connection, loaded, flags, signal } = session
  const { runTables } = await import('../../apply/run-tables.ts')
  // Another place is not asked about tables that are not meant to be there.
  refuse(session, differentPlace(saved.target, await connection.where()))
  const found = new Map<string, { readonly live: LiveTable | undefined; readonly failed: Outcome | undefined }>()
  const tables = new Map(saved.tables.map(table => [table.name, table]))
  const each = async (name: string): Promise<Outcome> => {
    const fields = tables.get(name)?.fields ?? []
    const settle = options.wait !== false && flags.dryRun !== true
    const read = await readNamed(name, () => fields, connection.api, { ...options, settle })
    found.set(name, read)
    return read.failed ?? { name, action: 'exists', durationMs: 0 }
  }
  const limits = { concurrency: concurrencyOf(session, loaded), failFast: false, signal }
  await runTables([...tables.keys()], each, limits)
  for (const { failed } of found.values()) if (failed?.error !== undefined) throw failed.error
  if (found.size < tables.size) throw new DynamoxError('interrupted', 'stopped while looking; nothing was changed')
  refuse(session, differentAccount(saved.target, await establish(session)))
  refuse(
    session,
    saved.tables.flatMap(table => differentTable(table, found.get(table.name)?.live)),
  )
  return saved.tables.map(({ name, plan }) => {
    const status = found.get(name)?.live?.status
    const outcome: Outcome = {
      name,
      action: 'planned',
      status,
      durationMs: 0,
      steps: plan.steps,
      warnings: plan.notices,
    }
    return { plan, outcome, underWay: undefined }
  })
}

function refuse({ flags: { plan: file = '' } }: Invocation, problems: readonly Problem[]): void {
  if (problems.length === 0) return
  throw new DynamoxError('conflict', `${file} was made for something else than what is there now; nothing was sent`, {
    problems,
    hint: planAgain(file),
  })
}

function differentPlace(saved: ReportTarget, now: ReportTarget): Problem[] {
  const differ = (path: string, before: string | null, after: string | null) =>
    before === after ? [] : [{ path, message: `made for ${before || 'none'}, and this is ${after || 'none'}` }]
  return [
    ...differ('target', saved.kind, now.kind),
    ...differ('region', saved.region, now.region),
    // The embedded engine listens on another port each time: its tables tell by their ids.
    ...(saved.kind === 'local' && now.kind === 'local' ? [] : differ('endpoint', saved.endpoint, now.endpoint)),
  ]
}

function differentAccount({ account: before }: ReportTarget, { account: after }: ReportTarget): Problem[] {
  if (before === null || after === null || before === after) return []
  return [{ path: 'account', message: `made for ${before}, and this is ${after}` }]
}

function differentTable({ name, id, live: before, apart }: SavedTable, live: LiveTable | undefined): Problem[] {
  const problem = (message: string): Problem[] => [{ path: name, message }]
  const after = digestLive(live, apart)
  if (before === null) return after === null ? [] : problem('made to create it, and it is there by now')
  if (live === undefined || after === null) return problem('it was there, and is not any more')
  if (id !== (live.id ?? null)) return problem('it was deleted and created again since')
  const busy = unsettled(live)
  if (busy !== undefined) return problem(`work is under way (${busy}); dynamox wait ${name} waits for it`)
  return after === before ? [] : problem('what is live has changed since, or part of the plan is carried out already')
}
