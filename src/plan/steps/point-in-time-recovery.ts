import { pointInTimeRecoveryRequest } from '../requests.ts'
import { changeOf, type Phase, step } from './context.ts'

export const pointInTimeRecovery: Phase = (changes, { table }) => {
  const change = changeOf(changes, 'pointInTimeRecovery')
  if (change?.to === undefined) return []
  const { to } = change
  const request = pointInTimeRecoveryRequest(table, to)
  if (to === false) return [step('-', 'turn off point-in-time recovery', request, [change], { destroys: true })]
  const days = typeof to === 'number' ? ` (${to} days)` : ''
  const isOn = change.from !== undefined && change.from !== false
  return [
    isOn
      ? step('~', `change point-in-time recovery${days}`, request, [change])
      : step('+', `turn on point-in-time recovery${days}`, request, [change]),
  ]
}
