import type { Outcome } from '../../apply/events.ts'
import { DynamoxError } from '../../errors.ts'
import type { Command, Session } from '../command.ts'
import { withConnection } from '../connect.ts'
import { loadDefined } from '../load.ts'
import { adviseOnReplaced, type Planned, planOne, planOptions } from '../plan-tables.ts'
import type { Result } from '../report/report.ts'
import { workOn } from '../work-on.ts'

export const plan: Command = {
  name: 'plan',
  summary: 'show what update would do, step by step; changes nothing',
  exit1: 'with --check: live tables have drifted',
  takes: 'tables',
  reads: 'definitions',
  contacts: true,
  plans: true,
  options: ['check', 'out'],
  meanings: { out: 'also save the plan in this file, for update --plan' },
  otherWords: ['preview', 'dry-run', 'status'],
  otherWordsWith: {
    '--check': ['drift', 'check-drift'],
  },
  examples: [
    ['dynamox plan --check', 'for CI: exit 1 if tables have drifted'],
    ['dynamox plan --out plan.json', 'for dynamox update --plan plan.json, after a review'],
  ],

  /** Shows what `update` would do, step by step, and saves it with `--out`. Changes nothing. */
  async run(invocation) {
    const { flags, signal } = invocation
    const loaded = await loadDefined(invocation)
    const options = { ...planOptions(flags), signal, timeoutMs: flags.timeout ?? usualTimeoutMs }
    const planned = new Map<string, Planned>()
    return withConnection(invocation, loaded, async session => {
      const result = await workOn(session, {
        verb: 'Planning',
        counted: 'planned',
        no: ({ action, steps = [] }) =>
          flags.check === true && (action === 'blocked' || (action === 'planned' && steps.length > 0)),
        tables: loaded.tables.map(({ definition }) => ({
          name: definition.name,
          run: async () => {
            const one = await planOne(definition, session, options)
            planned.set(definition.name, one)
            return flags.check === true ? checked(one) : one.outcome
          },
        })),
      })
      const inOrder = loaded.tables.flatMap(({ definition }) => planned.get(definition.name) ?? [])
      adviseOnReplaced(session, inOrder)
      return flags.out === undefined ? result : save(session, flags.out, inOrder, result)
    })
  },

  async calls(run) {
    const { callsOfPlans } = await import('../print-policy.ts')
    return [callsOfPlans(run, await loadDefined(run))]
  },
}

// Planning describes each table once; only update waits for changes in progress.
const usualTimeoutMs = 60_000

/** With --check, a table whose settings could not all be read fails: it may have drifted. */
function checked({ live, plan, outcome }: Planned): Outcome {
  const { name, action, steps = [] } = outcome
  if (action !== 'planned' || steps.length > 0 || plan?.unread === undefined) return outcome
  const message = `${name}: drift cannot be ruled out, since ${plan.unread.join(', ')} could not be read`
  const error = new DynamoxError('aws', message, { table: name, hint: live?.warnings[0] })
  return { ...outcome, action: 'failed', error }
}

/** Writes the file only if every table has a plan without blocked changes. */
async function save(session: Session, file: string, planned: readonly Planned[], result: Result): Promise<Result> {
  const { report } = session
  if (result.exit > 1) {
    report.note(`${file} was not written: not every table has a plan`)
    return result
  }
  const { savePlan } = await import('../saved-plan.ts')
  const { path, next } = await savePlan(session, file, planned)
  report.note(`saved in ${file}; ${next} carries out exactly this`)
  return { ...result, extra: { ...result.extra, path } }
}
