import fc from 'fast-check'
import type { GlobalIndexInput, TableInput } from '../../src/table/input.ts'

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

const settings = fc.record({
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
  resourcePolicy: maybe(fc.constantFrom('{"a":1}', '{"a":2}', false as const)),
  contributorInsights: maybe(insights),
  kinesis: maybe(
    fc.constantFrom(
      { arn: `${arn}a` },
      { arn: `${arn}b`, precision: 'MICROSECOND' },
      { arn: `${arn}a`, precision: 'MILLISECOND' },
      false as const,
    ),
  ),
  indexes: fc.dictionary(fc.constantFrom('one', 'two', 'three'), index),
  ageIsText: fc.constantFrom(false, false, false, false, true),
})

/** Any valid table `users`, small enough that two of them often touch the same things. The key is always the same. */
export const arbitraryTable: fc.Arbitrary<Input> = settings.map(({ indexes, encryption, ageIsText, ...rest }) => {
  const provisioned = rest.billingMode === 'PROVISIONED'
  const ownKey = encryption === 'mine' || encryption === 'yours'
  const globalIndexes = Object.fromEntries(
    Object.entries(indexes).map(([name, value]) => [name, indexInput(value, provisioned, ageIsText)]),
  )
  return defined({
    ...rest,
    ...(provisioned
      ? { maxReadUnits: undefined, maxWriteUnits: undefined }
      : { readCapacity: undefined, writeCapacity: undefined }),
    encryption: ownKey ? 'CUSTOMER_MANAGED' : encryption,
    kmsKeyId: ownKey ? encryption : undefined,
    globalIndexes,
  }) as Input
})

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
