import type { KeySchemaElement, LocalSecondaryIndexDescription, TableDescription } from '@aws-sdk/client-dynamodb'
import { TransientError } from '../apply/ports.ts'
import { type DynamoxError, isDynamoxError } from '../errors.ts'
import { readProjection } from '../settings/aws-parts.ts'
import { settings } from '../settings/catalogue.ts'
import type { Ask, FollowUp, Found } from '../settings/setting.ts'
import type {
  IndexSettings,
  KeyAttribute,
  KeyType,
  LocalIndex,
  TableDefinition,
  TableSettings,
} from '../table/definition.ts'
import type { FollowUpField, LiveIndex, LiveTable } from '../table/live.ts'
import { definedOnly } from '../table/untyped.ts'
import type { Call, Operation } from './send-call.ts'
import { mayPass, type SdkSession } from './session.ts'

/** The settings read by calls other than DescribeTable. */
export interface FollowUps {
  readonly settings: TableSettings
  /** The settings of global indexes, by index name. */
  readonly indexes: Readonly<Record<string, IndexSettings>>
  readonly read: readonly FollowUpField[]
  readonly settling: readonly FollowUpField[]
  readonly warnings: readonly string[]
}

export const noFollowUps: FollowUps = { settings: {}, indexes: {}, read: [], settling: [], warnings: [] }

/** Converts DescribeTable's answer. Each setting reads its own part and fills in AWS's default. */
export function toLiveTable(table: TableDescription, followUps: FollowUps = noFollowUps): LiveTable {
  const types = new Map((table.AttributeDefinitions ?? []).map(one => [one.AttributeName, one.AttributeType]))
  const definition: TableDefinition = {
    name: table.TableName ?? '',
    partitionKey: keysOf(table.KeySchema, 'HASH', types),
    sortKey: keysOf(table.KeySchema, 'RANGE', types),
    globalIndexes: (table.GlobalSecondaryIndexes ?? []).map(index => ({
      ...localIndex(index, types),
      ...Object.assign({}, ...settings.map(setting => setting.readIndex?.(index))),
      ...followUps.indexes[index.IndexName ?? ''],
    })),
    localIndexes: (table.LocalSecondaryIndexes ?? []).map(index => localIndex(index, types)),
    ...Object.assign({}, ...settings.map(setting => setting.read?.(table))),
    ...followUps.settings,
    assumed: [],
  }
  return definedOnly({
    definition,
    status: table.TableStatus ?? 'ACTIVE',
    indexes: indexStatuses(table),
    encryptionStatus: table.SSEDescription?.Status,
    warmStatus: table.WarmThroughput?.Status,
    replicaStatuses: replicaStatuses(table),
    arn: table.TableArn,
    id: table.TableId,
    createdAt: table.CreationDateTime,
    itemCount: table.ItemCount,
    sizeBytes: table.TableSizeBytes,
    read: followUps.read,
    settling: followUps.settling,
    warnings: followUps.warnings,
  })
}

type Types = ReadonlyMap<string | undefined, KeyType | undefined>

function keysOf(schema: readonly KeySchemaElement[] | undefined, role: 'HASH' | 'RANGE', types: Types): KeyAttribute[] {
  return (schema ?? [])
    .filter(element => element.KeyType === role)
    .map(element => ({ name: element.AttributeName ?? '', type: types.get(element.AttributeName) ?? 'S' }))
}

function localIndex(index: LocalSecondaryIndexDescription, types: Types): LocalIndex {
  return {
    name: index.IndexName ?? '',
    partitionKey: keysOf(index.KeySchema, 'HASH', types),
    sortKey: keysOf(index.KeySchema, 'RANGE', types),
    projection: readProjection(index.Projection),
  }
}

function indexStatuses(table: TableDescription): Record<string, LiveIndex> {
  const { GlobalSecondaryIndexes: global = [], VectorIndexes: vectors = [] } = table
  return Object.fromEntries(
    [...global, ...vectors].map(index => [
      index.IndexName ?? '',
      definedOnly({
        status: index.IndexStatus ?? 'ACTIVE',
        backfilling: index.Backfilling,
        warmStatus: 'WarmThroughput' in index ? index.WarmThroughput?.Status : undefined,
      }),
    ]),
  )
}

/** A regional table has no replicas, and a global table does not list itself. A witness has a status as well. */
function replicaStatuses(table: TableDescription): Record<string, string> | undefined {
  const { Replicas: replicas = [], GlobalTableWitnesses: witnesses = [] } = table
  if (replicas.length === 0) return undefined
  return Object.fromEntries([
    ...replicas.map(one => [one.RegionName ?? '', one.ReplicaStatus ?? 'ACTIVE']),
    ...witnesses.map(one => [one.RegionName ?? '', one.WitnessStatus ?? 'ACTIVE']),
  ])
}

/**
 * Reads the settings that DescribeTable does not report, concurrently. Settings that the target does not keep are
 * skipped, also after a call was answered as unknown. A missing permission becomes a warning, never a failure.
 */
export async function readFollowUps(
  session: SdkSession,
  table: TableDescription,
  fields: readonly FollowUpField[],
  signal: AbortSignal | undefined,
): Promise<FollowUps> {
  const { ignores } = session.capabilities()
  const asked = settings
    .flatMap(({ followUp }) => followUp ?? [])
    .filter(({ field }) => fields.includes(field) && !ignores.includes(field))
  const answers = await Promise.all(
    asked.map(async followUp => {
      const found = (await followUp.read(asker(session, followUp, table, signal), table)) ?? {}
      return { followUp, found }
    }),
  )
  const fieldsWhere = (isMeant: (found: NonNullable<Found>) => boolean) =>
    answers.filter(({ found }) => isMeant(found)).map(({ followUp }) => followUp.field)
  return {
    settings: Object.assign({}, ...answers.map(({ found }) => found.settings)),
    indexes: merged(answers.map(({ found }) => found)),
    read: fieldsWhere(found => found.settings !== undefined),
    settling: fieldsWhere(found => found.settling === true || found.unknownStatus !== undefined),
    warnings: answers.flatMap(({ followUp, found: { warnings = [], unknownStatus } }) => {
      if (unknownStatus === undefined) return warnings
      const reason = `its status ${unknownStatus} is not known to this version of dynamox`
      return [...warnings, notRead(table, followUp.title, reason)]
    }),
  }
}

function merged(answers: readonly Found[]): FollowUps['indexes'] {
  const indexes: Record<string, FollowUps['indexes'][string]> = {}
  for (const [name, values] of answers.flatMap(found => Object.entries(found?.indexes ?? {}))) {
    indexes[name] = { ...indexes[name], ...values }
  }
  return indexes
}

/**
 * The function with which a setting makes its calls. Calls to another region than the table's own are tried a few times,
 * and then are a warning: a region out of reach must not hold up the others.
 */
function asker(session: SdkSession, followUp: FollowUp, table: TableDescription, signal: AbortSignal | undefined): Ask {
  return async (operation, input, found, absent, region) => {
    const call = { operation, input, table: table.TableName, signal } as Call<Operation>
    const title = region === undefined ? followUp.title : `the replica in ${region}`
    try {
      const { output, refusal } =
        region === undefined ? await session.attempt(call) : await attemptIn(session.inRegion(region), call)
      if (output !== undefined) return found(output as Parameters<typeof found>[0])
      if (mayPass(refusal) && region === undefined) throw new TransientError(refusal)
      if (refusal === undefined || refusal.kind === 'in-use') return undefined
      if (refusal.kind === 'not-found') return absent
      if (refusal.kind === 'unsupported') {
        // The plan reports that the setting is not kept; it is not read again.
        if (region === undefined) session.lacks(followUp.field)
        return undefined
      }
      return { warnings: [notRead(table, title, refusal.message)] }
    } catch (error) {
      const isOwn = isDynamoxError(error) && (region === undefined ? error.code === 'access-denied' : !isOver(error))
      if (!isOwn) throw error
      return { warnings: [notRead(table, title, error.message)] }
    }
  }
}

const isOver = ({ code }: DynamoxError) => code === 'interrupted' || code === 'timeout'

const regionTries = 3
/** A region that stays silent for longer is out of reach. */
const regionPatienceMs = 10_000

async function attemptIn<O extends Operation>(
  session: SdkSession,
  call: Call<O>,
): ReturnType<typeof session.attempt<O>> {
  const { clock } = session
  for (let tries = 1; ; tries += 1) {
    const [late, answered] = [new AbortController(), new AbortController()]
    const signal = call.signal === undefined ? late.signal : AbortSignal.any([call.signal, late.signal])
    void clock.sleep(regionPatienceMs, answered.signal).then(() => late.abort())
    try {
      const answer = await session.attempt({ ...call, signal })
      if (!mayPass(answer.refusal) || tries === regionTries) return answer
    } catch (error) {
      if (!late.signal.aborted || call.signal?.aborted === true) throw error
      const message = `no answer within ${regionPatienceMs / 1_000} s`
      return { refusal: { kind: 'unavailable', message, cause: undefined } }
    } finally {
      answered.abort()
    }
    await clock.sleep(tries * 200, call.signal)
  }
}

const notRead = ({ TableName: name = '' }: TableDescription, title: string, reason: string) =>
  `${name}: ${title} could not be read: ${reason}`
