import { describeTable } from '../../src/local/control-plane/describe.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import type { TableInput } from '../../src/table/input.ts'
import type { FollowUpField, LiveTable } from '../../src/table/live.ts'
import { createFakeAws, liveTable } from './fake-aws.ts'
import { table } from './tables.ts'
import { createVirtualClock } from './virtual-clock.ts'

const allFields: readonly FollowUpField[] = [
  'ttl',
  'pointInTimeRecovery',
  'tags',
  'resourcePolicy',
  'contributorInsights',
  'kinesis',
]

/** A live table made from this definition, the way AWS reports it once it has settled. */
export function liveOf(definition: TableDefinition, fields: readonly FollowUpField[] = allFields): LiveTable {
  const table = createFakeAws(createVirtualClock()).put(definition)
  return liveTable(describeTable(table, Date.now()), table, fields, Date.now())
}

/** The same from the short forms. */
export function live(input: Partial<TableInput> = {}, fields: readonly FollowUpField[] = allFields): LiveTable {
  return liveOf(table(input), fields)
}
