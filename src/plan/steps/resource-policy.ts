import { changeOf, type Phase, step } from './context.ts'

// A policy is read back only after a while.
const until = { kind: 'setting', field: 'resourcePolicy' } as const

export const resourcePolicy: Phase = (changes, { arn }) => {
  const change = changeOf(changes, 'resourcePolicy')
  if (change === undefined || arn === undefined) return []
  const { from, to } = change
  if (typeof to !== 'string') {
    const request = { api: 'DeleteResourcePolicy' as const, input: { ResourceArn: arn } }
    return [step('-', 'remove the resource policy', request, [change], { until, destroys: true })]
  }
  const request = { api: 'PutResourcePolicy' as const, input: { ResourceArn: arn, Policy: to } }
  return [
    typeof from === 'string'
      ? step('~', 'replace the resource policy', request, [change], { until })
      : step('+', 'set the resource policy', request, [change], { until }),
  ]
}
