import type { Input } from '../../settings/aws-operations.ts'
import { type Answer, type AwsError, inUse, invalid, notFound, validation } from './answer.ts'
import { createTable, deleteTable } from './create-table.ts'
import { describeTable } from './describe.ts'
import * as followUps from './follow-ups.ts'
import { inputOf, nameInput, type Operation } from './inputs.ts'
import { describeKinesis, disableKinesis, enableKinesis, updateKinesis } from './kinesis-calls.ts'
import type { Plane } from './plane.ts'
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './resource-policies.ts'
import { shapeRefusal, wholeNumbers } from './shapes.ts'
import type { TableState } from './state.ts'
import { updateTable } from './update-table.ts'

/** Every operation of the control plane, by name: what answers it, once its input has the shape that AWS expects. */
const operations: { readonly [O in Operation]: (plane: Plane, input: Input<O>) => Answer } = {
  CreateTable: createTable,
  UpdateTable: (plane, input) => updateTable(plane, input, plane.tables.get(nameOf(plane, input.TableName))),
  DeleteTable: (plane, { TableName: given }) => {
    const name = nameOf(plane, given)
    return deleteTable(plane, name, plane.tables.get(name))
  },
  ListTables: listTables,
  DescribeTable: reading((plane, table) =>
    plane.now() - table.createdAt < plane.notFoundMs
      ? notFound(`Table: ${table.name} not found`)
      : { output: { Table: describeTable(table, plane.now()) } },
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
  return (
    judgeShape(operation, input) ?? operations[operation](plane, wholeNumbers(input, inputOf(operation)) as Input<O>)
  )
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
  return name.startsWith('arn:') ? judgeTableArn(name) : shapeRefusal({ TableName: name }, nameInput)
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

function tableOf(plane: Plane, input: OfTable, missing = noTable): TableState | AwsError {
  if ('TableName' in input) {
    const name = nameOf(plane, input.TableName)
    return plane.tables.get(name) ?? missing(name)
  }
  const arn = ('ResourceArn' in input ? input.ResourceArn : undefined) ?? ''
  const refusal = judgeArn(arn)
  if (refusal !== undefined) return refusal
  const [own = '', label] = arn.split('/stream/')
  const table = plane.tables.get(nameOf(plane, own))
  const isFound = table !== undefined && (label === undefined || label === table.streamLabel)
  return isFound ? table : notFound(`ResourceArn: ${arn} not found`)
}

const anyArn = /^arn:[\w-]+:dynamodb:[^:]*:[^:]*:table\/[\w.-]+(\/stream\/.+)?$/

function judgeArn(arn: string): AwsError | undefined {
  if (!arn.startsWith('arn:')) return invalid(`ARNs must start with 'arn:': ${arn}`)
  if (anyArn.test(arn)) return undefined
  const message = 'Invalid resource arn provided, only table or stream is accepted'
  return invalid(`${message}. Provided resource arn: ${arn}`)
}

/** An ARN where a table's name is expected. */
function judgeTableArn(arn: string): AwsError | undefined {
  const found = anyArn.exec(arn)
  return found !== null && found[1] === undefined
    ? undefined
    : invalid(`Invalid resource arn provided, only table is accepted. Provided resource arn: ${arn}`)
}

/** A table by its name or its ARN. The ARN of another region or account stays as it is, and names no table. */
function nameOf({ region, account }: Plane, name = ''): string {
  const prefix = `arn:aws:dynamodb:${region}:${account}:table/`
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}

function listTables(
  { tables }: Plane,
  { Limit: limit = 100, ExclusiveStartTableName: after }: Input<'ListTables'>,
): Answer {
  const names = [...tables.keys()].sort().filter(name => after === undefined || name > after)
  const page = names.slice(0, limit)
  return { output: { TableNames: page, ...(names.length > limit ? { LastEvaluatedTableName: page.at(-1) } : {}) } }
}
