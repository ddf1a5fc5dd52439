import type { KeyAttribute, Projection, TableSettings } from '../table/definition.ts'

/** Whether two keys are the same: names, types and their order. */
export function sameKey(a: readonly KeyAttribute[], b: readonly KeyAttribute[]): boolean {
  return a.length === b.length && a.every(({ name, type }, i) => b[i]?.name === name && b[i].type === type)
}

/**
 * Whether two projections hold the same attributes. Order means nothing (AWS sorts the list), and neither do key
 * attributes in it: every index holds those anyway.
 */
export function sameProjection(a: Projection, b: Projection, keys: ReadonlySet<string>): boolean {
  const [left, right] = [projected(a, keys), projected(b, keys)]
  if (typeof left === 'string' || typeof right === 'string') return left === right
  return left.size === right.size && [...left].every(name => right.has(name))
}

function projected(projection: Projection, keys: ReadonlySet<string>): 'ALL' | Set<string> {
  if (projection === 'ALL') return 'ALL'
  if (projection === 'KEYS_ONLY') return new Set()
  return new Set((projection as readonly string[]).filter(name => !keys.has(name)))
}

/** Whether two policies say the same: JSON without regard to the order of members and to white space. */
export function samePolicy(a: string, b: string): boolean {
  return canonical(a) === canonical(b)
}

function canonical(text: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(text)))
  } catch {
    return text.trim()
  }
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

/** AWS's own period when nobody names one. */
const defaultRecoveryDays = 35

/** `true` is content with any number of days. */
export function sameRecovery(desired: boolean | number, live: TableSettings['pointInTimeRecovery']): boolean {
  if (desired === false) return live === false || live === undefined
  if (live === false || live === undefined) return false
  return desired === true || desired === (live === true ? defaultRecoveryDays : live)
}

/** `true` is content with either mode. */
export function sameInsights(
  desired: NonNullable<TableSettings['contributorInsights']>,
  live: TableSettings['contributorInsights'],
): boolean {
  if (desired === false) return live === false || live === undefined
  if (live === false || live === undefined) return false
  // A mode that the target does not report is unknown, and so no difference.
  return desired === true || live === true || desired === live
}

/**
 * Whether the live key is the one asked for. AWS reports keys as ARNs; what an alias points at cannot be known from
 * here, so an alias is taken to be right wherever a key of that kind is in use.
 */
export function sameKmsKey(desired: string, live: string | undefined): boolean {
  if (live === undefined || desired === live) return true
  if (desired.startsWith('alias/') || desired.includes(':alias/')) return true
  if (desired.startsWith('arn:')) return false
  return live.endsWith(`/${desired}`)
}
