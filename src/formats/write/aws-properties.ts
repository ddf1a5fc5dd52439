import { createTableInput, globalIndexInput } from '../../plan/requests.ts'
import { billingOf } from '../../settings/billing.ts'
import { settings } from '../../settings/catalogue.ts'
import type { TableDefinition, TableSettings } from '../../table/definition.ts'
import type { UntypedRecord } from '../../table/untyped.ts'

/** The properties of `AWS::DynamoDB::Table`: CreateTable's members, with CloudFormation's spelling and additions. */
export function tableProperties(definition: TableDefinition): UntypedRecord {
  const { extra: _extra, ...known } = definition
  const { TableName, AttributeDefinitions, KeySchema, LocalSecondaryIndexes, ...rest } = createTableInput(known)
  const billing = billingOf(definition)
  const indexes = definition.globalIndexes.map(index => inCloudformation(globalIndexInput(index, billing), index))
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
    ...(LocalSecondaryIndexes === undefined ? {} : { LocalSecondaryIndexes }),
    ...inCloudformation({ ...rest, GlobalSecondaryIndexes: undefined }, definition),
  }
}

/** Replaces the members of settings that CloudFormation spells in its own way, and adds those that only it has. */
function inCloudformation(input: object, owner: TableSettings): UntypedRecord {
  const own = settings.flatMap(({ aws }) => (aws?.write === undefined ? [] : [{ aws, members: aws.write(owner) }]))
  const replaced = own.flatMap(({ aws }) => Object.keys(aws.members))
  const kept = Object.entries(input).filter(([name, value]) => value !== undefined && !replaced.includes(name))
  return { ...Object.fromEntries(kept), ...Object.assign({}, ...own.map(({ members }) => members)) }
}
