import type { DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb'
import { type Clock, systemClock } from '../apply/clock.ts'
import type { ReadOptions, Refusal, TableApi } from '../apply/ports.ts'
import type { TableRequest } from '../settings/step.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import { isRecord } from '../table/untyped.ts'
import { noFollowUps, readFollowUps, toLiveTable } from './describe.ts'
import { notDynamoDB, unexpectedAnswer } from './errors.ts'
import { accountOfArn, createIdentify, type SeenAccount } from './identify.ts'
import { createSession, patiently, type SdkSession } from './session.ts'
import type { Target } from './target.ts'

/** How an API is used. */
export interface ApiOptions {
  /** How many tables are processed at once; above 50, the connection pool grows with it. */
  readonly concurrency?: number | undefined
  /** For pauses between retries; the system's clock by default. */
  readonly clock?: Clock | undefined
}

/**
 * The TableApi for a resolved target, or for a user-supplied SDK client, which is used unchanged. The SDK is loaded on
 * the first call.
 */
export function createApi(target: Target | { readonly client: DynamoDBClient }, options: ApiOptions = {}): TableApi {
  const { concurrency = 0, clock = systemClock } = options
  const session = createSession(target, { sockets: concurrency + 8, clock })
  const seen: SeenAccount = { account: undefined }
  return {
    describe: (name, fields, read) => describe(session, name, fields ?? [], read?.signal, seen),
    list: async read => (await list(session, { calls: Number.POSITIVE_INFINITY, tries: 6 }, read)) ?? [],
    listWithin: (calls, read) => list(session, { calls, tries: 1 }, read),
    identify: createIdentify(session, 'client' in target ? undefined : target.stsEndpoint, seen),
    async send({ region, ...request }, { signal } = {}) {
      const its = region === undefined ? session : session.inRegion(region)
      const complete = await withArn(its, request, signal)
      if ('kind' in complete) return complete
      const { api: operation, input } = complete
      const table = 'TableName' in input ? input.TableName : /:table\/([^/]+)/.exec(input.ResourceArn ?? '')?.[1]
      const { refusal } = await its.attempt({ operation, input, table, signal })
      return refusal
    },
    capabilities: () => session.capabilities(),
  }
}

/** A replica that did not exist when the plan was made is named by its table; its region knows the ARN. */
async function withArn(
  session: SdkSession,
  request: TableRequest,
  signal: AbortSignal | undefined,
): Promise<TableRequest | Refusal> {
  const { input } = request
  const name = 'ResourceArn' in input ? (input.ResourceArn ?? '') : 'arn:'
  if (name.startsWith('arn:')) return request
  const call = { operation: 'DescribeTable', table: name, signal, input: { TableName: name } } as const
  const { output, refusal } = await session.attempt(call)
  if (output !== undefined) {
    const arn = output.Table?.TableArn ?? name
    return { ...request, input: { ...input, ResourceArn: arn } } as TableRequest
  }
  if (refusal !== undefined && refusal.kind !== 'not-found') return refusal
  return { kind: 'in-use', message: `${name} is not found in its region yet` }
}

async function describe(
  session: SdkSession,
  name: string,
  fields: readonly FollowUpField[],
  signal: AbortSignal | undefined,
  seen: SeenAccount,
): Promise<LiveTable | undefined> {
  const operation = 'DescribeTable'
  const output = await session.read({ operation, table: name, signal, input: { TableName: name } })
  if (output === undefined) return undefined
  const at = { ...session.place(), operation, table: name }
  const table = output.Table
  if (table === undefined) throw notDynamoDB(at)
  const [wrong] = misfits(table, tableShape, 'Table')
  if (wrong !== undefined) throw unexpectedAnswer(at, undefined, `: ${wrong}`)
  // A name may be the ARN of another account's table, whose account is not that of the credentials.
  if (!name.startsWith('arn:')) seen.account = accountOfArn(table.TableArn)
  const live = toLiveTable(table, fields.length === 0 ? noFollowUps : await followUps(session, table, fields, signal))
  if (session.capabilities().engine !== 'dynalite') return live
  // The embedded engine does not count items.
  const { itemCount: _, sizeBytes: __, ...rest } = live
  return rest
}

async function followUps(
  session: SdkSession,
  table: TableDescription,
  fields: readonly FollowUpField[],
  signal: AbortSignal | undefined,
) {
  try {
    return await readFollowUps(session, table, fields, signal)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const at = { ...session.place(), operation: `a call about ${fields.join(', ')}`, table: table.TableName }
    throw unexpectedAnswer(at, error)
  }
}

interface ListLimits {
  readonly calls: number
  /** How often a page is requested while it is throttled or not answered. */
  readonly tries: number
}

/** ListTables returns 100 names per page; `undefined` when there are more names than the calls can return. */
async function list(
  session: SdkSession,
  { calls, tries }: ListLimits,
  { signal }: ReadOptions = {},
): Promise<readonly string[] | undefined> {
  const operation = 'ListTables'
  const names: string[] = []
  let start: string | undefined
  for (let call = 1; call <= calls; call += 1) {
    const from = start
    const input = from === undefined ? {} : { ExclusiveStartTableName: from }
    const page = await patiently(() => session.read({ operation, signal, input }), {
      ...{ subject: `${operation} failed`, tries, clock: session.clock, signal },
    })
    const unexpected = (what: string) => unexpectedAnswer({ ...session.place(), operation }, undefined, `: ${what}`)
    const listed: unknown = page?.TableNames
    if (listed === undefined) throw notDynamoDB({ ...session.place(), operation })
    if (!isListOfText(listed)) throw unexpected('TableNames must be a list of names')
    names.push(...listed)
    start = page?.LastEvaluatedTableName
    if (start === undefined) return names
    if (start === from) throw unexpected(`the page after ${start} is the same again`)
  }
  return undefined
}

const isListOfText = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

/** The type of a value, the members of an object, or the element type of a list. */
type Shape = 'string' | 'number' | 'boolean' | readonly [Shape] | { readonly [member: string]: Shape }

const keySchema: Shape = [{ AttributeName: 'string', KeyType: 'string' }]
const throughput: Shape = {
  ProvisionedThroughput: { ReadCapacityUnits: 'number', WriteCapacityUnits: 'number' },
  OnDemandThroughput: { MaxReadRequestUnits: 'number', MaxWriteRequestUnits: 'number' },
  WarmThroughput: { ReadUnitsPerSecond: 'number', WriteUnitsPerSecond: 'number', Status: 'string' },
}
const index: Shape = {
  IndexName: 'string',
  IndexStatus: 'string',
  Backfilling: 'boolean',
  KeySchema: keySchema,
  Projection: { ProjectionType: 'string', NonKeyAttributes: ['string'] },
  ...throughput,
}
const override: Shape = {
  ProvisionedThroughputOverride: { ReadCapacityUnits: 'number' },
  OnDemandThroughputOverride: { MaxReadRequestUnits: 'number' },
}
/** The shape of the parts of DescribeTable's answer that are read; the SDK does not check what an endpoint sends. */
const tableShape: Shape = {
  TableName: 'string',
  TableStatus: 'string',
  TableArn: 'string',
  TableId: 'string',
  ItemCount: 'number',
  TableSizeBytes: 'number',
  DeletionProtectionEnabled: 'boolean',
  AttributeDefinitions: [{ AttributeName: 'string', AttributeType: 'string' }],
  KeySchema: keySchema,
  ...throughput,
  BillingModeSummary: { BillingMode: 'string' },
  TableClassSummary: { TableClass: 'string' },
  SSEDescription: { SSEType: 'string', Status: 'string', KMSMasterKeyArn: 'string' },
  StreamSpecification: { StreamEnabled: 'boolean', StreamViewType: 'string' },
  GlobalSecondaryIndexes: [index],
  LocalSecondaryIndexes: [index],
  VectorIndexes: [
    {
      IndexName: 'string',
      IndexStatus: 'string',
      Backfilling: 'boolean',
      VectorAttribute: { AttributeName: 'string' },
      SearchSchema: [{ AttributeName: 'string', SearchSchemaElementType: 'string' }],
      Projection: { ProjectionType: 'string', NonKeyAttributes: ['string'] },
      Dimensions: 'number',
      DistanceFunction: 'string',
    },
  ],
  Replicas: [
    {
      RegionName: 'string',
      ReplicaStatus: 'string',
      KMSMasterKeyId: 'string',
      ReplicaTableClassSummary: { TableClass: 'string' },
      ...override,
      GlobalSecondaryIndexes: [{ IndexName: 'string', ...override }],
    },
  ],
  MultiRegionConsistency: 'string',
  GlobalTableWitnesses: [{ RegionName: 'string', WitnessStatus: 'string' }],
}

/** Says where a value does not match its shape; missing members are allowed. */
function* misfits(value: unknown, shape: Shape, path: string): Generator<string> {
  if (value === undefined || value === null) return
  if (typeof shape === 'string') {
    if (typeof value !== shape) yield `${path} must be a ${shape}`
  } else if (isList(shape)) {
    if (!Array.isArray(value)) yield `${path} must be a list`
    else
      for (const [at, element] of value.entries()) {
        if (element === null) yield `${path}[${at}] must not be null`
        yield* misfits(element, shape[0], `${path}[${at}]`)
      }
  } else if (!isRecord(value)) yield `${path} must be an object`
  else for (const [name, member] of Object.entries(shape)) yield* misfits(value[name], member, `${path}.${name}`)
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape)
