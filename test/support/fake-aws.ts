import type { TableDescription } from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../src/apply/clock.ts'
import { type Identity, type Refusal, type TableApi, TransientError } from '../../src/apply/ports.ts'
import { toLiveTable } from '../../src/aws/describe.ts'
import { classifyRefusal } from '../../src/aws/failure.ts'
import { DynamoxError } from '../../src/errors.ts'
import { type AwsError, isError } from '../../src/local/control-plane/answer.ts'
import {
  type ControlPlane,
  createControlPlane,
  type Limits,
  replicaOf,
} from '../../src/local/control-plane/control-plane.ts'
import { type Description, describeTable } from '../../src/local/control-plane/describe.ts'
import { awsTimings, type Timings } from '../../src/local/control-plane/pace.ts'
import { readCreateTable } from '../../src/local/control-plane/read-request.ts'
import type { TableState } from '../../src/local/control-plane/state.ts'
import { newVectors } from '../../src/local/control-plane/vectors.ts'
import { createTableInput } from '../../src/plan/create-table-input.ts'
import { engines } from '../../src/settings/engines.ts'
import type { Api, TableRequest } from '../../src/settings/step.ts'
import type { Capabilities } from '../../src/table/capabilities.ts'
import type { Replica, TableDefinition } from '../../src/table/definition.ts'
import type { FollowUpField, LiveTable } from '../../src/table/live.ts'
import { createRandom } from './random.ts'
import { virtualEpoch } from './virtual-clock.ts'

export interface FakeAwsOptions {
  readonly seed?: number | undefined
  readonly timings?: Partial<Timings> | undefined
  /** What a call takes there and back. */
  readonly latencyMs?: number | undefined
  /** How long DescribeTable does not find a table that was just created. */
  readonly notFoundMs?: number | undefined
  /** How long descriptions show the old state after an UpdateTable. */
  readonly staleMs?: number | undefined
  readonly capabilities?: Capabilities | undefined
  /** Account limits; none when left out. */
  readonly limits?: Limits | undefined
  /** What is thrown as access denied. */
  readonly denied?: readonly (Api | 'DescribeTable')[] | undefined
  readonly unsupported?: readonly Api[] | undefined
  /** Chances between 0 and 1 that a call goes wrong. `lost`: it is carried out, but the answer never arrives. */
  readonly chaos?:
    | {
        readonly throttle?: number
        readonly inUse?: number
        readonly lost?: number
        readonly dropped?: number
        readonly describe?: number
      }
    | undefined
}

/** What a test may look at. */
export interface FakeAws extends TableApi {
  /** Everything that was sent, with its answer. */
  readonly calls: readonly { readonly request: TableRequest; readonly answer: Refusal | 'no-op' | undefined }[]
  readonly describes: number
  /** Puts a table there, ready, as if it had always been. */
  put(definition: TableDefinition): TableState
  table(name: string, region?: string): TableState | undefined
  /** The next answers to an operation, before the fake's own. */
  answerNext(api: Api, ...answers: readonly Refusal[]): void
  /** Calls that AWS would refuse whenever they are sent: nothing that dynamox generates may end up here. */
  illegal(): readonly string[]
}

/** The account that the fake is. */
const account = '123456789012'
const region = 'eu-west-1'
const day = 24 * 3_600_000

/**
 * The embedded engine's control plane at AWS's pace, in memory and in virtual time, behind dynamox's own reading of
 * answers and errors. What goes wrong on the way is added here: chaos, lost answers, descriptions that lag.
 */
export function createFakeAws(clock: Clock, options: FakeAwsOptions = {}): FakeAws {
  const random = createRandom(options.seed ?? 1)
  const calls: { request: TableRequest; answer: Refusal | 'no-op' | undefined }[] = []
  const prepared = new Map<Api, Refusal[]>()
  const stale = new Map<string, { readonly until: number; readonly view: Description }>()
  const { limits, chaos = {}, latencyMs = 20, staleMs = 0, notFoundMs } = options
  let created = 0
  let describes = 0
  const newId = () => {
    created += 1
    return `id-${created}`
  }
  const planes = new Map<string, ControlPlane>()
  const planeOf = (name: string): ControlPlane => {
    const known = planes.get(name)
    if (known !== undefined) return known
    const made = createControlPlane({
      ...{ account, region: name, limits, notFoundMs, random, newId, regions: planeOf },
      now: () => virtualEpoch + clock.now(),
      timings: { ...awsTimings, ...options.timings },
    })
    planes.set(name, made)
    return made
  }
  const plane = planeOf(region)
  const advance = () => {
    for (const each of planes.values()) each.advance()
  }
  const happens = (chance: number | undefined) => chance !== undefined && random() < chance

  function answer(request: TableRequest): Refusal | 'no-op' | undefined {
    if (options.unsupported?.includes(request.api) === true)
      return { kind: 'unsupported', message: `UnknownOperationException: ${request.api}` }
    if (happens(chaos.throttle))
      return { kind: 'throttled', message: 'The rate of control plane requests made by this account is too high' }
    const its = planeOf(request.region ?? region)
    const before = request.api === 'CreateTable' ? undefined : its.tables.get(nameOf(request))
    if (before !== undefined && happens(chaos.inUse))
      return { kind: 'in-use', message: 'Attempt to change a resource which is still in use' }
    const view = before === undefined || staleMs === 0 ? undefined : describeTable(before, virtualEpoch + clock.now())
    const given = its.answer(request.api, withArn(request, before))
    if (isError(given)) return toRefusal(given, request.api)
    if (given.isNoOp === true) return 'no-op'
    if (view !== undefined && before !== undefined && request.api === 'UpdateTable' && request.region === undefined)
      stale.set(before.name, { until: clock.now() + staleMs, view })
    return undefined
  }

  return {
    calls,
    get describes() {
      return describes
    },
    put: definition => {
      const table = tableOf(definition, newId())
      plane.put(table)
      for (const { region: other } of definition.replicas ?? []) {
        planeOf(other).put(replicaOf(table, region, other))
        Object.assign(planeOf(other).tables.get(table.name)?.settings ?? {}, ownOf(definition, other))
      }
      return table
    },
    table: (name, other = region) => planeOf(other).tables.get(name),
    answerNext: (api, ...answers) => prepared.set(api, [...(prepared.get(api) ?? []), ...answers]),
    illegal: () =>
      calls.flatMap(({ request, answer: given }) => {
        const bad = given === 'no-op' ? 'nothing would change' : given?.kind === 'static' ? given.message : undefined
        return bad === undefined ? [] : [`${bad} <- ${JSON.stringify(request)}`]
      }),
    capabilities: () => options.capabilities ?? engines.aws,
    identify: async (): Promise<Identity> => ({ account, region, endpoint: undefined }),
    async list() {
      if (latencyMs > 0) await clock.sleep(latencyMs)
      advance()
      return [...plane.tables.keys()].sort()
    },
    async listWithin(calls) {
      const names = await this.list()
      return names.length > 100 * calls ? undefined : names
    },
    async describe(name, fields = [], { signal } = {}) {
      if (latencyMs > 0) await clock.sleep(latencyMs, signal)
      advance()
      describes += 1
      if (options.denied?.includes('DescribeTable') === true) throw denied('DescribeTable')
      if (happens(chaos.describe)) throw new TransientError({ kind: 'throttled', message: 'Rate exceeded' })
      const given = plane.answer('DescribeTable', { TableName: name })
      if (isError(given)) {
        if (given.type === 'ThrottlingException')
          throw new TransientError({ kind: 'throttled', message: given.message })
        return undefined
      }
      const old = stale.get(name)
      const view = old !== undefined && clock.now() < old.until ? old.view : (given.output.Table as Description)
      const table = plane.tables.get(name)
      const live = table && liveTable(view, table, fields, virtualEpoch + clock.now())
      return live && fields.includes('replicas') ? withRegions(live, planeOf) : live
    },
    async send(request) {
      if (latencyMs > 0) await clock.sleep(latencyMs)
      advance()
      if (options.denied?.includes(request.api) === true) throw denied(request.api)
      const next = prepared.get(request.api)?.shift()
      if (next === undefined && happens(chaos.dropped)) return lost
      const given = next ?? answer(request)
      calls.push({ request, answer: given })
      if (given === undefined && happens(chaos.lost)) return lost
      return given === 'no-op' ? undefined : given
    },
  }
}

/** A table that has been there for a day. */
function tableOf(definition: TableDefinition, id: string): TableState {
  const { settings: own, indexes, vectorIndexes } = readCreateTable(createTableInput(definition))
  const { replicas = [], consistency, witness } = definition
  const status = 'ACTIVE'
  const others = [...replicas, ...(typeof witness === 'string' ? [{ region: witness }] : [])]
  const { name, ttl = false, pointInTimeRecovery = false, contributorInsights = false, kinesis = false } = definition
  const createdAt = virtualEpoch - day
  const insightsOf = (index: string) =>
    definition.globalIndexes.find(each => each.name === index)?.contributorInsights ?? false
  return {
    ...{ name, id, createdAt, status: 'ACTIVE', working: false, pending: [], readyAt: 0, settling: [] },
    arn: `arn:aws:dynamodb:${region}:${account}:table/${name}`,
    settings: {
      ...own,
      ...{ ttl, kinesis, contributorInsights },
      ...(others.length === 0 ? {} : { consistency, witness }),
      pointInTimeRecovery: pointInTimeRecovery === true ? 35 : pointInTimeRecovery,
    },
    indexes: indexes.map(index => ({
      definition: { ...index, contributorInsights: insightsOf(index.name) },
      ...{ status: 'ACTIVE', working: false, decreases: [] },
    })),
    ...newVectors(vectorIndexes, status),
    ...(others.length === 0 ? {} : { replicas: others.map(replica => ({ replica: overridesOf(replica), status })) }),
    ...{ switching: false, decreases: [], classChanges: [], encryptionChanges: [], tagsLockedUntil: 0 },
    ...(own.billingMode === 'PAY_PER_REQUEST' ? { onDemandSince: createdAt } : {}),
  }
}

/** What the home region knows of a replica. */
function overridesOf({
  region: name,
  kmsKeyId,
  tableClass,
  readCapacity,
  maxReadUnits,
  globalIndexes,
}: Replica): Replica {
  const indexes = Object.entries(globalIndexes ?? {}).map(([index, each]) => [
    index,
    { readCapacity: each.readCapacity, maxReadUnits: each.maxReadUnits },
  ])
  return {
    region: name,
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    ...(tableClass === undefined ? {} : { tableClass }),
    ...(readCapacity === undefined ? {} : { readCapacity }),
    ...(maxReadUnits === undefined ? {} : { maxReadUnits }),
    ...(indexes.length === 0 ? {} : { globalIndexes: Object.fromEntries(indexes) }),
  }
}

/** A description and the settings beside it, as dynamox reads those of AWS. */
export function liveTable(
  { CreationDateTime, BillingModeSummary: billing, ...view }: Description,
  { settings, indexes, settling, tagsLockedUntil, oldTags }: TableState,
  fields: readonly FollowUpField[],
  now: number,
): LiveTable {
  const description = {
    ...view,
    ...(billing === undefined ? {} : { BillingModeSummary: { BillingMode: billing.BillingMode } }),
    CreationDateTime: new Date(CreationDateTime * 1_000),
  } as TableDescription
  const own = { ...settings, tags: now < tagsLockedUntil ? oldTags : settings.tags }
  const insights = indexes.map(({ definition: { name, contributorInsights } }) => [name, { contributorInsights }])
  return toLiveTable(description, {
    settings: Object.fromEntries(fields.flatMap(field => (field === 'replicas' ? [] : [[field, own[field]]]))),
    indexes: fields.includes('contributorInsights') ? Object.fromEntries(insights) : {},
    read: fields,
    settling: settling.filter(field => fields.includes(field)),
    warnings: [],
  })
}

/** What each replica has for itself, as its own region reports it. */
function withRegions(live: LiveTable, planeOf: (region: string) => ControlPlane): LiveTable {
  const replicas = live.definition.replicas?.map(replica => {
    const { settings, indexes = [] } = planeOf(replica.region).tables.get(live.definition.name) ?? {}
    if (settings === undefined) return replica
    const { deletionProtection, pointInTimeRecovery, tags, contributorInsights } = settings
    const globalIndexes = { ...replica.globalIndexes }
    for (const { definition } of indexes)
      globalIndexes[definition.name] = {
        ...globalIndexes[definition.name],
        contributorInsights: definition.contributorInsights,
      }
    return { ...replica, deletionProtection, pointInTimeRecovery, tags, contributorInsights, globalIndexes }
  })
  return replicas === undefined ? live : { ...live, definition: { ...live.definition, replicas } }
}

function withArn({ input }: TableRequest, table: TableState | undefined): unknown {
  const isNamed = 'ResourceArn' in input && input.ResourceArn?.startsWith('arn:') === false
  return isNamed ? { ...input, ResourceArn: table?.arn } : input
}

function ownOf({ replicas = [] }: TableDefinition, region: string): object {
  const {
    deletionProtection = false,
    pointInTimeRecovery = false,
    tags = {},
    contributorInsights = false,
  } = replicas.find(each => each.region === region) ?? {}
  const days = pointInTimeRecovery === true ? 35 : pointInTimeRecovery
  return { deletionProtection, pointInTimeRecovery: days, tags, contributorInsights }
}

/** The error as the SDK would throw it, sorted by dynamox's own rules. */
function toRefusal({ type, message, status = 400, isStatic }: AwsError, operation: string): Refusal | 'no-op' {
  const cause = Object.assign(new Error(message), { name: type, $metadata: { httpStatusCode: status } })
  const refusal = isStatic === true ? undefined : classifyRefusal(cause, operation)
  if (refusal === 'accepted') return 'no-op'
  return refusal ?? { kind: 'static', message, cause }
}

const lost: Refusal = { kind: 'unavailable', message: 'the connection broke', cause: undefined }

const denied = (api: string) => new DynamoxError('access-denied', `not allowed: dynamodb:${api}`)

function nameOf(request: Exclude<TableRequest, { api: 'CreateTable' }>): string {
  const { input } = request
  const name = 'TableName' in input ? input.TableName : 'ResourceArn' in input ? input.ResourceArn : undefined
  return (name ?? '').replace(/^.*:table\//, '')
}
