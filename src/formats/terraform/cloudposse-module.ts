import { isList, isMap, isUnknown, needsOf, toText, unknown, type Value, type ValueMap } from './value.ts'

export function isCloudposseModule(source: string): boolean {
  return /(^|\/)cloudposse\/(dynamodb\/aws|terraform-aws-dynamodb)\b(?!-)/.test(source)
}

/** The arguments of the module cloudposse/dynamodb, with its defaults, as those of the resource that it makes. */
export function cloudposseTable(given: ValueMap): ValueMap {
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
  const titled = made.flatMap(([key, value]) =>
    value === '' ? [] : [[`${key[0]?.toUpperCase()}${key.slice(1)}`, value]],
  )
  return { name, tags: { ...Object.fromEntries(titled), ...tags } }
}

function listed(value: Value | undefined): readonly Value[] {
  if (value === undefined) return []
  return isList(value) ? value : [value]
}
