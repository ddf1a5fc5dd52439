import { describe, expect, test } from 'vitest'
import { definitionFlags } from '../../src/cli/options/definition-flags.ts'
import type { Flags } from '../../src/cli/options/options.ts'

const noDefinition: Flags = { json: true, model: ['a.ts'] }

describe('definition flags', () => {
  test('no definition flags give no layer', () => {
    expect(definitionFlags(noDefinition)).toBeUndefined()
  })

  test('all definition flags are read', () => {
    expect(
      definitionFlags({
        partitionKey: 'pk:S',
        sortKey: 'sk',
        billingMode: 'PROVISIONED',
        readCapacity: 5,
        writeCapacity: 7,
        tableClass: 'STANDARD',
        encryption: 'CUSTOMER_MANAGED',
        kmsKeyId: 'alias/key',
        gsi: ['name=by-a,partitionKey=a', 'name=by-b,partitionKey=b'],
        lsi: ['name=by-c,sortKey=c'],
        ttl: 'expiresAt',
        stream: 'NEW_IMAGE',
        pointInTimeRecovery: true,
        deletionProtection: true,
        tag: ['team=shop', 'empty=', 'sum=a=b'],
      }),
    ).toEqual({
      partitionKey: 'pk:S',
      sortKey: 'sk',
      billingMode: 'PROVISIONED',
      readCapacity: 5,
      writeCapacity: 7,
      tableClass: 'STANDARD',
      encryption: 'CUSTOMER_MANAGED',
      kmsKeyId: 'alias/key',
      globalIndexes: { 'by-a': { partitionKey: 'a' }, 'by-b': { partitionKey: 'b' } },
      localIndexes: { 'by-c': { sortKey: 'c' } },
      ttl: 'expiresAt',
      stream: 'NEW_IMAGE',
      pointInTimeRecovery: true,
      deletionProtection: true,
      tags: { team: 'shop', empty: '', sum: 'a=b' },
    })
  })

  test.each([
    [{ tag: ['team'] }, '--tag "team" is not key=value'],
    [{ tag: ['=shop'] }, '--tag "=shop" is not key=value'],
    [{ gsi: ['name=x,partitionKey=a', 'name=x,partitionKey=b'] }, '--gsi defines the index x twice'],
  ])('%j is refused', (flags, message) => {
    expect(() => definitionFlags(flags)).toThrow(expect.objectContaining({ code: 'usage', message }))
  })

  test('several invalid flags are reported together', () => {
    expect(() => definitionFlags({ gsi: ['nope', 'name=a,partitionKey=b'], tag: ['team'], lsi: ['name=x'] })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: '3 flags cannot be read',
        problems: [
          { path: '', message: '--gsi "nope" holds "nope", which is not key=value' },
          { path: '', message: '--lsi "name=x" has no sortKey' },
          { path: '', message: '--tag "team" is not key=value' },
        ],
      }),
    )
  })
})
