import { DynamoxError, isDynamoxError } from '../../errors.ts'
import type { TableLayer } from '../../table/input.ts'
import type { Flags } from '../flags.ts'
import { type NamedIndex, parseGlobalIndex, parseLocalIndex } from './index-flag.ts'

/** What the definition flags say about a table; `undefined` when none was given. Throws `usage`, with all that is wrong. */
export function definitionFlags(flags: Flags): TableLayer | undefined {
  const wrong: DynamoxError[] = []
  /** What a flag's text says; one that cannot be read is left to be told with the others. */
  const read = <Value>(texts: readonly string[] | undefined, parse: (text: string) => Value) =>
    texts?.flatMap(text => {
      try {
        return [parse(text)]
      } catch (error) {
        if (!isDynamoxError(error)) throw error
        wrong.push(error)
        return []
      }
    })
  const { partitionKey, sortKey, billingMode, readCapacity, writeCapacity, tableClass, encryption, kmsKeyId } = flags
  const { ttl, stream, pointInTimeRecovery, deletionProtection } = flags
  const layer: TableLayer = {
    ...{ partitionKey, sortKey, billingMode, readCapacity, writeCapacity, tableClass, encryption, kmsKeyId },
    ...{ ttl, stream, pointInTimeRecovery, deletionProtection },
    globalIndexes: byName('--gsi', read(flags.gsi, parseGlobalIndex)),
    localIndexes: byName('--lsi', read(flags.lsi, parseLocalIndex)),
    tags: flags.tag === undefined ? undefined : Object.fromEntries(read(flags.tag, parseTag) ?? []),
  }
  const [first] = wrong
  if (first !== undefined && wrong.length === 1) throw first
  if (first !== undefined) {
    throw new DynamoxError('usage', `${wrong.length} flags cannot be read`, {
      problems: wrong.map(({ message }) => ({ path: '', message })),
      hint: [...new Set(wrong.flatMap(({ hint }) => hint ?? []))].join('; '),
    })
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
function parseTag(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new DynamoxError('usage', `--tag ${JSON.stringify(text)} is not key=value`, {
    hint: 'for example --tag team=shop',
  })
}
