import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { settings } from '../settings/catalogue.ts'
import { ownSettings } from '../settings/replica-settings.ts'
import type { Ask } from '../settings/setting.ts'
import type { TableRequest } from '../settings/step.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { FollowUpField } from '../table/live.ts'
import { grouped } from '../table/untyped.ts'
import { type ArnPlace, partition, tableArn } from './arn.ts'
import type { Call, Operation } from './send-call.ts'

/** One statement of an IAM policy. */
export interface Statement {
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Statement[]
}

/** One call as far as IAM is concerned: `table` may be a name, an ARN, or a pattern with `*`. */
export type PolicyCall = Pick<Call<Operation>, 'operation' | 'input'> & {
  readonly table?: string | undefined
  /** The region of a replica. */
  readonly region?: string | undefined
  /** The Kinesis data stream that a reading call tells about. */
  readonly stream?: string | undefined
}

/** The settings of a table that decide which calls are made elsewhere. */
type Spread = Partial<Pick<TableDefinition, 'globalIndexes' | 'replicas' | 'kinesis'>>

/**
 * The calls of these requests, as they will be sent. DynamoDB applies the time to live in every region, and checks the
 * permission there too (Developer Guide, "Using IAM with global tables").
 */
export function callsOf(
  table: string,
  requests: readonly TableRequest[],
  { replicas = [] }: Spread = {},
): readonly PolicyCall[] {
  return requests.flatMap(({ api: operation, input, region }) => {
    const call = { operation, input, table, region }
    return operation !== 'UpdateTimeToLive'
      ? [call]
      : [call, ...replicas.map(replica => ({ ...call, region: replica.region }))]
  })
}

/**
 * The calls that read a table with these settings: DescribeTable, and those that the settings themselves make, also in
 * the region of each replica.
 */
export async function readingCalls(
  table: string,
  fields: readonly FollowUpField[],
  { globalIndexes = [], replicas = [], kinesis }: Spread = {},
): Promise<readonly PolicyCall[]> {
  const calls: PolicyCall[] = [{ operation: 'DescribeTable', input: { TableName: table }, table }]
  const noteIn =
    (own?: string): Ask =>
    async (operation, input, _found, _absent, region = own) => {
      const stream = kinesis === undefined || kinesis === false ? undefined : kinesis.arn
      calls.push({ operation, input, table, region, stream } as PolicyCall)
      return { settings: {} }
    }
  const regions = fields.includes('replicas') ? unique(replicas.map(({ region }) => region)) : []
  const described: TableDescription = {
    TableName: table,
    GlobalSecondaryIndexes: globalIndexes.map(({ name }) => ({ IndexName: name })),
    Replicas: regions.map(region => ({ RegionName: region })),
  }
  for (const { followUp } of settings)
    if (followUp !== undefined && fields.includes(followUp.field)) await followUp.read(noteIn(), described)
  for (const region of regions) for (const { followUp } of ownSettings) await followUp?.read(noteIn(region), described)
  return calls
}

/** The smallest policy that allows the calls: each action once, and only on the resources that it needs. */
export function policyFor(calls: readonly PolicyCall[], place: ArnPlace): PolicyDocument {
  const needs = calls.flatMap(call => needsOf(call, place))
  const statements = grouped(needs, need => JSON.stringify([need.resource, need.condition])).map(group => {
    const [{ resource, condition }] = group
    return { actions: unique(group.map(({ action }) => action)).sort(), resource, condition }
  })
  return {
    Version: '2012-10-17',
    Statement: grouped(statements, ({ actions, condition }) => JSON.stringify([actions, condition])).map(group => {
      const [{ actions, condition }] = group
      const resources = unique(group.map(({ resource }) => resource)).sort()
      const own = { Effect: 'Allow', Action: actions, Resource: resources } as const
      return condition === undefined ? own : { ...own, Condition: condition }
    }),
  }
}

interface Need {
  readonly action: string
  readonly resource: string
  readonly condition?: Statement['Condition']
}

/**
 * What IAM checks for one call, by "Actions, resources, and condition keys for Amazon DynamoDB" in the Service
 * Authorization Reference: the action of the same name on the table, and those that members of the input add. CreateTable
 * needs TagResource and PutResourcePolicy for tags and a policy.
 */
function needsOf({ operation, input, table = '*', region, stream }: PolicyCall, home: ArnPlace): readonly Need[] {
  const place = region === undefined ? home : { ...home, region }
  // ListTables has no resource of its own.
  if (operation === 'ListTables') return [{ action: 'dynamodb:ListTables', resource: '*' }]
  const resource = tableArn(table, place)
  const allow = (...actions: readonly string[]) => actions.map(action => ({ action, resource }))
  const own = allow(`dynamodb:${operation}`)
  // Contributor insights of an index need the table as well as the index.
  const ofIndex =
    'IndexName' in input ? own.map(need => ({ ...need, resource: `${resource}/index/${input.IndexName}` })) : []
  return [
    ...own,
    ...ofIndex,
    ...('Tags' in input && operation === 'CreateTable' ? allow('dynamodb:TagResource') : []),
    ...('ResourcePolicy' in input ? allow('dynamodb:PutResourcePolicy') : []),
    ...('SSESpecification' in input ? keyNeeds(input.SSESpecification?.KMSMasterKeyId, place) : []),
    ...('StreamArn' in input && operation === 'EnableKinesisStreamingDestination'
      ? streamNeeds(input.StreamArn, place)
      : []),
    ...(operation === 'DescribeKinesisStreamingDestination' ? streamReads(stream, place) : []),
    ...('ContributorInsightsAction' in input && input.ContributorInsightsAction === 'ENABLE'
      ? [
          linkedRole(
            'contributorinsights.dynamodb.amazonaws.com',
            'AWSServiceRoleForDynamoDBCloudWatchContributorInsights',
            place,
          ),
        ]
      : []),
    ...('ReplicaUpdates' in input ? replicaNeeds(input.ReplicaUpdates ?? [], table, place) : []),
    ...('GlobalTableWitnessUpdates' in input ? witnessNeeds(input.GlobalTableWitnessUpdates ?? [], table, place) : []),
  ]
}

/**
 * DynamoDB uses a customer's key with the caller's permissions, and creates grants for itself (KMS Developer Guide, "How
 * Amazon DynamoDB uses AWS KMS"). AWS's own keys need no permission.
 */
function keyNeeds(key: string | undefined, { region, account }: ArnPlace): readonly Need[] {
  if (key === undefined) return []
  const alias = /(?:^|:)(alias\/.*)$/.exec(key)?.[1]
  const arn = (id: string) => `arn:${partition(region)}:kms:${region}:${account}:key/${id}`
  const resource = alias !== undefined ? arn('*') : key.startsWith('arn:') ? key : arn(key)
  const via = { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } }
  const named = alias === undefined ? {} : { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } }
  const actions = [
    'kms:CreateGrant',
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey*',
    'kms:ReEncrypt*',
  ]
  return actions.map(action => ({ action, resource, condition: { ...via, ...named } }))
}

/** From the Developer Guide, "Using IAM policies for Amazon Kinesis Data Streams and Amazon DynamoDB". */
function streamNeeds(stream: string | undefined, place: ArnPlace): readonly Need[] {
  const resource = stream ?? '*'
  return [
    ...['kinesis:DescribeStream', 'kinesis:PutRecords'].map(action => ({ action, resource })),
    { action: 'kinesis:ListStreams', resource: '*' },
    linkedRole(
      'kinesisreplication.dynamodb.amazonaws.com',
      'AWSServiceRoleForDynamoDBKinesisDataStreamsReplication',
      place,
    ),
  ]
}

/** From the same page. Which stream an unknown table has is not known before it is asked. */
function streamReads(stream: string | undefined, { region, account }: ArnPlace): readonly Need[] {
  const resource = stream ?? `arn:${partition(region)}:kinesis:${region}:${account}:stream/*`
  return ['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary'].map(action => ({ action, resource }))
}

/** DynamoDB creates the role on first use; without it, the call fails once. */
function linkedRole(service: string, role: string, { region, account }: ArnPlace): Need {
  return {
    action: 'iam:CreateServiceLinkedRole',
    resource: `arn:${partition(region)}:iam::${account}:role/aws-service-role/${service}/${role}`,
    condition: { StringLike: { 'iam:AWSServiceName': service } },
  }
}

type Updates<Member extends { readonly RegionName?: string | undefined }> = readonly {
  readonly Create?: Member | undefined
  readonly Update?: Member | undefined
  readonly Delete?: { readonly RegionName?: string | undefined } | undefined
}[]

interface ReplicaMember {
  readonly RegionName?: string | undefined
  readonly KMSMasterKeyId?: string | undefined
}

/**
 * A replica is created, filled and deleted with the caller's permissions in its own region; the table's region needs
 * UpdateTable only (Developer Guide, "Using IAM with global tables").
 */
function replicaNeeds(updates: Updates<ReplicaMember>, table: string, place: ArnPlace): readonly Need[] {
  return updates.flatMap(({ Create: created, Update: changed, Delete: dropped }) => {
    const region = (created ?? changed ?? dropped)?.RegionName
    if (region === undefined) return []
    const there = { ...place, region }
    const allow = (...actions: readonly string[]) =>
      actions.map(action => ({ action: `dynamodb:${action}`, resource: tableArn(table, there) }))
    if (dropped !== undefined) return allow('DeleteTable', 'DeleteTableReplica')
    const key = keyNeeds((created ?? changed)?.KMSMasterKeyId, there)
    if (created === undefined) return key
    const items = ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem']
    const role = linkedRole('replication.dynamodb.amazonaws.com', 'AWSServiceRoleForDynamoDBReplication', place)
    return [...allow('CreateTable', 'CreateTableReplica', ...items), ...key, role]
  })
}

/** The example policy of "Tutorials: Creating global tables" names the table in its own and in the witness's region. */
function witnessNeeds(
  updates: Updates<{ readonly RegionName?: string | undefined }>,
  table: string,
  place: ArnPlace,
): readonly Need[] {
  return updates.flatMap(({ Create: created, Delete: dropped }) => {
    const region = (created ?? dropped)?.RegionName
    const action = `dynamodb:${created === undefined ? 'Delete' : 'Create'}GlobalTableWitness`
    const places = region === undefined ? [place] : [place, { ...place, region }]
    return places.map(each => ({ action, resource: tableArn(table, each) }))
  })
}

const unique = (values: readonly string[]) => [...new Set(values)]
