import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { ResolvedTable } from '../../../src/load/load-options.ts'
import { planTable } from '../../../src/plan/plan-table.ts'
import { engines } from '../../../src/settings/engines.ts'
import { dynaliteEngine } from '../../support/engines/dynalite.ts'

/** dynalite without delays, and a client for it. */
export async function startEngine() {
  const engine = await dynaliteEngine({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }).start()
  const { endpoint, region, credentials } = engine
  const client = new DynamoDBClient({ endpoint, region, credentials })
  return {
    endpoint,
    region,
    credentials,
    client,
    /** Creates tables as dynamox plans them. */
    create: async (tables: readonly ResolvedTable[]) => {
      for (const { definition } of tables) {
        const { steps } = planTable(definition, undefined, { capabilities: engines.dynalite })
        for (const { request } of steps) {
          if (request.api === 'CreateTable') await client.send(new CreateTableCommand(request.input))
        }
      }
    },
    drop: (name: string) => client.send(new DeleteTableCommand({ TableName: name })),
    stop: async () => {
      client.destroy()
      await engine.stop()
    },
  }
}

export type RunningEngine = Awaited<ReturnType<typeof startEngine>>
