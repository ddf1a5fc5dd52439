import type { PolicyCall, PolicyDocument } from '../aws/permissions.ts'
import type { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import type { FollowUpField } from '../table/live.ts'
import { memberOf } from '../table/untyped.ts'
import type { Invocation, Session } from './command.ts'
import { withConnection } from './connect.ts'
import { exitCodes, worstExit } from './exit-code.ts'
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
      return withConnection(run, loaded, async session => policyResult(run, [await place(session, calls)]))
    }
  }
}

const exitOf = (error: DynamoxError | undefined) => (error === undefined ? 0 : worstExit([exitCodes[error.code]]))

/** What carrying out the plans needs: those of the definitions, or those of a saved file. */
async function plansPolicy(run: Invocation): Promise<Result> {
  const { plan } = run.flags
  const saved = plan === undefined ? undefined : await (await import('./saved-plan.ts')).loadSaved(run, plan)
  const loaded = saved?.loaded ?? (await loadDefined(run))
  return withConnection({ ...run, flags: { ...run.flags, ...saved?.saved.options } }, loaded, async session => {
    const { calls, error } = await callsOfPlans(session)
    return { ...policyResult(run, [await place(session, calls)]), error, exit: exitOf(error) }
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
  warnOfSize(run, policy)
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
  const { liveTargets } = await import('./diff-sources.ts')
  const { readingCalls } = await import('../aws/permissions.ts')
  const { followUps } = await import('../plan/follow-ups.ts')
  const allLive = (run.flags.matchBy ?? 'name') !== 'name'
  const targets = await liveTargets(run, sourcesOf(run.names, run), allLive)
  const placed: Placed[] = []
  for (const { here, settings, names } of targets) {
    const all = names ?? [`${settings.prefix}*${settings.suffix}`]
    const calls = await Promise.all(all.map(name => readingCalls(name, followUps)))
    const listing: readonly PolicyCall[] = names === undefined ? [listTables] : []
    await withConnection(here, settings, async session => {
      placed.push(await place(session, [...listing, ...calls.flat()]))
      return { exit: 0 }
    })
  }
  return policyResult(run, placed)
}

const listTables: PolicyCall = { operation: 'ListTables', input: {} }

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
      const calls = await Promise.all(
        loaded.tables.map(async ({ definition }) => [
          ...callsOf(
            definition.name,
            planTable(definition, undefined).steps.map(({ request }) => request),
            definition,
          ),
          ...(await readingCalls(definition.name, followUpFields(definition), definition)),
        ]),
      )
      return { loaded, calls: calls.flat() }
    }
    case 'list':
    case 'pull': {
      const loaded = await loadSettings(run)
      const fields = command.name === 'pull' ? followUps : []
      const names = run.names.length === 0 ? ['*'] : run.names
      const calls = await Promise.all(names.map(name => readingCalls(name, fields)))
      return { loaded, calls: [...(run.names.length === 0 ? [listTables] : []), ...calls.flat()] }
    }
    default: {
      const { match } = flags
      const { loaded, names } =
        match === undefined ? await selectNames(run) : { loaded: await loadAny(run), names: [match] }
      const known = new Map(loaded.tables.map(({ definition }) => [definition.name, definition]))
      const replicas = new Map([...known].map(([name, { replicas: regions = [] }]) => [name, regions]))
      // Before a table with replicas is deleted, the protection of each is read.
      const fieldsOf = (name: string): readonly FollowUpField[] => [
        ...(command.name === 'describe' ? followUps : memberOf(flags, 'tag') === undefined ? [] : (['tags'] as const)),
        ...(command.name === 'delete' && (replicas.get(name) ?? []).length > 0 ? (['replicas'] as const) : []),
      ]
      const reads = await Promise.all(names.map(name => readingCalls(name, fieldsOf(name), known.get(name))))
      const deletes =
        command.name === 'delete'
          ? names.map(name => deletion(name, replicas.get(name) ?? [], flags.disableProtection === true))
          : []
      return { loaded, calls: [...(match === undefined ? [] : [listTables]), ...reads.flat(), ...deletes.flat()] }
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
  const calls = await Promise.all(
    planned.map(async ({ definition, live, plan }) => [
      ...callsOf(definition.name, plan?.steps.map(({ request }) => request) ?? [], definition),
      ...(await readingCalls(definition.name, followUpFields(definition), {
        ...definition,
        // Those that the plan removes are read as well.
        replicas: [...(definition.replicas ?? []), ...(live?.definition.replicas ?? [])],
      })),
    ]),
  )
  return { calls: calls.flat(), error: planned.find(({ outcome }) => outcome.error !== undefined)?.outcome.error }
}

// A managed policy may have 6,144 characters without blanks.
const longestPolicy = 6_144

function warnOfSize({ report }: Invocation, policy: PolicyDocument): void {
  const { length } = JSON.stringify(policy)
  if (length > longestPolicy)
    report.warn(`the policy has ${length} characters; AWS allows ${longestPolicy} in a managed policy`)
}
