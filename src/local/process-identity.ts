import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process: its number alone is not enough, numbers are used again and containers count their own. */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** The moment it started, in the system's own count; absent where the system does not say (no /proc). */
  readonly started?: string | undefined
}

export function thisProcess(): ProcessIdentity {
  return { host: hostname(), pid: process.pid, started: processStat(process.pid)?.started }
}

/** Whether that very process still runs; `unknown` for one of another machine or container. */
export function standing(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (identity.host !== hostname()) return 'unknown'
  if (!takesSignals(identity.pid)) return 'dead'
  const stat = processStat(identity.pid)
  if (stat === undefined) return 'alive'
  // A zombie still takes signals, but has let go of everything it held.
  if (stat.state === 'Z' || stat.state === 'X') return 'dead'
  return identity.started === undefined || identity.started === stat.started ? 'alive' : 'dead'
}

function takesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function processStat(pid: number): { state: string; started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses and may hold anything; proc(5) counts on from behind it.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const started = rest[18]
    return state === undefined || started === undefined ? undefined : { state, started }
  } catch {
    return undefined
  }
}
