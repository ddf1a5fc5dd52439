import { DynamoxError } from '../../errors.ts'
import type { TableLayer } from '../../table/input.ts'
import type { Flags } from '../flags.ts'
import { type NamedIndex, parseGlobalIndex, parseLocalIndex } from './index-flag.ts'

/** What the definition flags say about a table; `undefined` when none was given. Throws `usage`. */
export function definitionFlags(flags: Flags): TableLayer | undefined {
  const { partitionKey, sortKey, billingMode, readCapacity, writeCapacity, tableClass, encryption, kmsKeyId } = flags
  const { ttl, stream, pointInTimeRecovery, deletionProtection } = flags
  const layer: TableLayer = {
    ...{ partitionKey, sortKey, billingMode, readCapacity, writeCapacity, tableClass, encryption, kmsKeyId },
    ...{ ttl, stream, pointInTimeRecovery, deletionProtection },
    globalIndexes: byName('--gsi', flags.gsi?.map(parseGlobalIndex)),
    localIndexes: byName('--lsi', flags.lsi?.map(parseLocalIndex)),
    tags: flags.tag === undefined ? undefined : parseTags(flags.tag),
  }
  const given = Object.entries(layer).filter(([, value]) => value !== undefined)
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

function byName<Index>(
  flag: string,
  indexes: readonly NamedIndex<Index>[] | undefined,
): Record<string, Index> | undefined {
  if (indexes === undefined) return undefined
  const twice = indexes.find(({ name }, at) => indexes.findIndex(other => other.name === name) < at)
  if (twice !== undefined) throw new DynamoxError('usage', `${flag} defines the index ${twice.name} twice`)
  return Object.fromEntries(indexes.map(({ name, index }) => [name, index]))
}

/** `key=value`; a value may hold further equals signs and may be empty, as on AWS. */
function parseTags(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map(text => {
      const at = text.indexOf('=')
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
      throw new DynamoxError('usage', `--tag ${JSON.stringify(text)} is not key=value`, {
        hint: 'for example --tag team=shop',
      })
    }),
  )
}
