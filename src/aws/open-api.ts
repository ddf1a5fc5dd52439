import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Clock, systemClock } from '../apply/clock.ts'
import { type ReadOptions, type TableApi, TransientError } from '../apply/ports.ts'
import { DynamoxError } from '../errors.ts'
import type { FollowUpField } from '../table/live.ts'
import type { ApiOptions } from './create-api.ts'
import { noFollowUps, toLiveTable } from './describe.ts'
import { readFollowUps } from './follow-ups.ts'
import { accountOfArn, createIdentify, type SeenAccount } from './identify.ts'
import { notDynamoDB } from './network-errors.ts'
import { sendRequest } from './send-request.ts'
import { createSession, type Session } from './session.ts'
import type { Target } from './target.ts'

/** What createApi does at the first call, for those who are about to make one. The SDK is loaded only where it sends. */
export function openApi(target: Target | { readonly client: DynamoDBClient }, options: ApiOptions = {}): TableApi {
  const session = createSession(target, { sockets: (options.concurrency ?? 0) + 8 })
  const seen: SeenAccount = { account: undefined }
  const clock = options.clock ?? systemClock
  return {
    describe: (name, fields, read) => describe(session, name, fields ?? [], read?.signal, seen),
    list: async read => (await list(session, clock, { calls: Number.POSITIVE_INFINITY, tries: 6 }, read)) ?? [],
    listWithin: (calls, read) => list(session, clock, { calls, tries: 1 }, read),
    identify: createIdentify(session, 'client' in target ? undefined : target.stsEndpoint, seen),
    send: (request, read) => sendRequest(session, request, read?.signal),
    capabilities: () => session.capabilities(),
  }
}

async function describe(
  session: Session,
  name: string,
  fields: readonly FollowUpField[],
  signal: AbortSignal | undefined,
  seen: SeenAccount,
) {
  const operation = 'DescribeTable'
  const output = await session.read({
    operation,
    table: name,
    signal,
    input: { TableName: name },
  })
  if (output === undefined) return undefined
  if (output.Table === undefined) throw notDynamoDB({ ...session.place(), operation, table: name })
  // A name may be another account's ARN: that says nothing of whose credentials these are.
  if (!name.startsWith('arn:')) seen.account = accountOfArn(output.Table.TableArn)
  const followUps = fields.length === 0 ? noFollowUps : await readFollowUps(session, output.Table, fields, signal)
  return toLiveTable(output.Table, followUps)
}

interface ListLimits {
  readonly calls: number
  /** How often a page is asked for, while it is throttled, say. */
  readonly tries: number
}

/** ListTables gives 100 names a page; `undefined` when there are more than the calls could bring. */
async function list(
  session: Session,
  clock: Clock,
  { calls, tries }: ListLimits,
  { signal }: ReadOptions = {},
): Promise<readonly string[] | undefined> {
  const operation = 'ListTables'
  const names: string[] = []
  let start: string | undefined
  for (let call = 1; call <= calls; call += 1) {
    const from = start
    const page = await patiently(clock, tries, signal, () =>
      session.read({
        operation,
        signal,
        input: from === undefined ? {} : { ExclusiveStartTableName: from },
      }),
    )
    const listed: unknown = page?.TableNames
    if (!isListOfText(listed)) throw notDynamoDB({ ...session.place(), operation })
    names.push(...listed)
    start = page?.LastEvaluatedTableName
    if (start === undefined) return names
  }
  return undefined
}

const isListOfText = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

async function patiently<T>(
  clock: Clock,
  most: number,
  signal: AbortSignal | undefined,
  read: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      if (tries === most || signal?.aborted === true) {
        const { refusal } = error
        const isThrottled = refusal.kind === 'throttled'
        throw new DynamoxError(isThrottled ? 'throttled' : 'network', `ListTables was given up: ${refusal.message}`, {
          hint: isThrottled ? 'try again in a moment, when fewer programs ask' : undefined,
          cause: error,
        })
      }
      await clock.sleep(100 * 2 ** tries, signal)
    }
  }
}
