import type { Assumption } from '../table/definition.ts'
import { definitionError } from '../table/definition-error.ts'
import { isRecord, type UntypedRecord } from '../table/untyped.ts'
import type { Adapter, AdapterContext } from './adapter.ts'
import { fromDescription } from './create-table/from-description.ts'
import { readCreateTable } from './create-table/read-create-table.ts'
import { plainData } from './plain-data.ts'
import { labelOf, sourceOf } from './source.ts'

/**
 * AWS's own vocabulary: the input of CreateTable, a `CreateTableCommand` that holds one,
 * and the answer of DescribeTable (`{ Table: ... }`), whose live fields are left out.
 */
export const createTable: Adapter = {
  name: 'create-table',
  matches: value => unwrap(value) !== undefined,
  toDefinitions(value, context) {
    const raw = plainData(unwrap(value), labelOf(undefined, context)) as UntypedRecord
    const description = isDescription(raw)
    const { input, assumed, problems } = readCreateTable(
      description ? fromDescription(raw) : raw,
      labelOf(raw.TableName, context),
    )
    if (problems.length > 0) throw definitionError(labelOf(raw.TableName, context), problems)
    const name = nameFromMap(input.table, context)
    return [
      {
        input: name === undefined ? input : { ...input, table: name.table },
        source: sourceOf('create-table', context),
        assumed: [...(name === undefined ? [] : [name.assumption]), ...(description ? described(raw) : []), ...assumed],
      },
    ]
  },
}

/** The raw input within a value: the value itself, or what a command or an answer holds. */
function unwrap(value: unknown): UntypedRecord | undefined {
  if (!isRecord(value)) return undefined
  if (isRaw(value)) return value
  return ['input', 'Table', 'TableDescription']
    .map(member => own(value, member))
    .filter(isRecord)
    .find(isRaw)
}

// An index has a KeySchema too; an UpdateTable input has definitions, yet no keys.
function isRaw(value: UntypedRecord): boolean {
  if ('IndexName' in value || 'GlobalSecondaryIndexUpdates' in value) return false
  const definitions = Array.isArray(own(value, 'AttributeDefinitions'))
  const keys = Array.isArray(own(value, 'KeySchema'))
  return (definitions && keys) || ((definitions || keys) && typeof own(value, 'TableName') === 'string')
}

// Loaders wrap a module so that it answers for its default export, and would hide the other exports.
function own(value: UntypedRecord, member: string): unknown {
  return Object.hasOwn(value, member) ? value[member] : undefined
}

function isDescription(raw: UntypedRecord): boolean {
  return 'TableStatus' in raw || 'TableArn' in raw || 'ItemCount' in raw
}

function described({ SSEDescription: encryption }: UntypedRecord): readonly Assumption[] {
  if (!isRecord(encryption) || encryption.KMSMasterKeyArn === undefined) return []
  const message = 'the answer does not say whose key this is; taken as one of your own (CUSTOMER_MANAGED)'
  return [{ path: 'encryption', message, guess: true }]
}

// In a data file that maps names to inputs, the key is the name; in code it is a variable's name and says nothing.
function nameFromMap(table: unknown, { file, export: name }: AdapterContext) {
  const key = /\.(json|jsonc|ya?ml)$/i.test(file) ? name?.split('.').at(-1) : undefined
  if (table !== undefined || key === undefined || !/^[a-zA-Z0-9_.-]+$/.test(key)) return undefined
  const message = `no TableName is given; taken from the key that it stands under, "${key}"`
  return { table: key, assumption: { path: 'table', message, guess: true } }
}
