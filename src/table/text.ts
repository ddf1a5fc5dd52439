import { DynamoxError } from '../errors.ts'

/** `1 table`, `3 tables`, `1,204 items`, `2 indexes`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`
}

/** `users, orders`; of more than `most` tables only their number. */
export function namesOrCount(names: readonly string[], most = 3): string {
  return names.length <= most ? names.join(', ') : plural(names.length, 'table')
}

/** `1,204`. Does not use the locale, so that output is the same everywhere. */
export function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** A duration for people: `0.3 s`, `5.2 s`, `1 min 5 s`, `1 h 2 min`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return joined(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(seconds / 60)
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** An age for people, in its largest unit: `5 min`, `3 h`, `9 days`. */
export function formatAge(ms: number): string {
  const hours = ms / 3_600_000
  if (hours >= 48) return plural(Math.floor(hours / 24), 'day')
  if (hours >= 2 || hours === 1) return `${Math.floor(hours)} h`
  return ms < 120_000 ? `${Math.floor(ms / 1000)} s` : `${Math.floor(ms / 60_000)} min`
}

/** `812 bytes`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB']
  if (bytes < 1000) return plural(bytes, 'byte')
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1] ?? ''}`
}

/** A sentence for the middle of another; a word in capitals stays. */
export function lowerFirst(text: string): string {
  return text.replace(/^[A-Z](?![A-Z])/, letter => letter.toLowerCase())
}

/** `Users` for `users`. */
export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A pattern that matches the text itself. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** JSON with sorted members, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  )
}

/**
 * Refuses a text that is larger than any real template and would take long to parse. `limit` is in characters.
 * @throws DynamoxError `model`
 */
export function refuseLarger(text: string, limit: number, shown: string): void {
  if (text.length <= limit) return
  const size = (characters: number) => `${(characters / 1_000_000).toFixed(1)} MB`
  throw new DynamoxError('model', `${shown} is too large: ${size(text.length)}, at most ${size(limit)}`)
}
