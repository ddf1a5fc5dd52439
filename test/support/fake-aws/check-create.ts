import type { CreateTableCommandInput, KeySchemaElement } from '@aws-sdk/client-dynamodb'
import type { Refusal } from '../../../src/apply/ports.ts'
import { illegal } from './state.ts'

/** The rules of CreateTable that a generated request could break. */
export function checkCreate(input: CreateTableCommandInput): Refusal | undefined {
  const { AttributeDefinitions = [], KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = input
  const provisioned = (input.BillingMode ?? 'PROVISIONED') === 'PROVISIONED'
  const empty = emptyMember(input)
  if (empty !== undefined) return illegal(`empty structure: ${empty}`)
  if (GlobalSecondaryIndexes?.length === 0) return illegal('List of GlobalSecondaryIndexes is empty')
  if (LocalSecondaryIndexes?.length === 0) return illegal('List of LocalSecondaryIndexes is empty')

  const schemas = [
    KeySchema,
    ...(GlobalSecondaryIndexes ?? []).map(index => index.KeySchema),
    ...(LocalSecondaryIndexes ?? []).map(index => index.KeySchema),
  ]
  const used = new Set(schemas.flatMap(schema => (schema ?? []).map(({ AttributeName }) => AttributeName)))
  const defined = AttributeDefinitions.map(({ AttributeName }) => AttributeName)
  if (new Set(defined).size !== defined.length) return illegal('Attribute Name is duplicated')
  if (defined.some(name => !used.has(name))) return illegal('Some AttributeDefinitions are not used')
  if ([...used].some(name => !defined.includes(name)))
    return illegal('Some index key attributes are not defined in AttributeDefinitions')
  if (schemas.some(schema => !hashesFirst(schema)))
    return illegal('All HASH key attributes must precede RANGE key attributes in the KeySchema')

  if (provisioned && !bothUnits(input.ProvisionedThroughput)) {
    return illegal('ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED')
  }
  if (!provisioned && input.ProvisionedThroughput !== undefined) {
    return illegal(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    )
  }
  if (provisioned && input.OnDemandThroughput !== undefined)
    return illegal('MaxReadRequestUnits for OnDemandThroughput cannot be specified')
  for (const index of GlobalSecondaryIndexes ?? []) {
    if (provisioned !== bothUnits(index.ProvisionedThroughput))
      return illegal(`ProvisionedThroughput for index: ${index.IndexName}`)
    if (index.Projection?.ProjectionType === 'INCLUDE' && (index.Projection.NonKeyAttributes ?? []).length === 0) {
      return illegal('ProjectionType is INCLUDE, but NonKeyAttributes is not specified')
    }
  }
  return undefined
}

export function bothUnits(throughput: CreateTableCommandInput['ProvisionedThroughput']): boolean {
  return (throughput?.ReadCapacityUnits ?? 0) >= 1 && (throughput?.WriteCapacityUnits ?? 0) >= 1
}

/** The name of a member that is an empty structure: AWS answers some of these with an internal failure. */
export function emptyMember(input: object): string | undefined {
  return Object.entries(input).find(
    ([name, value]) =>
      name !== 'Tags' && typeof value === 'object' && value !== null && Object.keys(value).length === 0,
  )?.[0]
}

function hashesFirst(schema: KeySchemaElement[] | undefined): boolean {
  const kinds = (schema ?? []).map(({ KeyType }) => KeyType)
  return (
    kinds[0] === 'HASH' && kinds.lastIndexOf('HASH') < (kinds.includes('RANGE') ? kinds.indexOf('RANGE') : kinds.length)
  )
}
