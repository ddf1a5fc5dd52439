import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Clock } from '../apply/clock.ts'
import type { TableApi } from '../apply/ports.ts'
import { presumed } from './recognise-engine.ts'
import type { Target } from './target.ts'

export interface ApiOptions {
  /** Tables worked on at once; the pool of connections grows with it beyond 50. */
  readonly concurrency?: number | undefined
  readonly clock?: Clock | undefined
}

/**
 * The TableApi for a resolved target or for an SDK client of the user's own (which is used as it is). Costs nothing
 * until it is used: what talks to DynamoDB is loaded at the first call.
 */
export function createApi(target: Target | { readonly client: DynamoDBClient }, options: ApiOptions = {}): TableApi {
  let opened: TableApi | undefined
  const open = async () => {
    const { openApi } = await import('./open-api.ts')
    opened ??= openApi(target, options)
    return opened
  }
  return {
    describe: async (name, fields, read) => (await open()).describe(name, fields, read),
    list: async read => (await open()).list(read),
    listWithin: async (calls, read) => (await open()).listWithin(calls, read),
    identify: async read => (await open()).identify(read),
    send: async (request, read) => (await open()).send(request, read),
    capabilities: () => opened?.capabilities() ?? presumed(target),
  }
}
