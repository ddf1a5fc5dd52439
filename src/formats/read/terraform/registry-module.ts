import { upperFirst } from '../../../table/text.ts'
import { withCompanions } from './companions.ts'
import {
  blocks,
  isList,
  isMap,
  isUnknown,
  listed,
  needsOf,
  toList,
  toText,
  unknown,
  type Value,
  type ValueMap,
} from './value.ts'

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
  const defaults = isMap(args.defaults) ? args.defaults : {}
  return Object.entries(isMap(args.items) ? args.items : {}).map(([key, item]) =>
    table(key, { ...defaults, ...(isMap(item) ? item : {}) }),
  )
}

/** Whether the source of a call is a folder of the project. */
export function isLocalModule(source: string): boolean {
  return /^\.\.?([/\\]|$)/.test(source)
}

/** Whether a call names the module terraform-aws-modules/dynamodb-table, in the registry or by a Git address. */
export function isRegistryModule(source: string): boolean {
  return (
    /(^|\/)terraform-aws-modules\/dynamodb-table\/aws\b/.test(source) || /terraform-aws-dynamodb-table\b/.test(source)
  )
}

export function isCloudposseModule(source: string): boolean {
  return /(^|\/)cloudposse\/(dynamodb\/aws|terraform-aws-dynamodb)\b(?!-)/.test(source)
}

function resourceOf(args: ValueMap): ValueMap {
  const { name = args.table_name ?? null, tags = null } = args
  const table: ValueMap = {
    ...args,
    name,
    attribute: args.attributes ?? null,
    billing_mode: args.billing_mode ?? 'PAY_PER_REQUEST',
    global_secondary_index: itemsOf(args.global_secondary_indexes),
    local_secondary_index: itemsOf(args.local_secondary_indexes),
    replica: itemsOf(args.replica_regions).map(region =>
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
  const indexes = itemsOf(args.standalone_global_secondary_indexes).filter(isMap)
  const type = 'aws_dynamodb_global_secondary_index'
  return indexes.length === 0
    ? table
    : withCompanions(
        table,
        indexes.map(values => ({ type, values })),
      )
}

/** A block from arguments of the module; none when none of them is given. */
function block(args: ValueMap, from: Readonly<Record<string, string>>): readonly ValueMap[] {
  const given = Object.entries(from).filter(([, argument]) => Object.hasOwn(args, argument))
  if (given.length === 0) return []
  return [{ enabled: false, ...Object.fromEntries(given.map(([key, argument]) => [key, args[argument] ?? null])) }]
}

/** The items of a list or a map. */
function itemsOf(value: Value | undefined): readonly Value[] {
  if (isList(value) || isMap(value)) return toList(value)
  return value !== undefined && isUnknown(value) ? [value] : []
}

/** The arguments of the module cloudposse/dynamodb, with its defaults, as those of the resource that it makes. */
function cloudposseTable(given: ValueMap): ValueMap {
  const args = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
  const { hash_key = null, range_key = '', billing_mode = 'PROVISIONED', ttl_attribute = 'Expires' } = args
  const replicas = listed(args.replicas)
  const key = (name: Value, type: Value | undefined): ValueMap => ({ name, type: type ?? 'S' })
  const keys = [key(hash_key, args.hash_key_type), ...(range_key === '' ? [] : [key(range_key, args.range_key_type)])]
  const others = listed(args.dynamodb_attributes).filter(
    each => !isMap(each) || keys.every(own => own.name !== each.name),
  )
  return {
    ...labelled(args),
    hash_key,
    range_key,
    billing_mode,
    read_capacity: args.autoscale_min_read_capacity ?? 5,
    write_capacity: args.autoscale_min_write_capacity ?? 5,
    attribute: [...keys, ...others],
    global_secondary_index: listed(args.global_secondary_index_map),
    local_secondary_index: listed(args.local_secondary_index_map),
    stream_enabled: replicas.length > 0 || (args.enable_streams ?? false),
    stream_view_type: args.stream_view_type ?? null,
    table_class: args.table_class ?? 'STANDARD',
    deletion_protection_enabled: args.deletion_protection_enabled ?? null,
    server_side_encryption: [
      { enabled: args.enable_encryption ?? true, kms_key_arn: args.server_side_encryption_kms_key_arn ?? null },
    ],
    point_in_time_recovery: [{ enabled: args.enable_point_in_time_recovery ?? true }],
    ttl: ttl_attribute === '' ? [] : [{ attribute_name: ttl_attribute, enabled: args.ttl_enabled ?? true }],
    replica: replicas.map(region_name => ({ region_name })),
  }
}

const labels = ['namespace', 'tenant', 'environment', 'stage', 'name'] as const

/** The name and the tags that the module makes of its labels: `eg-prod-users`. */
function labelled(args: ValueMap): ValueMap {
  const { context = {}, delimiter = '-', table_name: own = '', tags = {} } = args
  const all = isMap(context) ? { ...context, ...args } : args
  const attributes = [...new Set(listed(all.attributes))]
  const parts = [...labels.map(label => all[label] ?? ''), ...attributes]
  const needs = [context, delimiter, ...parts].flatMap(part => (part === context && isMap(part) ? [] : needsOf(part)))
  const clean = (part: Value): string =>
    toText(part)
      .replaceAll(/[^a-z0-9-]/gi, '')
      .toLowerCase()
  const join = (list: readonly Value[]) =>
    list
      .map(clean)
      .filter(part => part !== '')
      .join(toText(delimiter))
  const id = needs.length > 0 ? unknown(...needs) : join(parts)
  const name = own === '' ? id : own
  if (args.tags_enabled === false) return { name }
  if (isUnknown(id) || !isMap(tags)) return { name, tags: isUnknown(id) ? id : tags }
  const made = [
    ...labels.slice(0, -1).map((label): [string, string] => [label, clean(all[label] ?? '')]),
    ['name', id] as const,
    ['attributes', join(attributes)] as const,
  ]
  const titled = made.flatMap(([key, value]) => (value === '' ? [] : [[upperFirst(key), value]]))
  return { name, tags: { ...Object.fromEntries(titled), ...tags } }
}
