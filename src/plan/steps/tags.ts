import type { Step } from '../../settings/step.ts'
import { type Phase, step } from './context.ts'

// Reads lag behind a tag write for some seconds.
const until = { kind: 'setting', field: 'tags' } as const

/** One call sets all tags, since every tag write locks the table's tags for a second or two; a second one removes. */
export const tags: Phase = (changes, { arn }) => {
  if (arn === undefined) return []
  return changes.flatMap((change): Step[] => {
    if (change.kind !== 'modify-tags') return []
    const set = Object.entries(change.set)
    const steps: Step[] = []
    if (set.length > 0) {
      const request = {
        api: 'TagResource' as const,
        input: { ResourceArn: arn, Tags: set.map(([Key, Value]) => ({ Key, Value })) },
      }
      steps.push(
        step('~', `set tags ${set.map(([key, value]) => `${key}=${value}`).join(', ')}`, request, [change], { until }),
      )
    }
    if (change.drop.length > 0) {
      const request = { api: 'UntagResource' as const, input: { ResourceArn: arn, TagKeys: [...change.drop] } }
      steps.push(step('-', `remove tags ${change.drop.join(', ')}`, request, [change], { until, destroys: true }))
    }
    return steps
  })
}
