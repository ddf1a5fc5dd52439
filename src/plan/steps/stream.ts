import { changeOf, type Phase, step } from './context.ts'

/** A live stream's view cannot be changed: it is turned off and, once that has settled, on again, as a new stream. */
export const stream: Phase = (changes, { table }) => {
  const change = changeOf(changes, 'stream')
  if (change === undefined) return []
  const { from, to } = change
  const isOn = typeof from === 'string'
  const off = step(
    '-',
    typeof to === 'string'
      ? `turn off the stream (${from}), to turn it on with another view`
      : `turn off the stream (${from})`,
    { api: 'UpdateTable', input: { TableName: table, StreamSpecification: { StreamEnabled: false } } },
    [change],
    { destroys: true },
  )
  if (typeof to !== 'string') return isOn ? [off] : []
  const on = step(
    '+',
    `turn on a stream (${to})${isOn ? '; it has a new ARN' : ''}`,
    {
      api: 'UpdateTable',
      input: { TableName: table, StreamSpecification: { StreamEnabled: true, StreamViewType: to } },
    },
    [change],
  )
  return isOn ? [off, on] : [on]
}
