import type { Input, Operation } from '../../settings/aws-operations.ts'
import { definedOnly } from '../../table/untyped.ts'
import { type Answer, validation } from './answer.ts'
import { type Handler, settle } from './follow-ups.ts'
import type { Plane } from './plane.ts'
import type { Destination, TableState } from './state.ts'

type KinesisHandler<Name extends Operation> = Handler<Input<Name>>

export const enableKinesis: KinesisHandler<'EnableKinesisStreamingDestination'> = (plane, table, input) => {
  const { StreamArn: arn = '', EnableKinesisStreamingConfiguration: configuration = {} } = input
  if (!/^arn:[^:]+:kinesis:[^:]*:[^:]*:stream\/.+/.test(arn)) return validation(wrongArn(arn))
  const others = destinationsOf(table).filter(each => each.arn !== arn || each.status !== 'DISABLED')
  if (others.some(({ status }) => status !== 'DISABLED'))
    return wrongState('enable', 'EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE')
  const precision = configuration.ApproximateCreationDateTimePrecision
  const added = definedOnly({ arn, precision, status: 'ENABLING' as const })
  table.settings.kinesis = definedOnly({ arn, precision })
  return begin(plane, table, [...others, added], added, { EnableKinesisStreamingConfiguration: configuration })
}

export const disableKinesis: KinesisHandler<'DisableKinesisStreamingDestination'> = (plane, table, input) => {
  const all = destinationsOf(table)
  const current = all.find(({ arn }) => arn === input.StreamArn)
  if (current?.status !== 'ACTIVE')
    return wrongState('disable', 'KinesisStreamingDestination must be ACTIVE to perform DISABLE')
  const disabled = { ...current, status: 'DISABLING' as const }
  table.settings.kinesis = false
  return begin(plane, table, replaced(all, disabled), disabled, {})
}

export const updateKinesis: KinesisHandler<'UpdateKinesisStreamingDestination'> = (plane, table, input) => {
  const { StreamArn, UpdateKinesisStreamingConfiguration: configuration } = input
  const precision = configuration?.ApproximateCreationDateTimePrecision
  const all = destinationsOf(table)
  const current = all.find(({ arn }) => arn === StreamArn)
  if (current?.status !== 'ACTIVE')
    return wrongState('update', 'KinesisStreamingDestination must be ACTIVE to perform UPDATE')
  if (precision === undefined || (current.precision ?? 'MILLISECOND') === precision)
    return validation('Invalid Request: Precision is already set to the desired value')
  const updated = { ...current, precision, status: 'UPDATING' as const }
  table.settings.kinesis = { arn: current.arn, precision }
  return begin(plane, table, replaced(all, updated), updated, { UpdateKinesisStreamingConfiguration: configuration })
}

/** A destination that was turned off stays in the list as DISABLED. */
export const describeKinesis: Handler = (_, table) => {
  const destinations = destinationsOf(table).map(({ arn, precision, status }) =>
    definedOnly({
      StreamArn: arn,
      DestinationStatus: status,
      ApproximateCreationDateTimePrecision: precision,
    }),
  )
  return { output: { TableName: table.name, KinesisDataStreamDestinations: destinations } }
}

/** A table whose state has no list has one destination at most. */
function destinationsOf({ destinations, settings: { kinesis = false } }: TableState): readonly Destination[] {
  return destinations ?? (kinesis === false ? [] : [{ ...kinesis, status: 'ACTIVE' }])
}

const replaced = (all: readonly Destination[], by: Destination) => all.map(each => (each.arn === by.arn ? by : each))

function begin(
  plane: Plane,
  table: TableState,
  destinations: readonly Destination[],
  { arn, status }: Destination,
  given: object,
): Answer {
  table.destinations = destinations
  settle(plane, table, 'kinesis', plane.timings.kinesis)
  return { output: { TableName: table.name, StreamArn: arn, DestinationStatus: status, ...given } }
}

const wrongState = (what: string, why: string) =>
  validation(`Table is not in a valid state to ${what} Kinesis Streaming Destination: ${why} operation.`)

const wrongArn = (arn: string) =>
  `1 validation error detected: Value '${arn}' at 'streamArn' failed to satisfy constraint: Member must be the ARN of a Kinesis data stream`
