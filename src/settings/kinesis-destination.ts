import type { KinesisDataStreamDestination } from '@aws-sdk/client-dynamodb'
import { definedOnly, isRecord, shorten } from '../table/untyped.ts'
import { awsText, structure } from './aws-shape.ts'
import { oneOf, orFalse, structureOf, text } from './checks.ts'
import type { Found, Setting } from './setting.ts'
import { changeOf, type Step, step } from './step.ts'

/** A Kinesis data stream that receives the table's changes. */
export interface KinesisDestination {
  readonly arn: string
  /** The precision of each change's timestamp; `MILLISECOND` when left out. */
  readonly precision?: 'MILLISECOND' | 'MICROSECOND' | undefined
}

declare module '../table/definition.ts' {
  interface FollowUpSettings {
    /** The Kinesis data stream that receives the changes; `false` means none. */
    readonly kinesis?: KinesisDestination | false | undefined
  }
}

const destination = structureOf(
  '{ arn } of a data stream',
  { arn: text('the ARN of a data stream'), precision: oneOf(['MILLISECOND', 'MICROSECOND']) },
  ['arn'],
)

const until = { kind: 'setting', field: 'kinesis' } as const

export const kinesisDestination: Setting<'kinesis'> = {
  fields: {
    kinesis: {
      check: orFalse(destination),
      label: 'Kinesis stream',
      description: 'The Kinesis data stream that receives the changes; false means none.',
      ignoredBy: ['plain-dynalite', 'dynamodb-local', 'extenddb', 'dynoxide'],
      asReported: (value = false) => (value === false ? value : { precision: 'MILLISECOND', ...value }),
      isSame(wanted, live = false) {
        if (wanted === false || live === false) return wanted === live
        const isSamePrecision =
          wanted.precision === undefined || live.precision === undefined || wanted.precision === live.precision
        return wanted.arn === live.arn && isSamePrecision
      },
    },
  },
  rules: [
    {
      id: 'Z1',
      aws: "Value 'x' at 'streamArn' failed to satisfy constraint",
      *check({ kinesis: value }) {
        if (value === undefined || value === false || /^arn:[^:]+:kinesis:.+/.test(value.arn)) return
        const example = 'arn:aws:kinesis:<region>:<account>:stream/<name>'
        const message = `"${shorten(value.arn)}" is not a valid ARN of a data stream (${example})`
        yield { at: 'kinesis.arn', message }
      },
    },
  ],
  followUp: {
    field: 'kinesis',
    title: 'the Kinesis destination',
    requests: [
      'EnableKinesisStreamingDestination',
      'DisableKinesisStreamingDestination',
      'UpdateKinesisStreamingDestination',
    ],
    read: (ask, { TableName }) =>
      ask('DescribeKinesisStreamingDestination', { TableName }, ({ KinesisDataStreamDestinations = [] }) =>
        readDestinations(KinesisDataStreamDestinations),
      ),
  },
  /**
   * To change the stream, turn the old one off, wait, and turn the new one on. The precision can be changed in place.
   */
  steps(changes, { table }) {
    const change = changeOf(changes, 'kinesis')
    if (change === undefined) return []
    const from = change.from === false ? undefined : change.from
    const to = change.to === false ? undefined : change.to
    if (from !== undefined && to !== undefined && from.arn === to.arn) {
      if (to.precision === undefined) return []
      const summary = `change the precision of the Kinesis stream to ${to.precision}`
      const UpdateKinesisStreamingConfiguration = { ApproximateCreationDateTimePrecision: to.precision }
      const input = { TableName: table, StreamArn: to.arn, UpdateKinesisStreamingConfiguration }
      return [step('~', summary, { api: 'UpdateKinesisStreamingDestination', input }, [change], { until })]
    }
    const steps: Step[] = []
    if (from !== undefined) {
      const input = { TableName: table, StreamArn: from.arn }
      const request = { api: 'DisableKinesisStreamingDestination', input } as const
      steps.push(step('-', `stop sending changes to ${from.arn}`, request, [change], { until, destroys: true }))
    }
    if (to !== undefined) {
      const EnableKinesisStreamingConfiguration =
        to.precision === undefined ? undefined : { ApproximateCreationDateTimePrecision: to.precision }
      const input = definedOnly({ TableName: table, StreamArn: to.arn, EnableKinesisStreamingConfiguration })
      const request = { api: 'EnableKinesisStreamingDestination', input } as const
      steps.push(step('+', `send changes to ${to.arn}`, request, [change], { until }))
    }
    return steps
  },
  isCarriedOut(request, { definition: { kinesis: live } }) {
    const current = live === false ? undefined : live
    switch (request.api) {
      case 'EnableKinesisStreamingDestination':
        return current?.arn === request.input.StreamArn
      case 'DisableKinesisStreamingDestination':
        return current?.arn !== request.input.StreamArn
      case 'UpdateKinesisStreamingDestination': {
        const { ApproximateCreationDateTimePrecision: wanted } = request.input.UpdateKinesisStreamingConfiguration ?? {}
        return current?.precision === wanted
      }
      default:
        return true
    }
  },
  aws: {
    members: {
      KinesisStreamSpecification: structure({ StreamArn: awsText, ApproximateCreationDateTimePrecision: awsText }),
    },
    read({ KinesisStreamSpecification: specification }, _, report) {
      if (!isRecord(specification)) return {}
      const { StreamArn: arn, ApproximateCreationDateTimePrecision: precision } = specification
      if (arn === undefined) report('KinesisStreamSpecification.StreamArn', 'is missing')
      return { kinesis: definedOnly({ arn, precision }) }
    },
    write({ kinesis: value }) {
      if (value === undefined || value === false) return {}
      const precision = value.precision && { ApproximateCreationDateTimePrecision: value.precision }
      return { KinesisStreamSpecification: { StreamArn: value.arn, ...precision } }
    },
  },
}

function readDestinations(destinations: readonly KinesisDataStreamDestination[]): Found {
  const withStatus = (...statuses: readonly string[]) =>
    destinations.find(({ DestinationStatus: status }) => statuses.includes(status ?? ''))
  const live = withStatus('ACTIVE', 'ENABLING', 'UPDATING')
  const known = ['ACTIVE', 'ENABLING', 'UPDATING', 'DISABLING', 'DISABLED', 'ENABLE_FAILED', '']
  const strange = destinations.find(({ DestinationStatus: status }) => !known.includes(status ?? ''))
  if (live === undefined && strange !== undefined) return { unknownStatus: strange.DestinationStatus }
  const { StreamArn: arn, ApproximateCreationDateTimePrecision: precision } = live ?? {}
  return {
    settings: { kinesis: arn === undefined ? false : definedOnly({ arn, precision }) },
    settling: withStatus('ENABLING', 'UPDATING', 'DISABLING') !== undefined,
  }
}
