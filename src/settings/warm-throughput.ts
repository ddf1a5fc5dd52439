import type { WarmThroughput } from '@aws-sdk/client-dynamodb'
import type { IndexSettings, TableDefinition } from '../table/definition.ts'
import { type Finding, owners } from '../table/rules/rule.ts'
import { definedOnly, isRecord } from '../table/untyped.ts'
import { awsNumber, structure } from './aws-shape.ts'
import { describeChange } from './change.ts'
import { wholeNumber } from './checks.ts'
import type { Field, Setting } from './setting.ts'
import {
  byIndex,
  changesOf,
  ownerOf,
  pathOf,
  step,
  unitMembers,
  unitsIn,
  updateTable,
  type Work,
  wantedBy,
} from './step.ts'

declare module '../table/definition.ts' {
  interface IndexSettings {
    /** Warm throughput, read units per second; can only be raised. */
    readonly warmReadUnits?: number | undefined
    /** Warm throughput, write units per second; can only be raised. */
    readonly warmWriteUnits?: number | undefined
  }
}

export const warmUnits = ['warmReadUnits', 'warmWriteUnits'] as const

/** The initial warm throughput of an on-demand table; AWS refuses less. */
const onDemandWarm: WarmLimits = { warmReadUnits: 12_000, warmWriteUnits: 4_000 }

const work: Work = {
  name: 'warm',
  expected: '5-9 min',
  leastMs: 270_000,
  isOf: request => unitsIn(request, 'WarmThroughput').length > 0,
}

const field: Omit<Field<number>, 'label' | 'description'> = {
  check: wholeNumber(),
  ofIndexes: true,
  ignoredBy: ['plain-dynalite', 'dynamodb-local', 'extenddb', 'dynoxide'],
  // AWS always reports it; a target that does not report it does not support it.
  isSame: (wanted, live) => live === undefined || wanted === live,
}

const shapes = {
  WarmThroughput: structure({ ReadUnitsPerSecond: awsNumber, WriteUnitsPerSecond: awsNumber }),
}

/** The throughput that a table or index can handle immediately. */
export const warmThroughput: Setting<'warmReadUnits' | 'warmWriteUnits'> = {
  fields: {
    warmReadUnits: {
      ...field,
      label: 'warm read units',
      asReported: (value, { readCapacity }, billing) =>
        value ?? (billing === 'PROVISIONED' ? readCapacity : onDemandWarm.warmReadUnits),
      description: 'Warm throughput, read units per second: from 12000 with on-demand billing; can only be raised.',
    },
    warmWriteUnits: {
      ...field,
      label: 'warm write units',
      asReported: (value, { writeCapacity }, billing) =>
        value ?? (billing === 'PROVISIONED' ? writeCapacity : onDemandWarm.warmWriteUnits),
      description: 'Warm throughput, write units per second: from 4000 with on-demand billing; can only be raised.',
    },
  },
  rules: [
    {
      id: 'W1',
      aws: 'Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand',
      *check(definition) {
        if (definition.billingMode !== 'PAY_PER_REQUEST') return
        yield* tooLow(definition, () => onDemandWarm, 'the minimum with on-demand billing', awsStart)
      },
    },
    {
      id: 'W2',
      aws: 'Requested ReadUnitsPerSecond for WarmThroughput for table is lower than ReadCapacityUnits of ProvisionedThroughput',
      *check(definition) {
        if (definition.billingMode !== 'PROVISIONED') return
        const provisioned = (owner: IndexSettings) => ({
          warmReadUnits: owner.readCapacity ?? 1,
          warmWriteUnits: owner.writeCapacity ?? 1,
        })
        yield* tooLow(definition, provisioned, 'the provisioned capacity', awsCapacity)
      },
    },
  ],

  createMembers: createWarm,
  createIndexMembers: createWarm,
  read: readWarm,
  readIndex: readWarm,

  reasonAgainst(change) {
    const [own] = changesOf([change], warmUnits)
    if (typeof own?.from !== 'number' || typeof own.to !== 'number' || own.to >= own.from) return undefined
    return {
      field: pathOf(own),
      message: `warm throughput can only be raised, and is ${own.from} now; write ${own.from}, or leave it out`,
    }
  },
  /** AWS accepts no other change in the same call: one call for the table, one for each index. */
  stepsAfterBuilds: (changes, { table }) =>
    byIndex(changesOf(changes, warmUnits)).map(({ index, own }) => {
      const request = updateTable(table, unitMembers('WarmThroughput', [{ index, units: warmInput(wantedBy(own)) }]))
      return step('~', `raise ${own.map(describeChange).join('; ')}`, request, own, { work })
    }),
  works: [work],
  isCarriedOut: (request, { definition }) =>
    unitsIn(request, 'WarmThroughput').every(({ index, units }) => showsWarm(units, ownerOf(definition, index))),

  aws: {
    members: shapes,
    indexMembers: shapes,
    read({ WarmThroughput: units }, parent, report) {
      if (!isRecord(units)) return {}
      const empty = 'is empty; give ReadUnitsPerSecond or WriteUnitsPerSecond, or leave it out'
      if (units.ReadUnitsPerSecond === undefined && units.WriteUnitsPerSecond === undefined)
        report(`${parent}WarmThroughput`, empty, 'W4')
      return { warmReadUnits: units.ReadUnitsPerSecond, warmWriteUnits: units.WriteUnitsPerSecond }
    },
  },
}

/** Either member may be given alone, but AWS refuses an empty structure. */
function createWarm(owner: IndexSettings) {
  const input = warmInput(owner)
  return Object.keys(input).length === 0 ? {} : { WarmThroughput: input }
}

function warmInput({ warmReadUnits, warmWriteUnits }: IndexSettings) {
  return definedOnly({ ReadUnitsPerSecond: warmReadUnits, WriteUnitsPerSecond: warmWriteUnits })
}

function readWarm({
  WarmThroughput: reported,
}: {
  readonly WarmThroughput?: WarmThroughput | undefined
}): IndexSettings {
  return definedOnly({ warmReadUnits: reported?.ReadUnitsPerSecond, warmWriteUnits: reported?.WriteUnitsPerSecond })
}

function showsWarm(wanted: WarmThroughput, live: IndexSettings): boolean {
  const { warmReadUnits = Number.POSITIVE_INFINITY, warmWriteUnits = Number.POSITIVE_INFINITY } = live
  return (wanted.ReadUnitsPerSecond ?? 0) <= warmReadUnits && (wanted.WriteUnitsPerSecond ?? 0) <= warmWriteUnits
}

const awsStart = () =>
  'initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial'
const awsCapacity = (kind: string) => `${kind}CapacityUnits of ProvisionedThroughput`

type WarmLimits = Readonly<Record<(typeof warmUnits)[number], number>>

function* tooLow(
  definition: TableDefinition,
  limits: (owner: IndexSettings) => WarmLimits,
  limitName: string,
  awsLimit: (kind: 'Read' | 'Write') => string,
): Iterable<Finding> {
  for (const { parent, owner, index } of owners(definition)) {
    for (const name of warmUnits) {
      const value = owner[name]
      const limit = limits(owner)[name]
      if (value === undefined || value >= limit) continue
      const kind = name === 'warmReadUnits' ? 'Read' : 'Write'
      const whose = index === undefined ? 'table' : `index ${index}`
      yield {
        at: `${parent}${name}`,
        message: `must be at least ${limit} (${limitName}), not ${value}`,
        aws: `Requested ${kind}UnitsPerSecond for WarmThroughput for ${whose} is lower than ${awsLimit(kind)}`,
      }
    }
  }
}
