import { randomUUID } from 'node:crypto'
import { definedOnly } from '../../table/untyped.ts'
import { type Answer, throttled } from './answer.ts'
import { answerOperation } from './answer-operation.ts'
import type { Operation } from './inputs.ts'
import { noTimings } from './pace.ts'
import { advance, type Plane, setUpdating } from './plane.ts'
import type { TableState } from './state.ts'

type Optional<K extends keyof Plane> = { readonly [Name in K]?: Plane[Name] | undefined }

export interface ControlPlaneOptions
  extends Pick<Plane, 'account' | 'region' | 'now'>,
    Optional<'timings' | 'items' | 'notFoundMs' | 'coolDown' | 'supports' | 'newId' | 'changed' | 'failed'> {
  /** A number from 0 to 1, to pick durations; the middle when left out. */
  random?(): number
  /** Where the endpoint is, for DescribeEndpoints. */
  address?(): string
  /** Account limits; none when left out. */
  readonly limits?: Limits | undefined
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
  const { region, now, limits = {} } = options
  const tables = new Map<string, TableState>()
  const atWork = new Set<string>()
  const dueOf = (name: string) => tables.get(name)?.pending[0]?.at ?? Number.POSITIVE_INFINITY
  let soonest = Number.POSITIVE_INFINITY
  const mutations = createBucket(now, limits.mutationsPerSecond, limits.burst)
  const reads = createBucket(now, limits.describesPerSecond, limits.describesPerSecond)
  const plane: Plane = {
    ...{ timings: noTimings, notFoundMs: 0, newId: randomUUID, coolDown: (ms: number) => ms },
    ...{ supports: () => undefined, failed: () => undefined },
    ...definedOnly(options),
    tables,
    get address() {
      return options.address?.() ?? `dynamodb.${region}.amazonaws.com`
    },
    hasRoom: () => limits.inFlight === undefined || atWork.size < limits.inFlight,
    pick: ([from, to]) => from + (options.random?.() ?? 0.5) * (to - from),
    changed: name => {
      const due = dueOf(name)
      if (due < Number.POSITIVE_INFINITY) atWork.add(name)
      else atWork.delete(name)
      soonest = Math.min(soonest, due)
      options.changed?.(name)
    },
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
      return answerOperation(plane, operation, input)
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
      // Older versions could leave a table UPDATING without any work.
      setUpdating(table)
      tables.set(table.name, table)
      if (table.pending.length > 0) plane.changed(table.name)
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
