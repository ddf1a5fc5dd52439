import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DynamoxError, messageOf } from '../../errors.ts'
import { followUpFields } from '../../plan/follow-ups.ts'
import type { Connection, Session } from '../command.ts'
import type { Planned } from '../plan-tables.ts'
import type { ReportTarget } from '../report/report.ts'
import { digestLive, setApart } from './digest-live.ts'
import { digestOf, type SavedPlan, type SavedTable, savedPlanFormat, savedPlanVersion } from './saved-plan.ts'

/** Writes the plans for `update --plan`, and returns the file's path. Throws `usage` when it cannot be written. */
export async function savePlan(session: Session, file: string, planned: readonly Planned[]): Promise<string> {
  const path = resolve(session.io.cwd, file)
  const tables = planned.flatMap(each => toSaved(each, session.connection))
  const target = await establish(session)
  const saved: SavedPlan = {
    format: savedPlanFormat,
    version: savedPlanVersion,
    target,
    digest: digestOf(tables),
    tables,
  }
  try {
    writeFileSync(path, `${JSON.stringify(saved, undefined, 2)}\n`)
  } catch (error) {
    const why = messageOf(error)
    throw new DynamoxError('usage', `the plan could not be written to ${file}: ${why}`, { cause: error })
  }
  return path
}

/** Where the plan is for. On AWS the account is part of that, and asked for if nothing has shown it yet. */
export async function establish({ signal, connection: { api, where } }: Session): Promise<ReportTarget> {
  const target = await where()
  if (target.kind !== 'aws' || target.account !== null) return target
  const { account } = await api.identify({ account: 'required', signal })
  if (account !== undefined) return { ...target, account }
  throw new DynamoxError('usage', 'the AWS account could not be established, and a saved plan is for one account', {
    hint: 'let these credentials call sts:GetCallerIdentity, or set AWS_ACCOUNT_ID beside AWS_ACCESS_KEY_ID',
  })
}

function toSaved({ definition, live, plan }: Planned, { api }: Connection): SavedTable[] {
  if (plan === undefined) return []
  const apart = setApart(definition, live)
  const isThere = live !== undefined && live.status !== 'DELETING'
  return [
    {
      name: definition.name,
      id: isThere ? (live.id ?? null) : null,
      live: digestLive(live, apart),
      fields: followUpFields(definition, api.capabilities()),
      apart,
      plan,
    },
  ]
}
