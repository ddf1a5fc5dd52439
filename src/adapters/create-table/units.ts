import { isRecord, show, type UntypedRecord } from '../../table/untyped.ts'
import type { Report } from './key-schema.ts'

/** Provisioned, on-demand and warm throughput of a table or an index, in dynamox's words. */
export function unitsOf(holder: UntypedRecord, parent: string, report: Report): UntypedRecord {
  const provisioned = structure(holder, 'ProvisionedThroughput', parent, report)
  const onDemand = structure(holder, 'OnDemandThroughput', parent, report)
  const warm = structure(holder, 'WarmThroughput', parent, report)
  for (const member of ['ReadCapacityUnits', 'WriteCapacityUnits']) {
    if (provisioned === undefined || provisioned[member] !== undefined) continue
    report(`${parent}ProvisionedThroughput`, `${member} is missing; both members are needed`, 'T3')
  }
  if (warm !== undefined && warm.ReadUnitsPerSecond === undefined && warm.WriteUnitsPerSecond === undefined) {
    report(
      `${parent}WarmThroughput`,
      'it is empty; give ReadUnitsPerSecond or WriteUnitsPerSecond, or leave it out',
      'W4',
    )
  }
  return definedOnly({
    readCapacity: provisioned?.ReadCapacityUnits,
    writeCapacity: provisioned?.WriteCapacityUnits,
    maxReadUnits: cap(onDemand?.MaxReadRequestUnits),
    maxWriteUnits: cap(onDemand?.MaxWriteRequestUnits),
    warmReadUnits: warm?.ReadUnitsPerSecond,
    warmWriteUnits: warm?.WriteUnitsPerSecond,
  })
}

/** A member that is a structure, when it is there. */
export function structure(
  holder: UntypedRecord,
  member: string,
  parent: string,
  report: Report,
): UntypedRecord | undefined {
  const value = holder[member]
  if (value === undefined || isRecord(value)) return value
  report(`${parent}${member}`, `${show(value)} is no structure`)
  return undefined
}

/** The members that are there. */
export function definedOnly(record: UntypedRecord): UntypedRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}

// AWS writes -1 where there is no cap.
function cap(value: unknown): unknown {
  return value === -1 ? false : value
}
