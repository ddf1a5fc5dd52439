import type { AddressInfo } from 'node:net'
import type { StoredTable } from 'dynalite/db/index.js'
import { onTestFinished } from 'vitest'
import { loadDynalite } from '../../../src/local/load-dynalite.ts'
import { serveItems } from '../../../src/local/serve-items.ts'

const dynalite = await loadDynalite()

type Json = Record<string, unknown>

/** dynalite serving items in memory, of the tables that a test puts into `tables`. */
export async function itemsServed(...given: readonly StoredTable[]) {
  const { server, store } = dynalite.create({})
  const tables = new Map(given.map(table => [table.TableName, table]))
  await store.db.open()
  const items = serveItems(store, dynalite.functions, name => tables.get(name))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await items.close()
    server.closeAllConnections()
    await store.db.close()
  })
  const { port } = server.address() as AddressInfo

  const call = async (operation: string, input: Json): Promise<Json> => {
    const answer = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `DynamoDB_20120810.${operation}`,
        'X-Amz-Date': '20260101T000000Z',
        Authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/dynamodb/aws4_request, SignedHeaders=host, Signature=b',
      },
      body: JSON.stringify(input),
    })
    return (await answer.json()) as Json
  }
  return {
    tables,
    items,
    call,
    put: (TableName: string, Item: Json) => call('PutItem', { TableName, Item }),
    /** The entries of an index in the database, without their keys' first half, by the second one. */
    contents: async (part: string) => {
      const found: unknown[] = []
      for await (const [, value] of store.db.iterator({ gte: `${part}~`, lt: `${part}\x7f` })) found.push(value)
      return found
    },
  }
}
