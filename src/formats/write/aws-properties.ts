import { createTableInput } from '../../plan/requests.ts'
import { billingOf } from '../../settings/billing.ts'
import { settings } from '../../settings/catalogue.ts'
import type { TableDefinition } from '../../table/definition.ts'
import type { UntypedRecord } from '../../table/untyped.ts'

/** The properties of `AWS::DynamoDB::Table`: CreateTable's members, with CloudFormation's spelling and additions. */
export function tableProperties(definition: TableDefinition): UntypedRecord {
  const input = createTableInput({ ...definition, extra: undefined })
  const { TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = input
  const billing = billingOf(definition)
  const indexes = (GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }, at) => {
    const index = definition.globalIndexes[at]
    const members =
      index === undefined
        ? []
        : settings.map(each => each.aws?.write?.(index) ?? each.createIndexMembers?.(index, billing))
    return { IndexName, KeySchema, Projection, ...Object.assign({}, ...members) }
  })
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
    ...(LocalSecondaryIndexes === undefined ? {} : { LocalSecondaryIndexes }),
    ...Object.assign(
      {},
      ...settings.map(each => each.aws?.write?.(definition) ?? each.createMembers?.(definition, billing)),
    ),
  }
}
