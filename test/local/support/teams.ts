import { randomUUID } from 'node:crypto'
import { allowedNothing } from '../../../src/local/guard-requests.ts'
import type { EngineSettings } from '../../../src/local/start-engine.ts'

/** A table of items that an index by team is added to. */
export const itemsTable = {
  TableName: 'items',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
}

export const addIndex = {
  TableName: 'items',
  AttributeDefinitions: [{ AttributeName: 'team', AttributeType: 'S' }],
  GlobalSecondaryIndexUpdates: [
    {
      Create: {
        IndexName: 'by-team',
        KeySchema: [{ AttributeName: 'team', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    },
  ],
}

/** An item whose team, if any, depends on `chance`, from 0 to 1: some fit the index, some have no team, some another type. */
export function teamItem(id: number, chance: number) {
  const team = chance < 0.1 ? {} : { team: chance < 0.2 ? { N: '1' } : { S: `team-${Math.floor(chance * 50)}` } }
  return { pk: { S: `item-${id}` }, ...team, note: { S: 'x'.repeat(50) } }
}

/** The embedded engine on a database in this folder, in the thread that serves it. */
export const settingsFor = (data: string): EngineSettings => ({
  instance: randomUUID(),
  data,
  allowed: allowedNothing,
  createTableMs: 0,
  deleteTableMs: 0,
  updateTableMs: 0,
})
