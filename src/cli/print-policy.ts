import type { PolicyCall, PolicyDocument } from '../aws/permissions.ts'
import type { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import type { FollowUpField } from '../table/live.ts'
import type { Invocation, Session } from './command.ts'
import { withConnection } from './connect.ts'
import { exitFor } from './exit-code.ts'
import { loadAny, loadDefined, loadSettings, selectNames } from './load.ts'
import { definitionFlags } from './options/definition-flags.ts'
import type { ReportTarget, Result } from './report/report.ts'

/** `--iam`: the smallest policy for what the command would do, from the requests that it would send. */
export async function printPolicy(run: Invocation): Promise<Result> {
  switch (run.command.name) {
    case 'local':
      return policyResult(run, [])
    case 'diff':
      return diffPolicy(run)
    case 'plan':
    case 'update':
      return plansPolicy(run)
    default: {
      const { loaded, calls } = await callsOfCommand(run)
      return policyResult(run, [await withConnection(run, loaded, session => place(session, calls))])
    }
  }
}

/** What carrying out the plans needs: those of the definitions, or those of a saved file. */
async function plansPolicy(run: Invocation): Promise<Result> {
  const { plan } = run.flags
  const saved = plan === undefined ? undefined : await (await import('./saved-plan.ts')).loadSaved(run, plan)
  const loaded = saved?.loaded ?? (await loadDefined(run))
  return withConnection({ ...run, flags: { ...run.flags, ...saved?.saved.options } }, loaded, async session => {
    const { calls, error } = await callsOfPlans(session)
    return { ...policyResult(run, [await place(session, calls)]), error, exit: exitFor(error) }
  })
}

/** The policy for calls at one target. */
interface Placed {
  readonly policy: PolicyDocument
  readonly target: ReportTarget
}

async function place({ connection, loaded, report }: Session, calls: readonly PolicyCall[]): Promise<Placed> {
  const target = await connection.where()
  const [only, other] = loaded.allowedAccounts
  const account = target.account ?? (other === undefined ? only : undefined)
  if (account === undefined)
    report.note('the account is not known; put it into allowedAccounts, or replace the * in the ARNs')
  const { policyFor } = await import('../aws/permissions.ts')
  const region = target.region === '' ? '*' : target.region
  return { policy: policyFor(calls, { region, account: account ?? '*' }), target }
}

function policyResult(run: Invocation, placed: readonly Placed[]): Result {
  const statements = new Map(
    placed.flatMap(({ policy: { Statement } }) => Statement.map(each => [JSON.stringify(each), each])),
  )
  const policy: PolicyDocument = { Version: '2012-10-17', Statement: [...statements.values()] }
  if (policy.Statement.length === 0)
    run.report.note(`${run.command.name} sends nothing to AWS; it needs no permissions`)
  const { length } = JSON.stringify(policy)
  if (length > longestPolicy)
    run.report.warn(`the policy has ${length} characters; AWS allows ${longestPolicy} in a managed policy`)
  return {
    exit: 0,
    target: placed[0]?.target,
    extra: { policy },
    lines: () => JSON.stringify(policy, undefined, 2).split('\n'),
  }
}

/** What reading the live sources needs, each at its own target. */
async function diffPolicy(run: Invocation): Promise<Result> {
  const { sourcesOf } = await import('./commands/diff.ts')
  const { liveTargets } = await import('./commands/diff.ts')
  const { readingCalls } = await import('../aws/permissions.ts')
  const { followUps } = await import('../plan/follow-ups.ts')
  const allLive = (run.flags.matchBy ?? 'name') !== 'name'
  const placed: Placed[] = []
  for (const { here, settings, names } of await liveTargets(run, sourcesOf(run.names, run), allLive)) {
    const reads = await callsFor(names ?? [`${settings.prefix}*${settings.suffix}`], name =>
      readingCalls(name, followUps),
    )
    const calls = names === undefined ? [listTables, ...reads] : reads
    placed.push(await withConnection(here, settings, session => place(session, calls)))
  }
  return policyResult(run, placed)
}

const listTables: PolicyCall = { operation: 'ListTables', input: {} }

async function callsFor<Item>(
  items: readonly Item[],
  callsOf: (item: Item) => Promise<readonly PolicyCall[]>,
): Promise<readonly PolicyCall[]> {
  return (await Promise.all(items.map(callsOf))).flat()
}

interface Calls {
  readonly loaded: Loaded
  readonly calls: readonly PolicyCall[]
}

/** The calls of every command that does not need to look at live tables first. */
async function callsOfCommand(run: Invocation): Promise<Calls> {
  const { command, flags } = run
  const { callsOf, readingCalls } = await import('../aws/permissions.ts')
  const { followUps, followUpFields } = await import('../plan/follow-ups.ts')
  switch (command.name) {
    case 'create': {
      const loaded = await loadDefined(run, definitionFlags(flags))
      const { planTable } = await import('../plan/plan-table.ts')
      const calls = await callsFor(loaded.tables, async ({ definition }) => {
        const requests = planTable(definition, undefined).steps.map(({ request }) => request)
        const reads = await readingCalls(definition.name, followUpFields(definition), definition)
        return [...callsOf(definition.name, requests, definition), ...reads]
      })
      return { loaded, calls }
    }
    case 'list':
    case 'pull': {
      const loaded = await loadSettings(run)
      const fields = command.name === 'pull' ? followUps : []
      if (run.names.length > 0) return { loaded, calls: await callsFor(run.names, name => readingCalls(name, fields)) }
      return { loaded, calls: [listTables, ...(await readingCalls('*', fields))] }
    }
    default: {
      const { match } = flags
      const { loaded, names } =
        match === undefined ? await selectNames(run) : { loaded: await loadAny(run), names: [match] }
      const known = new Map(loaded.tables.map(({ definition }) => [definition.name, definition]))
      const replicas = new Map([...known].map(([name, { replicas: regions = [] }]) => [name, regions]))
      // Before a table with replicas is deleted, the protection of each is read.
      const fieldsOf = (name: string): readonly FollowUpField[] => [
        ...(command.name === 'describe' ? followUps : flags.tag === undefined ? [] : (['tags'] as const)),
        ...(command.name === 'delete' && (replicas.get(name) ?? []).length > 0 ? (['replicas'] as const) : []),
      ]
      const reads = await callsFor(names, name => readingCalls(name, fieldsOf(name), known.get(name)))
      const deletes = names.flatMap(name =>
        command.name === 'delete' ? deletion(name, replicas.get(name) ?? [], flags.disableProtection === true) : [],
      )
      return { loaded, calls: [...(match === undefined ? [] : [listTables]), ...reads, ...deletes] }
    }
  }
}

/** Replicas are removed before their table. */
function deletion(
  table: string,
  replicas: readonly { readonly region: string }[],
  unprotects: boolean,
): readonly PolicyCall[] {
  const drops = replicas.map(({ region }) => ({ Delete: { RegionName: region } }))
  const update = (input: object, region?: string) =>
    ({ operation: 'UpdateTable', input: { TableName: table, ...input }, table, region }) as const
  const regions = [undefined, ...replicas.map(({ region }) => region)]
  return [
    ...(unprotects ? regions.map(region => update({ DeletionProtectionEnabled: false }, region)) : []),
    ...(drops.length === 0 ? [] : [update({ ReplicaUpdates: drops })]),
    { operation: 'DeleteTable', input: { TableName: table }, table },
  ]
}

/** The calls that carry out the plans, after a look at the live tables; `error` when a table has no plan. */
async function callsOfPlans(session: Session): Promise<{
  readonly calls: readonly PolicyCall[]
  readonly error: DynamoxError | undefined
}> {
  const { callsOf, readingCalls } = await import('../aws/permissions.ts')
  const { followUpFields } = await import('../plan/follow-ups.ts')
  const { planAll } = await import('./plan-tables.ts')
  const planned = await planAll(session, { wait: false, timeoutMs: session.flags.timeout })
  const calls = await callsFor(planned, async ({ definition, live, plan }) => {
    // Those that the plan removes are read as well.
    const replicas = [...(definition.replicas ?? []), ...(live?.definition.replicas ?? [])]
    const reads = await readingCalls(definition.name, followUpFields(definition), { ...definition, replicas })
    return [...callsOf(definition.name, plan?.steps.map(({ request }) => request) ?? [], definition), ...reads]
  })
  return { calls, error: planned.find(({ outcome }) => outcome.error !== undefined)?.outcome.error }
}

// A managed policy may have 6,144 characters without blanks.
const longestPolicy = 6_144
