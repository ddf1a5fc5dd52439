import fc from 'fast-check'
import type { GlobalIndexInput, TableInput } from '../../src/table/input.ts'

const policyOf = (action: string) =>
  JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: `dynamodb:${action}`, Resource: '*' }],
  })

type Input = Partial<TableInput>

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const units = fc.integer({ min: 1, max: 40 })
const cap = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(false as const))
const insights = fc.constantFrom(true, false, 'THROTTLED_KEYS', 'ACCESSED_AND_THROTTLED_KEYS' as const)
const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/'

/** Attributes that indexes share, so that types and projections meet. */
const attribute = fc.constantFrom('email:S', 'age:N', 'at:N', 'tenant:S', 'state:S', 'city:S')

const projection = fc.oneof(
  fc.constantFrom('ALL', 'KEYS_ONLY' as const),
  fc.uniqueArray(fc.constantFrom('one', 'two', 'three', 'pk'), { minLength: 1, maxLength: 3 }),
)

const index = fc.record({
  keys: fc.uniqueArray(attribute, { minLength: 1, maxLength: 3 }),
  projection: maybe(projection),
  readCapacity: maybe(units),
  writeCapacity: maybe(units),
  maxReadUnits: maybe(cap),
  warmReadUnits: rarely(fc.integer({ min: 12_000, max: 12_003 })),
  contributorInsights: maybe(insights),
})

type Index = typeof index extends fc.Arbitrary<infer T> ? T : never

const vector = fc.record({
  attribute: fc.constantFrom('v', 'w'),
  distance: fc.constantFrom('COSINE', 'EUCLIDEAN' as const),
  filters: fc.uniqueArray(fc.constantFrom('city:S', 'year:N'), { maxLength: 2 }),
  projection: maybe(projection),
})

const regions = ['us-east-1', 'us-east-2', 'us-west-2'] as const
const replica = fc.record({
  region: fc.constantFrom(...regions),
  tableClass: maybe(fc.constantFrom('STANDARD', 'STANDARD_INFREQUENT_ACCESS' as const)),
  pointInTimeRecovery: maybe(fc.constantFrom(true, false, 7)),
  tags: maybe(fc.dictionary(fc.constantFrom('team', 'cost'), fc.constantFrom('a', 'b'))),
  deletionProtection: maybe(fc.boolean()),
  contributorInsights: maybe(insights),
})

type Chance = <T>(value: fc.Arbitrary<T>) => fc.Arbitrary<T | undefined>

const settings = (chance: Chance) =>
  fc.record({
    billingMode: maybe(fc.constantFrom('PAY_PER_REQUEST', 'PROVISIONED' as const)),
    readCapacity: maybe(units),
    writeCapacity: maybe(units),
    maxReadUnits: maybe(cap),
    maxWriteUnits: maybe(cap),
    warmReadUnits: rarely(fc.integer({ min: 12_000, max: 12_003 })),
    warmWriteUnits: rarely(fc.integer({ min: 4_000, max: 4_003 })),
    tableClass: maybe(fc.constantFrom('STANDARD', 'STANDARD_INFREQUENT_ACCESS' as const)),
    encryption: maybe(fc.constantFrom('AWS_OWNED', 'AWS_MANAGED', 'mine', 'yours' as const)),
    stream: maybe(fc.constantFrom('NEW_IMAGE', 'KEYS_ONLY', false as const)),
    ttl: maybe(fc.constantFrom('until', 'expiresAt', false as const)),
    pointInTimeRecovery: maybe(fc.constantFrom(true, false, 7)),
    deletionProtection: maybe(fc.boolean()),
    tags: maybe(fc.dictionary(fc.constantFrom('team', 'cost', 'owner'), fc.constantFrom('a', 'b'))),
    resourcePolicy: maybe(fc.constantFrom(policyOf('GetItem'), policyOf('Query'), false as const)),
    contributorInsights: maybe(insights),
    kinesis: maybe(
      fc.constantFrom(
        { arn: `${arn}a` },
        { arn: `${arn}b`, precision: 'MICROSECOND' },
        { arn: `${arn}a`, precision: 'MILLISECOND' },
        false as const,
      ),
    ),
    vectors: chance(fc.dictionary(fc.constantFrom('near', 'far'), vector, { minKeys: 1 })),
    replicas: chance(fc.uniqueArray(replica, { maxLength: 3, selector: each => each.region })),
    consistency: fc.constantFrom(undefined, 'EVENTUAL', 'STRONG' as const),
    hasWitness: fc.boolean(),
    indexes: fc.dictionary(fc.constantFrom('one', 'two', 'three'), index),
    ageIsText: fc.constantFrom(false, false, false, false, true),
  })

/** Any valid table `users`, small enough that two of them often touch the same things. The key is always the same. */
export const arbitraryTable = tables(rarely)
/** The same with vector indexes and replicas in most of them. */
export const arbitraryWideTable = tables(maybe)

function tables(chance: Chance): fc.Arbitrary<Input> {
  return settings(chance).map(
    ({ indexes, vectors, replicas: copies, consistency, hasWitness, encryption, ageIsText, ...others }) => {
      const { replicas, ...agreement } = agreeing(copies, consistency, hasWitness)
      const isGlobal = replicas !== undefined
      const onDemand = isGlobal || vectors !== undefined
      const rest = {
        ...others,
        ...(onDemand ? { billingMode: 'PAY_PER_REQUEST' as const } : {}),
        ...(isGlobal ? { stream: 'NEW_AND_OLD_IMAGES' as const } : {}),
      }
      const provisioned = rest.billingMode === 'PROVISIONED'
      const ownKey = !isGlobal && (encryption === 'mine' || encryption === 'yours')
      const globalIndexes = Object.fromEntries(
        Object.entries(indexes).map(([name, value]) => [name, indexInput(value, provisioned, ageIsText)]),
      )
      return defined({
        ...rest,
        ...(provisioned
          ? { maxReadUnits: undefined, maxWriteUnits: undefined }
          : { readCapacity: undefined, writeCapacity: undefined }),
        encryption: ownKey ? 'CUSTOMER_MANAGED' : isGlobal ? 'AWS_OWNED' : encryption,
        ...agreement,
        replicas: replicas?.map(defined),
        vectorIndexes:
          vectors &&
          Object.fromEntries(
            Object.entries(vectors).map(([name, each]) => [name, { ...defined(each), dimensions: 3 }]),
          ),
        kmsKeyId: ownKey ? encryption : undefined,
        globalIndexes,
      }) as Input
    },
  )
}

/** STRONG takes three regions: the table's, and two replicas, or one and a witness. With fewer it is EVENTUAL. */
function agreeing<T extends { readonly region: string }>(
  copies: readonly T[] | undefined,
  consistency: TableInput['consistency'],
  hasWitness: boolean,
): Pick<TableInput, 'consistency' | 'witness'> & { readonly replicas: readonly T[] | undefined } {
  const wanted = hasWitness ? 1 : 2
  if (copies === undefined || consistency !== 'STRONG' || copies.length < wanted)
    return { replicas: copies, consistency: copies === undefined || consistency === 'STRONG' ? undefined : consistency }
  const replicas = copies.slice(0, wanted)
  const witness = regions.find(region => !replicas.some(each => each.region === region))
  return { replicas, consistency, witness: hasWitness ? witness : undefined }
}

function indexInput({ keys, ...rest }: Index, provisioned: boolean, ageIsText: boolean): GlobalIndexInput {
  const [partitionKey = 'email:S', ...sortKey] = keys.map(key => (ageIsText && key === 'age:N' ? 'age:S' : key))
  return defined({
    partitionKey,
    sortKey: sortKey.length === 0 ? undefined : sortKey,
    ...rest,
    ...(provisioned ? { maxReadUnits: undefined } : { readCapacity: undefined, writeCapacity: undefined }),
  }) as GlobalIndexInput
}

const defined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
