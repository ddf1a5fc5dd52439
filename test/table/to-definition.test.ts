import { describe, expect, test } from 'vitest'
import { toDefinition } from '../../src/settings/to-definition.ts'

const read = (input: unknown) => toDefinition(input, { path: 'users' })
const lines = (input: unknown) => read(input).problems.map(({ path, message }) => `${path}: ${message}`)
const key = (name: string, type = 'S') => ({ name, type })
const byDefault = (path: string, message: string) => ({ path, message, guess: false })

describe('a good input', () => {
  test('a table with keys alone gets the defaults', () => {
    expect(read({ table: 'users', partitionKey: 'pk' })).toEqual({
      definition: {
        name: 'users',
        partitionKey: [key('pk')],
        sortKey: [],
        globalIndexes: [],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        assumed: [byDefault('billingMode', 'billing is on-demand (PAY_PER_REQUEST) by default')],
      },
      problems: [],
      warnings: [],
    })
  })

  test('every setting is read', () => {
    const settings = {
      billingMode: 'PROVISIONED',
      readCapacity: 7,
      writeCapacity: 3,
      warmReadUnits: 12_000,
      warmWriteUnits: 4_000,
      tableClass: 'STANDARD_INFREQUENT_ACCESS',
      encryption: 'CUSTOMER_MANAGED',
      kmsKeyId: 'alias/users',
      stream: 'NEW_IMAGE',
      ttl: 'expiresAt',
      pointInTimeRecovery: 7,
      deletionProtection: true,
      tags: { team: 'shop' },
      resourcePolicy: '{"Statement":[]}',
      contributorInsights: 'THROTTLED_KEYS',
      kinesis: { arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/users', precision: 'MICROSECOND' },
    }
    const { definition, problems } = read({
      table: 'users',
      partitionKey: 'pk:S',
      sortKey: { name: 'sk', type: 'N' },
      globalIndexes: {
        'by-status': {
          partitionKey: ['tenant', 'status'],
          sortKey: ['at:N', 'id'],
          projection: ['email'],
          readCapacity: 2,
        },
      },
      localIndexes: { 'by-age': { sortKey: 'age:N', projection: 'KEYS_ONLY' }, 'by-size': { sortKey: 'size:N' } },
      ...settings,
      extra: { GlobalTableSourceArn: 'arn' },
    })
    expect(problems).toEqual([])
    expect(definition).toEqual({
      name: 'users',
      partitionKey: [key('pk')],
      sortKey: [key('sk', 'N')],
      globalIndexes: [
        {
          name: 'by-status',
          partitionKey: [key('tenant'), key('status')],
          sortKey: [key('at', 'N'), key('id')],
          projection: ['email'],
          readCapacity: 2,
          writeCapacity: 5,
        },
      ],
      localIndexes: [
        { name: 'by-age', partitionKey: [key('pk')], sortKey: [key('age', 'N')], projection: 'KEYS_ONLY' },
        { name: 'by-size', partitionKey: [key('pk')], sortKey: [key('size', 'N')], projection: 'ALL' },
      ],
      ...settings,
      extra: { GlobalTableSourceArn: 'arn' },
      assumed: [
        byDefault('globalIndexes.by-status.writeCapacity', 'writeCapacity is 5 by default'),
        byDefault('localIndexes.by-size.projection', 'the index holds all attributes (projection ALL) by default'),
      ],
    })
  })

  test('false is kept; absent and undefined values are not', () => {
    const off = {
      ttl: false,
      stream: false,
      pointInTimeRecovery: false,
      deletionProtection: false,
      resourcePolicy: false,
      contributorInsights: false,
      kinesis: false,
      maxReadUnits: false,
    }
    const { definition } = read({ table: 'users', partitionKey: 'pk', sortKey: undefined, tags: undefined, ...off })
    expect(definition).toMatchObject(off)
    expect(definition).not.toHaveProperty('tags')
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition)
  })

  test('the resolved name and an adapter’s assumptions come with the context', () => {
    const assumed = [{ path: 'ttl', message: 'guessed', guess: true }]
    const { definition } = toDefinition({ partitionKey: 'pk' }, { path: 'users', name: 'dev-users', assumed })
    expect(definition).toMatchObject({ name: 'dev-users', assumed: [{ path: 'ttl' }, { path: 'billingMode' }] })
  })

  test('PROVISIONED gets 5/5 for the table and each global index that names none', () => {
    const { definition } = read({
      table: 'users',
      partitionKey: 'pk',
      billingMode: 'PROVISIONED',
      globalIndexes: { 'by-email': { partitionKey: 'email', projection: 'ALL' } },
    })
    expect(definition).toMatchObject({
      readCapacity: 5,
      writeCapacity: 5,
      globalIndexes: [{ readCapacity: 5, writeCapacity: 5 }],
    })
    expect(definition?.assumed.map(({ path }) => path)).toEqual([
      'readCapacity',
      'writeCapacity',
      'globalIndexes.by-email.readCapacity',
      'globalIndexes.by-email.writeCapacity',
    ])
  })

  test('capacity without a billing mode is left out, with a warning', () => {
    const { definition, problems, warnings } = read({
      table: 'users',
      partitionKey: 'pk',
      readCapacity: 5,
      writeCapacity: 5,
      globalIndexes: { 'by-email': { partitionKey: 'email', writeCapacity: 5 } },
    })
    expect(problems).toEqual([])
    expect(definition).not.toHaveProperty('readCapacity')
    expect(definition?.globalIndexes[0]).not.toHaveProperty('writeCapacity')
    expect(warnings).toEqual([
      {
        path: 'users › readCapacity',
        message: 'readCapacity and writeCapacity are ignored: billing is on-demand unless billingMode is PROVISIONED',
        rule: 'W-ignored-capacity',
      },
      {
        path: 'users › globalIndexes.by-email.writeCapacity',
        message: 'writeCapacity is ignored: billing is on-demand unless billingMode is PROVISIONED',
        rule: 'W-ignored-capacity',
      },
    ])
  })
})

describe('an input that is wrong', () => {
  test('all problems are reported at once, each with its path', () => {
    expect(
      lines({
        tabel: 'users',
        partitionKey: { 'pk:S': null },
        sortKey: 7,
        billingMode: 'ON_DEMAND',
        readCapacity: '5',
        writeCapacity: 1.5,
        maxReadUnits: true,
        tableClass: 'STANDARD_IA',
        encryption: 'KMS',
        kmsKeyId: '',
        stream: true,
        ttl: '',
        pointInTimeRecovery: 'yes',
        deletionProtection: 'true',
        tags: { team: 7 },
        resourcePolicy: { Statement: [] },
        contributorInsights: 'ALL',
        kinesis: { arm: 'x' },
        globalIndexes: {
          'by-email': null,
          'by-age': { partitionKey: 'age', sort: 'x', projection: 'INCLUDE', readCapacity: null },
        },
        localIndexes: [{ name: 'x' }],
        extra: 'x',
        hashKey: 'pk',
      }),
    ).toEqual([
      'users › tabel: unknown field "tabel"; did you mean "table"?',
      'users › hashKey: unknown field "hashKey"; it is called "partitionKey" here',
      'users › partitionKey: YAML reads {pk:S} as a map without a value; write pk:S without the braces',
      "users › sortKey: 7 is not a key; write 'pk' or 'pk:N' (type S, N or B)",
      'users › globalIndexes.by-email: must be an index such as { partitionKey, sortKey }, not empty',
      'users › globalIndexes.by-age.sort: unknown field "sort"',
      'users › globalIndexes.by-age.projection: must be the list of attribute names itself, not "INCLUDE"',
      'users › globalIndexes.by-age.readCapacity: has no value (null); leave the field out, or write false to turn it off',
      'users › localIndexes: must be a map from index name to index, such as { by-email: { ... } }, not a list',
      'users › billingMode: must be PAY_PER_REQUEST or PROVISIONED, not "ON_DEMAND"',
      'users › readCapacity: must be a whole number, not the string "5"; write 5 without quotes',
      'users › writeCapacity: must be a whole number, not 1.5',
      'users › maxReadUnits: must be a whole number or false, not true',
      'users › stream: must be KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES or false, not true',
      'users › tableClass: must be STANDARD or STANDARD_INFREQUENT_ACCESS, not "STANDARD_IA"',
      'users › ttl: must be an attribute name or false, not ""',
      'users › pointInTimeRecovery: must be true, false or a number of days, not "yes"',
      'users › tags.team: must be a string, not 7; put it in quotes',
      'users › resourcePolicy: must be JSON text, not an object; use JSON.stringify',
      'users › kinesis.arn: is missing; it must be the ARN of a data stream',
      'users › kinesis.arm: unknown field "arm"; did you mean "arn"?',
      'users › contributorInsights: must be ACCESSED_AND_THROTTLED_KEYS, THROTTLED_KEYS, true or false, not "ALL"',
      'users › encryption: must be AWS_OWNED, AWS_MANAGED or CUSTOMER_MANAGED, not "KMS"',
      'users › kmsKeyId: must be the ARN, id or alias of a key, not ""',
      'users › deletionProtection: must be true or false, not "true"',
      'users › extra: must be a map of CreateTable members, not "x"',
    ])
  })

  test.each([
    ['a text', 'users: must be a table such as { table, partitionKey, ... }, not "users"', 'users'],
    ['null', 'users: must be a table such as { table, partitionKey, ... }, not null', null],
    ['a list', 'users: must be a table such as { table, partitionKey, ... }, not an empty list', []],
    [
      'a name that is none',
      'users › table: must be a table name, not the number 7; put it in quotes',
      { table: 7, partitionKey: 'pk' },
    ],
    ['no key', "users › partitionKey: a table needs a partition key, such as 'pk'", { table: 'users' }],
    [
      'tags as AWS lists them',
      'users › tags: must be a map from key to value, such as { team: shop }, not a list',
      { table: 'users', partitionKey: 'pk', tags: [{ Key: 'team', Value: 'shop' }] },
    ],
    [
      'a projection with a hole',
      'users › globalIndexes.by-email.projection[1]: must be an attribute name, not 7',
      {
        table: 'users',
        partitionKey: 'pk',
        globalIndexes: { 'by-email': { partitionKey: 'email', projection: ['a', 7] } },
      },
    ],
    [
      'a member that has a field of its own',
      'users › extra.BillingMode: BillingMode cannot be set as extra; use "billingMode", "readCapacity" or "writeCapacity"',
      { table: 'users', partitionKey: 'pk', extra: { BillingMode: 'PROVISIONED', AttributeDefinitions: [], New: 1 } },
    ],
    [
      'an unknown field of a local index',
      'users › localIndexes.by-age.partitionKey: unknown field "partitionKey"; the fields are "sortKey" and "projection"',
      {
        table: 'users',
        partitionKey: 'pk',
        sortKey: 'sk',
        localIndexes: { 'by-age': { partitionKey: 'pk', sortKey: 'age' } },
      },
    ],
  ])('%s', (_, line, input) => {
    expect(read(input).definition).toBeUndefined()
    expect(lines(input)).toEqual([line])
  })

  test('an unreadable sort key causes no problem for local indexes', () => {
    const input = { table: 'users', partitionKey: 'pk', sortKey: 7, localIndexes: { 'by-age': { sortKey: 'age' } } }
    expect(lines(input)).toEqual(["users › sortKey: 7 is not a key; write 'pk' or 'pk:N' (type S, N or B)"])
  })

  test('a rule and a type together', () => {
    expect(
      lines({ table: 'u', partitionKey: 'pk', ttl: 7, globalIndexes: { 'by-email': { partitionKey: [] } } }),
    ).toEqual([
      'users › ttl: must be an attribute name or false, not 7',
      'users › table: table name "u" has 1 character; DynamoDB allows 3 to 255',
      "users › globalIndexes.by-email.partitionKey: a global index needs a partition key, such as 'email'",
    ])
  })
})
