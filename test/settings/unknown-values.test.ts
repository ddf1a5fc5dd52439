import { describe, expect, test } from 'vitest'
import { toLiveTable } from '../../src/aws/describe.ts'
import { contributorInsights } from '../../src/settings/contributor-insights.ts'
import { kinesisDestination } from '../../src/settings/kinesis-destination.ts'
import { pointInTimeRecovery } from '../../src/settings/point-in-time-recovery.ts'
import type { Ask, FollowUp } from '../../src/settings/setting.ts'
import { timeToLive } from '../../src/settings/time-to-live.ts'

/** Answers every call with the same output. */
const answering = (output: object): Ask => {
  const ask = async (_operation: string, _input: object, found: (output: never) => unknown) => found(output as never)
  return ask as Ask
}

const table = { TableName: 'users', GlobalSecondaryIndexes: [{ IndexName: 'by-a' }] }

const answers: readonly (readonly [string, FollowUp | undefined, (status: string) => object])[] = [
  [
    'ttl',
    timeToLive.followUp,
    status => ({ TimeToLiveDescription: { TimeToLiveStatus: status, AttributeName: 'at' } }),
  ],
  [
    'pointInTimeRecovery',
    pointInTimeRecovery.followUp,
    status => ({
      ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status } },
    }),
  ],
  ['contributorInsights', contributorInsights.followUp, status => ({ ContributorInsightsStatus: status })],
  [
    'kinesis',
    kinesisDestination.followUp,
    status => ({ KinesisDataStreamDestinations: [{ StreamArn: 'arn:x', DestinationStatus: status }] }),
  ],
]

describe('a status that dynamox does not know is neither on nor off', () => {
  test.each(answers)('%s', async (_, followUp, answer) => {
    expect(await followUp?.read(answering(answer('REPAIRING')), table)).toEqual({ unknownStatus: 'REPAIRING' })
    expect(await followUp?.read(answering(answer('DISABLED')), table)).not.toHaveProperty('unknownStatus')
  })
})

describe('values of DescribeTable that dynamox does not know', () => {
  test('are kept as they are reported', () => {
    const answer: object = {
      TableName: 'users',
      TableStatus: 'RESTORING',
      BillingModeSummary: { BillingMode: 'FLAT_RATE' },
      TableClassSummary: { TableClass: 'GLACIER' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'DIFF' },
      GlobalSecondaryIndexes: [{ IndexName: 'by-a', IndexStatus: 'REBALANCING' }],
    }
    const live = toLiveTable(answer)
    expect(live).toMatchObject({
      status: 'RESTORING',
      indexes: { 'by-a': { status: 'REBALANCING' } },
      definition: { billingMode: 'FLAT_RATE', tableClass: 'GLACIER', stream: 'DIFF' },
    })
  })

  test('a kind of encryption that is not AWS’s own is a key of the customer; one that is turned off is not', () => {
    const encryption = (SSEDescription: object) =>
      toLiveTable({ TableName: 'users', SSEDescription }).definition.encryption
    expect(encryption({ Status: 'ENABLED', SSEType: 'HSM' })).toBe('CUSTOMER_MANAGED')
    expect(encryption({ Status: 'DISABLING', SSEType: 'KMS', KMSMasterKeyArn: 'arn:x' })).toBe('AWS_OWNED')
    expect(encryption({ Status: 'DISABLED', SSEType: 'KMS', KMSMasterKeyArn: 'arn:x' })).toBe('AWS_OWNED')
  })
})
