import { deletionProtectionRequest } from '../requests.ts'
import { changeOf, type Phase, step } from './context.ts'

/** Must be the only operation in its call. Last, so that the table is guarded for as long as the plan runs. */
export const deletionProtection: Phase = (changes, { table }) => {
  const change = changeOf(changes, 'deletionProtection')
  if (change?.to === undefined) return []
  const request = deletionProtectionRequest(table, change.to)
  return [
    change.to
      ? step('+', 'turn on deletion protection', request, [change])
      : step('-', 'turn off deletion protection', request, [change], { destroys: true }),
  ]
}
