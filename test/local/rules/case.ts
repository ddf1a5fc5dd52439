import type { Operation } from '../../../src/local/control-plane/inputs.ts'

export type Call = readonly [operation: Operation, input: object]

/** A rule of AWS: a request that breaks it, what AWS answers, and the nearest request that it takes. */
export interface RuleCase {
  readonly rule: string
  /** Calls that come first, each of which is taken. */
  readonly given?: readonly Call[]
  readonly breaks: Call
  /** `Type: message`. A pattern where only a part of the message is known. */
  readonly says: string | RegExp
  readonly takes: Call
  /** Why the embedded engine answers otherwise than AWS; `says` and `takes` are then about the engine. */
  readonly differs?: string
}

/** The name of the table in requests and answers; each case has a table of its own. */
export const name = '%TABLE%'
export const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`

export const IP = 'One or more parameter values were invalid: '
export const invalid = (message: string) => `ValidationException: ${IP}${message}`
export const plain = (message: string) => `ValidationException: ${message}`
export const notFound = (message: string) => `ResourceNotFoundException: Requested resource not found: ${message}`
export const limit = (message: string) => `LimitExceededException: Subscriber limit exceeded: ${message}`
/** Violations of the service model, all of which are reported. */
export const shape = (...failed: readonly (readonly [value: string, path: string, must: string])[]) => {
  const listed = failed.map(
    ([value, path, must]) =>
      `Value ${value === 'null' ? value : `'${value}'`} at '${path}' failed to satisfy constraint: Member must ${must}`,
  )
  return plain(`${failed.length} validation error${failed.length === 1 ? '' : 's'} detected: ${listed.join('; ')}`)
}

export const S = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' })
export const N = (AttributeName: string) => ({ AttributeName, AttributeType: 'N' })
export const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' })
export const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' })
export const capacity = (ReadCapacityUnits: number, WriteCapacityUnits = ReadCapacityUnits) => ({
  ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits },
})
export const caps = (MaxReadRequestUnits: number) => ({ OnDemandThroughput: { MaxReadRequestUnits } })
export const warm = (ReadUnitsPerSecond: number) => ({ WarmThroughput: { ReadUnitsPerSecond } })
export const stream = (StreamEnabled: boolean, StreamViewType?: string) => ({
  StreamSpecification: { StreamEnabled, ...(StreamViewType === undefined ? {} : { StreamViewType }) },
})
export const encryption = (SSESpecification: object) => ({ SSESpecification })
export const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, at) => make(at))

export const index = (IndexName: string, key: string | readonly object[], more: object = {}) => ({
  IndexName,
  KeySchema: typeof key === 'string' ? [hash(key)] : key,
  Projection: { ProjectionType: 'ALL' },
  ...more,
})
export const included = (names: readonly string[] | undefined) => ({
  Projection: { ProjectionType: 'INCLUDE', ...(names === undefined ? {} : { NonKeyAttributes: names }) },
})

/** A table on demand with the key `pk` and, by default, the index `by-a`. */
export const onDemand = {
  TableName: name,
  AttributeDefinitions: [S('pk'), S('a')],
  KeySchema: [hash('pk')],
  GlobalSecondaryIndexes: [index('by-a', 'a')],
  BillingMode: 'PAY_PER_REQUEST',
}
export const provisioned = {
  ...onDemand,
  BillingMode: 'PROVISIONED',
  ...capacity(5),
  GlobalSecondaryIndexes: [index('by-a', 'a', capacity(5))],
}
export const bare = { ...onDemand, AttributeDefinitions: [S('pk')], GlobalSecondaryIndexes: undefined }
/** With a sort key, which local indexes need. */
export const sorted = {
  ...bare,
  AttributeDefinitions: [S('pk'), S('sk'), S('a')],
  KeySchema: [hash('pk'), range('sk')],
}

export const create = (change: object = {}, table: object = onDemand): Call => ['CreateTable', { ...table, ...change }]
export const update = (change: object): Call => ['UpdateTable', { TableName: name, ...change }]
export const indexes = (...GlobalSecondaryIndexes: readonly object[]) => ({ GlobalSecondaryIndexes })
export const changes = (...GlobalSecondaryIndexUpdates: readonly object[]) => ({ GlobalSecondaryIndexUpdates })
export const defined = (...AttributeDefinitions: readonly object[]) => ({ AttributeDefinitions })
export const added = (made: object, ...definitions: readonly object[]) =>
  update({ ...changes({ Create: made }), AttributeDefinitions: definitions })
