import { attempt } from '../../errors.ts'
import type { Input } from '../../settings/aws-operations.ts'
import { canonicalJson } from '../../table/text.ts'
import { isRecord, memberOf } from '../../table/untyped.ts'
import { type AwsError, invalid, notFound, throttled } from './answer.ts'
import type { Handler } from './follow-ups.ts'
import { judgeDefinition } from './judge-create.ts'
import type { Plane } from './plane.ts'
import { definitionOf, type Policy, type TableState } from './state.ts'

const coolDownMs = 15_000

export const putResourcePolicy: Handler<Input<'PutResourcePolicy'>> = (plane, table, input) => {
  const { ResourceArn: arn = '', Policy: text = '', ExpectedRevisionId: expected } = input
  const owner = ownerOf(table, arn)
  if (owner === undefined) return notFound(`ResourceArn: ${arn} not found`)
  const before = { ...definitionOf(table), resourcePolicy: false as const }
  const refusal = judgeDefinition({ ...before, resourcePolicy: text }, before) ?? judgePolicy(text)
  if (refusal !== undefined) return refusal
  const current = owner.policy
  if (expected !== undefined && expected !== (current?.revision ?? 'NO_POLICY')) return otherRevision(arn)
  // The same policy keeps its revision.
  if (current !== undefined && canonical(current.text) === canonical(text))
    return { output: { RevisionId: current.revision } }
  const tooSoon = judgeCoolDown(plane, table)
  if (tooSoon !== undefined) return tooSoon
  const policy = { text, revision: plane.newId() }
  owner.set(policy)
  table.policyChangedAt = plane.now()
  plane.changed(table.name)
  return { output: { RevisionId: policy.revision } }
}

export const getResourcePolicy: Handler<{ readonly ResourceArn?: string | undefined }> = (_, table, input) => {
  const { ResourceArn: arn = '' } = input
  const owner = ownerOf(table, arn)
  if (owner === undefined) return notFound(`ResourceArn: ${arn} not found`)
  const { policy } = owner
  return policy === undefined ? noPolicy(arn) : { output: { Policy: policy.text, RevisionId: policy.revision } }
}

export const deleteResourcePolicy: Handler<Input<'DeleteResourcePolicy'>> = (plane, table, input) => {
  const { ResourceArn: arn = '', ExpectedRevisionId: expected } = input
  const owner = ownerOf(table, arn)
  if (owner === undefined) return notFound(`ResourceArn: ${arn} not found`)
  const revision = owner.policy?.revision
  if (expected !== undefined && expected !== revision)
    return revision === undefined ? noPolicy(arn) : otherRevision(arn)
  if (revision === undefined) return { output: {} }
  const tooSoon = judgeCoolDown(plane, table)
  if (tooSoon !== undefined) return tooSoon
  owner.set(undefined)
  table.policyChangedAt = plane.now()
  plane.changed(table.name)
  return { output: { RevisionId: revision } }
}

/** IAM's requirements of every policy. Its words for these mistakes are not known. */
export function judgePolicy(text: string): AwsError | undefined {
  const statements = listOf(
    memberOf(
      attempt(() => JSON.parse(text)),
      'Statement',
    ),
  )
  const wrong = (what: string) => invalid(`Invalid policy document: ${what}`)
  if (statements.length === 0) return wrong('Missing required field Statement')
  for (const statement of statements) {
    const effect = memberOf(statement, 'Effect')
    if (!isRecord(statement) || (effect !== 'Allow' && effect !== 'Deny')) return wrong(`Invalid effect: ${effect}`)
    const action = listOf(statement.Action).find(each => !/^(dynamodb:|\*$)/i.test(String(each)))
    if (action !== undefined) return wrong(`Invalid action: ${action}`)
  }
  return undefined
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

const canonical = (policy: string) => attempt(() => canonicalJson(JSON.parse(policy))) ?? policy

/** The policy of a table, or that of its stream; `undefined` for a stream that the table does not have. */
function ownerOf(table: TableState, arn: string) {
  const { settings, streamLabel, streamPolicy } = table
  const [, label] = /\/stream\/(.+)$/.exec(arn) ?? []
  if (label === undefined) {
    const { resourcePolicy: text = false } = settings
    return {
      policy: text === false ? undefined : { text, revision: table.policyRevision ?? '' },
      set: (policy: Policy | undefined) => {
        settings.resourcePolicy = policy?.text ?? false
        table.policyRevision = policy?.revision
      },
    }
  }
  if (label !== streamLabel) return undefined
  return {
    policy: streamPolicy?.label === label ? streamPolicy : undefined,
    set: (policy: Policy | undefined) => {
      table.streamPolicy = policy === undefined ? undefined : { ...policy, label }
    },
  }
}

function judgeCoolDown(plane: Plane, { name, policyChangedAt: changedAt }: TableState): AwsError | undefined {
  if (changedAt === undefined) return undefined
  const until = changedAt + plane.coolDown(coolDownMs)
  if (plane.now() >= until) return undefined
  const what = `Resource-based policy for table ${name} modified within the previous ${coolDownMs} milliseconds`
  return throttled(`${what}. Please try again after ${new Date(until).toISOString()}`)
}

const noPolicy = (arn: string): AwsError => ({
  type: 'PolicyNotFoundException',
  message: `Resource-based policy not found for the provided ResourceArn: ${arn}`,
})

const otherRevision = (arn: string): AwsError => ({
  type: 'PolicyNotFoundException',
  message: `Resource-based policy of the expected revision not found for the provided ResourceArn: ${arn}`,
})
