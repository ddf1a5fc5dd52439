import { DynamoxError } from '../../errors.ts'
import { announce, guardAccount } from '../announce.ts'
import { carryOutPlans, startWork } from '../carry-out-plans.ts'
import { loadSettings } from '../load.ts'
import { options, partsOf } from '../program.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'
import { timeoutOf } from '../settings.ts'
import { withConnection } from '../with-connection.ts'
import { checkSavedPlan } from './check-saved-plan.ts'
import { decided } from './decided.ts'
import { readSavedPlan } from './read-saved-plan.ts'

/** Carries out what `plan --out` saved, exactly that; no model is loaded, and config only says where and what is allowed. */
export async function updateSaved(run: Run, file: string): Promise<Result> {
  refuseOthers(run)
  const saved = readSavedPlan(file, run.io.cwd)
  const loaded = await loadSettings(run)
  return withConnection(run, loaded, async connection => {
    await guardAccount(run, loaded, connection)
    const names = saved.tables.map(({ name }) => name)
    await announce(run, loaded, connection, run.flags.dryRun === true ? 'Planning' : 'Updating', names)
    const work = await startWork(run, timeoutOf(run, loaded), connection.api)
    const planned = await checkSavedPlan(run, loaded, connection, saved, work)
    return carryOutPlans(run, loaded, connection, planned, work)
  })
}

function refuseOthers({ names, flags }: Run): void {
  const [name] = names
  if (name !== undefined) {
    throw new DynamoxError(
      'usage',
      `a saved plan is carried out whole, and takes no names; got ${JSON.stringify(name)}`,
    )
  }
  const given = decided.find(flag => flags[flag] !== undefined)
  if (given === undefined) return
  throw new DynamoxError(
    'usage',
    `--plan carries out what was planned; ${partsOf(options[given]).long} belongs to plan`,
  )
}
