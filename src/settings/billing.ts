import type { ProvisionedThroughput } from '@aws-sdk/client-dynamodb'
import { type BillingMode, type IndexSettings, isGiven, type TableDefinition } from '../table/definition.ts'
import { type Finding, type Owner, owners, placedNumbers } from '../table/rules/rule.ts'
import { definedOnly, isRecord } from '../table/untyped.ts'
import { awsNumber, choice, structure } from './aws-shape.ts'
import { addedIndex, type Capacity, type Change, describeChange, givenFor } from './change.ts'
import { oneOf, wholeNumber } from './checks.ts'
import type { Reason, Setting } from './setting.ts'
import {
  type Context,
  changeOf,
  ownerOf,
  type Step,
  step,
  unitMembers,
  unitsIn,
  updateTable,
  type Work,
} from './step.ts'

declare module '../table/definition.ts' {
  interface IndexSettings {
    /** Provisioned read capacity units per second. */
    readonly readCapacity?: number | undefined
    /** Provisioned write capacity units per second. */
    readonly writeCapacity?: number | undefined
  }
  interface TableSettings {
    /** On-demand when left out. */
    readonly billingMode?: BillingMode | undefined
  }
}

export const capacities = ['readCapacity', 'writeCapacity'] as const

/** The default capacity of a PROVISIONED table or index. */
export const defaultCapacity = 5

const toProvisionedWork: Work = {
  name: 'to-provisioned',
  expected: '1-2 min',
  leastMs: 60_000,
  isOf: ({ api, input }) => api === 'UpdateTable' && input.BillingMode === 'PROVISIONED',
}
const toOnDemandWork: Work = {
  name: 'to-on-demand',
  expected: '2-3 min',
  leastMs: 128_000,
  isOf: ({ api, input }) => api === 'UpdateTable' && input.BillingMode === 'PAY_PER_REQUEST',
}
const capacityWork: Work = {
  name: 'capacity',
  expected: '1-4 s',
  leastMs: 1_000,
  isOf: request => unitsIn(request, 'ProvisionedThroughput').length > 0,
}

const shapes = {
  ProvisionedThroughput: structure({ ReadCapacityUnits: awsNumber, WriteCapacityUnits: awsNumber }),
}

/** Billing mode and provisioned capacity, of the table and of every index: AWS takes them in one call. */
export const billing: Setting<'billingMode' | 'readCapacity' | 'writeCapacity'> = {
  fields: {
    billingMode: {
      check: oneOf(['PAY_PER_REQUEST', 'PROVISIONED']),
      label: 'billing mode',
      description:
        'How the table is charged: per request (PAY_PER_REQUEST, the default) or for reserved capacity (PROVISIONED).',
      standard: 'PAY_PER_REQUEST',
      otherNames: ['billing'],
      flag: {
        spec: '--billing-mode <mode>',
        meaning: 'PAY_PER_REQUEST (the default) or PROVISIONED',
        choices: ['PAY_PER_REQUEST', 'PROVISIONED'],
      },
    },
    readCapacity: {
      check: wholeNumber(),
      label: 'read capacity',
      description: 'Provisioned read capacity units per second; 5 when left out. PROVISIONED billing only.',
      ofIndexes: true,
      flag: { spec: '--read-capacity <n>', meaning: 'provisioned read capacity units', value: 'count' },
    },
    writeCapacity: {
      check: wholeNumber(),
      label: 'write capacity',
      description: 'Provisioned write capacity units per second; 5 when left out. PROVISIONED billing only.',
      ofIndexes: true,
      flag: { spec: '--write-capacity <n>', meaning: 'provisioned write capacity units', value: 'count' },
    },
  },
  rules: [
    {
      id: 'T1',
      aws: 'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
      check: definition => missing(definition, ofTable),
    },
    {
      id: 'T4',
      aws: 'ProvisionedThroughput is not specified for index: g',
      check: definition => missing(definition, ofIndex),
    },
    {
      id: 'T2',
      aws: 'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      check: definition => needless(definition, ofTable),
    },
    {
      id: 'T5',
      aws: 'ProvisionedThroughput should not be specified for index: g when BillingMode is PAY_PER_REQUEST',
      check: definition => needless(definition, ofIndex),
    },
    {
      id: 'T3',
      aws: "Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: Member must have value greater than or equal to 1",
      *check(definition) {
        for (const { at, value } of placedNumbers(definition, capacities)) {
          if (value < 1) yield { at, message: `must be at least 1, not ${value}` }
        }
      },
    },
    {
      id: 'T10',
      // A quota that AWS raises on request, so only a warning.
      level: 'warning',
      aws: 'The requested ReadCapacityUnits, N, is above the per table maximum for the account in R. Per table maximum: 40000.',
      *check(definition) {
        for (const { at, value } of placedNumbers(definition, capacities)) {
          if (value > 40_000) yield { at, message: `${value} exceeds AWS's default quota of 40000` }
        }
      },
    },
    {
      id: 'W-default-capacity',
      level: 'warning',
      onCreation: true,
      *check({ assumed }) {
        const silent = assumed.filter(
          ({ path, guess, message }) =>
            !guess && /(^|\.)(read|write)Capacity$/.test(path) && !message.startsWith('auto scaling'),
        )
        const [first] = silent
        if (first === undefined) return
        const subject =
          silent.length === 1 ? 'it is not given' : `not given: ${silent.map(({ path }) => path).join(', ')}`
        yield { at: first.path, message: `${subject}; PROVISIONED starts with 5 units, which are charged` }
      },
    },
  ],

  createMembers: (definition, mode) => ({ BillingMode: mode, ...createCapacity(definition, mode) }),
  createIndexMembers: createCapacity,
  read(table) {
    // AWS leaves the summary out until a table was on-demand for the first time.
    const billingMode = table.BillingModeSummary?.BillingMode ?? 'PROVISIONED'
    return { billingMode, ...(billingMode === 'PROVISIONED' ? readCapacity(table.ProvisionedThroughput) : {}) }
  },
  // DynamoDB Local keeps the capacity of an index while its table is on demand.
  readIndex: index => readCapacity(index.ProvisionedThroughput),

  compare({ desired, live: { definition: live }, indexes }) {
    const [from, to] = [billingOf(live), billingAfter(desired, live)]
    return [
      ...(from === to ? [] : [{ kind: 'modify-setting', field: 'billingMode', from, to } as const]),
      ...capacityChange(desired, undefined, desired, live, to),
      ...indexes.flatMap(each => capacityChange(desired, each.desired.name, each.desired, each.live, to)),
    ]
  },
  reasonAgainst(change, desired, { definition: live }) {
    if (billingAfter(desired, live) === 'PROVISIONED') return undefined
    if (change.kind === 'modify-capacity') return notProvisioned(change.index)
    const index = addedIndex(change)
    if (index === undefined || isGiven(desired, 'billingMode')) return undefined
    return givenFor(desired, index, capacities) === undefined ? undefined : notProvisioned(index.name)
  },
  steps(changes, context) {
    const mode = changeOf(changes, 'billingMode')
    const ofCapacity = changes.filter(change => change.kind === 'modify-capacity')
    if (mode?.to === 'PAY_PER_REQUEST') return [toOnDemand(mode, context)]
    if (mode?.to === 'PROVISIONED') return [toProvisioned([mode, ...ofCapacity], context)]
    return ofCapacity.length === 0 ? [] : [setCapacity(ofCapacity, context)]
  },
  works: [toProvisionedWork, toOnDemandWork, capacityWork],

  aws: {
    members: { BillingMode: choice('PAY_PER_REQUEST', 'PROVISIONED'), ...shapes },
    indexMembers: shapes,
    read({ BillingMode: mode = 'PROVISIONED', ProvisionedThroughput: units }, parent, report) {
      // AWS treats a missing BillingMode as PROVISIONED.
      const billingMode = parent === '' ? { billingMode: mode } : {}
      if (!isRecord(units)) return billingMode
      for (const member of ['ReadCapacityUnits', 'WriteCapacityUnits'])
        if (units[member] === undefined) report(`${parent}ProvisionedThroughput.${member}`, 'is missing', 'T3')
      return { ...billingMode, readCapacity: units.ReadCapacityUnits, writeCapacity: units.WriteCapacityUnits }
    },
  },
}

/** How a table is billed when it is created from this definition. */
export function billingOf(definition: TableDefinition): BillingMode {
  return definition.billingMode ?? 'PAY_PER_REQUEST'
}

/** How the table will be billed after the plan; a mode that is not given stays as it is. */
export function billingAfter(desired: TableDefinition, live: TableDefinition): BillingMode {
  return desired.billingMode !== undefined && isGiven(desired, 'billingMode') ? desired.billingMode : billingOf(live)
}

/** Read and write capacity; AWS requires both or neither, so a missing one is filled in. */
function provisionedInput({ readCapacity, writeCapacity }: IndexSettings) {
  return {
    ReadCapacityUnits: readCapacity ?? defaultCapacity,
    WriteCapacityUnits: writeCapacity ?? defaultCapacity,
  }
}

/** AWS requires a capacity with PROVISIONED billing, and refuses one otherwise. */
function createCapacity(owner: IndexSettings, mode: BillingMode): { ProvisionedThroughput?: ProvisionedThroughput } {
  return mode === 'PROVISIONED' ? { ProvisionedThroughput: provisionedInput(owner) } : {}
}

/** For on-demand tables AWS reports capacities of 0, which means none. */
function readCapacity({ ReadCapacityUnits: read, WriteCapacityUnits: write }: Partial<ProvisionedThroughput> = {}) {
  return definedOnly({ readCapacity: read || undefined, writeCapacity: write || undefined })
}

/** AWS's messages about the table and about an index differ, so each has a rule of its own. */
const ofTable = ({ index }: Pick<Owner, 'index'>) => index === undefined
const ofIndex = ({ index }: Pick<Owner, 'index'>) => index !== undefined

function* missing(definition: TableDefinition, isMeant: typeof ofTable): Iterable<Finding> {
  if (definition.billingMode !== 'PROVISIONED') return
  for (const { parent, owner, index } of owners(definition).filter(isMeant)) {
    const aws = index && `ProvisionedThroughput is not specified for index: ${index}`
    for (const field of capacities.filter(each => owner[each] === undefined))
      yield { at: `${parent}${field}`, message: `PROVISIONED billing needs a ${field}`, ...(aws && { aws }) }
  }
}

function* needless(definition: TableDefinition, isMeant: typeof ofTable): Iterable<Finding> {
  if (definition.billingMode !== 'PAY_PER_REQUEST') return
  const message = 'cannot be combined with billingMode PAY_PER_REQUEST; leave it out, or write PROVISIONED'
  for (const { at, index } of placedNumbers(definition, capacities).filter(isMeant)) {
    const what = index && `ProvisionedThroughput should not be specified for index: ${index}`
    yield { at, message, ...(what && { aws: `${what} when BillingMode is PAY_PER_REQUEST` }) }
  }
}

function capacityChange(
  desired: TableDefinition,
  index: string | undefined,
  wanted: IndexSettings,
  live: IndexSettings,
  mode: BillingMode,
): Change[] {
  // The validator refuses a capacity with on-demand billing, so it is not compared.
  if (mode === 'PAY_PER_REQUEST' && isGiven(desired, 'billingMode')) return []
  const parent = index === undefined ? '' : `globalIndexes.${index}.`
  const given = (field: keyof Capacity) =>
    wanted[field] !== undefined && isGiven(desired, `${parent}${field}`) ? wanted[field] : live[field]
  const from: Capacity = { readCapacity: live.readCapacity, writeCapacity: live.writeCapacity }
  const to: Capacity = { readCapacity: given('readCapacity'), writeCapacity: given('writeCapacity') }
  if (from.readCapacity === to.readCapacity && from.writeCapacity === to.writeCapacity) return []
  return [{ kind: 'modify-capacity', ...(index === undefined ? {} : { index }), from, to }]
}

function notProvisioned(index: string | undefined): Reason {
  return {
    field: `${index === undefined ? '' : `globalIndexes.${index}.`}readCapacity`,
    message: 'the live table is on-demand, which takes no capacity; write billingMode: PROVISIONED to switch it',
  }
}

function toOnDemand(change: Change, { table }: Context): Step {
  return step(
    '~',
    'switch billing to on-demand (PAY_PER_REQUEST)',
    updateTable(table, { BillingMode: 'PAY_PER_REQUEST' }),
    [change],
    { uses: ['one of 4 switches to on-demand in 24 hours'], work: toOnDemandWork },
  )
}

/** AWS requires a capacity for the table and every live index, including those that the definition does not name. */
function toProvisioned(changes: readonly Change[], { table, desired, live, setsIndexCapacity }: Context): Step {
  const settable = setsIndexCapacity ? (live?.globalIndexes ?? []) : []
  const indexes = settable.flatMap(current => {
    const units = provisionedInput(ownerOf(desired, current.name))
    // DynamoDB Local refuses a capacity that an index already has.
    const hasIt = current.readCapacity !== undefined && showsCapacity(units, current)
    return hasIt ? [] : [{ index: current.name, units }]
  })
  const all = [{ index: undefined, units: provisionedInput(desired) }, ...indexes]
  // Show all capacities, including defaults: all of them are charged from then on.
  const shown = all.map(({ index, units }) => `${index === undefined ? '' : `index ${index} `}${unitsText(units)}`)
  return step(
    '~',
    `switch billing to provisioned (${shown.join('; ')})`,
    updateTable(table, { BillingMode: 'PROVISIONED', ...unitMembers('ProvisionedThroughput', all) }),
    changes,
    { work: toProvisionedWork },
  )
}

const unitsText = ({ ReadCapacityUnits, WriteCapacityUnits }: ReturnType<typeof provisionedInput>) =>
  `${ReadCapacityUnits} read, ${WriteCapacityUnits} write`

type CapacityChange = Extract<Change, { kind: 'modify-capacity' }>

function setCapacity(changes: readonly CapacityChange[], { table }: Context): Step {
  const units = changes.map(({ index, to }) => ({ index, units: provisionedInput(to) }))
  return step(
    '~',
    `set ${changes.map(describeChange).join('; ')}`,
    updateTable(table, unitMembers('ProvisionedThroughput', units)),
    changes,
    { uses: changes.filter(isDecrease).map(decreaseText), work: capacityWork },
  )
}

function isDecrease({ from, to }: CapacityChange): boolean {
  const lower = (field: keyof Capacity) => (to[field] ?? 0) < (from[field] ?? 0)
  return lower('readCapacity') || lower('writeCapacity')
}

function decreaseText({ index }: CapacityChange): string {
  const owner = index === undefined ? 'the table' : `index ${index}`
  return `one of 4 capacity decreases of ${owner} in a UTC day, then one an hour`
}

function showsCapacity(wanted: ProvisionedThroughput, live: IndexSettings): boolean {
  return (
    (wanted.ReadCapacityUnits ?? live.readCapacity) === live.readCapacity &&
    (wanted.WriteCapacityUnits ?? live.writeCapacity) === live.writeCapacity
  )
}
