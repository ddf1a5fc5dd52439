import type { PolicyCall, PolicyDocument } from '../aws/permissions.ts'
import type { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import type { Plan } from '../plan/plan-table.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { FollowUpField } from '../table/live.ts'
import type { CallsAt, Invocation, Session } from './command.ts'
import { withConnection } from './connect.ts'
import { exitFor } from './exit-code.ts'
import { selectNames } from './load.ts'
import type { ReportTarget, Result } from './report/report.ts'

/** `--iam`: the smallest policy for what the command would do, from the requests that it would send. */
export async function printPolicy(run: Invocation): Promise<Result> {
  const placed: Placed[] = []
  let failure: DynamoxError | undefined
  for (const { run: here, loaded, find } of (await run.command.calls?.(run)) ?? []) {
    await withConnection(here, loaded, async session => {
      const { calls, error } = await find(session)
      placed.push(await place(session, calls))
      failure ??= error
    })
  }
  return { ...policyResult(run, placed), error: failure, exit: exitFor(failure) }
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
    report.note('the AWS account is not known; put it into allowedAccounts, or replace the * in the ARNs')
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

// A managed policy may have 6,144 characters without blanks.
const longestPolicy = 6_144

interface Reading {
  /** All tables that match the pattern when absent. */
  readonly names?: readonly string[] | undefined
  readonly pattern?: string | undefined
  readonly fields?: readonly FollowUpField[] | undefined
  /** The calls after a table was read. */
  readonly then?: (name: string, definition: TableDefinition | undefined) => readonly PolicyCall[]
}

/** The calls that read live tables with these settings. */
export async function callsOfReading(
  run: Invocation,
  loaded: Loaded,
  { names, pattern = '*', fields = [], then = () => [] }: Reading,
): Promise<CallsAt> {
  const { readingCalls } = await import('../aws/permissions.ts')
  const calls = await callsFor(names ?? [pattern], async name => {
    const definition = loaded.tables.find(table => table.definition.name === name)?.definition
    return [...(await readingCalls(name, fields, definition)), ...then(name, definition)]
  })
  const listing: readonly PolicyCall[] = names === undefined ? [{ operation: 'ListTables', input: {} }] : []
  return { run, loaded, find: async () => ({ calls: [...listing, ...calls] }) }
}

/** The calls that read the tables of `names`, each with these settings. */
export async function callsOfNamed(run: Invocation, fields?: readonly FollowUpField[]): Promise<readonly CallsAt[]> {
  const { loaded, names } = await selectNames(run)
  return [await callsOfReading(run, loaded, { names, fields })]
}

/** The calls that carry out the plans, after a look at the live tables. */
export function callsOfPlans(run: Invocation, loaded: Loaded): CallsAt {
  return {
    run,
    loaded,
    async find(session) {
      const { planAll } = await import('./plan-tables.ts')
      const planned = await planAll(session, { wait: false, timeoutMs: session.flags.timeout })
      const calls = await callsFor(planned, async ({ definition, live, plan }) => {
        // Those that the plan removes are read as well.
        const replicas = [...(definition.replicas ?? []), ...(live?.definition.replicas ?? [])]
        return callsOfPlan(plan, definition, replicas)
      })
      return { calls, error: planned.find(({ outcome }) => outcome.error !== undefined)?.outcome.error }
    },
  }
}

/** The calls that carry out a plan, and those that read the settings that the definition names. */
export async function callsOfPlan(
  plan: Plan | undefined,
  definition: TableDefinition,
  replicas: TableDefinition['replicas'] = definition.replicas,
): Promise<readonly PolicyCall[]> {
  const { callsOf, readingCalls } = await import('../aws/permissions.ts')
  const { followUpFields } = await import('../settings/catalogue.ts')
  const { name } = definition
  const requests = plan?.steps.map(({ request }) => request) ?? []
  const reads = await readingCalls(name, followUpFields(definition), { ...definition, replicas })
  return [...callsOf(name, requests, definition), ...reads]
}

export async function callsFor<Item>(
  items: readonly Item[],
  callsOf: (item: Item) => Promise<readonly PolicyCall[]>,
): Promise<readonly PolicyCall[]> {
  return (await Promise.all(items.map(callsOf))).flat()
}
