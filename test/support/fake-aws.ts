import type { Clock } from '../../src/apply/clock.ts'
import { type Identity, type Refusal, type TableApi, TransientError } from '../../src/apply/ports.ts'
import { DynamoxError } from '../../src/errors.ts'
import { createTableInput } from '../../src/plan/requests.ts'
import { engines } from '../../src/settings/engines.ts'
import type { Api, TableRequest } from '../../src/settings/step.ts'
import type { Capabilities } from '../../src/table/capabilities.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import { checkCreate } from './fake-aws/check-create.ts'
import { describe, newTable } from './fake-aws/describe.ts'
import { followUp } from './fake-aws/follow-ups.ts'
import { readCreateTable } from './fake-aws/read-sdk.ts'
import type { FakeTable } from './fake-aws/state.ts'
import { awsTimings, type Range, type Timings } from './fake-aws/timings.ts'
import { checkDelete, updateTable, type World } from './fake-aws/update-table.ts'
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
  readonly limits?:
    | {
        readonly inFlight?: number
        readonly mutationsPerSecond?: number
        readonly describesPerSecond?: number
        readonly burst?: number
      }
    | undefined
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
  put(definition: TableDefinition): FakeTable
  table(name: string): FakeTable | undefined
  /** The next answers to an operation, before the fake's own. */
  answerNext(api: Api, ...answers: readonly Refusal[]): void
  /** Calls that AWS would refuse whenever they are sent: nothing that dynamox generates may end up here. */
  illegal(): readonly string[]
}

interface Job {
  readonly at: number
  readonly run: () => void
}

/** DynamoDB's control plane in memory and in virtual time: states, phases, combination rules, limits, cool-downs, lags. */
export function createFakeAws(clock: Clock, options: FakeAwsOptions = {}): FakeAws {
  const random = createRandom(options.seed ?? 1)
  const tables = new Map<string, FakeTable>()
  const jobs: Job[] = []
  const calls: { request: TableRequest; answer: Refusal | 'no-op' | undefined }[] = []
  const prepared = new Map<Api, Refusal[]>()
  const { limits = {}, chaos = {}, latencyMs = 20 } = options
  const mutations = createBucket(clock, limits.mutationsPerSecond, limits.burst)
  const reads = createBucket(clock, limits.describesPerSecond, limits.describesPerSecond)
  let created = 0
  let describes = 0

  const world: World = {
    timings: { ...awsTimings, ...options.timings },
    staleMs: options.staleMs ?? 0,
    now: clock.now,
    epoch: () => virtualEpoch + clock.now(),
    pick: ([from, to]: Range) => from + random() * (to - from),
    later: (ms, run) => insert(jobs, { at: clock.now() + ms, run }),
  }
  const advance = () => {
    while (jobs[0] !== undefined && jobs[0].at <= clock.now()) jobs.shift()?.run()
  }
  const nextId = () => {
    created += 1
    return `id-${created}`
  }
  const happens = (chance: number | undefined) => chance !== undefined && random() < chance

  function put(definition: TableDefinition, status: FakeTable['status'] = 'ACTIVE'): FakeTable {
    const settings = { ...readCreateTable(createTableInput(definition)), ...followUpsOf(definition) }
    const table = newTable(settings, nextId(), clock.now(), status)
    for (const index of definition.globalIndexes) {
      const own = table.indexes.get(index.name)
      if (own !== undefined) own.definition.contributorInsights = index.contributorInsights ?? false
    }
    tables.set(table.name, table)
    return table
  }

  function create(request: Extract<TableRequest, { api: 'CreateTable' }>): Refusal | undefined {
    const refusal = checkCreate(request.input)
    if (refusal !== undefined) return refusal
    const settings = readCreateTable(request.input)
    if (tables.has(settings.name)) return { kind: 'exists', message: `Table already exists: ${settings.name}` }
    const atWork =
      limits.inFlight === undefined ? 0 : [...tables.values()].filter(({ status }) => status !== 'ACTIVE').length
    if (limits.inFlight !== undefined && atWork >= limits.inFlight) {
      return {
        kind: 'limit',
        retryable: true,
        message: `Subscriber limit exceeded: only ${limits.inFlight} tables can be created simultaneously`,
      }
    }
    const table = newTable(settings, nextId(), clock.now(), 'CREATING')
    tables.set(table.name, table)
    const { createWithIndexes, create: plain, settleAfterCreate } = world.timings
    world.later(world.pick(settings.globalIndexes.length > 0 ? createWithIndexes : plain), () => {
      table.status = 'ACTIVE'
      table.readyAt = clock.now() + world.pick(settleAfterCreate)
      for (const index of table.indexes.values()) index.status = 'ACTIVE'
    })
    return undefined
  }

  function answer(request: TableRequest): Refusal | 'no-op' | undefined {
    if (options.unsupported?.includes(request.api) === true)
      return { kind: 'unsupported', message: `UnknownOperationException: ${request.api}` }
    if (!mutations.take() || happens(chaos.throttle))
      return { kind: 'throttled', message: 'The rate of control plane requests made by this account is too high' }
    if (request.api === 'CreateTable') return create(request)
    const name = nameOf(request)
    const table = tables.get(name)
    if (table === undefined)
      return { kind: 'not-found', message: `Requested resource not found: Table: ${name} not found` }
    if (happens(chaos.inUse)) return { kind: 'in-use', message: 'Attempt to change a resource which is still in use' }
    if (request.api === 'UpdateTable') return updateTable(world, table, request.input)
    if (request.api !== 'DeleteTable') return followUp(world, table, request)
    const refusal = checkDelete(table, clock.now())
    if (refusal !== undefined) return refusal
    table.status = 'DELETING'
    world.later(world.pick(world.timings.delete), () => tables.delete(name))
    return undefined
  }

  return {
    calls,
    get describes() {
      return describes
    },
    put,
    table: name => tables.get(name),
    answerNext: (api, ...answers) => prepared.set(api, [...(prepared.get(api) ?? []), ...answers]),
    illegal: () =>
      calls.flatMap(({ request, answer: given }) => {
        const bad = given === 'no-op' ? 'nothing would change' : given?.kind === 'static' ? given.message : undefined
        return bad === undefined ? [] : [`${bad} <- ${JSON.stringify(request)}`]
      }),
    capabilities: () => options.capabilities ?? engines.aws,
    identify: async (): Promise<Identity> => ({ account: '123456789012', region: 'eu-west-1', endpoint: undefined }),
    async list() {
      if (latencyMs > 0) await clock.sleep(latencyMs)
      advance()
      return [...tables.keys()].sort()
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
      if (!reads.take() || happens(chaos.describe))
        throw new TransientError({ kind: 'throttled', message: 'Rate exceeded' })
      const table = tables.get(name)
      if (table === undefined || clock.now() - table.createdAt < (options.notFoundMs ?? 0)) return undefined
      return describe(table, fields, clock.now())
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

const lost: Refusal = { kind: 'unavailable', message: 'the connection broke', cause: undefined }

const denied = (api: string) => new DynamoxError('access-denied', `not allowed: dynamodb:${api}`)

function followUpsOf({
  ttl = false,
  pointInTimeRecovery = false,
  contributorInsights = false,
  kinesis = false,
}: TableDefinition) {
  return {
    ttl,
    pointInTimeRecovery: pointInTimeRecovery === true ? 35 : pointInTimeRecovery,
    contributorInsights,
    kinesis,
  }
}

function nameOf(request: Exclude<TableRequest, { api: 'CreateTable' }>): string {
  const { input } = request
  const name = 'TableName' in input ? input.TableName : 'ResourceArn' in input ? input.ResourceArn : undefined
  return (name ?? '').replace(/^.*:table\//, '')
}

function insert(jobs: Job[], job: Job): void {
  let [low, high] = [0, jobs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((jobs[middle]?.at ?? 0) <= job.at) low = middle + 1
    else high = middle
  }
  jobs.splice(low, 0, job)
}

function createBucket(clock: Clock, rate: number | undefined, burst = 10) {
  let tokens = burst
  let at = clock.now()
  return {
    take(): boolean {
      if (rate === undefined) return true
      tokens = Math.min(burst, tokens + ((clock.now() - at) / 1_000) * rate)
      at = clock.now()
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
