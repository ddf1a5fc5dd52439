import type { OnDemandThroughput } from '@aws-sdk/client-dynamodb'
import type { BillingMode, IndexSettings } from '../table/definition.ts'
import { placedNumbers } from '../table/rules/rule.ts'
import { definedOnly, isRecord } from '../table/untyped.ts'
import { awsNumber, structure } from './aws-shape.ts'
import { billingAfter } from './billing.ts'
import { addedIndex, describeChange, givenFor } from './change.ts'
import { orFalse, wholeNumber } from './checks.ts'
import type { Field, Reason, Setting } from './setting.ts'
import { byIndex, changesOf, pathOf, step, unitMembers, unitsIn, updateTable, type Work, wantedBy } from './step.ts'

declare module '../table/definition.ts' {
  interface IndexSettings {
    /** On-demand cap in read request units per second; `false` means no cap. */
    readonly maxReadUnits?: number | false | undefined
    /** On-demand cap in write request units per second; `false` means no cap. */
    readonly maxWriteUnits?: number | false | undefined
  }
}

export const caps = ['maxReadUnits', 'maxWriteUnits'] as const
const members = { maxReadUnits: 'MaxReadRequestUnits', maxWriteUnits: 'MaxWriteRequestUnits' } as const

const work: Work = {
  name: 'capacity',
  expected: '1-4 s',
  leastMs: 1_000,
  isOf: request => unitsIn(request, 'OnDemandThroughput').length > 0,
}

const field: Omit<Field<number | false>, 'label' | 'description'> = {
  check: orFalse(wholeNumber()),
  ofIndexes: true,
  ignoredBy: ['plain-dynalite', 'dynamodb-local'],
  indexFeature: 'indexOnDemandCaps',
}

const shapes = {
  OnDemandThroughput: structure({ MaxReadRequestUnits: awsNumber, MaxWriteRequestUnits: awsNumber }),
}

/** Caps on what an on-demand table or index may consume. */
export const onDemandCaps: Setting<'maxReadUnits' | 'maxWriteUnits'> = {
  fields: {
    maxReadUnits: {
      ...field,
      label: 'max read units',
      description: 'Cap on read request units per second, on-demand billing only; false means no cap.',
    },
    maxWriteUnits: {
      ...field,
      label: 'max write units',
      description: 'Cap on write request units per second, on-demand billing only; false means no cap.',
    },
  },
  rules: [
    {
      id: 'O1',
      aws: 'MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.',
      *check(definition) {
        if (definition.billingMode !== 'PROVISIONED') return
        for (const { at, field } of placedNumbers(definition, caps)) {
          const message = 'cannot be combined with billingMode PROVISIONED; it caps on-demand billing'
          const aws = 'for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.'
          yield { at, message, aws: `${members[field]} ${aws}` }
        }
      },
    },
    {
      id: 'O2',
      aws: 'Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range',
      *check(definition) {
        for (const { at, field, value, index } of placedNumbers(definition, caps)) {
          if (value >= 1) continue
          const message = `must be at least 1, not ${value}; false means no cap`
          const owner = index === undefined ? 'table' : `index : ${index}`
          const aws = `Requested ${members[field]} for OnDemandThroughput for ${owner} is outside of valid range`
          yield { at, message, aws }
        }
      },
    },
  ],

  createMembers: createCaps,
  createIndexMembers: createCaps,
  read: readCaps,
  readIndex: readCaps,

  reasonAgainst(change, desired, { definition: live }) {
    if (billingAfter(desired, live) === 'PAY_PER_REQUEST') return undefined
    const [own] = changesOf([change], caps)
    if (own !== undefined) return notOnDemand(pathOf(own))
    const index = addedIndex(change)
    if (index === undefined) return undefined
    const cap = givenFor(desired, index, caps)
    return cap === undefined ? undefined : notOnDemand(`globalIndexes.${index.name}.${cap}`)
  },
  /** One call for the table's caps (AWS accepts them only alone or with a billing mode), and one for all indexes. */
  steps(changes, { table }) {
    const owned = byIndex(changesOf(changes, caps))
    const calls = [owned.filter(({ index }) => index === undefined), owned.filter(({ index }) => index !== undefined)]
    return calls.flatMap(call => {
      const own = call.flatMap(each => each.own)
      const units = call.map(each => ({ index: each.index, units: capsInput(wantedBy(each.own)) }))
      const request = updateTable(table, unitMembers('OnDemandThroughput', units))
      return own.length === 0 ? [] : [step('~', `set ${own.map(describeChange).join('; ')}`, request, own, { work })]
    })
  },
  works: [work],

  aws: {
    members: shapes,
    indexMembers: shapes,
    read({ OnDemandThroughput: units }) {
      // AWS writes -1 for "no cap".
      const cap = (value: unknown) => (value === -1 ? false : value)
      return isRecord(units)
        ? { maxReadUnits: cap(units.MaxReadRequestUnits), maxWriteUnits: cap(units.MaxWriteRequestUnits) }
        : {}
    },
  },
}

function notOnDemand(name: string): Reason {
  return {
    field: name,
    message:
      'the live table is provisioned, which takes no on-demand caps; write billingMode: PAY_PER_REQUEST to switch it',
  }
}

/** In CreateTable "no cap" is left out, because AWS refuses -1 there. */
function createCaps({ maxReadUnits, maxWriteUnits }: IndexSettings, billing: BillingMode) {
  const input = definedOnly({
    MaxReadRequestUnits: maxReadUnits === false ? undefined : maxReadUnits,
    MaxWriteRequestUnits: maxWriteUnits === false ? undefined : maxWriteUnits,
  })
  return billing !== 'PAY_PER_REQUEST' || Object.keys(input).length === 0 ? {} : { OnDemandThroughput: input }
}

/** AWS reports -1 for a moment after a cap was removed. */
function readCaps({
  OnDemandThroughput: reported,
}: {
  readonly OnDemandThroughput?: OnDemandThroughput | undefined
}): IndexSettings {
  const cap = (value: number | undefined) => (value === undefined || value < 0 ? false : value)
  return { maxReadUnits: cap(reported?.MaxReadRequestUnits), maxWriteUnits: cap(reported?.MaxWriteRequestUnits) }
}

/** -1 removes a cap. */
function capsInput({ maxReadUnits, maxWriteUnits }: IndexSettings): OnDemandThroughput {
  const cap = (units: number | false | undefined) => (units === false ? -1 : units)
  return definedOnly({ MaxReadRequestUnits: cap(maxReadUnits), MaxWriteRequestUnits: cap(maxWriteUnits) })
}
