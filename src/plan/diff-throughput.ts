import type { Capacity, Change } from '../settings/change.ts'
import { isGiven } from '../table/assumed.ts'
import type { BillingMode, GlobalIndex, TableDefinition, Throughput } from '../table/definition.ts'
import { billingOf } from './throughput.ts'

const caps = ['maxReadUnits', 'maxWriteUnits'] as const
const warm = ['warmReadUnits', 'warmWriteUnits'] as const

/**
 * Billing mode, capacities, on-demand caps and warm throughput, of the table and of its indexes. `kept` names the
 * indexes that are on both sides and stay: one that is replaced gets its throughput when it is made again.
 */
export function diffThroughput(desired: TableDefinition, live: TableDefinition, kept: ReadonlySet<string>): Change[] {
  const changes: Change[] = []
  const billing = billingAfter(desired, live)
  const from = billingOf(live)
  if (billing !== from) changes.push({ kind: 'modify-setting', field: 'billingMode', from, to: billing })
  changes.push(...capacityChange(desired, '', undefined, desired, live, billing))
  for (const field of [...caps, ...warm]) {
    const [before, after] = [live[field], desired[field]]
    if (differs(desired, '', field, after, before)) {
      changes.push({ kind: 'modify-setting', field, from: before, to: after } as Change)
    }
  }
  for (const index of desired.globalIndexes) {
    const current = live.globalIndexes.find(other => other.name === index.name)
    if (current !== undefined && kept.has(index.name)) changes.push(...diffIndex(desired, index, current, billing))
  }
  return changes
}

/** How the table will be billed once the definition holds; a mode that nobody wrote down is left as it is. */
export function billingAfter(desired: TableDefinition, live: TableDefinition): BillingMode {
  return desired.billingMode !== undefined && isGiven(desired, 'billingMode') ? desired.billingMode : billingOf(live)
}

function diffIndex(desired: TableDefinition, index: GlobalIndex, live: GlobalIndex, billing: BillingMode): Change[] {
  const parent = `globalIndexes.${index.name}.`
  const settings = [...caps, ...warm].flatMap((field): Change[] => {
    const [from, to] = [live[field], index[field]]
    return differs(desired, parent, field, to, from)
      ? [{ kind: 'modify-index-setting', index: index.name, field, from, to }]
      : []
  })
  return [...capacityChange(desired, parent, index.name, index, live, billing), ...settings]
}

function capacityChange(
  desired: TableDefinition,
  parent: string,
  index: string | undefined,
  wanted: Throughput,
  live: Throughput,
  billing: BillingMode,
): Change[] {
  // Somebody wrote on-demand and a capacity: the validator's business, and nothing that could be compared.
  if (billing === 'PAY_PER_REQUEST' && isGiven(desired, 'billingMode')) return []
  const given = (field: 'readCapacity' | 'writeCapacity') =>
    wanted[field] !== undefined && isGiven(desired, `${parent}${field}`) ? wanted[field] : live[field]
  const from: Capacity = { readCapacity: live.readCapacity, writeCapacity: live.writeCapacity }
  const to: Capacity = { readCapacity: given('readCapacity'), writeCapacity: given('writeCapacity') }
  if (from.readCapacity === to.readCapacity && from.writeCapacity === to.writeCapacity) return []
  return [{ kind: 'modify-capacity', ...(index === undefined ? {} : { index }), from, to }]
}

function differs(
  desired: TableDefinition,
  parent: string,
  field: (typeof caps)[number] | (typeof warm)[number],
  to: number | false | undefined,
  from: number | false | undefined,
): boolean {
  if (to === undefined || !isGiven(desired, `${parent}${field}`)) return false
  // AWS always reports warm throughput; a target that does not is not asked to have any.
  if (field === 'warmReadUnits' || field === 'warmWriteUnits') return from !== undefined && to !== from
  return (to === false ? undefined : to) !== (from === false ? undefined : from)
}
