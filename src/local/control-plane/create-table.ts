import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { type Answer, inUse, limit, notFound, validation } from './answer.ts'
import { type Description, describeTable } from './describe.ts'
import { firstError, judgeCreate, judgeDefinition } from './judge-create.ts'
import { dropItems, later, overQuota, type Plane } from './plane.ts'
import { readCreateTable } from './read-request.ts'
import { judgePolicy } from './resource-policies.ts'
import { definitionOf, stateOf, streamLabel, type TableState } from './state.ts'
import { newVectors } from './vectors.ts'

/** Answers CreateTable: refuses it, or starts the creation. */
export function createTable(plane: Plane, input: CreateTableCommandInput): Answer {
  const refusal = judgeCreate(input)
  if (refusal !== undefined) return refusal
  const table = newTable(plane, input)
  const definition = definitionOf(table)
  const capacities = [input, ...(input.GlobalSecondaryIndexes ?? [])].map(owner => owner.ProvisionedThroughput)
  const invalid =
    judgeDefinition(definition) ??
    (input.ResourcePolicy === undefined ? undefined : judgePolicy(input.ResourcePolicy)) ??
    plane.supports(definition) ??
    firstError(capacities, units => overQuota(plane, units))
  if (invalid !== undefined) return invalid
  const { name } = table
  const existing = plane.tables.get(name)
  if (existing?.status === 'CREATING') return inUse(`Table is being created: ${name}`)
  if (existing !== undefined) return { type: 'ResourceInUseException', message: `Table already exists: ${name}` }
  if (!plane.hasRoom()) return limit('Only so many tables can be created, updated, or deleted simultaneously')

  plane.tables.set(name, table)
  const { createWithIndexes, create } = plane.timings
  later(
    plane,
    table,
    plane.pick(table.indexes.length + (table.vectors?.length ?? 0) > 0 ? createWithIndexes : create),
    { kind: 'created' },
  )
  return { output: { TableDescription: withoutWarm(describeTable(table, plane.now()), input) } }
}

/** CreateTable answers without the warm throughput that was not asked for. */
function withoutWarm(described: Description, input: CreateTableCommandInput) {
  const warmOf = (index: string) => input.GlobalSecondaryIndexes?.find(each => each.IndexName === index)?.WarmThroughput
  const { WarmThroughput: warm, GlobalSecondaryIndexes: indexes, ...others } = described
  return {
    ...others,
    WarmThroughput: input.WarmThroughput === undefined ? undefined : warm,
    GlobalSecondaryIndexes: indexes?.map(index =>
      warmOf(index.IndexName) === undefined ? { ...index, WarmThroughput: undefined } : index,
    ),
  }
}

/** A table that is being created. */
function newTable(plane: Plane, input: CreateTableCommandInput): TableState {
  const { settings, indexes, vectorIndexes } = readCreateTable(input)
  const createdAt = plane.now()
  const arn = `arn:aws:dynamodb:${plane.region}:${plane.account}:table/${settings.name}`
  return {
    ...stateOf({ id: plane.newId(), arn, createdAt, status: 'CREATING', settings }, indexes),
    ...newVectors(vectorIndexes, 'CREATING'),
    streamLabel: settings.stream === false ? undefined : streamLabel(createdAt),
    policyRevision: settings.resourcePolicy === false ? undefined : plane.newId(),
  }
}

/** Answers DeleteTable: refuses it, or starts the deletion. */
export function deleteTable(plane: Plane, name: string, table: TableState | undefined): Answer {
  if (table === undefined) return notFound(`Table: ${name} not found`)
  if (table.status === 'CREATING') return inUse(`Table is being created: ${name}`)
  if (table.status === 'DELETING') return inUse(`Table is being deleted: ${name}`)
  if ([...table.indexes, ...(table.vectors ?? [])].some(index => index.status !== 'ACTIVE'))
    return validation('Cannot delete table while indexes are being created, updated, or deleted.')
  if (table.status === 'UPDATING') return inUse(`Table is being updated: ${name}`)
  if (plane.now() < table.tagsLockedUntil) return inUse(`Table tags are being updated: ${name}`)
  if (table.settings.deletionProtection === true) return validation(protectedMessage)
  if ((table.replicas ?? []).length > 0)
    return validation('Table cannot be deleted while it has replicas. Remove the replicas first.')
  table.status = 'DELETING'
  dropItems(plane, table)
  later(plane, table, plane.pick(plane.timings.delete), { kind: 'deleted' })
  return { output: { TableDescription: describeTable(table, plane.now()) } }
}

const protectedMessage =
  'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.'
