import { timeToLiveRequest } from '../requests.ts'
import { changeOf, type Phase, step } from './context.ts'

const uses = ['one TTL change an hour']

/** Turns expiry off where it is to be off or to go by another attribute, and on where it was off. */
export const timeToLive: Phase = (changes, { table }) => {
  const change = changeOf(changes, 'ttl')
  if (change === undefined) return []
  const { from, to } = change
  if (typeof from === 'string') {
    const summary =
      typeof to === 'string' ? `turn off TTL on ${from}, to turn it on for ${to}` : `turn off TTL on ${from}`
    const until = { kind: 'setting' as const, field: 'ttl' as const }
    return [step('-', summary, timeToLiveRequest(table, from, false), [change], { until, destroys: true, uses })]
  }
  return typeof to === 'string'
    ? [step('+', `turn on TTL on ${to}`, timeToLiveRequest(table, to, true), [change], { uses })]
    : []
}

/**
 * The second half of a change of attribute. AWS lets an hour pass between two changes (half an hour was seen), so it
 * comes as late in the plan as can be: other work goes on meanwhile.
 */
export const timeToLiveAgain: Phase = (changes, { table }) => {
  const change = changeOf(changes, 'ttl')
  if (typeof change?.from !== 'string' || typeof change.to !== 'string') return []
  const request = timeToLiveRequest(table, change.to, true)
  return [
    step('+', `turn on TTL on ${change.to}`, request, [change], {
      uses,
      expected: 'up to 1 h after it was turned off',
    }),
  ]
}
