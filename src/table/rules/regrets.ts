import type { KeyAttribute, LocalIndex } from '../definition.ts'
import { formatKey } from '../parse-key.ts'
import { listed, shorten } from '../untyped.ts'
import { placedGlobalIndexes, type Rule } from './rule.ts'

/** Warnings about values that AWS accepts and people regret later. Each can be silenced by its id. */
export const regretRules: readonly Rule[] = [
  {
    id: 'W-same-index',
    level: 'warning',
    *check(definition) {
      const table = keyText(definition)
      const seen = new Map<string, string>()
      for (const { at, index } of placedGlobalIndexes(definition)) {
        const text = keyText(index)
        const same = `${text} ${JSON.stringify(index.projection)}`
        const other = seen.get(same)
        if (text === table) yield { at, message: 'the index has the same key as the table; query the table instead' }
        else if (other !== undefined)
          yield { at, message: `the index is the same as "${other}"; every write is charged twice` }
        seen.set(same, index.name)
      }
    },
  },
  {
    id: 'W-local-index',
    level: 'warning',
    onCreation: true,
    *check({ localIndexes }) {
      if (localIndexes.length === 0) return
      const names = listed(
        localIndexes.map(index => index.name),
        'and',
      )
      const limit = 'a table with local indexes holds at most 10 GB per partition key value'
      yield { at: 'localIndexes', message: `${limit}, and ${shorten(names)} cannot be added, changed or removed later` }
    },
  },
]

function keyText({ partitionKey, sortKey }: Pick<LocalIndex, 'partitionKey' | 'sortKey'>): string {
  const text = (keys: readonly KeyAttribute[]) => keys.map(formatKey).join(' ')
  return JSON.stringify([text(partitionKey), text(sortKey)])
}
