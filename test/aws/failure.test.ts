import { describe, expect, test } from 'vitest'
import { classifyRefusal } from '../../src/aws/failure.ts'

const aws = (name: string, message: string, status = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } })
const ip = 'One or more parameter values were invalid: '
const busy = 'Attempt to change a resource which is still in use: '

// [what, operation, exception, message, the refusal without its message]
const cases: readonly (readonly [string, string, string, string, object])[] = [
  [
    'create on an existing table',
    'CreateTable',
    'ResourceInUseException',
    'Table already exists: users',
    { kind: 'exists' },
  ],
  [
    'create while another process creates',
    'CreateTable',
    'ResourceInUseException',
    `${busy}Table is being created: users`,
    { kind: 'exists' },
  ],
  [
    'create on DynamoDB Local',
    'CreateTable',
    'ResourceInUseException',
    'Cannot create preexisting table',
    { kind: 'exists' },
  ],
  [
    'update while creating',
    'UpdateTable',
    'ResourceInUseException',
    `${busy}Table is being created: users`,
    { kind: 'in-use' },
  ],
  [
    'update while updating',
    'UpdateTable',
    'ResourceInUseException',
    `${busy}Table is being updated: users`,
    { kind: 'in-use' },
  ],
  [
    'delete while deleting',
    'DeleteTable',
    'ResourceInUseException',
    `${busy}Table is being deleted: users`,
    { kind: 'in-use' },
  ],
  ['in use without detail, on a global table', 'UpdateTable', 'ResourceInUseException', '', { kind: 'in-use' }],
  [
    'dropping an index too early',
    'UpdateTable',
    'ResourceInUseException',
    'Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the index is active...',
    { kind: 'in-use' },
  ],
  [
    'delete while indexes change',
    'DeleteTable',
    'ResourceInUseException',
    'Cannot delete table while indexes are being created, updated, or deleted.',
    { kind: 'in-use' },
  ],
  [
    'the same as a validation error',
    'DeleteTable',
    'ValidationException',
    'Cannot delete table while indexes are being created, updated, or deleted.',
    { kind: 'in-use' },
  ],
  [
    'point-in-time recovery too early',
    'UpdateContinuousBackups',
    'ContinuousBackupsUnavailableException',
    'Backups are being enabled',
    { kind: 'in-use' },
  ],
  [
    'tags are being written',
    'TagResource',
    'LimitExceededException',
    'Subscriber limit exceeded: Table tags are being updated: users',
    { kind: 'in-use' },
  ],

  [
    'no such table',
    'DeleteTable',
    'ResourceNotFoundException',
    'Requested resource not found: Table: users not found',
    { kind: 'not-found' },
  ],
  [
    'no such table, in the backups family',
    'UpdateContinuousBackups',
    'TableNotFoundException',
    'Table not found: users',
    { kind: 'not-found' },
  ],
  [
    'no such table, by its ARN',
    'TagResource',
    'ResourceNotFoundException',
    'Requested resource not found: ResourceArn: arn:aws:dynamodb:eu-west-1:123456789012:table/users not found',
    { kind: 'not-found' },
  ],
  [
    'no such index',
    'UpdateTable',
    'ResourceNotFoundException',
    'Requested resource not found: Index g for table users',
    { kind: 'not-found' },
  ],
  [
    'no policy to delete',
    'DeleteResourcePolicy',
    'PolicyNotFoundException',
    'Resource-based policy not found',
    { kind: 'not-found' },
  ],

  [
    'the account limiter',
    'CreateTable',
    'ThrottlingException',
    'The rate of control plane requests made by this account is too high',
    { kind: 'throttled' },
  ],
  ['the reads limiter', 'DescribeTimeToLive', 'ThrottlingException', 'Rate exceeded', { kind: 'throttled' }],
  ['throttled under an older name', 'DescribeTable', 'RequestLimitExceeded', 'Rate exceeded', { kind: 'throttled' }],

  [
    'one index at a time',
    'UpdateTable',
    'LimitExceededException',
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    { kind: 'limit', retryable: true },
  ],
  [
    'too many operations at once',
    'CreateTable',
    'LimitExceededException',
    'Too many operations for a given subscriber: 500 tables can be created, updated, or deleted simultaneously',
    { kind: 'limit', retryable: true },
  ],
  ...['DescribeTable', 'ListTables', 'ListTagsOfResource'].map(
    operation =>
      [
        `too many operations at once, of a read: ${operation}`,
        operation,
        'LimitExceededException',
        'Too many operations for a given subscriber',
        { kind: 'throttled' },
      ] as const,
  ),
  [
    'the index quota',
    'UpdateTable',
    'LimitExceededException',
    'Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of 20',
    { kind: 'limit', retryable: false },
  ],
  [
    'the vector index quota',
    'UpdateTable',
    'LimitExceededException',
    'Subscriber limit exceeded: Number of vector secondary indexes exceeds per-table limit of 5',
    { kind: 'limit', retryable: false },
  ],
  [
    'the capacity quota',
    'CreateTable',
    'LimitExceededException',
    'The requested ReadCapacityUnits, 50000, is above the per table maximum for the account in eu-west-1. Per table maximum: 40000.',
    { kind: 'limit', retryable: false },
  ],

  [
    'deletion protection toggled twice',
    'UpdateTable',
    'ThrottlingException',
    'Deletion protection setting for table users modified within the previous 15000 milliseconds. Please try again after 2026-10-21T10:20:30.123Z',
    { kind: 'cool-down', until: Date.UTC(2026, 9, 21, 10, 20, 30, 123) },
  ],
  [
    'the same with a sentence after it and no zone',
    'UpdateTable',
    'ThrottlingException',
    'Resource policy for table users modified within the previous 15000 milliseconds. Please try again after 2026-10-21T10:20:30.',
    { kind: 'cool-down', until: Date.UTC(2026, 9, 21, 10, 20, 30) },
  ],
  [
    'throughput lowered too often',
    'UpdateTable',
    'LimitExceededException',
    'Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: 4. Last decrease at Monday, October 19, 2026 at 4:12:53 PM UTC. Next decrease can be made at Monday, October 19, 2026 5:12:53 PM UTC',
    { kind: 'cool-down', until: Date.UTC(2026, 9, 19, 17, 12, 53) },
  ],
  [
    'the same without a time',
    'UpdateTable',
    'LimitExceededException',
    'Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. Number of decreases today: 4.',
    { kind: 'cool-down' },
  ],
  [
    'table class changed too often',
    'UpdateTable',
    'LimitExceededException',
    'Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s).',
    { kind: 'cool-down' },
  ],
  [
    'billing mode changed too often',
    'UpdateTable',
    'LimitExceededException',
    'Subscriber limit exceeded: Update to PayPerRequest mode are limited to once in 1 day(s). Last update at ...',
    { kind: 'cool-down' },
  ],
  [
    'time to live changed too often',
    'UpdateTimeToLive',
    'ValidationException',
    'Time to live has been modified multiple times within a fixed interval',
    { kind: 'cool-down' },
  ],

  [
    'an operation the engine does not know',
    'UpdateTimeToLive',
    'UnknownOperationException',
    'UnknownError',
    { kind: 'unsupported' },
  ],
  [
    'tags on DynamoDB Local',
    'TagResource',
    'UnknownOperationException',
    'Tagging is not currently supported in DynamoDB Local.',
    { kind: 'unsupported' },
  ],

  ['a bad input', 'CreateTable', 'ValidationException', `${ip}Duplicate index name: x`, { kind: 'static' }],
  [
    'deletion protection',
    'DeleteTable',
    'ValidationException',
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    { kind: 'static' },
  ],
  [
    'stream with throughput',
    'UpdateTable',
    'ValidationException',
    `${ip}You cannot modify stream status while updating table IOPS`,
    { kind: 'static' },
  ],
  [
    'index with throughput',
    'UpdateTable',
    'ValidationException',
    `${ip}You cannot create or delete index while updating table IOPS`,
    { kind: 'static' },
  ],
  [
    'index with stream',
    'UpdateTable',
    'ValidationException',
    `${ip}You cannot create or delete index while changing stream status`,
    { kind: 'static' },
  ],
  [
    'index with warm throughput',
    'UpdateTable',
    'ValidationException',
    `${ip}Create global secondary index cannot be specified when updating WarmThroughput`,
    { kind: 'static' },
  ],
  [
    'another TTL attribute',
    'UpdateTimeToLive',
    'ValidationException',
    'TimeToLive is active on a different AttributeName: current AttributeName is old',
    { kind: 'static' },
  ],
  [
    'a stream that is on, perhaps with another view',
    'UpdateTable',
    'ValidationException',
    'Table already has an enabled stream: TableName: users',
    { kind: 'static' },
  ],
]

describe("refusals, by AWS's own texts", () => {
  test.each(cases)('%s', (_, operation, name, message, expected) => {
    const refusal = classifyRefusal(aws(name, message), operation)
    expect(refusal).toMatchObject(expected)
    expect(refusal).toMatchObject({
      message: message === '' || message === 'UnknownError' ? `${operation} was refused (${name})` : message,
    })
    if ('until' in expected === false) expect(refusal).not.toHaveProperty('until', expect.anything())
  })

  test.each([
    ['UpdateTimeToLive', 'TimeToLive is already enabled'],
    ['UpdateTimeToLive', 'TimeToLive is already disabled'],
    [
      'UpdateTable',
      'The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5.',
    ],
    [
      'UpdateTable',
      'The provisioned throughput for the index by-age will not change. The requested value equals the current value.',
    ],
    ['UpdateTable', 'Table has no stream to disable: TableName: users'],
    ['UpdateTable', `${ip}Table is already encrypted by default`],
    [
      'UpdateTable',
      `${ip}Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change Master Key.`,
    ],
  ])('%s, "%s": so already', (operation, message) => {
    expect(classifyRefusal(aws('ValidationException', message), operation)).toBe('accepted')
  })

  test('a namespace before the name does not matter', () => {
    expect(
      classifyRefusal(aws('com.amazonaws.dynamodb.v20120810#ThrottlingException', 'Rate exceeded'), 'DescribeTable'),
    ).toEqual({ kind: 'throttled', message: 'Rate exceeded' })
  })
})

describe('answers that are lost', () => {
  const node = (code: string, message: string, name = 'Error') => Object.assign(new Error(message), { code, name })

  test.each([
    [
      'a server error',
      aws('InternalServerError', 'Internal server error', 500),
      'DynamoDB answered with a server error (HTTP 500, InternalServerError: Internal server error)',
    ],
    [
      'a bare 500',
      aws('InternalFailure', '', 500),
      'DynamoDB answered with a server error (HTTP 500, InternalFailure)',
    ],
    [
      'unavailable',
      aws('ServiceUnavailable', 'UnknownError', 503),
      'DynamoDB answered with a server error (HTTP 503, ServiceUnavailable)',
    ],
    ['a reset', node('ECONNRESET', 'socket hang up', 'TimeoutError'), 'the connection broke before an answer came'],
    ['a broken pipe', node('EPIPE', 'write EPIPE', 'TimeoutError'), 'the connection broke before an answer came'],
    ['half an answer', node('ECONNRESET', 'aborted'), 'the connection broke before an answer came'],
    [
      'no answer in time',
      node(
        'ETIMEDOUT',
        '@smithy/node-http-handler - [ERROR] a request has exceeded the configured 30000 ms requestTimeout.',
        'TimeoutError',
      ),
      'the connection broke before an answer came',
    ],
  ])('%s: it is not known whether the call was carried out', (_, error, message) => {
    expect(classifyRefusal(error, 'CreateTable')).toEqual({ kind: 'unavailable', message, cause: error })
  })

  test.each([
    ['refused', node('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9')],
    ['no such host', node('ENOTFOUND', 'getaddrinfo ENOTFOUND nope.invalid')],
    ['no route', node('ETIMEDOUT', 'connect ETIMEDOUT 10.255.255.1:443', 'TimeoutError')],
    [
      'no connection in time',
      Object.assign(
        new Error(
          '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 5000 ms.',
        ),
        { name: 'TimeoutError' },
      ),
    ],
    [
      'no TLS',
      node(
        'ECONNRESET',
        'Client network socket disconnected before secure TLS connection was established',
        'TimeoutError',
      ),
    ],
    ['access denied', aws('AccessDeniedException', 'User: x is not authorized to perform: dynamodb:CreateTable')],
    ['expired', aws('ExpiredTokenException', 'The security token included in the request is expired')],
  ])('%s: not a refusal', (_, error) => {
    expect(classifyRefusal(error, 'CreateTable')).toBeUndefined()
  })
})
