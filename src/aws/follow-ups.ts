import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { TransientError } from '../apply/ports.ts'
import { isDynamoxError } from '../errors.ts'
import type { FollowUpField } from '../table/live.ts'
import type { FollowUps } from './describe.ts'
import type { Input, Operation, Output } from './operations.ts'
import type { Session } from './session.ts'

/** What one call found: nothing when the table is too new to ask, a warning when it could not be asked. */
type Found = Partial<Pick<FollowUps, 'settings' | 'indexInsights' | 'settling' | 'warnings'>> | undefined

/**
 * Reads the settings that DescribeTable does not carry, side by side. What a target does not keep is not asked for;
 * a permission that is missing, or a call that the target does not know, becomes a warning and never a failure.
 */
export async function readFollowUps(
  session: Session,
  table: TableDescription,
  fields: readonly FollowUpField[],
  signal: AbortSignal | undefined,
): Promise<FollowUps> {
  const { ignores } = session.capabilities()
  const asked = [...new Set(fields)].filter(field => !ignores.includes(field))
  const found = await Promise.all(asked.map(field => readers[field](new Reader(session, field, table, signal))))
  return {
    settings: Object.assign({}, ...found.map(one => one?.settings ?? {})),
    indexInsights: Object.assign({}, ...found.map(one => one?.indexInsights ?? {})),
    read: asked.filter((_, position) => found[position]?.settings !== undefined),
    settling: found.flatMap(one => one?.settling ?? []),
    warnings: found.flatMap(one => one?.warnings ?? []),
  }
}

class Reader {
  readonly #session: Session
  readonly #field: FollowUpField
  readonly #signal: AbortSignal | undefined
  readonly table: TableDescription

  constructor(session: Session, field: FollowUpField, table: TableDescription, signal: AbortSignal | undefined) {
    this.#session = session
    this.#field = field
    this.table = table
    this.#signal = signal
  }

  get name(): string {
    return this.table.TableName ?? ''
  }

  /** One call; `with` turns its output into what was found. */
  async ask<O extends Operation>(
    operation: O,
    input: Input<O>,
    found: (output: Output<O>) => Found,
    absent?: Found,
  ): Promise<Found> {
    const call = { operation, input, table: this.name, signal: this.#signal }
    try {
      const { output, refusal } = await this.#session.attempt(call)
      if (output !== undefined) return found(output)
      if (refusal?.kind === 'throttled' || refusal?.kind === 'unavailable') throw new TransientError(refusal)
      if (refusal === undefined || refusal.kind === 'in-use') return undefined
      if (refusal.kind === 'not-found') return absent
      const { label } = this.#session.capabilities()
      const why = refusal.kind === 'unsupported' ? `${label} does not know ${operation}` : refusal.message
      return { warnings: [`${this.name}: ${titles[this.#field]} could not be read: ${why}`] }
    } catch (error) {
      if (!isDynamoxError(error) || error.code !== 'access-denied') throw error
      return { warnings: [`${this.name}: ${titles[this.#field]} could not be read: ${error.message}`] }
    }
  }
}

/** How a warning calls each setting. */
const titles: Readonly<Record<FollowUpField, string>> = {
  ttl: 'time to live',
  pointInTimeRecovery: 'point-in-time recovery',
  tags: 'tags',
  resourcePolicy: 'the resource policy',
  contributorInsights: 'contributor insights',
  kinesis: 'the Kinesis destination',
}

const readers: Readonly<Record<FollowUpField, (reader: Reader) => Promise<Found>>> = {
  ttl: reader =>
    reader.ask('DescribeTimeToLive', { TableName: reader.name }, ({ TimeToLiveDescription: ttl }) => {
      const on = ttl?.TimeToLiveStatus === 'ENABLED' || ttl?.TimeToLiveStatus === 'ENABLING'
      return {
        settings: { ttl: on ? (ttl?.AttributeName ?? false) : false },
        settling: /ING$/.test(ttl?.TimeToLiveStatus ?? '') ? ['ttl'] : [],
      }
    }),
  pointInTimeRecovery: reader =>
    reader.ask('DescribeContinuousBackups', { TableName: reader.name }, ({ ContinuousBackupsDescription: backups }) => {
      const recovery = backups?.PointInTimeRecoveryDescription
      const on = recovery?.PointInTimeRecoveryStatus === 'ENABLED'
      // An engine that keeps no days says just that it is on.
      return { settings: { pointInTimeRecovery: on ? (recovery?.RecoveryPeriodInDays ?? true) : false } }
    }),
  tags: reader => readTags(reader),
  resourcePolicy: reader =>
    reader.ask(
      'GetResourcePolicy',
      { ResourceArn: reader.table.TableArn },
      ({ Policy }) => ({ settings: { resourcePolicy: Policy ?? false } }),
      { settings: { resourcePolicy: false } },
    ),
  contributorInsights: reader => readInsights(reader),
  kinesis: reader =>
    reader.ask(
      'DescribeKinesisStreamingDestination',
      { TableName: reader.name },
      ({ KinesisDataStreamDestinations: destinations = [] }) => {
        const live = destinations.find(one => /^(ACTIVE|ENABLING|UPDATING)$/.test(one.DestinationStatus ?? ''))
        const moving = destinations.some(one => /ING$/.test(one.DestinationStatus ?? ''))
        const precision = live?.ApproximateCreationDateTimePrecision
        return {
          settings: {
            kinesis:
              live?.StreamArn === undefined
                ? false
                : { arn: live.StreamArn, ...(precision === undefined ? {} : { precision }) },
          },
          settling: moving ? ['kinesis'] : [],
        }
      },
    ),
}

/** All pages. Tags whose key starts with `aws:` belong to AWS and cannot be changed, so they are not told. */
async function readTags(reader: Reader, token?: string, before: Readonly<Record<string, string>> = {}): Promise<Found> {
  let next: string | undefined
  let tags = before
  const page = await reader.ask(
    'ListTagsOfResource',
    { ResourceArn: reader.table.TableArn, ...(token === undefined ? {} : { NextToken: token }) },
    ({ Tags = [], NextToken }) => {
      const own = Tags.filter(tag => tag.Key !== undefined && !/^aws:/i.test(tag.Key))
      tags = { ...before, ...Object.fromEntries(own.map(tag => [tag.Key, tag.Value ?? ''])) }
      next = NextToken
      return { settings: { tags } }
    },
  )
  return page?.settings === undefined || next === undefined ? page : readTags(reader, next, tags)
}

/** The table's insights and those of each global index, a call each. */
async function readInsights(reader: Reader): Promise<Found> {
  const ask = (index?: string) =>
    reader.ask(
      'DescribeContributorInsights',
      { TableName: reader.name, ...(index === undefined ? {} : { IndexName: index }) },
      ({ ContributorInsightsStatus: status = 'DISABLED', ContributorInsightsMode: mode }) => {
        const insights = status === 'ENABLED' || status === 'ENABLING' ? (mode ?? true) : false
        return {
          ...(index === undefined
            ? { settings: { contributorInsights: insights } }
            : { indexInsights: { [index]: insights } }),
          settling: /ING$/.test(status) ? ['contributorInsights'] : [],
        }
      },
    )
  const table = await ask()
  if (table?.settings === undefined) return table
  const names = (reader.table.GlobalSecondaryIndexes ?? []).flatMap(index => index.IndexName ?? [])
  const indexes = await Promise.all(names.map(ask))
  const settling = [table, ...indexes].flatMap(one => one?.settling ?? [])
  return {
    settings: table.settings,
    indexInsights: Object.assign({}, ...indexes.map(one => one?.indexInsights ?? {})),
    settling: settling.slice(0, 1),
    warnings: indexes.flatMap(one => one?.warnings ?? []).slice(0, 1),
  }
}
