import type { AttributeValue, WriteRequest } from '@aws-sdk/client-dynamodb'
import type { DataApi, Item, ItemWrite, WriteAnswer } from '../apply/data-api.ts'
import { DynamoxError } from '../errors.ts'
import { createSession, type SdkSession } from './session.ts'
import type { Target } from './target.ts'

/** The DataApi over the AWS SDK, which is loaded on first use. */
export function createDataApi(target: Target): DataApi {
  const session = createSession(target, {})
  return {
    write: (table, writes, options) => write(session, table, writes, options?.signal),
    scan: (table, options = {}) => scan(session, table, options),
  }
}

async function write(
  session: SdkSession,
  table: string,
  writes: readonly ItemWrite[],
  signal: AbortSignal | undefined,
): Promise<WriteAnswer> {
  const { output, refusal } = await session.attempt({
    operation: 'BatchWriteItem',
    table,
    signal,
    input: { RequestItems: { [table]: writes.map(toRequest) } },
  })
  if (refusal !== undefined) return { kind: 'refused', refusal }
  return { kind: 'written', unprocessed: (output?.UnprocessedItems?.[table] ?? []).flatMap(fromRequest) }
}

type ScanOptions = NonNullable<Parameters<DataApi['scan']>[1]>

async function* scan(session: SdkSession, table: string, { attributes, limit, signal }: ScanOptions) {
  const names = attributes?.map((name, at) => [`#a${at}`, name] as const) ?? []
  const projection =
    names.length === 0
      ? {}
      : {
          ProjectionExpression: names.map(([placeholder]) => placeholder).join(', '),
          ExpressionAttributeNames: Object.fromEntries(names),
        }
  const fixed = {
    TableName: table,
    ConsistentRead: true,
    ...projection,
    ...(limit === undefined ? {} : { Limit: limit }),
  }
  let start: Record<string, AttributeValue> | undefined
  do {
    const from = start
    const page = await session.read({
      operation: 'Scan',
      table,
      signal,
      input: { ...fixed, ...(from === undefined ? {} : { ExclusiveStartKey: from }) },
    })
    if (page === undefined) throw new DynamoxError('not-found', `table ${table} does not exist`, { table })
    const items: readonly Item[] = page.Items ?? []
    yield items
    start = page.LastEvaluatedKey
  } while (start !== undefined)
}

const toRequest = (write: ItemWrite): WriteRequest =>
  write.kind === 'put' ? { PutRequest: { Item: { ...write.item } } } : { DeleteRequest: { Key: { ...write.key } } }

function fromRequest({ PutRequest, DeleteRequest }: WriteRequest): ItemWrite[] {
  if (PutRequest?.Item !== undefined) return [{ kind: 'put', item: PutRequest.Item }]
  return DeleteRequest?.Key === undefined ? [] : [{ kind: 'delete', key: DeleteRequest.Key }]
}
