import { Readable } from 'node:stream'
import type { StoredItem, StoredTable } from 'dynalite/db/index.js'

/** An error that dynalite answers with. */
const refusal = (type: string, message: string): Error =>
  Object.assign(new Error(message), { statusCode: 400, body: { __type: type, message } })

export const notFound = (): Error =>
  refusal('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', 'Requested resource not found')

export const validationError = (message: string): Error =>
  refusal('com.amazon.coral.validate#ValidationException', message)

/** A stream that fails when it is read. */
export const failingStream = (error: Error): Readable =>
  new Readable({
    objectMode: true,
    read() {
      this.destroy(error)
    },
  })

/**
 * AWS refuses to write an item with a value that an index cannot hold in its key, also when an update leaves alone a
 * value from before the index.
 */
export function badIndexKey(
  {
    LocalSecondaryIndexes: local = [],
    GlobalSecondaryIndexes: global = [],
    AttributeDefinitions: defined,
  }: StoredTable,
  item: StoredItem,
): Error | undefined {
  for (const { IndexName: index, KeySchema: schema } of [...local, ...global]) {
    for (const { AttributeName: name, KeyType: role } of schema) {
      const value = item[name]
      const type = defined.find(each => each.AttributeName === name)?.AttributeType ?? 'S'
      const what = value === undefined ? undefined : unfit(value, type, role)
      if (what !== undefined) return validationError(what.replace('%', `IndexName: ${index}, IndexKey: ${name}`))
    }
  }
  return undefined
}

const [mostHash, mostRange] = [2048, 1024]

/** AWS's message about a value of a key; `%` is the place of the index and its key. */
function unfit(value: StoredItem[string], type: string, role: string): string | undefined {
  const invalid = 'One or more parameter values were invalid: '
  const given = value[type]
  // dynalite looks at what is put itself.
  if (given === undefined)
    return 'The update expression attempted to update the secondary index key to unsupported type'
  if (type === 'N' || typeof given !== 'string') return undefined
  if (given === '') {
    const kind = type === 'S' ? 'string' : 'binary'
    return `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value. %`
  }
  const bytes = Buffer.byteLength(given, type === 'S' ? 'utf8' : 'base64')
  if (role === 'HASH' && bytes > mostHash)
    return `${invalid}Size of hashkey has exceeded the maximum size limit of${mostHash} bytes`
  return role === 'RANGE' && bytes > mostRange
    ? `${invalid}Aggregated size of all range keys has exceeded the size limit of ${mostRange} bytes`
    : undefined
}
