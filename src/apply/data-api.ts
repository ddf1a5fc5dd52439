import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { ReadOptions, Refusal } from './ports.ts'

/** An item or an item's key, with typed values. */
export type Item = Readonly<Record<string, AttributeValue>>

export type ItemWrite =
  | { readonly kind: 'put'; readonly item: Item }
  /** Deletes the item with this key. */
  | { readonly kind: 'delete'; readonly key: Item }

/** The result of one batch. `refused`: none of it was written. */
export type WriteAnswer =
  | { readonly kind: 'written'; readonly unprocessed: readonly ItemWrite[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** The item operations that seeding, clearing and recreating need. */
export interface DataApi {
  /** One BatchWriteItem: at most 25 writes, each to a different key. */
  write(table: string, writes: readonly ItemWrite[], options?: ReadOptions): Promise<WriteAnswer>
  /** Pages of a consistent scan; with `attributes`, each item contains only those. */
  scan(
    table: string,
    options?: ReadOptions & {
      readonly attributes?: readonly string[] | undefined
      readonly limit?: number | undefined
    },
  ): AsyncIterable<readonly Item[]>
}
