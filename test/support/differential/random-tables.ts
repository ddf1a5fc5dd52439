import fc from 'fast-check'
import { hash, indexesOf, type RawIndex, type RawKey, type RawTable, range } from './raw-table.ts'

const names = ['pk', 'sk', 'a', 'b', 'c', 'd', 'Größe', 'x:y z']
const name = fc.constantFrom(...names)
const units = fc.integer({ min: 1, max: 200 })
const plainName = fc.constantFrom('total', 'email', 'note', 'pk', 'a', 'ü')

/** How often a global index has a key of several attributes, which only AWS and ExtendDB take. */
interface Shape {
  readonly multiAttribute: boolean
}

/** CreateTable inputs that AWS takes, of every shape and with every setting; the table's name is filled in by who sends it. */
export function validTable({ multiAttribute }: Shape): fc.Arbitrary<RawTable> {
  return fc
    .record({
      types: fc.tuple(...names.map(() => fc.constantFrom('S', 'N', 'B'))),
      key: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
      globals: fc.array(fc.record({ key: globalKey(multiAttribute), ...held, ...indexUnits }), { maxLength: 4 }),
      locals: fc.array(fc.record({ sort: name, ...held }), { maxLength: 3 }),
      billing: fc.constantFrom('PAY_PER_REQUEST', 'PROVISIONED', undefined),
      capacity: fc.tuple(units, units),
      caps,
      warm: sometimes(fc.constant({ ReadUnitsPerSecond: 15_000, WriteUnitsPerSecond: 5_000 })),
      settings,
    })
    .map(({ types, key, globals, locals, billing, capacity, caps, warm, settings }) => {
      const [partition = 'pk', sort] = key
      const provisioned = billing !== 'PAY_PER_REQUEST'
      const local = sort === undefined ? [] : locals.filter(index => index.sort !== partition)
      const table: RawTable = {
        TableName: '',
        KeySchema: [hash(partition), ...(sort === undefined ? [] : [range(sort)])],
        ...(billing === undefined ? {} : { BillingMode: billing }),
        ...throughput(provisioned, capacity, caps),
        ...(warm === undefined ? {} : { WarmThroughput: warm }),
        ...(globals.length === 0
          ? {}
          : {
              GlobalSecondaryIndexes: globals.map(
                (index, at): RawIndex => ({
                  IndexName: `global-${at}`,
                  KeySchema: index.key,
                  Projection: index.projection,
                  ...throughput(provisioned, index.capacity, index.caps),
                }),
              ),
            }),
        ...(local.length === 0
          ? {}
          : {
              LocalSecondaryIndexes: local.map((index, at) => ({
                IndexName: `local_${at}`,
                KeySchema: [hash(partition), range(index.sort)],
                Projection: index.projection,
              })),
            }),
        ...settings,
      }
      return { ...table, AttributeDefinitions: definitions(table, types) }
    })
}

const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 })

const held = {
  projection: fc.oneof(
    fc.constant({ ProjectionType: 'ALL' }),
    fc.constant({ ProjectionType: 'KEYS_ONLY' }),
    fc
      .uniqueArray(plainName, { minLength: 1, maxLength: 5 })
      .map(NonKeyAttributes => ({ ProjectionType: 'INCLUDE', NonKeyAttributes })),
  ),
}

const caps = sometimes(
  fc.constantFrom<Record<string, number>>(
    { MaxReadRequestUnits: 10 },
    { MaxWriteRequestUnits: 1 },
    { MaxReadRequestUnits: 1, MaxWriteRequestUnits: 4000 },
  ),
)

const indexUnits = { capacity: fc.tuple(units, units), caps }

function throughput(
  provisioned: boolean,
  [ReadCapacityUnits, WriteCapacityUnits]: readonly [number, number],
  caps: Record<string, number> | undefined,
) {
  if (provisioned) return { ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } }
  return caps === undefined ? {} : { OnDemandThroughput: caps }
}

function globalKey(multiAttribute: boolean): fc.Arbitrary<RawKey[]> {
  const simple = fc
    .uniqueArray(name, { minLength: 1, maxLength: 2 })
    .map(([first = 'a', second]) => [hash(first), ...(second === undefined ? [] : [range(second)])])
  if (!multiAttribute) return simple
  const several = fc
    .tuple(fc.uniqueArray(name, { minLength: 2, maxLength: 8 }), fc.integer({ min: 1, max: 4 }))
    .map(([all, hashes]) => [...all.slice(0, hashes).map(hash), ...all.slice(hashes, hashes + 4).map(range)])
  return fc.oneof({ weight: 4, arbitrary: simple }, { weight: 1, arbitrary: several })
}

const settings = fc
  .record({
    StreamSpecification: sometimes(
      fc.oneof(
        fc.constant({ StreamEnabled: false }),
        fc
          .constantFrom('KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES')
          .map(StreamViewType => ({ StreamEnabled: true, StreamViewType })),
      ),
    ),
    SSESpecification: sometimes(
      fc.constantFrom<Record<string, unknown>>(
        { Enabled: false },
        { Enabled: true },
        { Enabled: true, SSEType: 'KMS' },
        { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/orders' },
      ),
    ),
    TableClass: sometimes(fc.constantFrom('STANDARD', 'STANDARD_INFREQUENT_ACCESS')),
    DeletionProtectionEnabled: sometimes(fc.boolean()),
    Tags: sometimes(
      fc
        .uniqueArray(fc.constantFrom('team', 'cost center', 'größe', 'a:b', 'x/y+z=@-_.'), { maxLength: 3 })
        .map(keys => keys.map((Key, at) => ({ Key, Value: at === 0 ? '' : `value ${at}` }))),
    ),
  })
  .map(given => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))

/** The definitions that the keys use, each once. */
function definitions(table: RawTable, types: readonly string[]) {
  const keys = [table.KeySchema ?? [], ...indexesOf(table).map(index => index.KeySchema ?? [])].flat()
  const used = new Set(keys.map(key => key.AttributeName))
  return [...used].map(AttributeName => ({
    AttributeName,
    AttributeType: types[names.indexOf(AttributeName)] ?? 'S',
  }))
}
