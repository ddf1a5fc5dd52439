import { DynamoxError } from '../../../errors.ts'
import { asRecord, isRecord, recordsOf, type UntypedRecord } from '../../../table/untyped.ts'
import { joined, type ReadContext, type ReadTemplate, type TemplateFile } from '../format.ts'
import { withCompanions } from './companions.ts'
import { readTable } from './read-table.ts'
import { fromPlain, isMap, unknown, type ValueMap } from './value.ts'

/** Reads the tables of a plan or a state, where all values but those of the future are known. */
export async function readPlan(file: TemplateFile, context: ReadContext): Promise<ReadTemplate> {
  const { data, placeOf } = await file.document()
  const resources = isRecord(data) ? resourcesOf(data) : undefined
  if (resources === undefined) {
    throw new DynamoxError('model', `${file.shown} holds neither planned_values nor values`, {
      hint: 'give what terraform show -json prints for a plan or a state',
    })
  }
  const future = isRecord(data) ? futureOf(data) : new Map<string, ValueMap>()
  const tables = resources.filter(({ type }) => type === 'aws_dynamodb_table')
  const results = tables.map(({ address, label, values, raw }) => {
    const own = { ...values, ...future.get(address) }
    const mine = resources.filter(
      ({ values: { table_name: table, global_table_arn: arn, resource_arn: other = arn } }) =>
        own.name !== undefined && (table === own.name || String(other).endsWith(`:table/${String(own.name)}`)),
    )
    const companions = mine.map(({ type, values }) => {
      const [, region = null] = /^arn:[^:]*:dynamodb:([^:]+):/.exec(String(values.arn)) ?? []
      return { type, values: { ...values, region_name: values.region ?? region } }
    })
    // In a plan, these tags include the provider's.
    const full = withCompanions(isMap(own.tags_all ?? null) ? { ...own, tags: own.tags_all ?? null } : own, companions)
    return readTable({ address, label, values: full, place: placeOf(raw) }, context.inputs, file.shown)
  })
  return joined(results)
}

interface PlannedResource {
  readonly address: string
  readonly label: string
  readonly type: string
  readonly values: ValueMap
  readonly raw: UntypedRecord
}

function resourcesOf(data: UntypedRecord): readonly PlannedResource[] | undefined {
  const holder = isRecord(data.planned_values) ? data.planned_values : data.values
  if (isRecord(holder) && isRecord(holder.root_module)) return ofModule(holder.root_module)
  return Array.isArray(data.resources) && typeof data.version === 'number' ? ofState(data.resources) : undefined
}

function ofModule(module: UntypedRecord): readonly PlannedResource[] {
  const own = recordsOf(module.resources)
    .filter(({ mode }) => mode !== 'data')
    .map(raw => planned(String(raw.address ?? raw.name), raw, raw.values))
  return [...own, ...recordsOf(module.child_modules).flatMap(ofModule)]
}

/** A state file lists the instances of each resource. */
function ofState(resources: readonly unknown[]): readonly PlannedResource[] {
  return recordsOf(resources)
    .filter(({ mode }) => mode !== 'data')
    .flatMap(resource =>
      recordsOf(resource.instances).map(({ index_key: key, attributes }) => {
        const index = key === undefined ? '' : `[${JSON.stringify(key)}]`
        const parts = [resource.module, resource.type, `${String(resource.name)}${index}`]
        return planned(parts.filter(part => part !== undefined).join('.'), resource, attributes)
      }),
    )
}

function planned(address: string, raw: UntypedRecord, attributes: unknown): PlannedResource {
  const values = fromPlain(attributes)
  const label = address
    .replaceAll(/(^|\.)(module|aws_dynamodb_table)\./g, '$1')
    .replaceAll(/[.["\]]+/g, '-')
    .replace(/-$/, '')
  return { address, label, type: String(raw.type), values: isMap(values) ? values : {}, raw }
}

/** The members that a plan marks as known only after apply, by address. */
function futureOf({ resource_changes: changes }: UntypedRecord): ReadonlyMap<string, ValueMap> {
  const entries = recordsOf(changes).map(({ address, change }): [string, ValueMap] => {
    const after = asRecord(asRecord(change).after_unknown)
    const unknowns = Object.entries(after).filter(([key, isUnknown]) => isUnknown === true && key !== 'tags_all')
    return [String(address), Object.fromEntries(unknowns.map(([key]) => [key, unknown(`${String(address)}.${key}`)]))]
  })
  return new Map(entries)
}
