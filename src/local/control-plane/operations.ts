import type { DescribeTableInput, ListContributorInsightsInput, ListTablesInput } from '@aws-sdk/client-dynamodb'
import type { Readings } from '../../settings/setting.ts'
import type { Requests } from '../../settings/step.ts'
import { type Answer, type AwsError, inUse, invalid, notFound, validation } from './answer.ts'
import { createTable, deleteTable } from './create-table.ts'
import { describeTable } from './describe.ts'
import * as followUps from './follow-ups.ts'
import { inputOf, nameInput, type Operation } from './inputs.ts'
import { describeKinesis, disableKinesis, enableKinesis, updateKinesis } from './kinesis.ts'
import type { Plane } from './plane.ts'
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './resource-policies.ts'
import { shapeRefusal } from './shapes.ts'
import type { TableState } from './state.ts'
import { updateTable } from './update-table.ts'

type Inputs = Requests & { readonly [O in keyof Readings]: Readings[O]['input'] } & {
  readonly DescribeTable: DescribeTableInput
  readonly ListTables: ListTablesInput
  readonly ListContributorInsights: ListContributorInsightsInput
  readonly DescribeLimits: object
  readonly DescribeEndpoints: object
}

/** Every operation of the control plane, by name: what answers it, once its input has the shape that AWS expects. */
const operations: { readonly [O in Operation]: (plane: Plane, input: Inputs[O]) => Answer } = {
  CreateTable: createTable,
  UpdateTable: (plane, input) => updateTable(plane, input, plane.tables.get(nameOf(input.TableName))),
  DeleteTable: (plane, { TableName: given }) => deleteTable(plane, nameOf(given), plane.tables.get(nameOf(given))),
  ListTables: listTables,
  DescribeTable: reading((plane, table) =>
    plane.now() - table.createdAt < plane.notFoundMs
      ? notFound(`Table: ${table.name} not found`)
      : { output: { Table: describeTable(table) } },
  ),
  DescribeLimits: () => ({
    output: {
      AccountMaxReadCapacityUnits: 80_000,
      AccountMaxWriteCapacityUnits: 80_000,
      TableMaxReadCapacityUnits: 40_000,
      TableMaxWriteCapacityUnits: 40_000,
    },
  }),
  DescribeEndpoints: ({ address }) => ({ output: { Endpoints: [{ Address: address, CachePeriodInMinutes: 1440 }] } }),

  UpdateTimeToLive: changing(followUps.updateTimeToLive),
  DescribeTimeToLive: reading(followUps.describeTimeToLive),
  UpdateContinuousBackups: changing(followUps.updateContinuousBackups, noBackups, backupsNotReady),
  DescribeContinuousBackups: reading(followUps.describeContinuousBackups, noBackups),
  TagResource: changing(followUps.tagResource),
  UntagResource: changing(followUps.untagResource),
  ListTagsOfResource: reading(followUps.listTags),
  PutResourcePolicy: changing(putResourcePolicy),
  GetResourcePolicy: reading(getResourcePolicy),
  DeleteResourcePolicy: changing(deleteResourcePolicy),
  UpdateContributorInsights: changing(followUps.updateContributorInsights),
  DescribeContributorInsights: reading(followUps.describeContributorInsights),
  ListContributorInsights: (plane, input) => {
    const tables = input.TableName === undefined ? [...plane.tables.values()] : [tableOf(plane, input)]
    const [missing] = tables.filter(table => !('name' in table))
    if (missing !== undefined && !('name' in missing)) return missing
    const found = tables.filter(table => 'name' in table).sort((a, b) => (a.name < b.name ? -1 : 1))
    return followUps.listContributorInsights(found, input)
  },
  EnableKinesisStreamingDestination: changing(enableKinesis),
  DisableKinesisStreamingDestination: changing(disableKinesis),
  UpdateKinesisStreamingDestination: changing(updateKinesis),
  DescribeKinesisStreamingDestination: reading(describeKinesis),
}

/** Judges the shape of the input, then carries the operation out. */
export function answerOperation<O extends Operation>(plane: Plane, operation: O, input: unknown): Answer {
  return judgeShape(operation, input) ?? operations[operation](plane, input as Inputs[O])
}

/** Types and constraints of the service model, and names, which may be ARNs except in CreateTable. */
function judgeShape(operation: Operation, input: unknown): AwsError | undefined {
  const shape = inputOf(operation)
  const name = 'TableName' in shape.members ? Reflect.get(Object(input), 'TableName') : ''
  const isOptional = operation === 'ListContributorInsights'
  if (!isOptional && (name === undefined || name === null))
    return validation("The parameter 'TableName' is required but was not present in the request")
  const refusal = shapeRefusal(input, shape)
  if (refusal !== undefined || name === '' || typeof name !== 'string') return refusal
  return name.startsWith('arn:') ? judgeArn(name) : shapeRefusal({ TableName: name }, nameInput)
}

/** The input of an operation on one table: its name, or its ARN. */
type OfTable = { readonly TableName?: string | undefined } | { readonly ResourceArn?: string | undefined }

function reading<I extends OfTable>(handler: followUps.Handler<I>, missing?: (name: string) => AwsError) {
  return (plane: Plane, input: I): Answer => {
    const table = tableOf(plane, input, missing)
    return 'name' in table ? handler(plane, table, input) : table
  }
}

/** Settings with operations of their own are refused until a moment after the table became ACTIVE. */
function changing<I extends OfTable>(handler: followUps.Handler<I>, missing = noTable, notReady = noTable) {
  return reading<I>((plane, table, input) => {
    const { name, status, readyAt } = table
    if (status === 'CREATING') return inUse(`Table is being created: ${name}`)
    if (status === 'DELETING') return inUse(`Table is being deleted: ${name}`)
    return plane.now() < readyAt ? notReady(name) : handler(plane, table, input)
  }, missing)
}

function noTable(name: string): AwsError {
  return notFound(`Table: ${name} not found`)
}

function backupsNotReady(name: string): AwsError {
  const message = `Backups are being enabled for the table: ${name}. Please retry later`
  return { type: 'ContinuousBackupsUnavailableException', message }
}

function noBackups(name: string): AwsError {
  return { type: 'TableNotFoundException', message: `Table not found: ${name}` }
}

function tableOf({ tables }: Plane, input: OfTable, missing = noTable): TableState | AwsError {
  if ('TableName' in input) {
    const name = nameOf(input.TableName)
    return tables.get(name) ?? missing(name)
  }
  const arn = ('ResourceArn' in input ? input.ResourceArn : undefined) ?? ''
  return judgeArn(arn) ?? tables.get(nameOf(arn)) ?? notFound(`ResourceArn: ${arn} not found`)
}

const tableArn = /^arn:[\w-]+:dynamodb:[^:]*:[^:]*:table\/([\w.-]+)(\/stream\/.+)?$/

function judgeArn(arn: string): AwsError | undefined {
  if (!arn.startsWith('arn:')) return invalid(`ARNs must start with 'arn:': ${arn}`)
  if (tableArn.test(arn)) return undefined
  const message = 'Invalid resource arn provided, only table or stream is accepted'
  return invalid(`${message}. Provided resource arn: ${arn}`)
}

const nameOf = (name = '') => tableArn.exec(name)?.[1] ?? name

function listTables(
  { tables }: Plane,
  { Limit: limit = 100, ExclusiveStartTableName: after }: ListTablesInput,
): Answer {
  const names = [...tables.keys()].sort().filter(name => after === undefined || name > after)
  const page = names.slice(0, limit)
  return { output: { TableNames: page, ...(names.length > limit ? { LastEvaluatedTableName: page.at(-1) } : {}) } }
}
