import { type Consistency, isGiven, type Replica, type TableDefinition } from '../table/definition.ts'
import { type LiveTable, settledTable } from '../table/live.ts'
import { plural } from '../table/text.ts'
import { definedOnly, memberOf } from '../table/untyped.ts'
import { type Change, settingChange } from './change.ts'
import { oneOf, orFalse, text } from './checks.ts'
import { ownRegion, parseReplicas, replicaList, replicaRules } from './global-table-rules.ts'
import { replicaSteps, replicaWorks, showsReplicas } from './global-table-steps.ts'
import {
  compareReplica,
  presentReplicas,
  readRegions,
  readReplicas,
  regionalLive,
  regionOf,
} from './replica-settings.ts'
import type { CompareOptions, Reason, Setting, Sides } from './setting.ts'

declare module '../table/definition.ts' {
  interface FollowUpSettings {
    /** The regions with a copy of the table, beside its own. Copies in other regions are removed, after consent. */
    readonly replicas?: readonly Replica[] | undefined
  }
  interface TableSettings {
    /** EVENTUAL (the default) or STRONG. Fixed once the table has replicas. */
    readonly consistency?: Consistency | undefined
    /** The region that takes part in STRONG consistency without a copy of the items; `false` means none. */
    readonly witness?: string | false | undefined
  }
}
declare module '../table/input.ts' {
  interface ShortForms {
    /** The regions with a copy of the table, beside its own; each a name, or an object with settings of its own. */
    readonly replicas?: readonly (string | Replica)[] | false | undefined
  }
}

const view = 'NEW_AND_OLD_IMAGES'
const noEngine = ['dynalite', 'plain-dynalite', 'dynamodb-local', 'extenddb', 'dynoxide'] as const

/** Replicas of global tables, version 2019.11.21. */
export const globalTable: Setting<'replicas' | 'consistency' | 'witness'> = {
  fields: {
    replicas: {
      check: replicaList,
      label: 'replicas',
      description:
        'The regions with a copy of the table, beside its own: names, or objects with settings of their own.',
      otherNames: ['replicaRegions', 'replica'],
      ignoredBy: noEngine,
      flag: { spec: '--replica <region>', meaning: 'a region with a copy of the table; repeatable', value: 'list' },
      standard: [],
      parse: parseReplicas,
      text: value => value.map(({ region }) => region).join(', ') || 'none',
    },
    consistency: {
      check: oneOf(['EVENTUAL', 'STRONG']),
      label: 'consistency',
      description:
        'How reads in different regions agree: EVENTUAL (the default) or STRONG; fixed once there are replicas.',
      standard: 'EVENTUAL',
      otherNames: ['multiRegionConsistency'],
      ignoredBy: noEngine,
      flag: { spec: '--consistency <mode>', meaning: 'EVENTUAL or STRONG', choices: ['EVENTUAL', 'STRONG'] },
    },
    witness: {
      check: orFalse(text('a region')),
      label: 'witness',
      description: 'The region that takes part in STRONG consistency without a copy of the items.',
      ignoredBy: noEngine,
      flag: { spec: '--witness <region>', meaning: 'the witness region of STRONG consistency' },
    },
  },
  rules: replicaRules,

  /** AWS replicates through a stream. */
  createMembers: ({ replicas: wanted = [], stream }) =>
    wanted.length === 0 || stream !== undefined
      ? {}
      : { StreamSpecification: { StreamEnabled: true, StreamViewType: view } },
  read(table) {
    const live = readReplicas(table)
    const { MultiRegionConsistency: consistency, GlobalTableWitnesses: [witness] = [] } = table
    return definedOnly({ replicas: live.length === 0 ? undefined : live, consistency, witness: witness?.RegionName })
  },
  followUp: {
    field: 'replicas',
    title: 'replicas',
    requests: [],
    read: readRegions,
  },

  afterCreation: desired => compareGlobal({ desired, live: emptyLive(desired), indexes: [] }, {}),
  compare: compareGlobal,
  notices(desired, live) {
    const needs = (desired.replicas ?? []).length > 0 && desired.stream === undefined
    return needs && live?.stream !== view ? [`stream: turned on with ${view}, which replicas need`] : []
  },
  reasonAgainst,
  reasonAgainstCreation({ replicas: wanted = [], billingMode }, region) {
    const own = wanted.find(replica => replica.region === region)
    if (own !== undefined) return { field: 'replicas', message: ownRegion(own.region) }
    if (wanted.length === 0 || billingMode !== 'PROVISIONED') return undefined
    const message =
      'a new PROVISIONED table has no auto scaling yet, which replicas need; write billingMode: PAY_PER_REQUEST, or add them once writes are auto-scaled'
    return { field: 'replicas', message }
  },
  stepsAfterBuilds: replicaSteps,
  works: replicaWorks,
  isCarriedOut: showsReplicas,
}

function compareGlobal(sides: Sides, options: CompareOptions): Change[] {
  const { desired, live } = sides
  const ofReplicas = isGiven(desired, 'replicas') ? compareReplicas(sides, options) : []
  const { consistency = 'EVENTUAL', witness = false } = live.definition
  const others = Object.entries({ consistency, witness } as const).flatMap(([field, from]) => {
    const to = memberOf(desired, field)
    return to === undefined || to === from || !isGiven(desired, field) ? [] : [settingChange(field, from, to)]
  })
  const needsStream = ofReplicas.some(({ kind }) => kind === 'add-replica') && desired.stream === undefined
  const { stream = false } = live.definition
  return [...(needsStream && stream !== view ? [settingChange('stream', stream, view)] : []), ...ofReplicas, ...others]
}

function compareReplicas(sides: Sides, options: CompareOptions): Change[] {
  const { desired, live } = sides
  const present = presentReplicas(live)
  if (desired.replicas === undefined) return []
  const wanted = new Set(desired.replicas.map(({ region }) => region))
  return [
    ...present
      .filter(({ region }) => !wanted.has(region))
      .map(({ region }): Change => ({ kind: 'drop-replica', region, items: live.itemCount ?? 0 })),
    ...desired.replicas.flatMap((replica): Change[] => {
      const current = present.find(({ region }) => region === replica.region)
      return current === undefined
        ? [{ kind: 'add-replica', replica }]
        : compareReplica(replica, current, sides, options)
    }),
  ]
}

/** A table right after CreateTable, which has turned on the stream. */
function emptyLive(desired: TableDefinition): LiveTable {
  const { replicas: _, consistency: __, witness: ___, ...rest } = desired
  return settledTable({ ...rest, stream: desired.stream ?? view })
}

/** The reason why AWS refuses a change of the live table. */
function reasonAgainst(change: Change, desired: TableDefinition, live: LiveTable): Reason | undefined {
  const { consistency = 'EVENTUAL' } = live.definition
  const hasReplicas = presentReplicas(live).length > 0
  const items = live.itemCount ?? 0
  const because = (field: 'replicas' | 'consistency', message: string): Reason => ({ field, message })
  if (change.kind === 'add-replica' && change.replica.region === regionOf(live.arn))
    return because('replicas', ownRegion(change.replica.region))
  if (change.kind === 'modify-setting' && change.field === 'consistency') {
    const way = 'remove all of them first (replicas: [])'
    if (hasReplicas) return because('consistency', `${consistency} is fixed as long as the table has replicas; ${way}`)
    const other = 'create a table under another name and move the items there'
    if (change.to === 'STRONG' && items > 0)
      return because(
        'consistency',
        `STRONG needs an empty table, and this one has about ${plural(items, 'item')}; ${other}`,
      )
  }
  if (change.kind === 'drop-replica' && regionalLive(live, change.region)?.definition.deletionProtection === true) {
    const way = `write { region: ${change.region}, deletionProtection: false } and update first, then remove it`
    return because('replicas', `the replica in ${change.region} is protected against deletion; ${way}`)
  }
  const isOfRegions =
    change.kind === 'add-replica' ||
    change.kind === 'drop-replica' ||
    (change.kind === 'modify-setting' && change.field === 'witness')
  const isFrozen = consistency === 'STRONG' && hasReplicas && (desired.replicas ?? []).length > 0
  if (!isOfRegions || !isFrozen) return undefined
  const fixed = 'the regions of a table with STRONG consistency are fixed'
  return because('replicas', `${fixed}; keep them, or remove all replicas (replicas: [])`)
}
