import { randomUUID } from 'node:crypto'
import type { DescribeTableInput, ListTablesInput } from '@aws-sdk/client-dynamodb'
import type { Readings } from '../../settings/setting.ts'
import type { Requests } from '../../settings/step.ts'
import type { TableDefinition } from '../../table/definition.ts'
import { type Answer, type AwsError, inUse, invalid, notFound, throttled, validation } from './answer.ts'
import { createTable, deleteTable } from './create-table.ts'
import { describeTable } from './describe.ts'
import * as followUps from './follow-ups.ts'
import { inputs, nameInput, type Operation } from './inputs.ts'
import type { ItemStore } from './item-store.ts'
import { noTimings, type Timings } from './pace.ts'
import { advance, type Plane } from './plane.ts'
import { checkShape } from './shapes.ts'
import type { TableState } from './state.ts'
import { updateTable } from './update-table.ts'

export interface ControlPlaneOptions {
  readonly account: string
  readonly region: string
  /** Epoch milliseconds. */
  now(): number
  /** How long work takes; no time when left out. */
  readonly timings?: Timings | undefined
  /** A number from 0 to 1, to pick durations; the middle when left out. */
  random?(): number
  /** How long a cool-down of AWS lasts; as long as on AWS when left out. */
  coolDown?(ms: number): number
  readonly items?: ItemStore | undefined
  /** Where the endpoint is, for DescribeEndpoints. */
  address?(): string
  /** How long DescribeTable does not find a table that was just created. */
  readonly notFoundMs?: number | undefined
  /** Account limits; none when left out. */
  readonly limits?: Limits | undefined
  supports?(definition: TableDefinition): AwsError | undefined
  newId?(): string
  /** Called for each table that has changed or is gone, maybe more than once. */
  changed?(name: string): void
  /** Called when the item store fails. */
  failed?(error: unknown): void
  /** The control plane of another region, for replicas. */
  regions?(region: string): ControlPlane
}

export interface Limits {
  /** Tables that may be created, updated or deleted at a time. */
  readonly inFlight?: number
  readonly mutationsPerSecond?: number
  readonly describesPerSecond?: number
  /** Mutations that are accepted at once after a pause. */
  readonly burst?: number
}

/**
 * DynamoDB's control plane: it judges each request as AWS does and keeps the tables' settings, statuses and the work
 * under way. It has no timers of its own: `advance` ends what is due.
 */
export interface ControlPlane {
  readonly tables: ReadonlyMap<string, TableState>
  answer(operation: Operation, input: unknown): Answer
  /** Ends all work that is due. */
  advance(): void
  /** When the next work ends, in epoch milliseconds. */
  nextDue(): number | undefined
  /** Adds a table that exists. */
  put(table: TableState): void
  /** Takes a table away. */
  drop(name: string): void
}

export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { account, region, now, items, limits = {}, timings = noTimings } = options
  const tables = new Map<string, TableState>()
  const atWork = new Set<string>()
  const dueOf = (name: string) => tables.get(name)?.pending[0]?.at ?? Number.POSITIVE_INFINITY
  let soonest = Number.POSITIVE_INFINITY
  const mutations = createBucket(now, limits.mutationsPerSecond, limits.burst)
  const reads = createBucket(now, limits.describesPerSecond, limits.describesPerSecond)
  const plane: Plane = {
    ...{ tables, account, region, timings, items, now },
    get address() {
      return options.address?.() ?? `dynamodb.${region}.amazonaws.com`
    },
    hasRoom: () => limits.inFlight === undefined || atWork.size < limits.inFlight,
    notFoundMs: options.notFoundMs ?? 0,
    pick: ([from, to]) => from + (options.random?.() ?? 0.5) * (to - from),
    coolDown: ms => options.coolDown?.(ms) ?? ms,
    newId: options.newId ?? randomUUID,
    supports: definition => options.supports?.(definition),
    changed: name => {
      const due = dueOf(name)
      if (due < Number.POSITIVE_INFINITY) atWork.add(name)
      else atWork.delete(name)
      soonest = Math.min(soonest, due)
      options.changed?.(name)
    },
    failed: error => options.failed?.(error),
    replicated: (other, table) => options.regions?.(other).put(replicaOf(table, region, other)),
    unreplicated: (other, name) => options.regions?.(other).drop(name),
  }
  return {
    tables,
    answer: (operation, input) => {
      const isRead = /^(Describe|List|Get)/.test(operation)
      if (!isRead && !mutations())
        return throttled('The rate of control plane requests made by this account is too high')
      if (isRead && !reads()) return throttled('Rate exceeded')
      return answer(plane, operation, input)
    },
    advance: () => {
      if (now() < soonest) return
      for (const name of [...atWork]) {
        const table = tables.get(name)
        if (table !== undefined) advance(plane, table)
      }
      soonest = Number.POSITIVE_INFINITY
      for (const name of atWork) soonest = Math.min(soonest, dueOf(name))
    },
    nextDue: () => (soonest < Number.POSITIVE_INFINITY ? soonest : undefined),
    put: table => {
      tables.set(table.name, table)
      plane.changed(table.name)
    },
    drop: name => {
      tables.delete(name)
      plane.changed(name)
    },
  }
}

/** A copy in another region, which has none of the settings that each region has for itself. */
export function replicaOf(table: TableState, from: string, to: string): TableState {
  const own = { tags: {}, pointInTimeRecovery: false, contributorInsights: false, deletionProtection: false } as const
  const others = (table.replicas ?? []).filter(({ replica }) => replica.region !== to)
  return {
    ...structuredClone(table),
    arn: table.arn.replace(`:${from}:`, `:${to}:`),
    settings: { ...structuredClone(table.settings), ...own },
    replicas: [{ replica: { region: from }, status: 'ACTIVE' }, ...structuredClone(others)],
    ...{ status: 'ACTIVE', pending: [], settling: [], readyAt: 0, protectionChangedAt: undefined },
  }
}

type Inputs = Requests & { readonly [O in keyof Readings]: Readings[O]['input'] } & {
  readonly DescribeTable: DescribeTableInput
  readonly ListTables: ListTablesInput
  readonly ListContributorInsights: DescribeTableInput
  readonly DescribeLimits: object
  readonly DescribeEndpoints: object
}

type Call = { readonly [O in Operation]: { readonly operation: O; readonly input: Inputs[O] } }[Operation]

function answer(plane: Plane, operation: Operation, input: unknown): Answer {
  const refusal = judgeShape(operation, input)
  if (refusal !== undefined) return refusal
  const call = { operation, input } as Call
  switch (call.operation) {
    case 'CreateTable':
      return createTable(plane, call.input)
    case 'ListTables':
      return listTables(plane, call.input)
    case 'DescribeLimits':
      return { output: accountLimits }
    case 'DescribeEndpoints':
      return { output: { Endpoints: [{ Address: plane.address, CachePeriodInMinutes: 1440 }] } }
    default:
      return answerFor(plane, call)
  }
}

const accountLimits = {
  AccountMaxReadCapacityUnits: 80_000,
  AccountMaxWriteCapacityUnits: 80_000,
  TableMaxReadCapacityUnits: 40_000,
  TableMaxWriteCapacityUnits: 40_000,
}

/** Types and constraints of the service model, and names, which may be ARNs except in CreateTable. */
function judgeShape(operation: Operation, input: unknown): AwsError | undefined {
  const shape = inputs[operation]
  const name = 'TableName' in shape.members ? Reflect.get(Object(input), 'TableName') : ''
  if (name === undefined || name === null)
    return validation("The parameter 'TableName' is required but was not present in the request")
  const refusal = checkShape(input, shape)
  if (refusal !== undefined || name === '' || typeof name !== 'string') return refusal
  return name.startsWith('arn:') ? judgeArn(name) : checkShape({ TableName: name }, nameInput)
}

type TableCall = Exclude<Call, { operation: 'CreateTable' | 'ListTables' | 'DescribeLimits' | 'DescribeEndpoints' }>

/** An operation on a table that should exist. */
function answerFor(plane: Plane, call: TableCall): Answer {
  const { input } = call
  const isByArn = !('TableName' in input)
  const given = (isByArn ? ('ResourceArn' in input ? input.ResourceArn : undefined) : input.TableName) ?? ''
  const refusal = isByArn ? judgeArn(given) : undefined
  if (refusal !== undefined) return refusal
  const name = nameOf(given)
  const table = plane.tables.get(name)
  if (call.operation === 'UpdateTable') return updateTable(plane, call.input, table)
  if (call.operation === 'DeleteTable') return deleteTable(plane, name, table)
  if (table === undefined) {
    if (isByArn) return notFound(`ResourceArn: ${given} not found`)
    return /ContinuousBackups$/.test(call.operation)
      ? { type: 'TableNotFoundException', message: `Table not found: ${name}` }
      : notFound(`Table: ${name} not found`)
  }
  return readOf(plane, table, call) ?? unready(plane, table) ?? changeOf(plane, table, call) ?? { output: {} }
}

type OwnCall = Exclude<TableCall, { operation: 'UpdateTable' | 'DeleteTable' }>

function readOf(plane: Plane, table: TableState, call: OwnCall): Answer | undefined {
  switch (call.operation) {
    case 'DescribeTable':
      return plane.now() - table.createdAt < plane.notFoundMs
        ? notFound(`Table: ${table.name} not found`)
        : { output: { Table: describeTable(table) } }
    case 'DescribeTimeToLive':
      return followUps.describeTimeToLive(table)
    case 'DescribeContinuousBackups':
      return followUps.describeContinuousBackups(table)
    case 'ListTagsOfResource':
      return followUps.listTags(plane, table)
    case 'GetResourcePolicy':
      return followUps.getResourcePolicy(table)
    case 'DescribeContributorInsights':
      return followUps.describeContributorInsights(table, call.input)
    case 'ListContributorInsights':
      return followUps.listContributorInsights(table)
    case 'DescribeKinesisStreamingDestination':
      return followUps.describeKinesis(table)
    default:
      return undefined
  }
}

function changeOf(plane: Plane, table: TableState, call: OwnCall): Answer | undefined {
  switch (call.operation) {
    case 'UpdateTimeToLive':
      return followUps.updateTimeToLive(plane, table, call.input)
    case 'UpdateContinuousBackups':
      return followUps.updateContinuousBackups(plane, table, call.input)
    case 'TagResource':
      return followUps.tagResource(plane, table, call.input)
    case 'UntagResource':
      return followUps.untagResource(plane, table, call.input)
    case 'PutResourcePolicy':
      return followUps.putResourcePolicy(plane, table, call.input)
    case 'DeleteResourcePolicy':
      return followUps.deleteResourcePolicy(plane, table, call.input)
    case 'UpdateContributorInsights':
      return followUps.updateContributorInsights(plane, table, call.input)
    case 'EnableKinesisStreamingDestination':
      return followUps.enableKinesis(plane, table, call.input)
    case 'DisableKinesisStreamingDestination':
      return followUps.disableKinesis(plane, table, call.input)
    case 'UpdateKinesisStreamingDestination':
      return followUps.updateKinesis(plane, table, call.input)
    default:
      return undefined
  }
}

/** Settings with operations of their own are refused until a moment after the table became ACTIVE. */
function unready(plane: Plane, { name, status, readyAt }: TableState): AwsError | undefined {
  if (status === 'CREATING') return inUse(`Table is being created: ${name}`)
  if (status === 'DELETING') return inUse(`Table is being deleted: ${name}`)
  return plane.now() < readyAt ? notFound(`Table: ${name} not found`) : undefined
}

const tableArn = /^arn:[\w-]+:dynamodb:[^:]*:[^:]*:table\/([\w.-]+)(\/stream\/.+)?$/

function judgeArn(arn: string): AwsError | undefined {
  if (!arn.startsWith('arn:')) return invalid(`ARNs must start with 'arn:': ${arn}`)
  if (tableArn.test(arn)) return undefined
  const message = 'Invalid resource arn provided, only table or stream is accepted'
  return invalid(`${message}. Provided resource arn: ${arn}`)
}

const nameOf = (name: string) => tableArn.exec(name)?.[1] ?? name

function listTables(
  { tables }: Plane,
  { Limit: limit = 100, ExclusiveStartTableName: after }: ListTablesInput,
): Answer {
  const names = [...tables.keys()].sort().filter(name => after === undefined || name > after)
  const page = names.slice(0, limit)
  return { output: { TableNames: page, ...(names.length > limit ? { LastEvaluatedTableName: page.at(-1) } : {}) } }
}

/** A token bucket; without a rate it always has tokens. */
function createBucket(now: () => number, rate: number | undefined, burst = 10): () => boolean {
  let tokens = burst
  let at = now()
  return () => {
    if (rate === undefined) return true
    tokens = Math.min(burst, tokens + ((now() - at) / 1_000) * rate)
    at = now()
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
