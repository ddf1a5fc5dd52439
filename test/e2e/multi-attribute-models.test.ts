import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { PutItemCommand, QueryCommand } from 'dynamodb-toolbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planTable } from '../../src/plan/plan-table.ts'
import { load } from '../adapters/support/fixtures.ts'
import { describeEngines } from '../support/engines/describe-engines.ts'

// Indexes whose keys are made of several attributes: few engines know them, and the others say so before anything is sent.
describeEngines('models with keys of several attributes', ({ endpoint, region, credentials, capabilities }) => {
  const client = new DynamoDBClient({ endpoint, region, credentials })
  const documents = DynamoDBDocumentClient.from(client)
  const planned = async () => {
    const { tables } = await load(['electrodb/sale.ts', 'dynamodb-toolbox/ticket.ts'])
    return tables.map(({ definition }) => planTable(definition, undefined, { capabilities }))
  }
  afterAll(() => client.destroy())

  if (capabilities.refuses.includes('multiAttributeKeys')) {
    test('are left out by name', async () => {
      const notices = (await planned()).map(plan => plan.notices)
      const left = (index: string) =>
        `globalIndexes.${index}: ${capabilities.label} does not support keys of several attributes, left out`
      expect(notices).toEqual([[left('by-region')], [left('byQueue')]])
    })
    return
  }

  describe('are created, written and read through their libraries', () => {
    beforeAll(async () => {
      for (const { steps } of await planned()) {
        for (const { request } of steps) {
          if (request.api === 'CreateTable') await client.send(new CreateTableCommand(request.input))
        }
      }
    })

    test('ElectroDB', async () => {
      const { Sale } = await import('../../fixtures/electrodb/sale.ts')
      Sale.setClient(documents)
      const sale = { id: 's1', tenant: 't1', region: 'eu', score: 9, at: 5, note: 'first' }
      await expect.poll(() => Sale.put(sale).go().catch(String), { timeout: 20_000 }).toHaveProperty('data')
      expect((await Sale.get({ id: 's1' }).go()).data).toEqual(sale)
      // The index follows the table a moment later.
      const found = async () => (await Sale.query.byRegion({ tenant: 't1', region: 'eu' }).gte({ score: 9 }).go()).data
      await expect.poll(found, { timeout: 20_000 }).toMatchObject([{ note: 'first' }])
    })

    test('DynamoDB-Toolbox', async () => {
      const { Ticket, TicketTable } = await import('../../fixtures/dynamodb-toolbox/ticket.ts')
      TicketTable.documentClient = documents
      const ticket = { id: 'k1', tenant: 't1', queue: 'q1', urgency: 2, openedAt: 7 }
      const put = () =>
        Ticket.build(PutItemCommand)
          .item(ticket)
          .send()
          .then(() => 'sent', String)
      await expect.poll(put, { timeout: 20_000 }).toBe('sent')
      // The engine finds nothing once two sort attributes are asked for, so the partition alone is.
      const query = { index: 'byQueue', partition: ['t1', 'q1'] } as never
      const found = async () => (await TicketTable.build(QueryCommand).entities(Ticket).query(query).send()).Items
      await expect.poll(found, { timeout: 20_000 }).toMatchObject([ticket])
    })
  })
})
