import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTableInput } from '../../src/plan/create-table-input.ts'
import { tableFields } from '../../src/settings/fields.ts'
import { toDefinition } from '../../src/settings/to-definition.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import { mutatedTable } from '../support/differential/mutations.ts'
import { validTable } from '../support/differential/random-tables.ts'
import type { RawTable } from '../support/differential/raw-table.ts'
import { ourVerdict } from '../support/differential/verdict.ts'

const limits = { seed: 7, numRuns: 400 }
const valid = validTable({ multiAttribute: true }).map(raw => ({ ...raw, TableName: 'random' }))

function definitionOf(raw: RawTable): TableDefinition {
  const ours = ourVerdict(raw)
  if (!('definition' in ours)) throw new Error(`refused: ${ours.rules.join(', ')}`)
  return ours.definition
}

const requests = (check: (input: CreateTableCommandInput, raw: RawTable) => void) =>
  fc.assert(
    fc.property(valid, raw => {
      check(createTableInput(definitionOf(raw)), raw)
    }),
    limits,
  )

describe('the CreateTable request of any valid definition', () => {
  test('holds no empty structure, no empty list and no undefined member', () => {
    const hollow = (value: unknown, path: string): string[] => {
      if (value === undefined) return [path]
      if (typeof value !== 'object' || value === null) return []
      const entries = Object.entries(value)
      return entries.length === 0 ? [path] : entries.flatMap(([key, entry]) => hollow(entry, `${path}.${key}`))
    }
    requests(input => expect(hollow(input, '')).toEqual([]))
  })

  test('defines exactly the attributes that keys use, each once, in one type', () => {
    requests((input, raw) => {
      const indexes = [...(input.GlobalSecondaryIndexes ?? []), ...(input.LocalSecondaryIndexes ?? [])]
      const used = [input.KeySchema, ...indexes.map(index => index.KeySchema)].flatMap(key =>
        (key ?? []).map(element => element.AttributeName),
      )
      const defined = input.AttributeDefinitions ?? []
      expect(defined.map(attribute => attribute.AttributeName).sort()).toEqual([...new Set(used)].sort())
      expect(defined).toEqual(expect.arrayContaining(raw.AttributeDefinitions ?? []))
    })
  })

  test('holds no members that AWS refuses together', () => {
    requests(input => {
      const onDemand = input.BillingMode === 'PAY_PER_REQUEST'
      for (const holder of [input, ...(input.GlobalSecondaryIndexes ?? [])]) {
        expect(holder.ProvisionedThroughput === undefined).toBe(onDemand)
        if (!onDemand) expect(holder.OnDemandThroughput).toBeUndefined()
      }
      for (const { Projection } of [...(input.GlobalSecondaryIndexes ?? []), ...(input.LocalSecondaryIndexes ?? [])]) {
        expect(Projection?.ProjectionType === 'INCLUDE').toBe(Projection?.NonKeyAttributes !== undefined)
      }
      const { StreamSpecification: stream, SSESpecification: encryption } = input
      if (stream !== undefined) expect(stream).toEqual({ StreamEnabled: true, StreamViewType: expect.any(String) })
      if (encryption !== undefined) expect(encryption).toMatchObject({ Enabled: true, SSEType: 'KMS' })
      if ('DeletionProtectionEnabled' in input) expect(input.DeletionProtectionEnabled).toBe(true)
    })
  })

  test('contains what was requested, and is read back as the same request', () => {
    requests((input, raw) => {
      for (const member of [
        'KeySchema',
        'ProvisionedThroughput',
        'OnDemandThroughput',
        'WarmThroughput',
        'TableClass',
      ]) {
        expect(Reflect.get(input, member)).toEqual(raw[member])
      }
      expect(input.GlobalSecondaryIndexes).toEqual(raw.GlobalSecondaryIndexes)
      expect(input.LocalSecondaryIndexes).toEqual(raw.LocalSecondaryIndexes)
      expect(createTableInput(definitionOf(JSON.parse(JSON.stringify(input))))).toEqual(input)
    })
  })

  test('is the same text whatever the order in which the fields were written', () => {
    fc.assert(
      fc.property(valid, fc.infiniteStream(fc.nat(1000)), (raw, numbers) => {
        const definition = definitionOf(raw)
        const entries = Object.entries(definition).map(entry => ({ entry, at: numbers.next().value ?? 0 }))
        const shuffled = entries.sort((a, b) => a.at - b.at).map(({ entry }) => entry)
        const again = Object.fromEntries(shuffled) as typeof definition
        expect(JSON.stringify(createTableInput(again))).toBe(JSON.stringify(createTableInput(definition)))
      }),
      { ...limits, numRuns: 150 },
    )
  })
})

describe('the validator', () => {
  test('gives a definition exactly where it finds no problem, and the same problems every time', () => {
    fc.assert(
      fc.property(mutatedTable(valid), raw => {
        expect(ourVerdict(structuredClone(raw))).toEqual(ourVerdict(raw))
      }),
      limits,
    )
  })

  test('never throws, whatever the input', () => {
    const junk = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, maxDepth: 3 })
    const table = fc.dictionary(fc.constantFrom(...tableFields, 'nonsense'), junk, { maxKeys: 8 })
    fc.assert(
      fc.property(fc.oneof(junk, table), input => {
        const { definition, problems } = toDefinition(input, { path: 'it' })
        expect(definition === undefined).toBe(problems.length > 0)
        for (const { path, message } of problems)
          expect([path.startsWith('it'), message.length > 0]).toEqual([true, true])
      }),
      { ...limits, numRuns: 1500 },
    )
  })
})
