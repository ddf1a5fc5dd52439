import type { BillingMode, TableDefinition, Throughput } from '../definition.ts'
import { type Finding, placedGlobalIndexes, type Rule } from './rule.ts'

const capacities = ['readCapacity', 'writeCapacity'] as const
const caps = ['maxReadUnits', 'maxWriteUnits'] as const

/** Where an on-demand table's warm throughput starts; AWS refuses less. */
const onDemandWarm = { warmReadUnits: 12_000, warmWriteUnits: 4_000 } as const

/** Billing mode, capacity, on-demand caps and warm throughput, of the table and of each global index. */
export const throughputRules: readonly Rule[] = [
  {
    id: 'T1',
    level: 'problem',
    aws: 'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    *check(definition) {
      if (definition.billingMode === 'PROVISIONED') yield* missing(definition, '')
    },
  },
  {
    id: 'T4',
    level: 'problem',
    aws: 'ProvisionedThroughput is not specified for index: g',
    *check(definition) {
      if (definition.billingMode !== 'PROVISIONED') return
      for (const { at, index } of placedGlobalIndexes(definition)) yield* missing(index, `${at}.`)
    },
  },
  {
    id: 'T2',
    level: 'problem',
    aws: 'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    *check(definition) {
      if (definition.billingMode === 'PAY_PER_REQUEST') yield* needless(definition, '')
    },
  },
  {
    id: 'T5',
    level: 'problem',
    aws: 'ProvisionedThroughput should not be specified for index: g when BillingMode is PAY_PER_REQUEST',
    *check(definition) {
      if (definition.billingMode !== 'PAY_PER_REQUEST') return
      for (const { at, index } of placedGlobalIndexes(definition)) yield* needless(index, `${at}.`)
    },
  },
  {
    id: 'T3',
    level: 'problem',
    aws: "Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: Member must have value greater than or equal to 1",
    *check(definition) {
      for (const { at, value } of placed(definition, capacities)) {
        if (value < 1) yield { at, message: `${value} is too little; capacity starts at 1` }
      }
    },
  },
  {
    id: 'T10',
    // A quota that AWS raises on request, so only a warning.
    level: 'warning',
    aws: 'The requested ReadCapacityUnits, N, is above the per table maximum for the account in R. Per table maximum: 40000.',
    *check(definition) {
      for (const { at, value } of placed(definition, capacities)) {
        if (value > 40_000) yield { at, message: `${value} is above 40000, the quota that an account starts with` }
      }
    },
  },
  {
    id: 'O1',
    level: 'problem',
    aws: 'MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.',
    *check(definition) {
      if (definition.billingMode !== 'PROVISIONED') return
      for (const { at } of placed(definition, caps)) {
        yield { at, message: 'this caps on-demand billing, and billingMode is PROVISIONED; leave it out' }
      }
    },
  },
  {
    id: 'O2',
    level: 'problem',
    aws: 'Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range',
    *check(definition) {
      for (const { at, value } of placed(definition, caps)) {
        if (value < 1) yield { at, message: `${value} is too little; a cap starts at 1, and false means none` }
      }
    },
  },
  {
    id: 'W1',
    level: 'problem',
    aws: 'Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand.',
    *check(definition) {
      if (definition.billingMode !== 'PAY_PER_REQUEST') return
      yield* warmBelow(definition, () => onDemandWarm, 'what on-demand billing starts with')
    },
  },
  {
    id: 'W2',
    level: 'problem',
    aws: 'Requested ReadUnitsPerSecond for WarmThroughput for table is lower than ReadCapacityUnits of ProvisionedThroughput.',
    *check(definition) {
      if (definition.billingMode !== 'PROVISIONED') return
      const provisioned = (holder: Throughput) => ({
        warmReadUnits: holder.readCapacity ?? 1,
        warmWriteUnits: holder.writeCapacity ?? 1,
      })
      yield* warmBelow(definition, provisioned, 'the provisioned capacity')
    },
  },
]

/** The table and its global indexes, each with the prefix of its fields. */
function holders(definition: TableDefinition): readonly { readonly parent: string; readonly holder: Throughput }[] {
  return [
    { parent: '', holder: definition },
    ...placedGlobalIndexes(definition).map(({ at, index }) => ({ parent: `${at}.`, holder: index })),
  ]
}

function placed(definition: TableDefinition, fields: readonly (keyof Throughput)[]) {
  return holders(definition).flatMap(({ parent, holder }) =>
    fields.flatMap(field => {
      const value = holder[field]
      return typeof value === 'number' ? [{ at: `${parent}${field}`, value }] : []
    }),
  )
}

function* missing(holder: Throughput, parent: string): Iterable<Finding> {
  for (const field of capacities) {
    if (holder[field] === undefined) yield { at: `${parent}${field}`, message: `PROVISIONED billing needs a ${field}` }
  }
}

function* needless(holder: Throughput, parent: string): Iterable<Finding> {
  const onDemand: BillingMode = 'PAY_PER_REQUEST'
  for (const field of capacities) {
    if (holder[field] === undefined) continue
    yield {
      at: `${parent}${field}`,
      message: `billingMode ${onDemand} takes no capacity; leave it out, or write PROVISIONED`,
    }
  }
}

type WarmLimits = Readonly<Record<keyof typeof onDemandWarm, number>>

function* warmBelow(
  definition: TableDefinition,
  limits: (holder: Throughput) => WarmLimits,
  what: string,
): Iterable<Finding> {
  for (const { parent, holder } of holders(definition)) {
    for (const field of ['warmReadUnits', 'warmWriteUnits'] as const) {
      const value = holder[field]
      const limit = limits(holder)[field]
      if (value !== undefined && value < limit) {
        yield { at: `${parent}${field}`, message: `${value} is below ${limit}, ${what}; raise it or leave it out` }
      }
    }
  }
}
