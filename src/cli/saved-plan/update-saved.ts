import { DynamoxError } from '../../errors.ts'
import type { Invocation } from '../command.ts'
import { announce, guardAccount, withConnection } from '../connect.ts'
import { loadSettings } from '../load.ts'
import { partsOf } from '../options/option.ts'
import { options } from '../options/options.ts'
import { carryOutPlans, startWork } from '../plan-tables.ts'
import type { Result } from '../report/report.ts'
import { checkSavedPlan } from './check-saved-plan.ts'
import { decided } from './decided.ts'
import { readSavedPlan } from './read-saved-plan.ts'

/** Carries out what `plan --out` saved, exactly that; no model is loaded, and config only says where and what is allowed. */
export async function updateSaved(run: Invocation, file: string): Promise<Result> {
  refuseOthers(run)
  const saved = readSavedPlan(file, run.io.cwd)
  const loaded = await loadSettings(run)
  return withConnection(run, loaded, async session => {
    await guardAccount(session)
    const names = saved.tables.map(({ name }) => name)
    await announce(session, run.flags.dryRun === true ? 'Planning' : 'Updating', names)
    const work = await startWork(session)
    return carryOutPlans(session, await checkSavedPlan(session, saved, work), work)
  })
}

function refuseOthers({ names, flags }: Invocation): void {
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
