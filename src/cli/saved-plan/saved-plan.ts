import { createHash } from 'node:crypto'
import type { Plan } from '../../plan/plan.ts'
import type { FollowUpField } from '../../table/live.ts'
import type { ReportTarget } from '../report/report.ts'

export const savedPlanFormat = 'dynamox plan'
/** Raised whenever a file of the older kind could be misunderstood. */
export const savedPlanVersion = 1

/** What `plan --out` writes: the plans of a run, and all that has to be as it was for them to be carried out. */
export interface SavedPlan {
  readonly format: typeof savedPlanFormat
  readonly version: typeof savedPlanVersion
  readonly target: ReportTarget
  readonly tables: readonly SavedTable[]
  /** Of `tables`: a file that was changed by hand, or cut off, is told from one that was not. */
  readonly digest: string
}

export interface SavedTable {
  readonly name: string
  /** TableId, new for every creation; `null` where the table was not there, or the target reports none. */
  readonly id: string | null
  /** A digest of the live definition; `null` where the table was not there. */
  readonly live: string | null
  /** The settings outside DescribeTable that were read, and have to be read again to compare. */
  readonly fields: readonly FollowUpField[]
  /** What moves by itself and the definition does not speak of, and is not compared: warm throughput, capacity. */
  readonly apart: readonly string[]
  readonly plan: Plan
}

export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/** The way out of a file that does not serve any more. */
export const planAgain = (file: string) => `make a new one with dynamox plan --out ${file}`
