import type { TableRequest } from '../settings/step.ts'

/** A kind of work at AWS, as far as its duration goes. */
export type Work =
  | 'create'
  | 'create-with-indexes'
  | 'delete'
  | 'capacity'
  | 'to-provisioned'
  | 'to-on-demand'
  | 'stream'
  | 'class'
  | 'encryption'
  | 'warm'
  | 'build-index'
  | 'drop-index'
  | 'insights'
  | 'quick'

interface Duration {
  /** For people. */
  readonly expected: string
  /**
   * The least that AWS was seen to take, in milliseconds, so that nobody asks every moment before. Kept low for
   * creations and deletions, where engines that stand in for AWS have times of their own.
   */
  readonly leastMs: number
}

/** Seen on AWS in October 2026. */
export const durations: Readonly<Record<Work, Duration>> = {
  create: { expected: '2-6 s', leastMs: 2_000 },
  'create-with-indexes': { expected: '14-22 s', leastMs: 2_000 },
  delete: { expected: '4-6 s', leastMs: 2_000 },
  capacity: { expected: '1-4 s', leastMs: 1_000 },
  'to-provisioned': { expected: '60-98 s', leastMs: 60_000 },
  'to-on-demand': { expected: '128-172 s', leastMs: 128_000 },
  stream: { expected: '4-5 s', leastMs: 4_000 },
  class: { expected: '4-6 s', leastMs: 4_000 },
  encryption: { expected: '21-23 s', leastMs: 21_000 },
  warm: { expected: '4.5-8.5 min', leastMs: 270_000 },
  'build-index': { expected: '8-17 min, longer with data', leastMs: 480_000 },
  'drop-index': { expected: '3-5 s', leastMs: 3_000 },
  insights: { expected: '1-16 s', leastMs: 1_000 },
  quick: { expected: '1-2 s', leastMs: 0 },
}

/** What a request sets going. Of several things in one call, the longest. */
export function workOf(request: TableRequest): Work {
  switch (request.api) {
    case 'CreateTable':
      return request.input.GlobalSecondaryIndexes === undefined ? 'create' : 'create-with-indexes'
    case 'DeleteTable':
      return 'delete'
    case 'UpdateContributorInsights':
      return 'insights'
    case 'UpdateTable': {
      const { input } = request
      const indexes = input.GlobalSecondaryIndexUpdates ?? []
      if (indexes.some(update => update.Create !== undefined)) return 'build-index'
      if (indexes.some(update => update.Delete !== undefined)) return 'drop-index'
      if (input.BillingMode === 'PAY_PER_REQUEST') return 'to-on-demand'
      if (input.BillingMode === 'PROVISIONED') return 'to-provisioned'
      if (input.WarmThroughput !== undefined || indexes.some(update => update.Update?.WarmThroughput !== undefined))
        return 'warm'
      if (input.SSESpecification !== undefined) return 'encryption'
      if (input.TableClass !== undefined) return 'class'
      if (input.StreamSpecification !== undefined) return 'stream'
      return input.DeletionProtectionEnabled === undefined ? 'capacity' : 'quick'
    }
    default:
      return 'quick'
  }
}
