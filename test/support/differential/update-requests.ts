import type { GlobalSecondaryIndexUpdate, UpdateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { TableInput } from '../../../src/table/input.ts'

/** One UpdateTable call, without the table's name, to a table of the given kind. */
export interface UpdateRequest {
  readonly title: string
  readonly to: keyof typeof updateBases
  readonly input: Omit<UpdateTableCommandInput, 'TableName'>
}

const units = { readCapacity: 5, writeCapacity: 5 }

/** The tables that requests are sent to: each of them with an index `one` on `a`, a string. */
export const updateBases = {
  provisioned: { billingMode: 'PROVISIONED', ...units, globalIndexes: { one: { partitionKey: 'a', ...units } } },
  'on-demand': { billingMode: 'PAY_PER_REQUEST', globalIndexes: { one: { partitionKey: 'a' } } },
  streaming: { billingMode: 'PAY_PER_REQUEST', stream: 'NEW_IMAGE', globalIndexes: { one: { partitionKey: 'a' } } },
} satisfies Record<string, Partial<TableInput>>

const capacity = (each: number) => ({ ReadCapacityUnits: each, WriteCapacityUnits: each })
const hash = (name: string) => [{ AttributeName: name, KeyType: 'HASH' as const }]
const string = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const })
const all = { ProjectionType: 'ALL' as const }
const create = (name: string, attribute: string, each?: number): GlobalSecondaryIndexUpdate => ({
  Create: {
    IndexName: name,
    KeySchema: hash(attribute),
    Projection: all,
    ...(each === undefined ? {} : { ProvisionedThroughput: capacity(each) }),
  },
})
const drop = (name: string): GlobalSecondaryIndexUpdate => ({ Delete: { IndexName: name } })
const set = (name: string, each: number): GlobalSecondaryIndexUpdate => ({
  Update: { IndexName: name, ProvisionedThroughput: capacity(each) },
})
const on = (view: 'NEW_IMAGE' | 'KEYS_ONLY') => ({ StreamEnabled: true, StreamViewType: view })

/** What the planner sends, and what it takes care not to. */
export const updateRequests: readonly UpdateRequest[] = [
  { title: 'nothing', to: 'provisioned', input: {} },
  { title: 'other capacity', to: 'provisioned', input: { ProvisionedThroughput: capacity(7) } },
  { title: 'the same capacity', to: 'provisioned', input: { ProvisionedThroughput: capacity(5) } },
  { title: 'no capacity at all', to: 'provisioned', input: { ProvisionedThroughput: capacity(0) } },
  { title: 'capacity on demand', to: 'on-demand', input: { ProvisionedThroughput: capacity(7) } },
  { title: 'capacity of an index', to: 'provisioned', input: { GlobalSecondaryIndexUpdates: [set('one', 7)] } },
  {
    title: 'capacity of table and index',
    to: 'provisioned',
    input: { ProvisionedThroughput: capacity(7), GlobalSecondaryIndexUpdates: [set('one', 7)] },
  },
  {
    title: 'capacity of an index that does not exist',
    to: 'provisioned',
    input: { GlobalSecondaryIndexUpdates: [set('none', 7)] },
  },
  { title: 'to on-demand', to: 'provisioned', input: { BillingMode: 'PAY_PER_REQUEST' } },
  {
    title: 'to on-demand, with capacity',
    to: 'provisioned',
    input: { BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: capacity(7) },
  },
  {
    title: 'to provisioned',
    to: 'on-demand',
    input: {
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: capacity(5),
      GlobalSecondaryIndexUpdates: [set('one', 5)],
    },
  },
  { title: 'to provisioned, without capacity', to: 'on-demand', input: { BillingMode: 'PROVISIONED' } },
  {
    title: 'to provisioned, without capacity of the index',
    to: 'on-demand',
    input: { BillingMode: 'PROVISIONED', ProvisionedThroughput: capacity(5) },
  },
  {
    title: 'an index',
    to: 'on-demand',
    input: { AttributeDefinitions: [string('b')], GlobalSecondaryIndexUpdates: [create('two', 'b')] },
  },
  {
    title: 'an index with capacity',
    to: 'provisioned',
    input: { AttributeDefinitions: [string('b')], GlobalSecondaryIndexUpdates: [create('two', 'b', 5)] },
  },
  {
    title: 'an index without capacity on a provisioned table',
    to: 'provisioned',
    input: { AttributeDefinitions: [string('b')], GlobalSecondaryIndexUpdates: [create('two', 'b')] },
  },
  {
    title: 'an index with capacity on demand',
    to: 'on-demand',
    input: { AttributeDefinitions: [string('b')], GlobalSecondaryIndexUpdates: [create('two', 'b', 5)] },
  },
  {
    title: 'an index whose attribute is not defined',
    to: 'on-demand',
    input: { GlobalSecondaryIndexUpdates: [create('two', 'b')] },
  },
  {
    title: 'an index of a name that is taken',
    to: 'on-demand',
    input: { AttributeDefinitions: [string('b')], GlobalSecondaryIndexUpdates: [create('one', 'b')] },
  },
  {
    title: 'two indexes',
    to: 'on-demand',
    input: {
      AttributeDefinitions: [string('b'), string('c')],
      GlobalSecondaryIndexUpdates: [create('two', 'b'), create('three', 'c')],
    },
  },
  { title: 'an index less', to: 'on-demand', input: { GlobalSecondaryIndexUpdates: [drop('one')] } },
  {
    title: 'an index less that does not exist',
    to: 'on-demand',
    input: { GlobalSecondaryIndexUpdates: [drop('none')] },
  },
  {
    title: 'an index dropped and made in one call',
    to: 'on-demand',
    input: {
      AttributeDefinitions: [string('b')],
      GlobalSecondaryIndexUpdates: [drop('one'), create('two', 'b')],
    },
  },
  {
    title: 'one index twice',
    to: 'provisioned',
    input: { GlobalSecondaryIndexUpdates: [set('one', 7), set('one', 8)] },
  },
  {
    title: 'two actions in one entry',
    to: 'provisioned',
    input: { GlobalSecondaryIndexUpdates: [{ ...set('one', 7), ...drop('one') }] },
  },
  { title: 'a stream', to: 'on-demand', input: { StreamSpecification: on('NEW_IMAGE') } },
  { title: 'no stream any more', to: 'streaming', input: { StreamSpecification: { StreamEnabled: false } } },
  { title: 'another view of a stream', to: 'streaming', input: { StreamSpecification: on('KEYS_ONLY') } },
  { title: 'a stream without a view', to: 'on-demand', input: { StreamSpecification: { StreamEnabled: true } } },
  {
    title: 'a stream and an index',
    to: 'on-demand',
    input: {
      AttributeDefinitions: [string('b')],
      StreamSpecification: on('NEW_IMAGE'),
      GlobalSecondaryIndexUpdates: [create('two', 'b')],
    },
  },
  {
    title: 'a stream and capacity',
    to: 'provisioned',
    input: { StreamSpecification: on('NEW_IMAGE'), ProvisionedThroughput: capacity(7) },
  },
  { title: 'protection', to: 'on-demand', input: { DeletionProtectionEnabled: true } },
  {
    title: 'protection and a stream',
    to: 'on-demand',
    input: { DeletionProtectionEnabled: true, StreamSpecification: on('NEW_IMAGE') },
  },
  { title: 'another class', to: 'on-demand', input: { TableClass: 'STANDARD_INFREQUENT_ACCESS' } },
  {
    title: 'another class and protection',
    to: 'on-demand',
    input: { TableClass: 'STANDARD_INFREQUENT_ACCESS', DeletionProtectionEnabled: true },
  },
]
