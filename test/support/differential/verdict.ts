import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createTable } from '../../../src/adapters/create-table.ts'
import { isDynamoxError, type Problem } from '../../../src/errors.ts'
import { toDefinition } from '../../../src/settings/to-definition.ts'
import type { TableDefinition } from '../../../src/table/definition.ts'
import type { EngineAddress } from '../engines/engine.ts'
import type { RawTable } from './raw-table.ts'

/** What we say of an input: the definition, or the rules that it breaks. */
export type OurVerdict = { readonly definition: TableDefinition } | { readonly rules: readonly string[] }

/** Reads the input the way the loader does. A problem without a rule goes by `shape`. */
export function ourVerdict(raw: RawTable): OurVerdict {
  const problems: Problem[] = []
  try {
    // Names and keys of the wrong shape are no CreateTable input to the loader, which then says so.
    const [read] = createTable.toDefinitions(raw, { file: 'random' }) as readonly { readonly input: object }[]
    const result = toDefinition(read?.input, { path: 'random' })
    if (result.definition !== undefined) return { definition: result.definition }
    problems.push(...result.problems)
  } catch (error) {
    if (!isDynamoxError(error)) throw error
    problems.push(...(error.problems ?? []))
  }
  return { rules: [...new Set(problems.map(({ rule }) => rule ?? 'shape'))] }
}

/** What an engine says: `undefined` when it takes the input, else its words. */
export type TheirVerdict = string | undefined

/** Sends the input as it is. */
export async function theirVerdict(client: DynamoDBClient, raw: RawTable): Promise<TheirVerdict> {
  try {
    // Wrong on purpose: the SDK's types are not asked.
    const input: CreateTableCommandInput = JSON.parse(JSON.stringify(raw))
    await client.send(new CreateTableCommand(input))
    return undefined
  } catch (error) {
    const { name, message } = error as Error
    return `${name}: ${message}`
  }
}

export function clientOf({ endpoint, region, credentials }: EngineAddress): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 })
}
