import { longestTimerMs } from '../../apply/clock.ts'
import { DynamoxError } from '../../errors.ts'

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** `30` and `30s` are seconds, `5m` minutes, `1h` hours, `500ms` milliseconds; the result is in milliseconds. Throws `usage`. */
export function parseDuration(text: string, flag: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? []
  const value = Math.round(Number(amount) * (milliseconds[unit] ?? Number.NaN))
  if (value > 0 && value <= longestTimerMs) return value
  const what = value === 0 ? 'leaves no time' : value > longestTimerMs ? 'is more than 24 days' : 'is not a duration'
  throw new DynamoxError('usage', `${flag} ${JSON.stringify(text)} ${what}`, {
    hint: 'give seconds or a number with a unit: 30, 30s, 5m, 1h',
  })
}
