import type { TableDefinition } from '../../../src/table/definition.ts'
import type { FollowUpField, LiveTable } from '../../../src/table/live.ts'
import { virtualEpoch } from '../virtual-clock.ts'
import { type FakeIndex, type FakeTable, viewOf } from './state.ts'

const followUpFields: readonly FollowUpField[] = [
  'ttl',
  'pointInTimeRecovery',
  'tags',
  'resourcePolicy',
  'contributorInsights',
  'kinesis',
]

/** What DescribeTable and its kin say, put the way the SDK's room puts it. */
export function describe(table: FakeTable, fields: readonly FollowUpField[], now: number): LiveTable {
  const view = table.stale !== undefined && now < table.stale.until ? table.stale.view : viewOf(table)
  const tags = table.staleTags !== undefined && now < table.staleTags.until ? table.staleTags.tags : table.settings.tags
  const settings: Partial<Record<string, unknown>> = { ...view.settings, tags }
  for (const field of followUpFields) if (!fields.includes(field)) settings[field] = undefined
  const globalIndexes = view.indexes.map(([, { definition }]) => {
    const { contributorInsights, ...rest } = definition
    return fields.includes('contributorInsights') ? { ...rest, contributorInsights } : rest
  })
  return {
    definition: { ...(settings as Partial<TableDefinition> as TableDefinition), globalIndexes, assumed: [] },
    status: view.status,
    indexes: Object.fromEntries(
      view.indexes.map(([name, { status, backfilling, warmStatus }]) => [name, { status, backfilling, warmStatus }]),
    ),
    encryptionStatus: view.encryptionStatus,
    warmStatus: view.warmStatus,
    arn: table.arn,
    id: table.id,
    ...(Number.isFinite(table.createdAt) ? { createdAt: new Date(virtualEpoch + table.createdAt) } : {}),
    read: [...fields],
    settling: [...table.settling].filter(field => fields.includes(field)),
    warnings: [],
  }
}

export function newTable(settings: TableDefinition, id: string, now: number, status: FakeTable['status']): FakeTable {
  const { name, globalIndexes } = settings
  const indexes = globalIndexes.map((definition): [string, FakeIndex] => [
    definition.name,
    {
      definition: { ...definition },
      status: status === 'CREATING' ? 'CREATING' : 'ACTIVE',
      backfilling: undefined,
      warmStatus: undefined,
      decreases: [],
    },
  ])
  return {
    name,
    id,
    arn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${name}`,
    createdAt: status === 'CREATING' ? now : Number.NEGATIVE_INFINITY,
    status,
    readyAt: 0,
    settings: { ...settings },
    indexes: new Map(indexes),
    encryptionStatus: undefined,
    warmStatus: undefined,
    settling: new Set(),
    switching: false,
    decreases: [],
    classChanges: [],
    encryptionChanges: [],
    ttlChangedAt: undefined,
    protectionChangedAt: undefined,
    tagsLockedUntil: 0,
    stale: undefined,
    staleTags: undefined,
  }
}
