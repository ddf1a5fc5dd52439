import type { PolicyCall, PolicyDocument } from '../aws/permissions.ts'
import type { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import { memberOf } from '../table/untyped.ts'
import type { Invocation, Session } from './command.ts'
import { withConnection } from './connect.ts'
import { exitCodes, worstExit } from './exit-code.ts'
import { loadAny, loadDefined, loadSettings, selectNames } from './load.ts'
import { definitionFlags } from './options/definition-flags.ts'
import type { Result } from './report/report.ts'

/** `--iam`: the smallest policy for what the command would do, from the requests that it would send. */
export async function printPolicy(run: Invocation): Promise<Result> {
  const { command, report } = run
  const planned = command.name === 'plan' || command.name === 'update'
  const { loaded, calls } = planned ? { loaded: await loadDefined(run), calls: [] } : await callsOfCommand(run)
  return withConnection(run, loaded, async session => {
    const { calls: fromPlans, error } = planned ? await callsOfPlans(session) : { calls, error: undefined }
    const target = await session.connection.where()
    const [only, other] = loaded.allowedAccounts
    const account = target.account ?? (other === undefined ? only : undefined)
    const region = target.region === '' ? '*' : target.region
    if (account === undefined)
      report.note('the account is not known; put it into allowedAccounts, or replace the * in the ARNs')
    const { policyFor } = await import('../aws/permissions.ts')
    const policy = policyFor(fromPlans, { region, account: account ?? '*' })
    warnOfSize(run, policy)
    return {
      exit: error === undefined ? 0 : worstExit([exitCodes[error.code]]),
      target,
      error,
      extra: { policy },
      lines: () => JSON.stringify(policy, undefined, 2).split('\n'),
    }
  })
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
  const list: PolicyCall = { operation: 'ListTables', input: {} }
  switch (command.name) {
    case 'create': {
      const loaded = await loadDefined(run, definitionFlags(flags))
      const { planTable } = await import('../plan/plan-table.ts')
      const calls = await Promise.all(
        loaded.tables.map(async ({ definition }) => [
          ...callsOf(
            definition.name,
            planTable(definition, undefined).steps.map(({ request }) => request),
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
      return { loaded, calls: [...(run.names.length === 0 ? [list] : []), ...calls.flat()] }
    }
    default: {
      const { match } = flags
      const { loaded, names } =
        match === undefined ? await selectNames(run) : { loaded: await loadAny(run), names: [match] }
      const fields =
        command.name === 'describe' ? followUps : memberOf(flags, 'tag') === undefined ? [] : (['tags'] as const)
      const reads = await Promise.all(names.map(name => readingCalls(name, fields)))
      const deletes = command.name === 'delete' ? names.map(deletion(flags.disableProtection === true)) : []
      return { loaded, calls: [...(match === undefined ? [] : [list]), ...reads.flat(), ...deletes.flat()] }
    }
  }
}

const deletion =
  (unprotects: boolean) =>
  (table: string): readonly PolicyCall[] => [
    { operation: 'DeleteTable', input: { TableName: table }, table },
    ...(unprotects
      ? [{ operation: 'UpdateTable', input: { TableName: table, DeletionProtectionEnabled: false }, table } as const]
      : []),
  ]

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
      ...callsOf(definition.name, plan?.steps.map(({ request }) => request) ?? []),
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
