import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import dynalite from 'dynalite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../src/aws/create-api.ts'
import { resolveTarget } from '../../src/aws/target.ts'
import { engines } from '../../src/settings/engines.ts'
import type { TableRequest } from '../../src/settings/step.ts'
import type { Feature } from '../../src/table/capabilities.ts'

let engine: Server
let endpoint: string
beforeAll(async () => {
  engine = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  await new Promise<void>(resolve => engine.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`
})
afterAll(() => new Promise<void>(resolve => engine.close(() => resolve())))

const none = { AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' }
const connect = () => createApi(resolveTarget({ endpoint }, none))
const createInput = (name: string, more: object = {}): TableRequest => ({
  api: 'CreateTable',
  input: {
    TableName: name,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  },
})
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await new Promise(resolve => setImmediate(resolve))
}

describe('a round trip on dynalite', () => {
  test('create, describe, list, delete', async () => {
    const api = connect()
    expect(api.capabilities().engine).toBe('unknown')
    expect(await api.describe('trip')).toBeUndefined()
    expect(api.capabilities().engine).toBe('plain-dynalite')
    expect(await api.send(createInput('trip'))).toBeUndefined()
    expect(await api.send(createInput('trip'))).toEqual({
      kind: 'exists',
      message: 'CreateTable was refused (ResourceInUseException)',
    })
    await until(async () => (await api.describe('trip'))?.status === 'ACTIVE')
    expect((await api.describe('trip'))?.definition).toMatchObject({
      partitionKey: [{ name: 'pk', type: 'S' }],
      sortKey: [{ name: 'at', type: 'N' }],
      billingMode: 'PAY_PER_REQUEST',
    })
    expect(await api.list()).toEqual(['trip'])
    expect(await api.identify({ account: 'required' })).toEqual({ account: undefined, region: 'us-east-1', endpoint })
    expect(await api.send({ api: 'DeleteTable', input: { TableName: 'trip' } })).toBeUndefined()
    await until(async () => (await api.describe('trip')) === undefined)
    expect(await api.send({ api: 'DeleteTable', input: { TableName: 'trip' } })).toMatchObject({ kind: 'not-found' })
  })
})

describe('dynalite keeps what engines.ts says', () => {
  const arn = (name: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`
  // For each setting that it ignores: a request that sets it, and what is seen of it afterwards.
  const made: readonly (readonly [Feature, object])[] = [
    ['tableClass', { TableClass: 'STANDARD_INFREQUENT_ACCESS' }],
    ['encryption', { SSESpecification: { Enabled: true, SSEType: 'KMS' } }],
    ['stream', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } }],
    ['deletionProtection', { DeletionProtectionEnabled: true }],
    ['maxReadUnits', { OnDemandThroughput: { MaxReadRequestUnits: 10 } }],
    ['warmReadUnits', { WarmThroughput: { ReadUnitsPerSecond: 13_000, WriteUnitsPerSecond: 5_000 } }],
  ]

  test.each(made)('%s is accepted and not kept', async (feature, member) => {
    expect(engines['plain-dynalite'].ignores).toContain(feature)
    const api = connect()
    const name = `forget-${feature}`
    expect(await api.send(createInput(name, member))).toBeUndefined()
    const plain = `plain-${feature}`
    await api.send(createInput(plain))
    const [live, other] = await Promise.all([api.describe(name), api.describe(plain)])
    expect({ ...live?.definition, name: '' }).toEqual({ ...other?.definition, name: '' })
  })

  test('settings whose calls it does not know', async () => {
    const api = connect()
    await api.send(createInput('follow'))
    await until(async () => (await api.describe('follow'))?.status === 'ACTIVE')
    const unknown: readonly (readonly [Feature, TableRequest])[] = [
      [
        'ttl',
        {
          api: 'UpdateTimeToLive',
          input: { TableName: 'follow', TimeToLiveSpecification: { Enabled: true, AttributeName: 'x' } },
        },
      ],
      [
        'pointInTimeRecovery',
        {
          api: 'UpdateContinuousBackups',
          input: { TableName: 'follow', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
        },
      ],
      ['resourcePolicy', { api: 'PutResourcePolicy', input: { ResourceArn: arn('follow'), Policy: '{}' } }],
      [
        'contributorInsights',
        { api: 'UpdateContributorInsights', input: { TableName: 'follow', ContributorInsightsAction: 'ENABLE' } },
      ],
      [
        'kinesis',
        {
          api: 'EnableKinesisStreamingDestination',
          input: { TableName: 'follow', StreamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' },
        },
      ],
    ]
    for (const [feature, request] of unknown) {
      expect(engines['plain-dynalite'].ignores).toContain(feature)
      expect(await api.send(request)).toMatchObject({ kind: 'unsupported' })
    }
    const fields = ['ttl', 'pointInTimeRecovery', 'tags', 'resourcePolicy', 'contributorInsights', 'kinesis'] as const
    expect(await api.describe('follow', fields)).toMatchObject({ read: [], settling: [], warnings: [] })
  })

  test('indexes with several attributes are refused', async () => {
    expect(engines['plain-dynalite'].refuses).toContain('multiAttributeKeys')
    const keys = ['pk', 'at'].map(name => ({ AttributeName: name, KeyType: 'HASH' }))
    const index = {
      IndexName: 'several',
      KeySchema: [...keys, { AttributeName: 'x', KeyType: 'RANGE' }],
      Projection: { ProjectionType: 'ALL' },
    }
    expect(await connect().send(createInput('several', { GlobalSecondaryIndexes: [index] }))).toMatchObject({
      kind: 'static',
    })
  })

  test('an index that is added later is never built', async () => {
    expect(engines['plain-dynalite'].refuses).toContain('indexChanges')
    const api = connect()
    await api.send(
      createInput('later', {
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      }),
    )
    await until(async () => (await api.describe('later'))?.status === 'ACTIVE')
    const index = {
      IndexName: 'new',
      KeySchema: [{ AttributeName: 'at', KeyType: 'HASH' as const }],
      Projection: { ProjectionType: 'ALL' as const },
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    }
    await api.send({
      api: 'UpdateTable',
      input: {
        TableName: 'later',
        AttributeDefinitions: [{ AttributeName: 'at', AttributeType: 'N' }],
        GlobalSecondaryIndexUpdates: [{ Create: index }],
      },
    })
    expect((await api.describe('later'))?.definition.globalIndexes).toEqual([])
  })
})
