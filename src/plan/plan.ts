import type { Problem } from '../errors.ts'
import type { Step } from '../settings/step.ts'
import type { FollowUpField } from '../table/live.ts'

/** The steps for one table, in order. This is the only input of apply. */
export interface Plan {
  /** The table's resolved name. */
  readonly table: string
  /** The calls, in the order in which they are sent; none when nothing differs. */
  readonly steps: readonly Step[]
  /** The changes that cannot be made in place, each with a hint; a plan that has any is not applied. */
  readonly blocked: readonly Problem[]
  /**
   * Values in the definition that this target cannot keep, and live values that the definition does not name; one line
   * each.
   */
  readonly notices: readonly string[]
  /** Settings in the definition that could not be read, so that differences in them are unknown. */
  readonly unread?: readonly FollowUpField[] | undefined
}
