import type { UntypedRecord } from '../../../table/untyped.ts'
import { evaluate, type Scope, settle } from './evaluate.ts'
import { evaluateBody, instancesOf, isInstances, type ModuleInstance } from './module-instance.ts'
import { type Expression, ExpressionError, parseTemplate } from './parse-expression.ts'
import { regionOf } from './provider.ts'
import { blocks, isMap, isUnknown, toText, type Value, type ValueMap } from './value.ts'

/** A resource that adds something to a table: an index, a replica, Contributor Insights. */
export interface Companion {
  readonly type: string
  readonly values: ValueMap
  /** The table by the label and key of its resource, or by its name; `undefined` when neither is known. */
  readonly target: { readonly label: string; readonly key: string } | string | undefined
}

/** The types of companions, each with the argument that names the table. */
export const companionTargets: Readonly<Record<string, readonly string[]>> = {
  aws_dynamodb_global_secondary_index: ['table_name', 'table'],
  aws_dynamodb_contributor_insights: ['table_name'],
  aws_dynamodb_kinesis_streaming_destination: ['table_name'],
  aws_dynamodb_resource_policy: ['resource_arn'],
  aws_dynamodb_table_replica: ['global_table_arn'],
  aws_dynamodb_tag: ['resource_arn'],
}

export function companionsOf(instance: ModuleInstance): readonly Companion[] {
  const { module, scope } = instance
  return module.blocks
    .filter(({ labels: [kind, type = ''] }) => kind === 'resource' && Object.hasOwn(companionTargets, type))
    .flatMap(block => {
      const instances = instancesOf(block, scope)
      if (!isInstances(instances)) return []
      const [, type = ''] = block.labels
      return instances.map(each => ({
        type,
        values: { ...evaluateBody(block.body, each.scope), region_name: regionOf(block, instance, each.scope) },
        target: targetOf(block.body, companionTargets[type] ?? [], each.scope),
      }))
    })
}

function targetOf(body: UntypedRecord, names: readonly string[], scope: Scope): Companion['target'] {
  const raw = names.map(name => body[name]).find(value => typeof value === 'string')
  if (typeof raw !== 'string') return undefined
  return referenced(raw, scope) ?? literal(settle(() => evaluate(parseTemplate(raw), scope)))
}

/** The resource in `${aws_dynamodb_table.users["a"].name}`. */
function referenced(text: string, scope: Scope): Companion['target'] {
  let expression: Expression
  try {
    expression = parseTemplate(text)
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
  const keys: string[] = []
  for (; expression.kind === 'get'; expression = expression.from) {
    const { key } = expression
    const value = settle(() => evaluate(key, scope))
    keys.unshift(isUnknown(value) ? '' : toText(value))
  }
  if (expression.kind !== 'name' || expression.name !== 'aws_dynamodb_table') return undefined
  return { label: keys[0] ?? '', key: keys.length > 2 ? (keys[1] ?? '') : '' }
}

// An ARN ends in the name of its table.
function literal(value: Value): string | undefined {
  return typeof value === 'string' ? value.replace(/^arn:.*:table\//, '') : undefined
}

/** A table's arguments with everything that its companions add. */
export function withCompanions(table: ValueMap, companions: readonly Pick<Companion, 'type' | 'values'>[]): ValueMap {
  const all = (type: string) => companions.filter(each => each.type === type).map(({ values }) => values)
  const replicas = [...blocks(table.replica), ...all('aws_dynamodb_table_replica')]
  // A resource in the region of a replica belongs to that replica.
  const isOf = (region: Value | undefined) => (each: ValueMap) =>
    typeof region === 'string' && each.region_name === region
  const of = (type: string) => all(type).filter(each => !replicas.some(isOf(each.region_name)))
  const indexes = of('aws_dynamodb_global_secondary_index')
  const tags = of('aws_dynamodb_tag')
  const attributes = blocks(table.attribute)
  const typed = indexes.flatMap(index => blocks(index.key_schema))
  const added = typed.filter(({ attribute_name: name }, index) => {
    const isFirst = typed.findIndex(other => other.attribute_name === name) === index
    return isFirst && !attributes.some(attribute => attribute.name === name)
  })
  const own = Object.fromEntries(tags.map(({ key, value }) => [String(key), value ?? null]))
  return {
    ...table,
    attribute: [
      ...attributes,
      ...added.map(({ attribute_name: name = null, attribute_type: type = null }) => ({ name, type })),
    ],
    global_secondary_index: [...blocks(table.global_secondary_index), ...indexes.map(indexBlock)],
    replica: replicas.map(replica => {
      const own = (type: string) => all(type).filter(isOf(replica.region_name))
      return {
        ...replica,
        resource_policy: own('aws_dynamodb_resource_policy')[0]?.policy ?? null,
        kinesis: own('aws_dynamodb_kinesis_streaming_destination'),
        contributor_insights: own('aws_dynamodb_contributor_insights'),
      }
    }),
    ...(tags.length === 0
      ? {}
      : { tags: isUnknown(table.tags) ? table.tags : { ...(isMap(table.tags) ? table.tags : {}), ...own } }),
    resource_policy: table.resource_policy ?? of('aws_dynamodb_resource_policy')[0]?.policy ?? null,
    kinesis: of('aws_dynamodb_kinesis_streaming_destination'),
    contributor_insights: of('aws_dynamodb_contributor_insights'),
  }
}

/** An index of its own as a block of the table. */
function indexBlock(index: ValueMap): ValueMap {
  const [projection] = blocks(index.projection)
  const [units] = blocks(index.provisioned_throughput)
  return {
    ...index,
    name: index.index_name ?? index.name ?? null,
    projection_type: projection?.projection_type ?? index.projection_type ?? null,
    non_key_attributes: projection?.non_key_attributes ?? index.non_key_attributes ?? null,
    read_capacity: units?.read_capacity_units ?? null,
    write_capacity: units?.write_capacity_units ?? null,
  }
}
