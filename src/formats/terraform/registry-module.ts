import { cloudposseTable, isCloudposseModule } from './cloudposse-module.ts'
import { withCompanions } from './companions.ts'
import { blocks } from './to-create-table.ts'
import { isList, isMap, isUnknown, toList, type Value, type ValueMap } from './value.ts'

/** A table of a module whose files are not here: its key in a wrapper, its arguments, and why it is not made, if so. */
export interface DistantTable {
  readonly key: string
  readonly values: ValueMap
  readonly off?: string | undefined
}

/**
 * The arguments of the module terraform-aws-modules/dynamodb-table or cloudposse/dynamodb as those of the resource that
 * it makes. A wrapper (`//wrappers`) makes one for each of `items`.
 */
export function registryTables(args: ValueMap, source: string): readonly DistantTable[] {
  if (isCloudposseModule(source))
    return [{ key: '', values: cloudposseTable(args), off: args.enabled === false ? 'enabled is false' : undefined }]
  const table = (key: string, given: ValueMap): DistantTable => ({
    key,
    values: resourceOf(given),
    off: given.create_table === false ? 'create_table is false' : undefined,
  })
  if (!source.includes('//wrappers')) return [table('', args)]
  const defaults = isMap(args.defaults ?? null) ? (args.defaults as ValueMap) : {}
  const items = isMap(args.items ?? null) ? (args.items as ValueMap) : {}
  return Object.entries(items).map(([key, item]) => table(key, { ...defaults, ...(isMap(item) ? item : {}) }))
}

function resourceOf(args: ValueMap): ValueMap {
  const { name = args.table_name ?? null, tags = null } = args
  const table: ValueMap = {
    ...args,
    name,
    attribute: args.attributes ?? null,
    billing_mode: args.billing_mode ?? 'PAY_PER_REQUEST',
    global_secondary_index: listed(args.global_secondary_indexes),
    local_secondary_index: listed(args.local_secondary_indexes),
    replica: listed(args.replica_regions).map(region =>
      typeof region === 'string' ? { region_name: region } : region,
    ),
    ttl: block(args, { enabled: 'ttl_enabled', attribute_name: 'ttl_attribute_name' }),
    point_in_time_recovery: block(args, {
      enabled: 'point_in_time_recovery_enabled',
      recovery_period_in_days: 'point_in_time_recovery_period_in_days',
    }),
    server_side_encryption: block(args, {
      enabled: 'server_side_encryption_enabled',
      kms_key_arn: 'server_side_encryption_kms_key_arn',
    }),
    on_demand_throughput: blocks(args.on_demand_throughput).filter(each => Object.keys(each).length > 0),
    // The module adds this tag.
    tags: isUnknown(tags)
      ? tags
      : { ...(isMap(tags) ? tags : {}), ...(isUnknown(name) || name === null ? {} : { Name: name }) },
  }
  const indexes = listed(args.standalone_global_secondary_indexes).filter(isMap)
  const type = 'aws_dynamodb_global_secondary_index'
  return indexes.length === 0
    ? table
    : withCompanions(
        table,
        indexes.map(values => ({ type, values })),
      )
}

function listed(value: Value | undefined): readonly Value[] {
  return value !== undefined && (isList(value) || isMap(value))
    ? toList(value)
    : value !== undefined && isUnknown(value)
      ? [value]
      : []
}

/** A block from arguments of the module; none when none of them is given. */
function block(args: ValueMap, from: Readonly<Record<string, string>>): readonly ValueMap[] {
  const given = Object.entries(from).filter(([, argument]) => Object.hasOwn(args, argument))
  if (given.length === 0) return []
  return [{ enabled: false, ...Object.fromEntries(given.map(([key, argument]) => [key, args[argument] ?? null])) }]
}
