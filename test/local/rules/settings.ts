import {
  added,
  arn,
  bare,
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
  many,
  N,
  name,
  plain,
  provisioned,
  type RuleCase,
  S,
  shape,
  stream,
  update,
  warm,
} from './case.ts'

const least1 = 'have value greater than or equal to 1'
const overQuota = (member: string, units: number) =>
  `LimitExceededException: The requested ${member}, ${units}, is above the per table maximum for the account in us-east-1. Per table maximum: 40000.`
const same = (owner: string) =>
  plain(
    `The provisioned throughput for the ${owner} will not change. The requested value equals the current value. ` +
      `Current ReadCapacityUnits provisioned for the ${owner}: 5. Requested ReadCapacityUnits: 5. ` +
      `Current WriteCapacityUnits provisioned for the ${owner}: 5. Requested WriteCapacityUnits: 5. ` +
      'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
  )
const lowerThan = (member: string, owner: string, what: string) =>
  invalid(`Requested ${member} for WarmThroughput for ${owner} is lower than ${what}`)
const initial =
  'initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial'
const outside = (member: string, owner: string) =>
  invalid(`Requested ${member} for OnDemandThroughput for ${owner} is outside of valid range`)
const noCapacity = 'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified'

export const throughputRules: readonly RuleCase[] = [
  {
    rule: 'T1',
    breaks: create({ BillingMode: undefined }),
    says: invalid('ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED'),
    takes: create({ BillingMode: undefined, ...capacity(1) }, bare),
  },
  {
    rule: 'T2',
    breaks: create(capacity(5)),
    says: invalid(`${noCapacity} when BillingMode is PAY_PER_REQUEST`),
    takes: create({}, provisioned),
  },
  {
    rule: 'T2',
    given: [create()],
    breaks: update(capacity(5)),
    says: invalid(`${noCapacity} when BillingMode is PAY_PER_REQUEST`),
    takes: update(caps(5)),
  },
  {
    rule: 'T3',
    breaks: create(capacity(0), provisioned),
    says: shape(
      ['0', 'provisionedThroughput.writeCapacityUnits', least1],
      ['0', 'provisionedThroughput.readCapacityUnits', least1],
    ),
    takes: create(capacity(1), provisioned),
  },
  {
    rule: 'T3',
    breaks: create({ ProvisionedThroughput: { ReadCapacityUnits: 1 } }, provisioned),
    says: shape(['null', 'provisionedThroughput.writeCapacityUnits', 'not be null']),
    takes: create(capacity(1, 2), provisioned),
  },
  {
    rule: 'T4',
    breaks: create(indexes(index('by-a', 'a')), provisioned),
    says: invalid('ProvisionedThroughput is not specified for index: by-a'),
    takes: create(indexes(index('by-a', 'a', capacity(1))), provisioned),
  },
  {
    rule: 'T5',
    breaks: create(indexes(index('by-a', 'a', capacity(5)))),
    says: invalid('ProvisionedThroughput should not be specified for index: by-a when BillingMode is PAY_PER_REQUEST'),
    takes: create(indexes(index('by-a', 'a', caps(5)))),
  },
  {
    rule: 'T6',
    given: [create({}, provisioned)],
    breaks: added(index('by-b', 'b'), S('b')),
    says: invalid('Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: by-b'),
    takes: added(index('by-b', 'b', capacity(1)), S('b')),
  },
  {
    rule: 'T7',
    given: [create()],
    breaks: update(changes({ Update: { IndexName: 'by-a', ...capacity(5) } })),
    says: invalid(
      'The only Updates for index: by-a when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput',
    ),
    takes: update(changes({ Update: { IndexName: 'by-a', ...caps(5) } })),
  },
  {
    rule: 'T7',
    given: [create()],
    breaks: added(index('by-b', 'b', capacity(5)), S('b')),
    says: invalid(`${noCapacity} for index: by-b when BillingMode is PAY_PER_REQUEST`),
    takes: added(index('by-b', 'b', caps(5)), S('b')),
  },
  {
    rule: 'T8',
    given: [create()],
    breaks: update({ BillingMode: 'PROVISIONED' }),
    says: invalid('ProvisionedThroughput must be specified when BillingMode is PROVISIONED'),
    takes: update({
      BillingMode: 'PROVISIONED',
      ...capacity(5),
      ...changes({ Update: { IndexName: 'by-a', ...capacity(5) } }),
    }),
  },
  {
    rule: 'T8',
    given: [create(indexes(index('by-a', 'a'), index('by-b', 'a')))],
    breaks: update({ BillingMode: 'PROVISIONED', ...capacity(5) }),
    says: invalid('ProvisionedThroughput must be specified for index: by-a,by-b'),
    takes: update({
      BillingMode: 'PROVISIONED',
      ...capacity(5),
      ...changes(...['by-a', 'by-b'].map(IndexName => ({ Update: { IndexName, ...capacity(5) } }))),
    }),
  },
  {
    rule: 'T9',
    given: [create({}, provisioned)],
    breaks: update(capacity(5)),
    says: same('table'),
    takes: update(capacity(5, 6)),
  },
  {
    rule: 'T9',
    given: [create({}, provisioned)],
    breaks: update(changes({ Update: { IndexName: 'by-a', ...capacity(5) } })),
    says: same('index by-a'),
    takes: update({ ...capacity(5), ...changes({ Update: { IndexName: 'by-a', ...capacity(6, 5) } }) }),
  },
  {
    rule: 'T10',
    breaks: create(capacity(40_001, 1), provisioned),
    says: overQuota('ReadCapacityUnits', 40_001),
    takes: create(capacity(40_000), provisioned),
  },
  {
    rule: 'T10',
    given: [create({}, provisioned)],
    breaks: update(changes({ Update: { IndexName: 'by-a', ...capacity(5, 40_001) } })),
    says: overQuota('WriteCapacityUnits', 40_001),
    takes: update(changes({ Update: { IndexName: 'by-a', ...capacity(5, 40_000) } })),
  },
  {
    rule: 'T10',
    breaks: create(capacity(1e12 + 1, 1), provisioned),
    says: plain('Given value 1000000000001 for ReadCapacityUnits is out of bounds'),
    takes: create(capacity(40_000, 1), provisioned),
  },
  {
    rule: 'O1',
    breaks: create(caps(5), provisioned),
    says: invalid(
      'MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.',
    ),
    takes: create(caps(5)),
  },
  {
    rule: 'O1',
    given: [create({}, provisioned)],
    breaks: update(caps(5)),
    says: invalid(
      'MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED',
    ),
    takes: update({ BillingMode: 'PAY_PER_REQUEST', ...caps(5) }),
  },
  ...[0, -1].map(units => ({
    rule: 'O2',
    breaks: create(caps(units)),
    says: outside('MaxReadRequestUnits', 'table'),
    takes: create(caps(1)),
  })),
  {
    rule: 'O2',
    breaks: create(indexes(index('by-a', 'a', caps(0)))),
    says: outside('MaxReadRequestUnits', 'index : by-a'),
    takes: create(indexes(index('by-a', 'a', caps(1)))),
  },
  ...[0, -2].map(units => ({
    rule: 'O2',
    given: [create()],
    breaks: update(caps(units)),
    says: outside('MaxReadRequestUnits', 'table'),
    takes: update(caps(-1)),
  })),
  {
    rule: 'O3',
    given: [create()],
    breaks: update({ OnDemandThroughput: {} }),
    says: 'InternalFailure: ',
    takes: update({ OnDemandThroughput: {}, TableClass: 'STANDARD_INFREQUENT_ACCESS' }),
  },
  {
    rule: 'W1',
    breaks: create(warm(11_999)),
    says: lowerThan('ReadUnitsPerSecond', 'table', initial),
    takes: create(warm(12_000)),
  },
  {
    rule: 'W1',
    breaks: create(indexes(index('by-a', 'a', { WarmThroughput: { WriteUnitsPerSecond: 3_999 } }))),
    says: lowerThan('WriteUnitsPerSecond', 'index by-a', initial),
    takes: create(indexes(index('by-a', 'a', { WarmThroughput: { WriteUnitsPerSecond: 4_000 } }))),
  },
  {
    rule: 'W2',
    breaks: create(warm(4), provisioned),
    says: lowerThan('ReadUnitsPerSecond', 'table', 'ReadCapacityUnits of ProvisionedThroughput'),
    takes: create(warm(5), provisioned),
  },
  {
    rule: 'W3',
    given: [create()],
    breaks: update(warm(11_999)),
    says: lowerThan(
      'ReadUnitsPerSecond',
      'table',
      'current WarmThroughput, decreasing WarmThroughput is not supported',
    ),
    takes: update(warm(12_001)),
  },
  {
    rule: 'W3',
    given: [create()],
    breaks: update(changes({ Update: { IndexName: 'by-a', ...warm(11_999) } })),
    says: lowerThan(
      'ReadUnitsPerSecond',
      'index by-a',
      'current WarmThroughput, decreasing WarmThroughput is not supported',
    ),
    takes: update(changes({ Update: { IndexName: 'by-a', ...warm(12_001) } })),
  },
  {
    rule: 'W4',
    given: [create()],
    breaks: update(changes({ Update: { IndexName: 'by-a', WarmThroughput: {} } })),
    says: invalid(
      'WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified for index: by-a',
    ),
    // The value that it has.
    takes: update(warm(12_000)),
  },
]

const tags = (...keys: readonly string[]) => ({ Tags: keys.map(Key => ({ Key, Value: '1' })) })
const numbered = (count: number, from = 0) => tags(...many(count, at => `key-${from + at}`))
const tag = (given: object): Call => ['TagResource', { ResourceArn: arn, ...given }]
const untag = (...TagKeys: readonly string[]): Call => ['UntagResource', { ResourceArn: arn, TagKeys }]
const ttl = (Enabled: boolean, AttributeName: string): Call => [
  'UpdateTimeToLive',
  { TableName: name, TimeToLiveSpecification: { Enabled, AttributeName } },
]
const recovery = (PointInTimeRecoverySpecification: object): Call => [
  'UpdateContinuousBackups',
  { TableName: name, PointInTimeRecoverySpecification },
]
const policy = (Principal: unknown, more: object = {}): Call => [
  'PutResourcePolicy',
  {
    ResourceArn: arn,
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal, Action: 'dynamodb:GetItem', Resource: arn, ...more }],
    }),
  },
]
const own = { AWS: 'arn:aws:iam::000000000000:root' }
const key = 'arn:aws:kms:us-east-1:000000000000:key/1'

export const settingRules: readonly RuleCase[] = [
  {
    rule: 'S1',
    breaks: create(stream(true)),
    says: invalid('Table is being created with a stream enabled, UpdateViewType is required'),
    takes: create(stream(true, 'KEYS_ONLY')),
  },
  {
    rule: 'S2',
    breaks: create(stream(false, 'KEYS_ONLY')),
    says: invalid('Table is being created with a stream disabled, UpdateViewType should not be specified'),
    takes: create(stream(false)),
  },
  {
    rule: 'S3',
    given: [create()],
    breaks: update(stream(true)),
    says: invalid('If stream is being enabled then UpdateViewType is required'),
    takes: update(stream(true, 'NEW_IMAGE')),
  },
  {
    rule: 'S3',
    given: [create(stream(true, 'NEW_IMAGE'))],
    breaks: update(stream(false, 'NEW_IMAGE')),
    says: invalid('If stream is being disabled, then UpdateViewType must not be specified'),
    takes: update(stream(false)),
  },
  ...['NEW_IMAGE', 'OLD_IMAGE'].map(view => ({
    rule: 'S4',
    given: [create(stream(true, 'NEW_IMAGE'))],
    breaks: update(stream(true, view)),
    says: plain(`Table already has an enabled stream: TableName: ${name}`),
    takes: update(stream(false)),
  })),
  {
    rule: 'S4',
    given: [create()],
    breaks: update(stream(false)),
    says: plain(`Table has no stream to disable: TableName: ${name}`),
    takes: update(stream(true, 'OLD_IMAGE')),
  },
  ...(
    [
      [{ Enabled: false, SSEType: 'KMS' }, 'SSEType can not be specified if Enabled is false'],
      [{ Enabled: false, KMSMasterKeyId: key }, 'KMSMasterKeyId can not be specified if Enabled is false'],
      [{ Enabled: true, KMSMasterKeyId: key }, 'SSEType KMS is required if KMSMasterKeyId is specified'],
      [{ Enabled: true, SSEType: 'AES256' }, 'SSEType AES256 is not supported'],
    ] as const
  ).map(([given, message]) => ({
    rule: 'E1',
    breaks: create(encryption(given)),
    says: invalid(message),
    takes: create(encryption({ Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key })),
  })),
  {
    rule: 'E2',
    given: [create()],
    breaks: update(encryption({ Enabled: false })),
    says: invalid('Table is already encrypted by default'),
    takes: update(encryption({ Enabled: true })),
  },
  {
    rule: 'E2',
    given: [create(encryption({ Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key }))],
    breaks: update(encryption({ Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key })),
    says: invalid(
      'Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change Master Key',
    ),
    // The same key by another name: encrypted once more.
    takes: update(encryption({ Enabled: true, SSEType: 'KMS', KMSMasterKeyId: '1' })),
  },
  {
    rule: 'C1',
    breaks: create({ TableClass: 'COLD' }),
    says: plain(
      'Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS].',
    ),
    takes: create({ TableClass: 'STANDARD_INFREQUENT_ACCESS' }),
  },
  {
    rule: 'C1',
    given: [create()],
    breaks: update({ TableClass: 'standard' }),
    says: plain(
      'Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS].',
    ),
    takes: update({ TableClass: 'STANDARD' }),
  },
  {
    rule: 'D1',
    given: [create({ DeletionProtectionEnabled: true })],
    breaks: ['DeleteTable', { TableName: name }],
    says: plain(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    ),
    // It does not protect indexes.
    takes: update(changes({ Delete: { IndexName: 'by-a' } })),
  },
  {
    rule: 'A1',
    breaks: create(numbered(51)),
    says: plain('Number of Tags exceed the current limit for the provided ResourceArn'),
    takes: create(numbered(50)),
  },
  {
    rule: 'A1',
    given: [create(numbered(49))],
    breaks: tag(numbered(2, 49)),
    says: plain('Number of Tags exceed the current limit for the provided ResourceArn'),
    takes: tag(numbered(2, 48)),
  },
  ...['a&b', 'a,b', '#', "it's", '~', '😀', ''].map(bad => ({
    rule: 'A2',
    breaks: create(tags(bad)),
    says: plain(`The Tag Key provided is invalid, Key: ${bad}`),
    takes: create(tags('Größe 1 + - = . _ : / @')),
  })),
  {
    rule: 'A2',
    breaks: create({ Tags: [{ Key: 'a', Value: '1;2' }] }),
    says: plain('The Tag Value provided is invalid, Value: 1;2'),
    takes: create({ Tags: [{ Key: 'a', Value: '' }] }),
  },
  {
    rule: 'A2',
    breaks: create(tags('k'.repeat(129))),
    says: plain(`The Tag Key provided is invalid, Key: ${'k'.repeat(129)}`),
    takes: create(tags('k'.repeat(128))),
  },
  {
    rule: 'A3',
    breaks: create(tags('AWS:x')),
    says: plain('Tag Key cannot be prefixed with aws:, Key: AWS:x'),
    takes: create(tags('aws')),
  },
  {
    rule: 'A3',
    given: [create()],
    breaks: untag('aws:x'),
    says: plain('Tag Key cannot be prefixed with aws:, Key: aws:x'),
    takes: untag('unknown'),
  },
  {
    rule: 'A3',
    breaks: create(tags('a', 'a')),
    says: plain('Duplicate Tag Keys provided as input: Duplicate Tag Key found a'),
    takes: create(tags('a', 'A')),
  },
  {
    rule: 'A4',
    given: [create()],
    breaks: tag({ Tags: [] }),
    says: plain('Atleast one Tag needs to be provided as Input.'),
    takes: tag(tags('a')),
  },
  {
    rule: 'A4',
    given: [create(tags('a'))],
    breaks: untag(),
    says: plain('Atleast one Tag Key needs to be provided as Input.'),
    takes: untag('a'),
  },
  {
    rule: 'A5',
    given: [create()],
    breaks: tag({ ResourceArn: name, ...tags('a') }),
    says: invalid(`ARNs must start with 'arn:': ${name}`),
    takes: tag(tags('a')),
  },
  {
    rule: 'A5',
    given: [create()],
    breaks: ['ListTagsOfResource', { ResourceArn: `${arn}/index/by-a` }],
    says: invalid(
      `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arn}/index/by-a`,
    ),
    takes: ['ListTagsOfResource', { ResourceArn: arn }],
  },
  {
    rule: 'X1',
    given: [create(), ttl(true, 'until')],
    breaks: ttl(true, 'until'),
    says: plain('TimeToLive is already enabled'),
    takes: ['DescribeTimeToLive', { TableName: name }],
  },
  {
    rule: 'X1',
    given: [create()],
    breaks: ttl(false, 'until'),
    says: plain('TimeToLive is already disabled'),
    takes: ttl(true, 'until'),
  },
  {
    rule: 'X1',
    given: [create(), ttl(true, 'until')],
    breaks: ttl(true, 'other'),
    says: plain('TimeToLive is active on a different AttributeName: current AttributeName is until'),
    takes: ['DescribeTimeToLive', { TableName: name }],
  },
  {
    rule: 'X2',
    given: [create(), ttl(true, 'until')],
    breaks: ttl(false, 'until'),
    says: plain('Time to live has been modified multiple times within a fixed interval'),
    takes: ['DescribeTimeToLive', { TableName: name }],
  },
  ...(
    [
      [0, 'have value greater than or equal to 1'],
      [36, 'have value less than or equal to 35'],
    ] as const
  ).map(([days, must]) => ({
    rule: 'R1',
    given: [create()],
    breaks: recovery({ PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: days }),
    says: shape([String(days), 'pointInTimeRecoverySpecification.recoveryPeriodInDays', must]),
    takes: recovery({ PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 }),
  })),
  {
    rule: 'R1',
    given: [create()],
    breaks: recovery({ PointInTimeRecoveryEnabled: false, RecoveryPeriodInDays: 7 }),
    says: plain('Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.'),
    takes: recovery({ PointInTimeRecoveryEnabled: false }),
  },
  {
    rule: 'R2',
    given: [create()],
    breaks: ['PutResourcePolicy', { ResourceArn: arn, Policy: '{' }],
    says: /^ValidationException: One or more parameter values were invalid: Invalid policy document: /,
    takes: policy(own),
  },
  {
    rule: 'R2',
    given: [create()],
    breaks: policy(own, { Sid: 'x'.repeat(20_480) }),
    says: invalid('Maximum policy size of 20480 bytes exceeded'),
    takes: policy(own, { Sid: 'x'.repeat(20_000) }),
  },
  ...['*', { AWS: '*' }].map(everyone => ({
    rule: 'R2',
    given: [create()],
    breaks: policy(everyone),
    says: plain(
      'Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure least-privilege form of access',
    ),
    takes: policy('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
  })),
]

const vector = (IndexName: string, more: object = {}) => ({
  IndexName,
  VectorAttribute: { AttributeName: 'v' },
  Projection: { ProjectionType: 'ALL' },
  Dimensions: 4,
  DistanceFunction: 'COSINE',
  ...more,
})
const vectors = (...VectorIndexes: readonly object[]) => create({ VectorIndexes }, bare)
const newVector = (made: object, ...definitions: readonly object[]) =>
  update({ VectorIndexUpdates: [{ Create: made }], ...defined(...definitions) })
const fiveVectors = (count: number) => vectors(...many(count, at => vector(`near-${at}`)))
const searched = (AttributeName: string, SearchSchemaElementType: string) => ({
  AttributeName,
  SearchSchemaElementType,
})

export const vectorRules: readonly RuleCase[] = [
  {
    rule: 'V1',
    breaks: create({ VectorIndexes: [vector('near')], ...capacity(5), BillingMode: 'PROVISIONED' }, bare),
    says: invalid('Vector indexes are only supported for PAY_PER_REQUEST tables'),
    takes: vectors(vector('near')),
  },
  {
    rule: 'V1',
    given: [vectors(vector('near'))],
    breaks: update({ BillingMode: 'PROVISIONED', ...capacity(5) }),
    says: invalid('Vector indexes are only supported for PAY_PER_REQUEST tables'),
    takes: update({ BillingMode: 'PAY_PER_REQUEST' }),
  },
  {
    rule: 'V2',
    breaks: fiveVectors(6),
    says: invalid('VectorIndex count exceeds the per-table limit of 5'),
    takes: fiveVectors(5),
  },
  {
    rule: 'V2',
    given: [fiveVectors(5)],
    breaks: newVector(vector('one-more')),
    says: 'LimitExceededException: Subscriber limit exceeded: Number of vector secondary indexes exceeds per-table limit of 5',
    takes: update({ VectorIndexUpdates: [{ Delete: { IndexName: 'near-0' } }] }),
  },
  {
    rule: 'V3',
    breaks: vectors(vector('near', { SearchSchema: [searched('tenant', 'HASH')] })),
    says: invalid('One element in SearchSchema is not defined in attribute definitions'),
    takes: create(
      {
        ...defined(S('pk'), S('tenant')),
        VectorIndexes: [vector('near', { SearchSchema: [searched('tenant', 'HASH')] })],
      },
      bare,
    ),
  },
  {
    rule: 'V3',
    given: [create()],
    breaks: newVector(vector('near', { SearchSchema: [searched('year', 'INLINE_FILTER')] })),
    says: invalid('One element in SearchSchema is not defined in attribute definitions'),
    takes: newVector(vector('near', { SearchSchema: [searched('year', 'INLINE_FILTER')] }), N('year')),
  },
  {
    rule: 'V4',
    breaks: create({ ...defined(S('pk'), S('v')), VectorIndexes: [vector('near')] }, bare),
    says: invalid(
      "Conflicting attribute definition for 'v'. An attribute cannot be defined in AttributeDefinitions when used as a VectorAttribute.",
    ),
    takes: vectors(vector('near')),
  },
  {
    rule: 'V5',
    given: [create()],
    breaks: newVector(vector('near', { VectorAttribute: { AttributeName: 'pk' } })),
    says: invalid(
      'Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Existing schema: Schema:[SchemaElement: key{pk:S:HASH}] New schema: VectorIndexSchema:[VectorAttribute: key{pk:L:4}]',
    ),
    takes: newVector(vector('near')),
  },
  {
    rule: 'V5',
    breaks: vectors(vector('near'), vector('far', { Dimensions: 5 })),
    says: /^ValidationException: One or more parameter values were invalid: Attributes cannot be redefined\./,
    takes: vectors(vector('near'), vector('far', { DistanceFunction: 'EUCLIDEAN' })),
  },
  ...(
    [
      [0, 'have value greater than or equal to 1'],
      [4097, 'have value less than or equal to 4096'],
    ] as const
  ).map(([Dimensions, must]) => ({
    rule: 'V5',
    breaks: vectors(vector('near', { Dimensions })),
    says: shape([String(Dimensions), 'vectorIndexes.1.member.dimensions', must]),
    takes: vectors(vector('near', { Dimensions: 4096 })),
  })),
  {
    rule: 'V5',
    breaks: vectors(vector('near', { DistanceFunction: 'MANHATTAN' })),
    says: shape([
      'MANHATTAN',
      'vectorIndexes.1.member.distanceFunction',
      'satisfy enum value set: [DOT_PRODUCT, COSINE, EUCLIDEAN]',
    ]),
    takes: vectors(vector('near', { DistanceFunction: 'DOT_PRODUCT' })),
  },
  ...(
    [
      ['HASH', 2, 1],
      ['INLINE_FILTER', 19, 18],
    ] as const
  ).map(([role, tooMany, most]) => {
    const by = (count: number) => {
      const attributes = many(count, at => `f${at}`)
      const SearchSchema = attributes.map(attribute => searched(attribute, role))
      return create(
        { ...defined(S('pk'), ...attributes.map(S)), VectorIndexes: [vector('near', { SearchSchema })] },
        bare,
      )
    }
    // AWS's words are not known.
    return { rule: 'V5', breaks: by(tooMany), says: /^ValidationException: /, takes: by(most) }
  }),
]
