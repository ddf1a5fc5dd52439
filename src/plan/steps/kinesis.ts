import { disableKinesisRequest, enableKinesisRequest, updateKinesisRequest } from '../requests.ts'
import { changeOf, type Phase, step } from './context.ts'

const until = { kind: 'setting', field: 'kinesis' } as const

/** Another stream means off and, once that has settled, on; another precision alone can be changed in place. */
export const kinesis: Phase = (changes, { table }) => {
  const change = changeOf(changes, 'kinesis')
  if (change === undefined) return []
  const from = change.from === false ? undefined : change.from
  const to = change.to === false ? undefined : change.to
  if (from !== undefined && to !== undefined && from.arn === to.arn) {
    if (to.precision === undefined) return []
    const request = updateKinesisRequest(table, to.arn, to.precision)
    return [step('~', `change the precision of the Kinesis stream to ${to.precision}`, request, [change], { until })]
  }
  return [
    ...(from === undefined
      ? []
      : [
          step('-', `stop sending changes to ${from.arn}`, disableKinesisRequest(table, from.arn), [change], {
            until,
            destroys: true,
          }),
        ]),
    ...(to === undefined
      ? []
      : [step('+', `send changes to ${to.arn}`, enableKinesisRequest(table, to), [change], { until })]),
  ]
}
