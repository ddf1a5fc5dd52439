import type { EngineName } from '../../../src/table/capabilities.ts'

/** Requests that an engine judges otherwise than the fake, which follows what was seen on AWS; and why. */
export interface UpdateDeviation {
  readonly engine: EngineName
  readonly reason: string
  readonly titles: readonly string[]
}

export const updateDeviations: readonly UpdateDeviation[] = [
  {
    engine: 'dynamodb-local',
    reason: 'Capacity on demand is passed over.',
    titles: ['capacity on demand', 'to on-demand, with capacity', 'an index with capacity on demand'],
  },
  {
    engine: 'dynamodb-local',
    reason: 'It takes what AWS wants whole, or in calls of their own.',
    titles: [
      'to provisioned, without capacity of the index',
      'two actions in one entry',
      'a stream and an index',
      'protection and a stream',
    ],
  },
  {
    engine: 'dynamodb-local',
    reason: 'It knows no table classes.',
    titles: ['another class', 'another class and protection'],
  },
  {
    engine: 'extenddb',
    reason: 'It cannot change the capacity of an index, which a switch to provisioned wants as well.',
    titles: ['capacity of an index', 'capacity of table and index', 'to provisioned'],
  },
  {
    engine: 'extenddb',
    reason:
      'An index added with capacity is answered with HTTP 500, and so is every DescribeTable of that table later.',
    titles: ['an index with capacity'],
  },
  {
    engine: 'extenddb',
    reason: 'It does not look at capacity, and takes what changes nothing.',
    titles: [
      'the same capacity',
      'to provisioned, without capacity of the index',
      'an index without capacity on a provisioned table',
      'another view of a stream',
    ],
  },
  {
    engine: 'extenddb',
    reason: 'It has no rules about what may be in one call.',
    titles: [
      'two indexes',
      'an index dropped and made in one call',
      'a stream and an index',
      'a stream and capacity',
      'protection and a stream',
      'another class and protection',
    ],
  },
]
