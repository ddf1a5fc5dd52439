import { DynamoxError, isDynamoxError } from '../../errors.ts'
import type { TableLayer } from '../../table/input.ts'
import { type NamedIndex, parseGlobalIndex, parseLocalIndex } from './index-flag.ts'
import { inGroup, type OptionSpec, type Policy } from './option.ts'

const define = inGroup('Definition')
const defining = (command: Policy) => command.defines === true

export const definitionOptions = {
  partitionKey: define.text('--partition-key <name:type>', 'partition key; type S (default), N or B', defining),
  sortKey: define.text('--sort-key <name:type>', 'sort key', defining),
  billingMode: define.choice('--billing-mode <mode>', 'PAY_PER_REQUEST (default) or PROVISIONED', defining, [
    'PAY_PER_REQUEST',
    'PROVISIONED',
  ]),
  readCapacity: define.count('--read-capacity <n>', 'provisioned read capacity units', defining),
  writeCapacity: define.count('--write-capacity <n>', 'provisioned write capacity units', defining),
  tableClass: define.choice('--table-class <class>', 'STANDARD or STANDARD_INFREQUENT_ACCESS', defining, [
    'STANDARD',
    'STANDARD_INFREQUENT_ACCESS',
  ]),
  encryption: define.choice('--encryption <kind>', 'AWS_OWNED, AWS_MANAGED or CUSTOMER_MANAGED', defining, [
    'AWS_OWNED',
    'AWS_MANAGED',
    'CUSTOMER_MANAGED',
  ]),
  kmsKeyId: define.text('--kms-key-id <key>', 'the KMS key for CUSTOMER_MANAGED', defining),
  gsi: define.list('--gsi <index>', 'a global secondary index (see below); repeatable', defining),
  lsi: define.list('--lsi <index>', 'a local secondary index (see below); repeatable', defining),
  ttl: define.text('--ttl <attribute>', 'the attribute that holds the expiry time', defining),
  stream: define.choice('--stream <view>', 'KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES', defining, [
    'KEYS_ONLY',
    'NEW_IMAGE',
    'OLD_IMAGE',
    'NEW_AND_OLD_IMAGES',
  ]),
  pointInTimeRecovery: define.flag('--point-in-time-recovery', 'turn point-in-time recovery on', defining),
  deletionProtection: define.flag('--deletion-protection', 'turn deletion protection on', defining),
  tag: define.list('--tag <key=value>', 'a tag; repeatable', defining),
}

type DefinitionFlags = {
  readonly [Name in keyof typeof definitionOptions]?: (typeof definitionOptions)[Name] extends OptionSpec<infer Value>
    ? Value | undefined
    : never
}

/** What the definition flags say about a table; `undefined` when none was given. Throws `usage`, with all that is wrong. */
export function definitionFlags(flags: DefinitionFlags): TableLayer | undefined {
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
