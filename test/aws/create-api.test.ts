import { inspect } from 'node:util'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/apply/clock.ts'
import { type TableApi, TransientError } from '../../src/apply/ports.ts'
import { createApi } from '../../src/aws/create-api.ts'
import type { Target } from '../../src/aws/target.ts'
import type { TableRequest } from '../../src/settings/step.ts'
import { exampleCredentials } from '../../src/table/local-credentials.ts'
import { type HttpDynamo, type Received, type Reply, startHttpDynamo } from '../support/http-dynamo.ts'

let server: HttpDynamo | undefined
afterEach(() => server?.close())

/** The clock that does not sleep; it notes for how long it would have. */
function instantClock(): Clock & { slept: number[] } {
  const slept: number[] = []
  return {
    slept,
    now: () => 0,
    sleep: async ms => {
      slept.push(ms)
    },
  }
}

const create: TableRequest = {
  api: 'CreateTable',
  input: {
    TableName: 'users',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
}
const table = {
  TableName: 'users',
  TableStatus: 'ACTIVE',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/users',
}

describe('an endpoint', () => {
  const target = (endpoint: string): Target => ({
    kind: 'endpoint',
    endpoint,
    region: 'eu-west-1',
    credentials: exampleCredentials,
  })

  async function api(answer: (request: Received) => Reply, clock: Clock = instantClock()): Promise<TableApi> {
    server = await startHttpDynamo(answer)
    return createApi(target(server.endpoint), { clock })
  }

  describe('send', () => {
    test('sends the request unchanged, once, and returns nothing when it is accepted', async () => {
      const tables = await api(() => ({ json: { TableDescription: table } }))
      expect(await tables.send(create)).toBeUndefined()
      expect(server?.received.map(({ operation, input }) => ({ operation, input }))).toEqual([
        { operation: 'CreateTable', input: create.input },
      ])
    })

    test.each<readonly [string, Reply, object]>([
      [
        'taken',
        { error: ['ResourceInUseException', 'Table already exists: users'] },
        { kind: 'exists', message: 'Table already exists: users' },
      ],
      [
        'throttled',
        { error: ['ThrottlingException', 'Rate exceeded'] },
        { kind: 'throttled', message: 'Rate exceeded' },
      ],
      [
        'a server error',
        { status: 500, error: ['InternalServerError', 'Internal server error'] },
        { kind: 'unavailable' },
      ],
      [
        'bad gateway, in HTML',
        { status: 502, body: '<html>', headers: { 'content-type': 'text/html', 'x-amzn-requestid': 'x' } },
        { kind: 'unavailable' },
      ],
      [
        'a reset after the request',
        { reset: true },
        { kind: 'unavailable', message: 'the connection broke before an answer came' },
      ],
      [
        'not known',
        { error: ['UnknownOperationException'] },
        { kind: 'unsupported', message: 'CreateTable was refused (UnknownOperationException)' },
      ],
      [
        'not implemented',
        { status: 501, error: ['InternalFailure', 'API action is not yet implemented'] },
        { kind: 'unsupported' },
      ],
    ])('%s: one request, one refusal', async (_, reply, refusal) => {
      const tables = await api(() => reply)
      expect(await tables.send(create)).toMatchObject(refusal)
      expect(server?.received).toHaveLength(1)
    })

    test('access denied is thrown, with the action', async () => {
      const tables = await api(() => ({
        error: [
          'AccessDeniedException',
          'User: arn:aws:iam::123456789012:user/ann is not authorized to perform: dynamodb:CreateTable on resource: *',
        ],
      }))
      await expect(tables.send(create)).rejects.toMatchObject({
        code: 'access-denied',
        hint: expect.stringContaining('dynamodb:CreateTable'),
      })
    })

    test('a signal ends the call', async () => {
      const tables = await api(() => ({ hang: true }))
      const signal = AbortSignal.abort()
      await expect(tables.send(create, { signal })).rejects.toMatchObject({ code: 'interrupted' })
    })

    test('every request of a plan has a command of the SDK', async () => {
      const arn = table.TableArn
      const requests: TableRequest[] = [
        create,
        { api: 'UpdateTable', input: { TableName: 'users', DeletionProtectionEnabled: true } },
        { api: 'DeleteTable', input: { TableName: 'users' } },
        {
          api: 'UpdateTimeToLive',
          input: { TableName: 'users', TimeToLiveSpecification: { Enabled: true, AttributeName: 'at' } },
        },
        {
          api: 'UpdateContinuousBackups',
          input: { TableName: 'users', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
        },
        { api: 'TagResource', input: { ResourceArn: arn, Tags: [{ Key: 'a', Value: 'b' }] } },
        { api: 'UntagResource', input: { ResourceArn: arn, TagKeys: ['a'] } },
        { api: 'PutResourcePolicy', input: { ResourceArn: arn, Policy: '{}' } },
        { api: 'DeleteResourcePolicy', input: { ResourceArn: arn } },
        { api: 'UpdateContributorInsights', input: { TableName: 'users', ContributorInsightsAction: 'ENABLE' } },
        {
          api: 'EnableKinesisStreamingDestination',
          input: { TableName: 'users', StreamArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/s' },
        },
        {
          api: 'DisableKinesisStreamingDestination',
          input: { TableName: 'users', StreamArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/s' },
        },
        {
          api: 'UpdateKinesisStreamingDestination',
          input: { TableName: 'users', StreamArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/s' },
        },
      ]
      const tables = await api(() => ({ json: {} }))
      for (const request of requests) expect(await tables.send(request)).toBeUndefined()
      expect(server?.received.map(({ operation }) => operation)).toEqual(requests.map(request => request.api))
    })
  })

  describe('describe and list', () => {
    test('not found is undefined', async () => {
      const tables = await api(() => ({
        error: ['ResourceNotFoundException', 'Requested resource not found: Table: users not found'],
      }))
      expect(await tables.describe('users')).toBeUndefined()
    })

    test.each<readonly [string, Reply, string]>([
      ['throttled', { error: ['ThrottlingException', 'Rate exceeded'] }, 'throttled'],
      ['a server error', { status: 503, error: ['ServiceUnavailable'] }, 'unavailable'],
      ['a reset', { reset: true }, 'unavailable'],
    ])('%s passes, and so rejects with TransientError', async (_, reply, kind) => {
      const tables = await api(() => reply)
      const error = await tables.describe('users').catch(thrown => thrown)
      expect(error).toBeInstanceOf(TransientError)
      expect(error.refusal.kind).toBe(kind)
    })

    test('reads all pages of the list', async () => {
      const tables = await api(({ input }) => ({
        json:
          input.ExclusiveStartTableName === 'b'
            ? { TableNames: ['c'] }
            : { TableNames: ['a', 'b'], LastEvaluatedTableName: 'b' },
      }))
      expect(await tables.list()).toEqual(['a', 'b', 'c'])
    })

    test('a throttled page is requested again at growing intervals, and then fails', async () => {
      const clock = instantClock()
      const tables = await api(() => ({ error: ['ThrottlingException', 'Rate exceeded'] }), clock)
      await expect(tables.list()).rejects.toMatchObject({
        code: 'throttled',
        message: 'ListTables failed: Rate exceeded',
      })
      expect(clock.slept).toEqual([200, 400, 800, 1600, 3200])
    })

    test('a list that needs more calls than allowed is undefined', async () => {
      let page = 0
      const tables = await api(() => {
        page += 1
        return { json: { TableNames: ['a'], LastEvaluatedTableName: `a${page}` } }
      })
      expect(await tables.listWithin(5)).toBeUndefined()
      expect(page).toBe(5)
    })

    test('a list whose pages repeat is not read forever', async () => {
      const tables = await api(() => ({ json: { TableNames: ['a'], LastEvaluatedTableName: 'a' } }))
      await expect(tables.list()).rejects.toMatchObject({
        code: 'network',
        message: `unexpected answer from ${server?.endpoint} to ListTables: the page after a is the same again`,
      })
    })

    test('a limited list retries none of its calls', async () => {
      const clock = instantClock()
      const tables = await api(() => ({ error: ['ThrottlingException', 'Rate exceeded'] }), clock)
      await expect(tables.listWithin(5)).rejects.toMatchObject({ code: 'throttled' })
      expect(clock.slept).toEqual([])
    })

    test.each([{ TableNames: 'abc' }, { TableNames: [1, 'a'] }, {}])('%j is not a valid list', async json => {
      const tables = await api(() => ({ json }))
      await expect(tables.list()).rejects.toMatchObject({ code: 'network' })
    })
  })

  describe('follow-up reads', () => {
    const all = ['ttl', 'pointInTimeRecovery', 'tags', 'resourcePolicy', 'kinesis', 'contributorInsights'] as const
    const indexed = {
      ...table,
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-age',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          IndexStatus: 'ACTIVE',
        },
      ],
    }
    const answers: Readonly<Record<string, (request: Received) => Reply>> = {
      DescribeTable: () => ({ json: { Table: indexed } }),
      DescribeTimeToLive: () => ({
        json: { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLING', AttributeName: 'at' } },
      }),
      DescribeContinuousBackups: () => ({
        json: {
          ContinuousBackupsDescription: {
            ContinuousBackupsStatus: 'ENABLED',
            PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 7 },
          },
        },
      }),
      ListTagsOfResource: ({ input }) => ({
        json:
          input.NextToken === 'more'
            ? { Tags: [{ Key: 'b', Value: '2' }] }
            : {
                Tags: [
                  { Key: 'a', Value: '1' },
                  { Key: 'aws:cloudformation:stack-name', Value: 's' },
                ],
                NextToken: 'more',
              },
      }),
      GetResourcePolicy: () => ({ json: { Policy: '{"Version":"2012-10-17"}', RevisionId: '1' } }),
      DescribeContributorInsights: ({ input }) => ({
        json:
          input.IndexName === undefined
            ? { ContributorInsightsStatus: 'ENABLED', ContributorInsightsMode: 'THROTTLED_KEYS' }
            : { ContributorInsightsStatus: 'DISABLED' },
      }),
      DescribeKinesisStreamingDestination: () => ({
        json: {
          KinesisDataStreamDestinations: [
            { StreamArn: 'arn:old', DestinationStatus: 'DISABLED' },
            { StreamArn: 'arn:new', DestinationStatus: 'ACTIVE', ApproximateCreationDateTimePrecision: 'MICROSECOND' },
          ],
        },
      }),
    }
    const answer = (request: Received): Reply =>
      answers[request.operation]?.(request) ?? { error: ['UnknownOperationException'] }

    test('each setting, with its state', async () => {
      const tables = await api(answer)
      const live = await tables.describe('users', all)
      expect(live?.definition).toMatchObject({
        ttl: 'at',
        pointInTimeRecovery: 7,
        tags: { a: '1', b: '2' },
        resourcePolicy: '{"Version":"2012-10-17"}',
        contributorInsights: 'THROTTLED_KEYS',
        kinesis: { arn: 'arn:new', precision: 'MICROSECOND' },
        globalIndexes: [{ name: 'by-age', contributorInsights: false }],
      })
      expect(live).toMatchObject({ read: all, settling: ['ttl'], warnings: [] })
    })

    test('calls are made only for the requested settings', async () => {
      const tables = await api(answer)
      await tables.describe('users', ['ttl'])
      expect(server?.received.map(({ operation }) => operation)).toEqual(['DescribeTable', 'DescribeTimeToLive'])
    })

    test('reads settings that are off', async () => {
      const off: Readonly<Record<string, Reply>> = {
        DescribeTable: { json: { Table: table } },
        DescribeTimeToLive: { json: { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } } },
        DescribeContinuousBackups: {
          json: {
            ContinuousBackupsDescription: {
              ContinuousBackupsStatus: 'ENABLED',
              PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
            },
          },
        },
        ListTagsOfResource: { json: { Tags: [] } },
        GetResourcePolicy: { error: ['PolicyNotFoundException', 'Resource-based policy not found'] },
        DescribeContributorInsights: { json: { ContributorInsightsStatus: 'DISABLED' } },
        DescribeKinesisStreamingDestination: { json: { KinesisDataStreamDestinations: [] } },
      }
      const tables = await api(({ operation }) => off[operation] ?? {})
      const live = await tables.describe('users', all)
      expect(live?.definition).toMatchObject({
        ttl: false,
        pointInTimeRecovery: false,
        tags: {},
        resourcePolicy: false,
        contributorInsights: false,
        kinesis: false,
      })
      expect(live).toMatchObject({ read: all, settling: [] })
    })

    test('a missing permission is a warning; a setting whose call is unknown is left out from then on', async () => {
      const tables = await api(request => {
        if (request.operation === 'DescribeTimeToLive')
          return {
            error: [
              'AccessDeniedException',
              'User: arn:aws:iam::123456789012:user/ann is not authorized to perform: dynamodb:DescribeTimeToLive on resource: x',
            ],
          }
        if (request.operation === 'DescribeContinuousBackups') return { error: ['UnknownOperationException'] }
        return answer(request)
      })
      const live = await tables.describe('users', ['ttl', 'pointInTimeRecovery', 'tags'])
      expect(live).toMatchObject({
        read: ['tags'],
        warnings: [
          'users: time to live could not be read: access denied: dynamodb:DescribeTimeToLive is not allowed on table users',
        ],
      })
      expect(tables.capabilities()).toMatchObject({ label: 'this endpoint', ignores: ['pointInTimeRecovery'] })
      await tables.describe('users', ['pointInTimeRecovery'])
      const asked = server?.received.map(({ operation }) => operation)
      expect(asked?.filter(operation => operation === 'DescribeContinuousBackups')).toHaveLength(1)
    })

    test('a table that is too new for a setting to be read causes no warning', async () => {
      const tables = await api(request =>
        request.operation === 'DescribeTimeToLive'
          ? { error: ['ResourceNotFoundException', 'Requested resource not found'] }
          : answer(request),
      )
      expect(await tables.describe('users', ['ttl'])).toMatchObject({ read: [], warnings: [] })
    })

    test('throttling slows the whole read down', async () => {
      const tables = await api(request =>
        request.operation === 'DescribeTimeToLive'
          ? { error: ['ThrottlingException', 'Rate exceeded'] }
          : answer(request),
      )
      await expect(tables.describe('users', ['ttl'])).rejects.toBeInstanceOf(TransientError)
    })
  })

  describe('what is not DynamoDB', () => {
    test.each<readonly [string, Reply, string]>([
      ['a web page', { body: '<html>', headers: { 'content-type': 'text/html' } }, '(HTTP 200, text/html)'],
      [
        'a page that does not exist',
        { status: 404, body: '<html>', headers: { 'content-type': 'text/html' } },
        '(HTTP 404, text/html)',
      ],
      [
        'a JSON service',
        { status: 404, body: '{"error":"x"}', headers: { 'content-type': 'application/json' } },
        '(HTTP 404, application/json)',
      ],
      ['a redirect', { status: 301, headers: { location: '/' } }, '(HTTP 301)'],
    ])('%s', async (_, reply, what) => {
      const tables = await api(() => reply)
      const where = server?.endpoint
      await expect(tables.describe('users')).rejects.toMatchObject({
        code: 'network',
        message: `${where} answers, but it is not DynamoDB ${what}`,
      })
      // A change may have been carried out, unless the answer says otherwise.
      const sent = await tables.send(create).catch(thrown => thrown)
      expect(sent).toMatchObject(what.startsWith('(HTTP 200') ? { kind: 'unavailable' } : { code: 'network' })
    })

    test('a proxy with nothing behind it: a read is tried three times, a change may have been carried out', async () => {
      const clock = instantClock()
      const tables = await api(() => ({ status: 502, body: 'bad gateway' }), clock)
      await expect(tables.describe('users')).rejects.toMatchObject({
        code: 'network',
        message: `${server?.endpoint} answers, but it is not DynamoDB (HTTP 502)`,
      })
      expect(clock.slept).toEqual([500, 1_000])
      expect(await tables.send(create)).toMatchObject({
        kind: 'unavailable',
        message: `${server?.endpoint} answered CreateTable with something that cannot be read (HTTP 502)`,
      })
    })

    test('a JSON answer without a table in it', async () => {
      const tables = await api(() => ({ body: '{"hello":1}', headers: { 'content-type': 'application/json' } }))
      await expect(tables.describe('users')).rejects.toMatchObject({ code: 'network' })
      await expect(tables.list()).rejects.toMatchObject({ code: 'network' })
    })

    test('reports that nothing listens at the endpoint', async () => {
      server = await startHttpDynamo(() => ({}))
      const { endpoint } = server
      await server.close()
      await expect(createApi(target(endpoint)).list()).rejects.toMatchObject({
        code: 'network',
        message: `nothing answers at ${endpoint} (connection refused)`,
      })
    })
  })
})

describe('answers that are lost, late or strange', () => {
  const json = { 'content-type': 'application/x-amz-json-1.0' }
  const html = (status: number): Reply => ({ status, body: '<html>', headers: { 'content-type': 'text/html' } })
  const lost = (what: string) => ({ kind: 'unavailable', message: expect.stringContaining(what) })

  /** The target has answered once before the reply comes. */
  async function known(reply: (request: Received) => Reply) {
    let calls = 0
    server = await startHttpDynamo(request => {
      calls += 1
      return calls === 1 ? { json: { TableNames: [] } } : reply(request)
    })
    const tables = createApi(
      { kind: 'endpoint', endpoint: server.endpoint, region: 'eu-west-1', credentials: exampleCredentials },
      { clock: instantClock() },
    )
    await tables.list()
    return tables
  }

  // [what, reply, what becomes of a change, what becomes of a read]
  test.each<readonly [string, Reply, object, object]>([
    [
      'half of the JSON',
      { body: '{"TableDescr', headers: json },
      lost('cannot be read (HTTP 200, application/x-amz-json-1.0)'),
      lost('cannot be read (HTTP 200, application/x-amz-json-1.0)'),
    ],
    ['a page of HTML', html(200), lost('(HTTP 200, text/html)'), lost('(HTTP 200, text/html)')],
    ['a gateway error in HTML', html(502), lost('(HTTP 502, text/html)'), lost('(HTTP 502, text/html)')],
    ['an empty gateway error', { status: 503 }, lost('(HTTP 503)'), lost('(HTTP 503)')],
    [
      'a server error',
      { status: 500, error: ['InternalServerError', 'broken'] },
      lost('HTTP 500, InternalServerError: broken'),
      lost('HTTP 500, InternalServerError: broken'),
    ],
    [
      'an error that is cut off',
      { status: 400, body: '{"__type":"Val', headers: json },
      lost('cannot be read (HTTP 400, application/x-amz-json-1.0)'),
      lost('cannot be read (HTTP 400, application/x-amz-json-1.0)'),
    ],
    [
      'a proxy that wants a password',
      html(407),
      {
        code: 'network',
        message: expect.stringMatching(/^unexpected answer from http:\S+ to CreateTable \(HTTP 407, /),
      },
      {
        code: 'network',
        message: expect.stringMatching(/^unexpected answer from http:\S+ to DescribeTable \(HTTP 407, /),
      },
    ],
    [
      'more than memory holds',
      { json: { TableDescription: table, Table: table }, padding: 65 * 2 ** 20 },
      lost('cannot be read (HTTP 200'),
      lost('cannot be read (HTTP 200'),
    ],
  ])('%s', async (_, reply, ofChange, ofRead) => {
    const tables = await known(() => reply)
    expect(await tables.send(create).catch(thrown => thrown)).toMatchObject(ofChange)
    const read = await tables.describe('users').catch(thrown => thrown)
    expect(read instanceof TransientError ? read.refusal : read).toMatchObject(ofRead)
  })

  test.each<readonly [string, object, string]>([
    ['null for the table', { Table: null }, 'answers, but it is not DynamoDB'],
    ['text for a list', { Table: { ...table, KeySchema: 'pk' } }, 'to DescribeTable: Table.KeySchema must be a list'],
    ['null in a list', { Table: { ...table, KeySchema: [null] } }, 'to DescribeTable'],
    [
      'text for a number',
      { Table: { ...table, ItemCount: 'many' } },
      'to DescribeTable: Table.ItemCount must be a number',
    ],
    [
      'a number for text',
      { Table: { ...table, TableStatus: 5 } },
      'to DescribeTable: Table.TableStatus must be a string',
    ],
    [
      'an object for a list of indexes',
      { Table: { ...table, GlobalSecondaryIndexes: {} } },
      'to DescribeTable: Table.GlobalSecondaryIndexes must be a list',
    ],
  ])('%s', async (_, body, message) => {
    const tables = await known(() => ({ json: body }))
    await expect(tables.describe('users')).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining(message),
    })
  })

  test('an answer that arrives byte by byte ends with the signal', async () => {
    const tables = await known(() => ({ json: { Table: table }, drip: true }))
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 300)
    await expect(tables.describe('users', [], { signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' })
  })

  test('many calls share one signal without a warning of Node', async () => {
    const warnings: Error[] = []
    const note = (warning: Error) => warnings.push(warning)
    process.on('warning', note)
    const tables = await known(() => ({ json: { Table: table } }))
    const { signal } = new AbortController()
    await Promise.all(Array.from({ length: 30 }, () => tables.describe('users', [], { signal })))
    await new Promise(resolve => setImmediate(resolve))
    process.off('warning', note)
    expect(warnings.filter(({ name }) => name === 'MaxListenersExceededWarning')).toEqual([])
  })

  test('a clock that is 20 minutes wrong is corrected, and the call is sent once more', async () => {
    const now = new Date(Date.now() + 20 * 60_000)
    const tables = await known(({ headers }) => {
      const signed = String(headers['x-amz-date']).replace(/(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5')
      const isLate = Math.abs(Date.parse(signed) - now.getTime()) > 5 * 60_000
      const date = { date: now.toUTCString() }
      return isLate
        ? {
            error: ['InvalidSignatureException', `Signature expired: ${signed} is now earlier than ...`],
            headers: date,
          }
        : { json: { Table: table }, headers: date }
    })
    expect((await tables.describe('users'))?.status).toBe('ACTIVE')
    expect(server?.received).toHaveLength(3)
  })

  test.each([404, 500, 501])(
    'HTTP %i in HTML to a call about a setting: the target does not support it',
    async status => {
      const tables = await known(({ operation }) =>
        operation === 'DescribeTable' ? { json: { Table: table } } : html(status),
      )
      expect(await tables.describe('users', ['kinesis'])).toMatchObject({ read: [], warnings: [] })
      expect(tables.capabilities().ignores).toEqual(['kinesis'])
    },
  )

  test('a gateway error to a call about a setting passes', async () => {
    const tables = await known(({ operation }) =>
      operation === 'DescribeTable' ? { json: { Table: table } } : html(503),
    )
    await expect(tables.describe('users', ['kinesis'])).rejects.toBeInstanceOf(TransientError)
    expect(tables.capabilities().ignores).toEqual([])
  })
})

describe('secrets in the errors of servers', () => {
  const token = 'IQoJb3JpZ2luX2VjEH//////////wEaCWV1LXdlc3QtMSJHMEUCIQ+token/with=signs=='
  const keys = { accessKeyId: 'AKIAQQQQWWWWEEEERRRR', secretAccessKey: 'never-sent-anyway', sessionToken: token }
  const echoes: readonly (readonly [string, (request: Received) => string])[] = [
    ['as JSON', ({ headers }) => JSON.stringify(headers)],
    [
      'as lines',
      ({ headers }) =>
        Object.entries(headers)
          .map(pair => pair.join(': '))
          .join('\r\n'),
    ],
    ['encoded for a URL', ({ headers }) => encodeURIComponent(JSON.stringify(headers))],
    ['cut short', ({ headers }) => `token ${String(headers['x-amz-security-token']).slice(0, 40)}`],
    ['without a name', ({ headers }) => `got ${headers['x-amz-security-token']} and ${headers.authorization}`],
  ]
  const types = [
    'ValidationException',
    'LimitExceededException',
    'ThrottlingException',
    'ResourceInUseException',
    'AccessDeniedException',
    'UnknownOperationException',
    'InternalServerError',
    'InvalidSignatureException',
    'SomethingNewException',
  ]
  test.each(types.flatMap(type => echoes.map(([how, echo]) => [type, how, echo] as const)))(
    '%s with the headers %s',
    async (type, _, echo) => {
      server = await startHttpDynamo(request => ({
        status: type === 'InternalServerError' ? 500 : 400,
        error: [type, `\u001b[31m${echo(request)}`],
      }))
      const { endpoint } = server
      const tables = createApi({ kind: 'endpoint', endpoint, region: 'eu-west-1', credentials: keys })
      const result = await tables.send(create).catch(thrown => thrown)
      const signature = /Signature=(\w+)/.exec(String(server.received[0]?.headers.authorization))?.[1] ?? ''
      const shown = inspect(result, { depth: 9, showHidden: false }) + JSON.stringify(result)
      expect(signature).toHaveLength(64)
      for (const secret of [token, token.slice(0, 30), encodeURIComponent(token), signature]) {
        expect(shown).not.toContain(secret)
      }
      expect(shown).not.toContain('\u001b')
    },
  )
})

describe("a client of the user's own", () => {
  test('is used unchanged, with its own retries and the same error messages', async () => {
    server = await startHttpDynamo(({ operation }) =>
      operation === 'DescribeTable'
        ? { error: ['ThrottlingException', 'Rate exceeded'] }
        : { json: { TableNames: ['users'] } },
    )
    const client = new DynamoDBClient({
      endpoint: server.endpoint,
      region: 'eu-west-2',
      credentials: exampleCredentials,
      maxAttempts: 2,
    })
    const tables = createApi({ client })
    expect(await tables.list()).toEqual(['users'])
    await expect(tables.describe('users')).rejects.toBeInstanceOf(TransientError)
    expect(server.received.map(({ operation }) => operation)).toEqual(['ListTables', 'DescribeTable', 'DescribeTable'])
    expect(await tables.identify()).toEqual({ account: undefined, region: 'eu-west-2', endpoint: server.endpoint })
    client.destroy()
  })
})

test('the embedded engine has to be started first', () => {
  expect(() => createApi({ kind: 'local', region: 'us-east-1' })).toThrow('the embedded engine was not started')
})
