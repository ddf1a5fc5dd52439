import type { Problem } from '../errors.ts'
import type { Step } from '../settings/step.ts'
import type { FollowUpField } from '../table/live.ts'

/** What to do about one table, in the order to do it. The only thing that apply reads. */
export interface Plan {
  readonly table: string
  readonly steps: readonly Step[]
  /** What cannot be changed in place, each with the way out; a plan with any is not applied. */
  readonly blocked: readonly Problem[]
  /** What the definition asks for and this target cannot keep, or what is live and not named; one line each. */
  readonly notices: readonly string[]
  /** Settings that the definition has and that could not be read, so that nothing is known of their differences. */
  readonly unread?: readonly FollowUpField[] | undefined
}
