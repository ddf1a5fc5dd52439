import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished } from 'vitest'
import type { EngineAddress } from '../../support/engines/engine.ts'
import { dynamox, project, type Ran, unique } from './cli.ts'

/** How many items the table holds once it is filled. */
export const items = 60

/** What of a definition changes from one update to the next. */
export interface Shape {
  readonly billing: 'PROVISIONED' | 'PAY_PER_REQUEST'
  readonly capacity?: number
  /** The attributes that indexes are on: `colour` makes `by-colour`, and so `colour-2` makes `by-colour-2`. */
  readonly indexes?: readonly string[]
  /** Whether the indexes have a sort key. */
  readonly sorted?: boolean
  readonly stream?: string | false
  readonly ttl?: string
}

export type UpdatedTable = Awaited<ReturnType<typeof updatedTable>>

/** One table of one test, its definition in a config, its items, and the CLI to be run on it. */
export async function updatedTable({ endpoint, region, credentials }: EngineAddress, first: Shape) {
  const name = unique('update')
  const cwd = await project({ 'dynamox.config.json': '{}' })
  const env = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey }
  const client = new DynamoDBClient({ endpoint, region, credentials })
  onTestFinished(() => client.destroy())
  /** `at`: another way to the same engine. */
  const define = (wanted: Shape, at = endpoint) => {
    const config = { endpoint: at, region, tables: [{ table: name, ...definitionOf(wanted) }] }
    writeFileSync(join(cwd, 'dynamox.config.json'), JSON.stringify(config))
  }
  define(first)
  const run = (...args: string[]): Promise<Ran> => dynamox([...args, '--json'], { cwd, env })
  const finds = async (index: string) => {
    const attribute = attributeOf(index.replace('by-', ''))
    const { Count } = await client.send(
      new QueryCommand({
        TableName: name,
        IndexName: index,
        KeyConditionExpression: '#key = :value',
        ExpressionAttributeNames: { '#key': attribute },
        ExpressionAttributeValues: { ':value': { S: `${attribute}-1` } },
      }),
    )
    return Count === items / 3 ? index : `${index} finds ${Count}`
  }
  return {
    name,
    define,
    run,
    async actions(...args: string[]) {
      const { json, stderr } = await run(...args)
      return json.tables.map(({ action, error }) =>
        error === undefined ? action : `${action}: ${error.message}\n${stderr}`,
      )
    },
    async expectNothingToDo(...flags: string[]) {
      const { code, json } = await run('plan', '--check', ...flags)
      expect({ code, steps: json.tables[0]?.steps }).toEqual({ code: 0, steps: [] })
    },
    async fill() {
      const puts = Array.from({ length: items }, (_, at) => ({
        PutRequest: {
          Item: {
            pk: { S: `item-${at}` },
            at: { N: String(at) },
            ...Object.fromEntries(['colour', 'size', 'shape'].map(key => [key, { S: `${key}-${at % 3}` }])),
          },
        },
      }))
      for (let from = 0; from < items; from += 20) {
        await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: puts.slice(from, from + 20) } }))
      }
    },
    count: async () => (await client.send(new ScanCommand({ TableName: name, Select: 'COUNT' }))).Count,
    /** The live indexes that find the items that they are to find. */
    async answering() {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: name }))
      const indexes = (Table?.GlobalSecondaryIndexes ?? []).flatMap(({ IndexName }) => IndexName ?? [])
      return (await Promise.all(indexes.map(finds))).sort()
    },
  }
}

function definitionOf({ billing, capacity = 5, indexes = ['colour'], sorted = false, stream, ttl }: Shape): object {
  const units = billing === 'PROVISIONED' ? { readCapacity: capacity, writeCapacity: capacity } : {}
  const globalIndexes = Object.fromEntries(
    indexes.map(name => [
      `by-${name}`,
      { partitionKey: attributeOf(name), ...(sorted ? { sortKey: 'at:N' } : {}), ...units },
    ]),
  )
  return { partitionKey: 'pk', sortKey: 'at:N', billingMode: billing, ...units, globalIndexes, stream, ttl }
}

const attributeOf = (name: string) => name.replace(/-\d+$/, '')
