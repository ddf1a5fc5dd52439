import { describe, expect, test } from 'vitest'
import { callsOf, type PolicyCall, policyFor, readingCalls } from '../../src/aws/permissions.ts'

const place = { region: 'eu-west-1', account: '123456789012' }
const arn = (rest: string, region = place.region) => `arn:aws:dynamodb:${region}:${place.account}:table/${rest}`
const allow = (Action: readonly string[], Resource: readonly string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
})
const TableName = 'users'
const call = (operation: PolicyCall['operation'], input: object = {}): PolicyCall => ({
  operation,
  input: { TableName, ...input } as PolicyCall['input'],
  table: TableName,
})
const users = [arn('users')]
const role = (service: string, name: string) =>
  allow(['iam:CreateServiceLinkedRole'], [`arn:aws:iam::${place.account}:role/aws-service-role/${service}/${name}`], {
    StringLike: { 'iam:AWSServiceName': service },
  })
const keyActions = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
]
const replicaActions = [
  ...['BatchWriteItem', 'CreateTable', 'CreateTableReplica', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan'],
  'UpdateItem',
].map(action => `dynamodb:${action}`)
const viaDynamo = { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' } }

describe('the policy for calls', () => {
  test.each<[string, readonly PolicyCall[], readonly object[]]>([
    ['nothing', [], []],
    ['one call', [call('DeleteTable')], [allow(['dynamodb:DeleteTable'], users)]],
    ['a call twice', [call('DescribeTable'), call('DescribeTable')], [allow(['dynamodb:DescribeTable'], users)]],
    [
      'the actions of one table are one statement, in order',
      [call('UpdateTable'), call('DescribeTable')],
      [allow(['dynamodb:DescribeTable', 'dynamodb:UpdateTable'], users)],
    ],
    [
      'tables with the same actions are one statement',
      ['b', 'a'].map(table => ({ operation: 'DescribeTable', input: { TableName: table }, table }) as const),
      [allow(['dynamodb:DescribeTable'], [arn('a'), arn('b')])],
    ],
    ['ListTables has no resource', [call('ListTables')], [allow(['dynamodb:ListTables'], ['*'])]],
    [
      'tags at creation',
      [call('CreateTable', { Tags: [{ Key: 'a', Value: 'b' }] })],
      [allow(['dynamodb:CreateTable', 'dynamodb:TagResource'], users)],
    ],
    [
      'a policy at creation',
      [call('CreateTable', { ResourcePolicy: '{}' })],
      [allow(['dynamodb:CreateTable', 'dynamodb:PutResourcePolicy'], users)],
    ],
    [
      'a key of AWS',
      [call('CreateTable', { SSESpecification: { Enabled: true, SSEType: 'KMS' } })],
      [allow(['dynamodb:CreateTable'], users)],
    ],
    [
      'a key by its id',
      [call('UpdateTable', { SSESpecification: { KMSMasterKeyId: 'k-1' } })],
      [
        allow(['dynamodb:UpdateTable'], users),
        allow(keyActions, ['arn:aws:kms:eu-west-1:123456789012:key/k-1'], viaDynamo),
      ],
    ],
    [
      'a key by its alias, which IAM knows only as a condition',
      [call('UpdateTable', { SSESpecification: { KMSMasterKeyId: 'alias/shop' } })],
      [
        allow(['dynamodb:UpdateTable'], users),
        allow(keyActions, ['arn:aws:kms:eu-west-1:123456789012:key/*'], {
          ...viaDynamo,
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/shop' },
        }),
      ],
    ],
    [
      'a stream of Kinesis',
      [call('EnableKinesisStreamingDestination', { StreamArn: 'arn:aws:kinesis:eu-west-1:1:stream/s' })],
      [
        allow(['dynamodb:EnableKinesisStreamingDestination'], users),
        allow(['kinesis:DescribeStream', 'kinesis:PutRecords'], ['arn:aws:kinesis:eu-west-1:1:stream/s']),
        allow(['kinesis:ListStreams'], ['*']),
        role('kinesisreplication.dynamodb.amazonaws.com', 'AWSServiceRoleForDynamoDBKinesisDataStreamsReplication'),
      ],
    ],
    [
      'contributor insights of an index',
      [call('UpdateContributorInsights', { IndexName: 'by-x', ContributorInsightsAction: 'ENABLE' })],
      [
        allow(['dynamodb:UpdateContributorInsights'], [arn('users'), arn('users/index/by-x')]),
        role('contributorinsights.dynamodb.amazonaws.com', 'AWSServiceRoleForDynamoDBCloudWatchContributorInsights'),
      ],
    ],
    [
      'a replica that is dropped',
      [call('UpdateTable', { ReplicaUpdates: [{ Delete: { RegionName: 'us-east-1' } }] })],
      [
        allow(['dynamodb:UpdateTable'], users),
        allow(['dynamodb:DeleteTable', 'dynamodb:DeleteTableReplica'], [arn('users', 'us-east-1')]),
      ],
    ],
    [
      'STRONG replicas with a key of their own, and a witness',
      [
        call('UpdateTable', {
          ReplicaUpdates: [{ Create: { RegionName: 'eu-west-2', KMSMasterKeyId: 'k-2' } }],
          GlobalTableWitnessUpdates: [{ Create: { RegionName: 'eu-west-3' } }],
        }),
      ],
      [
        allow(['dynamodb:CreateGlobalTableWitness', 'dynamodb:UpdateTable'], users),
        allow(replicaActions, [arn('users', 'eu-west-2')]),
        allow(keyActions, ['arn:aws:kms:eu-west-2:123456789012:key/k-2'], {
          StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' },
        }),
        role('replication.dynamodb.amazonaws.com', 'AWSServiceRoleForDynamoDBReplication'),
        allow(['dynamodb:CreateGlobalTableWitness'], [arn('users', 'eu-west-3')]),
      ],
    ],
    [
      'the key of a replica is replaced',
      [call('UpdateTable', { ReplicaUpdates: [{ Update: { RegionName: 'eu-west-2', KMSMasterKeyId: 'k-2' } }] })],
      [
        allow(['dynamodb:UpdateTable'], users),
        allow(keyActions, ['arn:aws:kms:eu-west-2:123456789012:key/k-2'], {
          StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' },
        }),
      ],
    ],
    [
      'a witness is removed',
      [call('UpdateTable', { GlobalTableWitnessUpdates: [{ Delete: { RegionName: 'eu-west-3' } }] })],
      [
        allow(['dynamodb:DeleteGlobalTableWitness', 'dynamodb:UpdateTable'], users),
        allow(['dynamodb:DeleteGlobalTableWitness'], [arn('users', 'eu-west-3')]),
      ],
    ],
    [
      'reading a stream of Kinesis that is known',
      [{ ...call('DescribeKinesisStreamingDestination'), stream: 'arn:aws:kinesis:eu-west-1:1:stream/s' }],
      [
        allow(['dynamodb:DescribeKinesisStreamingDestination'], users),
        allow(['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary'], ['arn:aws:kinesis:eu-west-1:1:stream/s']),
      ],
    ],
    [
      'and one that is not',
      [call('DescribeKinesisStreamingDestination')],
      [
        allow(['dynamodb:DescribeKinesisStreamingDestination'], users),
        allow(
          ['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary'],
          ['arn:aws:kinesis:eu-west-1:123456789012:stream/*'],
        ),
      ],
    ],
  ])('%s', (_, calls, statements) => {
    expect(policyFor(calls, place)).toEqual({ Version: '2012-10-17', Statement: statements })
  })

  test.each([
    ['cn-north-1', 'arn:aws-cn:dynamodb:cn-north-1:*:table/users'],
    ['us-gov-west-1', 'arn:aws-us-gov:dynamodb:us-gov-west-1:*:table/users'],
  ])('in %s', (region, expected) => {
    const policy = policyFor([call('DescribeTable')], { region, account: '*' })
    expect(policy.Statement[0]?.Resource).toEqual([expected])
  })

  test('an ARN stays as it is', () => {
    const table = 'arn:aws:dynamodb:us-east-1:999999999999:table/theirs'
    const policy = policyFor([{ operation: 'DescribeTable', input: { TableName: table }, table }], place)
    expect(policy.Statement[0]?.Resource).toEqual([table])
  })
})

test('the time to live of a global table is set in every region', () => {
  const requests = [
    { api: 'UpdateTimeToLive', input: { TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: 'at' } } },
  ] as const
  const policy = policyFor(callsOf(TableName, requests, { replicas: [{ region: 'eu-west-2' }] }), place)
  expect(policy.Statement).toEqual([allow(['dynamodb:UpdateTimeToLive'], [arn('users'), arn('users', 'eu-west-2')])])
})

test('reading settings takes the calls that the settings make', async () => {
  const index = { name: 'by-x', partitionKey: [], sortKey: [], projection: 'ALL' } as const
  const calls = await readingCalls('users', ['ttl', 'tags', 'contributorInsights'], { globalIndexes: [index] })
  expect(calls.map(({ operation }) => operation).sort()).toEqual([
    'DescribeContributorInsights',
    'DescribeContributorInsights',
    'DescribeTable',
    'DescribeTimeToLive',
    'ListTagsOfResource',
  ])
})
