import {
  added,
  arn,
  type Call,
  capacity,
  caps,
  changes,
  create,
  defined,
  encryption,
  index,
  indexes,
  invalid,
  limit,
  N,
  name,
  notFound,
  plain,
  provisioned,
  type RuleCase,
  S,
  shape,
  stream,
  update,
  warm,
} from './case.ts'

const drop = (IndexName: string) => ({ Delete: { IndexName } })
const oneOnline = limit('Only 1 online index can be created or deleted simultaneously per table')
const only = (what: string) => invalid(`${what} must be the only operation in the request`)
const twoIndexes = create(indexes(index('by-a', 'a'), index('by-b', 'a')))
const nothing =
  'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required'
const protectedNow = { DeletionProtectionEnabled: true }
const infrequent = { TableClass: 'STANDARD_INFREQUENT_ACCESS' }
const kms = encryption({ Enabled: true })
const view = stream(true, 'NEW_IMAGE')
const near = {
  IndexName: 'near',
  VectorAttribute: { AttributeName: 'v' },
  Projection: { ProjectionType: 'ALL' },
  ...{ Dimensions: 4, DistanceFunction: 'COSINE' },
}
const described: Call = ['DescribeTable', { TableName: name }]

export const updateRules: readonly RuleCase[] = [
  ...[{}, defined(S('pk'), S('a'))].map(given => ({
    rule: 'U1',
    given: [create()],
    breaks: update(given),
    says: plain(nothing),
    takes: update({ ...given, BillingMode: 'PAY_PER_REQUEST' }),
  })),
  {
    rule: 'U1',
    given: [create()],
    breaks: update(changes()),
    // Members that were sent are left out of the list.
    says: plain(nothing.replace(' GlobalSecondaryIndexUpdates,', '')),
    takes: update(infrequent),
  },
  {
    rule: 'U2',
    given: [create()],
    breaks: update({ ...changes(), ...infrequent }),
    says: invalid('List of GlobalSecondaryIndexUpdates is empty'),
    takes: update(infrequent),
  },
  {
    rule: 'U3',
    given: [create()],
    breaks: update(changes({})),
    says: invalid(
      'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
    ),
    takes: update(changes(drop('by-a'))),
  },
  {
    rule: 'U3',
    given: [twoIndexes],
    breaks: update(changes({ ...drop('by-a'), Update: { IndexName: 'by-b', ...caps(5) } })),
    says: invalid('Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object'),
    takes: update(changes(drop('by-a'))),
  },
  // AWS's words are known for global indexes only.
  ...(
    [
      [{ VectorIndexUpdates: [{}] }, 'One of VectorIndexUpdate.Create, VectorIndexUpdate.Delete must not be null'],
      [
        { VectorIndexUpdates: [{ Create: near, ...drop('near') }] },
        'Only one vector index action is allowed per VectorIndexUpdate object',
      ],
      [{ VectorIndexUpdates: [], ...infrequent }, 'List of VectorIndexUpdates is empty'],
      [
        { ReplicaUpdates: [{}] },
        'One of ReplicationGroupUpdate.Create, ReplicationGroupUpdate.Update, ReplicationGroupUpdate.Delete, ReplicationGroupUpdate.Disassociate must not be null',
      ],
      [
        { GlobalTableWitnessUpdates: [{}] },
        'One of GlobalTableWitnessGroupUpdate.Create, GlobalTableWitnessGroupUpdate.Delete must not be null',
      ],
    ] as const
  ).map(([given, says]) => ({
    rule: 'U3',
    given: [create()],
    breaks: update(given),
    says: invalid(says),
    // The table is still ACTIVE.
    takes: ['DeleteTable', { TableName: name }] as const,
  })),
  {
    rule: 'U4',
    given: [create({}, provisioned)],
    breaks: update(changes(...[6, 7].map(units => ({ Update: { IndexName: 'by-a', ...capacity(units) } })))),
    says: invalid('Only one global secondary index update per index is allowed simultaneously. Index: by-a'),
    takes: update(changes({ Update: { IndexName: 'by-a', ...capacity(7) } })),
  },
  {
    rule: 'U5',
    given: [twoIndexes],
    breaks: update(changes(drop('by-a'), drop('by-b'))),
    says: oneOnline,
    takes: update(changes(drop('by-b'))),
  },
  {
    rule: 'U5',
    given: [create()],
    breaks: update({
      ...changes({ Create: index('by-b', 'b') }, { Create: index('by-c', 'b') }),
      ...defined(S('b')),
    }),
    says: oneOnline,
    takes: added(index('by-b', 'b'), S('b')),
  },
  {
    rule: 'U6',
    given: [create()],
    breaks: update(changes({ Create: index('by-b', 'b') })),
    says: invalid('AttributeDefinitions is not specified for index: by-b'),
    // Further definitions, also of another type, are passed over.
    takes: added(index('by-b', 'b'), S('b'), N('pk'), S('other')),
  },
  {
    rule: 'U7',
    given: [create()],
    breaks: added(index('by-pk', 'pk'), N('pk')),
    says: invalid(
      'Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Existing schema: Schema:[SchemaElement: key{pk:S:HASH}] New schema: Schema:[SchemaElement: key{pk:N:HASH}]',
    ),
    takes: added(index('by-pk', 'pk'), S('pk')),
  },
  {
    rule: 'U8',
    given: [create()],
    breaks: update(changes(drop('none'))),
    says: notFound(`Index none for table ${name}`),
    takes: update(changes(drop('by-a'))),
  },
  {
    rule: 'U8',
    given: [create()],
    breaks: update(changes({ Update: { IndexName: 'none', ...caps(5) } })),
    says: notFound(`Index none for table ${name}`),
    takes: update(changes({ Update: { IndexName: 'by-a', ...caps(5) } })),
  },
  {
    rule: 'U8',
    given: [
      create({
        ...defined(S('pk'), S('sk'), S('a')),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        LocalSecondaryIndexes: [
          index('local', [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'a', KeyType: 'RANGE' },
          ]),
        ],
      }),
    ],
    breaks: update(changes(drop('local'))),
    says: plain('Cannot delete an index that is not a GlobalSecondaryIndex: local'),
    takes: update(changes(drop('by-a'))),
  },
  // In the order in which AWS reports them.
  ...(
    [
      ['Server-Side Encryption modification', { ...kms, ...infrequent, ...protectedNow }, kms],
      ['TableClass modification', { ...infrequent, ...protectedNow, ...warm(20_000) }, infrequent],
      ['DeletionProtection modification', { ...protectedNow, ...warm(20_000) }, protectedNow],
      ['WarmThroughput', { ...warm(20_000), ...view }, warm(20_000)],
    ] as const
  ).map(([what, all, one]) => ({
    rule: 'U9',
    given: [create()],
    breaks: update(all),
    says: only(what),
    takes: update(one),
  })),
  {
    rule: 'U10',
    given: [create()],
    breaks: update({ ...caps(5), ...view }),
    says: invalid('OnDemandThroughput can only be combined with BillingMode in an UpdateTable request'),
    takes: update({ ...caps(5), BillingMode: 'PAY_PER_REQUEST' }),
  },
  {
    rule: 'U11',
    given: [create({}, provisioned)],
    breaks: update({ ...capacity(6), ...view }),
    says: invalid('You cannot modify stream status while updating table IOPS'),
    takes: update(view),
  },
  {
    rule: 'U11',
    given: [create({}, provisioned)],
    breaks: update({ ...capacity(6), ...changes(drop('by-a')) }),
    says: invalid('You cannot create or delete index while updating table IOPS'),
    takes: update({ ...capacity(6), ...changes({ Update: { IndexName: 'by-a', ...capacity(6) } }) }),
  },
  {
    rule: 'U11',
    given: [create()],
    breaks: update({ ...view, ...changes(drop('by-a')) }),
    says: invalid('You cannot create or delete index while changing stream status'),
    takes: update(changes(drop('by-a'))),
  },
  {
    rule: 'U11',
    given: [create()],
    breaks: update({
      ...changes({ Create: index('by-b', 'b') }, { Update: { IndexName: 'by-a', ...warm(20_000) } }),
      ...defined(S('b')),
    }),
    says: invalid('Create global secondary index cannot be specified when updating WarmThroughput'),
    takes: update({
      ...changes({ Create: index('by-b', 'b') }, { Update: { IndexName: 'by-a', ...caps(5) } }),
      ...defined(S('b')),
    }),
  },
]

// 3.1: the members of a call that changes a provisioned table, and the pairs that AWS takes.
const members: Readonly<Record<string, object>> = {
  billing: { BillingMode: 'PAY_PER_REQUEST' },
  capacity: capacity(6),
  caps: caps(5),
  stream: view,
  encryption: kms,
  class: infrequent,
  protection: protectedNow,
  warm: warm(20_000),
  created: { Create: index('by-b', 'a', capacity(5)) },
  dropped: drop('by-a'),
  changed: { Update: { IndexName: 'by-c', ...capacity(6) } },
}
const ofIndexes = ['created', 'dropped', 'changed']
const pairs = ['billing+caps', 'billing+stream', 'capacity+changed', 'created+changed', 'billing+created']
const together = (...parts: readonly string[]) => {
  const own = parts.filter(part => !ofIndexes.includes(part)).map(part => members[part])
  const ofThem = parts.filter(part => ofIndexes.includes(part)).map(part => members[part] ?? {})
  const onDemandNow = parts.includes('billing')
  const made = onDemandNow ? { Create: index('by-b', 'a') } : members.created
  const updates = ofThem.map(each => (each === members.created ? made : each) ?? {})
  return update({
    ...defined(S('a')),
    ...Object.assign({}, ...own),
    ...(updates.length > 0 ? changes(...updates) : {}),
  })
}
const names = Object.keys(members)
const twoProvisioned = create(indexes(index('by-a', 'a', capacity(5)), index('by-c', 'a', capacity(5))), provisioned)

export const combinationRules: readonly RuleCase[] = names.flatMap((one, at) =>
  names.slice(at + 1).map(other => ({
    rule: `3.1, ${one}+${other}`,
    given: [twoProvisioned],
    ...(pairs.includes(`${one}+${other}`)
      ? { breaks: together(), says: /^ValidationException: At least one of /, takes: together(one, other) }
      : { breaks: together(one, other), says: /^(Validation|LimitExceeded)Exception: /, takes: together('stream') }),
  })),
)

const gone = (operation: Call[0], input: object = {}): Call => [operation, { TableName: 'missing', ...input }]
const missing = notFound('Table: missing not found')
const missingArn = arn.replace(name, 'missing')
const lowered = (units: number) => update(capacity(units, 5))

const replica = (RegionName: string) => ({ Create: { RegionName } })
const replicas = (...ReplicaUpdates: readonly object[]) => update({ ReplicaUpdates })
const streamed = stream(true, 'NEW_AND_OLD_IMAGES')
const fits = update({ BillingMode: 'PAY_PER_REQUEST' })

const otherTable = (region: string, account: string, more = '') =>
  `arn:aws:dynamodb:${region}:${account}:table/${name}${more}`
const ours = ['us-east-1', '000000000000'] as const

/** A table's ARN is its name; no other ARN is. */
export const arnRules: readonly RuleCase[] = [
  ...(['DescribeTable', 'DeleteTable', 'DescribeTimeToLive'] as const).flatMap(operation => [
    ...[
      otherTable(...ours, '/stream/1999-01-01T00:00:00.000'),
      otherTable(...ours, '/index/by-a'),
      'arn:aws:s3:::a',
    ].map(given => ({
      rule: '1.1',
      given: [create()],
      breaks: [operation, { TableName: given }] as const,
      says: invalid(`Invalid resource arn provided, only table is accepted. Provided resource arn: ${given}`),
      takes: [operation, { TableName: arn }] as const,
    })),
    ...[otherTable('eu-west-3', '000000000000'), otherTable('us-east-1', '999999999999')].map(given => ({
      rule: '1.1',
      given: [create()],
      breaks: [operation, { TableName: given }] as const,
      says: notFound(`Table: ${given} not found`),
      takes: [operation, { TableName: arn }] as const,
    })),
  ]),
  ...[otherTable('eu-west-3', '000000000000'), otherTable(...ours, '/stream/1999-01-01T00:00:00.000')].map(given => ({
    rule: 'A5',
    given: [create(streamed)],
    breaks: ['ListTagsOfResource', { ResourceArn: given }] as const,
    says: notFound(`ResourceArn: ${given} not found`),
    takes: ['ListTagsOfResource', { ResourceArn: arn }] as const,
  })),
]

export const replicaRules: readonly RuleCase[] = [
  {
    rule: 'M1',
    given: [create(streamed)],
    breaks: replicas(replica('us-east-1')),
    says: /^ValidationException: Cannot add, delete, or update the local region through ReplicaUpdates/,
    takes: fits,
  },
  {
    rule: 'M1',
    given: [create(streamed)],
    breaks: replicas(replica('eu-west-1'), replica('eu-west-2')),
    says: plain('Update table operation with more than one create or delete replica actions not allowed'),
    takes: fits,
  },
  {
    rule: 'M1',
    given: [create(streamed, provisioned)],
    breaks: replicas(replica('eu-west-1')),
    says: plain('Table write capacity should either be Pay-Per-Request or AutoScaled.'),
    takes: fits,
  },
  {
    rule: 'M1',
    given: [create({ ...streamed, ...encryption({ Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/own' }) })],
    breaks: replicas(replica('eu-west-1')),
    says: invalid('KMSMasterKeyId must be specified for each replica.'),
    takes: fits,
  },
  {
    rule: 'M1',
    given: [create(streamed)],
    breaks: replicas(replica('eu-west-1')),
    says: plain('the embedded engine has one region and does not support replicas'),
    takes: fits,
    differs: 'It has one region, so it refuses all calls about replicas and consistency.',
  },
  {
    rule: 'M2',
    given: [create(streamed)],
    breaks: update({
      ReplicaUpdates: [replica('eu-west-1')],
      GlobalTableWitnessUpdates: [{ Create: { RegionName: 'eu-west-2' } }],
    }),
    says: plain('MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.'),
    takes: fits,
  },
  ...(
    [
      { ReplicaUpdates: [replica('eu-west-1')], MultiRegionConsistency: 'STRONG' },
      { MultiRegionConsistency: 'STRONG' },
      { MultiRegionConsistency: 'EVENTUAL' },
      { ReplicaUpdates: [{ Delete: { RegionName: 'eu-west-1' } }] },
      {
        ReplicaUpdates: [replica('eu-west-1')],
        GlobalTableWitnessUpdates: [{ Create: { RegionName: 'eu-west-2' } }],
        MultiRegionConsistency: 'STRONG',
      },
    ] as const
  ).map(given => ({
    rule: 'M2',
    given: [create(streamed)],
    breaks: update(given),
    says: plain('the embedded engine has one region and does not support replicas'),
    takes: ['DeleteTable', { TableName: name }] as const,
    differs: 'It has one region, so it refuses all calls about replicas and consistency.',
  })),
  {
    rule: 'M2',
    given: [create(streamed)],
    breaks: update({ GlobalTableWitnessUpdates: [{ Create: { RegionName: 'eu-west-2' } }] }),
    says: plain('MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.'),
    takes: fits,
  },
  {
    rule: 'M2',
    given: [create(streamed)],
    breaks: update({ MultiRegionConsistency: 'FOO' }),
    says: shape(['FOO', 'multiRegionConsistency', 'satisfy enum value set: [EVENTUAL, STRONG]']),
    takes: fits,
  },
  ...(
    [
      ['GlobalTableSettingsReplicationMode', update({ GlobalTableSettingsReplicationMode: 'ENABLED' })],
      ['DisassociationProtectionEnabled', update({ DisassociationProtectionEnabled: true, ...infrequent })],
      ['GlobalTableSourceArn', create({ GlobalTableSourceArn: arn })],
      [
        'ReplicaUpdates.Disassociate',
        replicas({ Disassociate: { RegionName: 'eu-west-1', DisassociationMode: 'WAIT_FOR_REPLICATION' } }),
      ],
    ] as const
  ).map(([member, breaks]) => ({
    rule: '1.2',
    given: [create()],
    breaks,
    says: plain(`the embedded engine does not support ${member}`),
    takes: fits,
    differs:
      'It has one account and one region, so it refuses GlobalTableSourceArn, GlobalTableSettingsReplicationMode, DisassociationProtectionEnabled and ReplicaUpdates.Disassociate.',
  })),
]

/** Sets of changes that AWS may take, and that were never tried there. */
export const untriedRules: readonly RuleCase[] = [
  {
    rule: '3.1',
    given: [twoProvisioned],
    breaks: update({
      BillingMode: 'PAY_PER_REQUEST',
      ...changes({ Create: index('by-b', 'a') }, { Update: { IndexName: 'by-c', ...caps(5) } }),
      ...defined(S('a')),
    }),
    says: plain(
      'the embedded engine does not support BillingMode and an index creation and an index update in one UpdateTable',
    ),
    takes: update(changes(drop('by-a'))),
    differs: 'It refuses combinations of changes that were never tried on AWS.',
  },
]

export const stateRules: readonly RuleCase[] = [
  {
    rule: '2.6',
    given: [create()],
    breaks: create({ TableClass: 'STANDARD_INFREQUENT_ACCESS' }),
    says: `ResourceInUseException: Table already exists: ${name}`,
    takes: described,
  },
  {
    // The request is judged before the table is looked for.
    rule: '2.6',
    given: [create()],
    breaks: create(indexes()),
    says: invalid('List of GlobalSecondaryIndexes is empty'),
    takes: described,
  },
  ...(
    [
      ['DescribeTable', missing],
      ['DeleteTable', missing],
      ['DescribeTimeToLive', missing],
      ['DescribeContinuousBackups', 'TableNotFoundException: Table not found: missing'],
    ] as const
  ).map(([operation, says]) => ({
    rule: '2.6',
    given: [create()],
    breaks: gone(operation),
    says,
    takes: [operation, { TableName: name }] as const,
  })),
  { rule: '2.6', given: [create()], breaks: gone('UpdateTable', infrequent), says: missing, takes: update(infrequent) },
  {
    rule: '2.6',
    given: [create()],
    breaks: ['ListTagsOfResource', { ResourceArn: missingArn }],
    says: notFound(`ResourceArn: ${missingArn} not found`),
    takes: ['ListTagsOfResource', { ResourceArn: arn }],
  },
  {
    rule: '3.4',
    given: [create({}, provisioned), lowered(4), lowered(3), lowered(2), lowered(1), update(capacity(9, 5))],
    breaks: lowered(8),
    says: /^LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day\. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds\. Number of decreases today: 4\./,
    takes: update(capacity(10, 5)),
  },
  {
    rule: '3.4',
    given: [create(), update(infrequent), update({ TableClass: 'STANDARD' })],
    breaks: update(infrequent),
    says: limit('Updates to TableClass are limited to 2 times in 30 day(s).'),
    takes: update(view),
  },
  {
    rule: '3.4',
    given: [create(), update(protectedNow)],
    breaks: update({ DeletionProtectionEnabled: false }),
    says: /^ThrottlingException: Deletion protection setting for table %TABLE% modified within the previous 15000 milliseconds\. Please try again after 20\d\d-/,
    takes: update(view),
  },
  {
    rule: '3.2',
    given: [create(), ['DeleteTable', { TableName: name }]],
    breaks: ['DeleteTable', { TableName: name }],
    says: notFound(`Table: ${name} not found`),
    takes: create(),
  },
]
