import { describe, expect, it } from 'vitest'
import { isReady, judge } from '../../src/apply/goal.ts'
import { isCarriedOut } from '../../src/plan/carried-out.ts'
import { type PlanOptions, planDelete, planTable } from '../../src/plan/plan-table.ts'
import type { Replica } from '../../src/table/definition.ts'
import type { TableInput } from '../../src/table/input.ts'
import type { LiveTable } from '../../src/table/live.ts'
import { live } from '../support/live.ts'
import { table } from '../support/tables.ts'

type Input = Partial<TableInput>

/** A live table in eu-west-1 with these replicas, as both regions report them. */
function there(input: Input, more: Partial<LiveTable> = {}): LiveTable {
  const { replicas, consistency, witness, ...rest } = input
  const found = live({ ...rest, stream: rest.stream ?? (replicas === undefined ? undefined : 'NEW_AND_OLD_IMAGES') })
  const { replicas: parsed = [] } = table(input)
  return {
    ...found,
    definition: {
      ...found.definition,
      ...(parsed.length === 0 ? {} : { replicas: parsed.map(each => ({ ...standard, ...each })) }),
      ...(consistency === undefined ? {} : { consistency }),
      ...(witness === undefined ? {} : { witness }),
    },
    replicaStatuses: Object.fromEntries(parsed.map(({ region }) => [region, 'ACTIVE'])),
    read: [...found.read, 'replicas'],
    ...more,
  }
}

const standard = {
  deletionProtection: false,
  pointInTimeRecovery: false,
  tags: {},
  contributorInsights: false,
} as const

const plan = (desired: Input, now: LiveTable | undefined, options?: PlanOptions) =>
  planTable(table(desired), now, options)

const lines = (...args: Parameters<typeof plan>) =>
  plan(...args).steps.map(({ sign, summary, request: { api, input, region } }) => {
    const { TableName, ...rest } = { TableName: '', ...input }
    return `${sign} ${summary} | ${region ?? ''} ${api} ${JSON.stringify(rest).replaceAll('"', '')}`
  })

const us: Input = { replicas: ['us-east-2'] }
const both: Input = { replicas: ['us-east-2', 'us-west-2'] }
const add = (region: string) =>
  `+ add a replica in ${region} |  UpdateTable {ReplicaUpdates:[{Create:{RegionName:${region}}}]}`
const drop = (region: string, copy: string) =>
  `- remove the replica in ${region} with ${copy} |  UpdateTable {ReplicaUpdates:[{Delete:{RegionName:${region}}}]}`
const own = (more: Partial<Replica>): Input => ({ replicas: [{ region: 'us-east-2', ...more }] })

describe('a plan with replicas', () => {
  it.each<[string, Input, LiveTable, string[]]>([
    ['nothing', us, there(us), []],
    [
      'nothing for what the definition does not name',
      us,
      there(own({ tags: { a: 'b' }, deletionProtection: true })),
      [],
    ],
    ['replicas that are left out', {}, there(both), []],
    ['one at a time', both, there({ stream: 'NEW_AND_OLD_IMAGES' }), [add('us-east-2'), add('us-west-2')]],
    [
      'the stream first',
      us,
      there({}),
      [
        '+ turn on a stream (NEW_AND_OLD_IMAGES) |  UpdateTable {StreamSpecification:{StreamEnabled:true,StreamViewType:NEW_AND_OLD_IMAGES}}',
        add('us-east-2'),
      ],
    ],
    ['a removal', us, there(both, { itemCount: 1204 }), [drop('us-west-2', 'its copy of about 1,204 items')]],
    ['all of them', { replicas: [] }, there(us), [drop('us-east-2', 'its copy of the items')]],
    [
      'another region',
      { replicas: ['us-west-2'] },
      there(us),
      [drop('us-east-2', 'its copy of the items'), add('us-west-2')],
    ],
    [
      'what replaces settings of the table goes through the home region',
      own({ tableClass: 'STANDARD_INFREQUENT_ACCESS', maxReadUnits: 100 }),
      there(us),
      [
        '~ change the replica in us-east-2: tableClass: STANDARD -> STANDARD_INFREQUENT_ACCESS; maxReadUnits: off -> 100 |  UpdateTable {ReplicaUpdates:[{Update:{RegionName:us-east-2,TableClassOverride:STANDARD_INFREQUENT_ACCESS,OnDemandThroughputOverride:{MaxReadRequestUnits:100}}}]}',
      ],
    ],
    [
      'a replica that keeps the class that its table gives up',
      { tableClass: 'STANDARD_INFREQUENT_ACCESS', ...own({ tableClass: 'STANDARD' }) },
      there(us),
      [
        '~ change the table class to STANDARD_INFREQUENT_ACCESS |  UpdateTable {TableClass:STANDARD_INFREQUENT_ACCESS}',
        '~ change the replica in us-east-2: tableClass: STANDARD_INFREQUENT_ACCESS -> STANDARD |  UpdateTable {ReplicaUpdates:[{Update:{RegionName:us-east-2,TableClassOverride:STANDARD}}]}',
      ],
    ],
    [
      "a replica's own settings go to its region",
      own({ pointInTimeRecovery: 7, tags: { team: 'shop' }, deletionProtection: true }),
      there(us),
      [
        '+ turn on point-in-time recovery (7 days) in us-east-2 | us-east-2 UpdateContinuousBackups {PointInTimeRecoverySpecification:{PointInTimeRecoveryEnabled:true,RecoveryPeriodInDays:7}}',
        expect.stringMatching(
          /in us-east-2 \| us-east-2 TagResource \{ResourceArn:arn:aws:dynamodb:us-east-2:123456789012:table\/users,Tags/,
        ),
        '+ turn on deletion protection in us-east-2 | us-east-2 UpdateTable {DeletionProtectionEnabled:true}',
      ],
    ],
    [
      'an index in one region',
      {
        globalIndexes: { 'by-a': { partitionKey: 'a' } },
        ...own({ globalIndexes: { 'by-a': { contributorInsights: true } } }),
      },
      there({
        globalIndexes: { 'by-a': { partitionKey: 'a' } },
        ...own({ globalIndexes: { 'by-a': { contributorInsights: false } } }),
      }),
      [
        '+ turn on contributor insights of index by-a in us-east-2 | us-east-2 UpdateContributorInsights {IndexName:by-a,ContributorInsightsAction:ENABLE}',
      ],
    ],
    [
      'STRONG: both regions in one call',
      { ...both, consistency: 'STRONG' },
      there({ stream: 'NEW_AND_OLD_IMAGES' }),
      [
        '+ add replicas in us-east-2 and us-west-2 (STRONG consistency, which cannot be changed later) |  UpdateTable {ReplicaUpdates:[{Create:{RegionName:us-east-2}},{Create:{RegionName:us-west-2}}],MultiRegionConsistency:STRONG}',
      ],
    ],
    [
      'STRONG with a witness',
      { ...us, consistency: 'STRONG', witness: 'us-west-2' },
      there({ stream: 'NEW_AND_OLD_IMAGES' }),
      [
        '+ add replicas in us-east-2, with a witness in us-west-2 (STRONG consistency, which cannot be changed later) |  UpdateTable {ReplicaUpdates:[{Create:{RegionName:us-east-2}}],GlobalTableWitnessUpdates:[{Create:{RegionName:us-west-2}}],MultiRegionConsistency:STRONG}',
      ],
    ],
    [
      'STRONG is torn down in one call',
      { replicas: [] },
      there({ ...us, consistency: 'STRONG', witness: 'us-west-2' }),
      [
        '- remove the replica in us-east-2 with its copy of the items and the witness in us-west-2 |  UpdateTable {ReplicaUpdates:[{Delete:{RegionName:us-east-2}}],GlobalTableWitnessUpdates:[{Delete:{RegionName:us-west-2}}]}',
      ],
    ],
  ])('%s', (_, desired, now, expected) => {
    const found = plan(desired, now)
    expect(found.blocked).toEqual([])
    expect(lines(desired, now)).toEqual(expected)
  })

  it('a new table gets its stream when it is created, then the replicas, then the settings of each', () => {
    const desired = own({ deletionProtection: true, tags: { team: 'shop' } })
    expect(lines(desired, undefined)).toEqual([
      expect.stringContaining('StreamSpecification:{StreamEnabled:true,StreamViewType:NEW_AND_OLD_IMAGES}'),
      add('us-east-2'),
      expect.stringContaining('us-east-2 TagResource {ResourceArn:users,'),
      '+ turn on deletion protection in us-east-2 | us-east-2 UpdateTable {DeletionProtectionEnabled:true}',
    ])
    expect(plan(desired, undefined).notices).toEqual(['stream: turned on with NEW_AND_OLD_IMAGES, which replicas need'])
  })

  const frozen =
    'the regions of a table with STRONG consistency are fixed; keep them, or remove all replicas (replicas: [])'
  it.each<[string, Input, LiveTable | undefined, string, string]>([
    [
      'the own region of a new table',
      { replicas: ['eu-west-1'] },
      undefined,
      'replicas',
      "eu-west-1 is the table's own region; name only the other regions",
    ],
    [
      'the own region of a live table',
      { replicas: ['eu-west-1'] },
      there({ stream: 'NEW_AND_OLD_IMAGES' }),
      'replicas',
      "eu-west-1 is the table's own region; name only the other regions",
    ],
    [
      'a new provisioned table',
      { ...us, billingMode: 'PROVISIONED' },
      undefined,
      'replicas',
      'a new PROVISIONED table has no auto scaling yet, which replicas need; write billingMode: PAY_PER_REQUEST, or add them once writes are auto-scaled',
    ],
    [
      'another consistency',
      { ...both, consistency: 'STRONG' },
      there(both),
      'consistency',
      'EVENTUAL is fixed as long as the table has replicas; remove all of them first (replicas: [])',
    ],
    [
      'STRONG for a table with items',
      { ...both, consistency: 'STRONG' },
      there({ stream: 'NEW_AND_OLD_IMAGES' }, { itemCount: 3 }),
      'consistency',
      'STRONG needs an empty table, and this one has about 3 items; create a table under another name and move the items there',
    ],
    [
      'another region of a STRONG table',
      { replicas: ['us-east-2', 'us-east-1'] },
      there({ ...both, consistency: 'STRONG' }),
      'replicas',
      frozen,
    ],
    [
      'a protected replica',
      { replicas: [] },
      there(own({ deletionProtection: true })),
      'replicas',
      'the replica in us-east-2 is protected against deletion; write { region: us-east-2, deletionProtection: false } and update first, then remove it',
    ],
  ])('is blocked: %s', (_, desired, now, path, message) => {
    const { blocked } = plan(desired, now, { region: 'eu-west-1' })
    expect(blocked).toContainEqual({ path: `users › ${path}`, message })
    expect(new Set(blocked.map(each => each.message)).size).toBe(1)
  })

  it('names the region that could not be read', () => {
    const now = there(us)
    const unread = { ...now, definition: { ...now.definition, replicas: [{ region: 'us-east-2' }] }, warnings: ['x'] }
    expect(plan(own({ deletionProtection: true }), unread)).toMatchObject({ unread: ['replicas'], notices: ['x'] })
    expect(plan(us, unread)).not.toHaveProperty('unread')
  })
})

describe('deleting a table with replicas', () => {
  const names = (now: LiveTable, options?: PlanOptions) =>
    planDelete('users', now, options).steps.map(({ summary, request }) => `${request.region ?? ''} ${summary}`)

  it('removes them first', () => {
    expect(names(there(both, { itemCount: 3 }))).toEqual([
      ' remove the replica in us-east-2 with its copy of about 3 items',
      ' remove the replica in us-west-2 with its copy of about 3 items',
      ' delete table users',
    ])
  })

  it('respects the protection of each region', () => {
    const now = there(own({ deletionProtection: true }))
    expect(planDelete('users', now).blocked).toMatchObject([
      { rule: 'D1', message: expect.stringContaining('the replica in us-east-2 is protected') },
    ])
    expect(names(now, { disableProtection: true })).toEqual([
      'us-east-2 turn off deletion protection in us-east-2',
      ' remove the replica in us-east-2 with its copy of the items',
      ' delete table users',
    ])
  })
})

describe('whether a request for replicas was carried out', () => {
  const protect = plan(own({ deletionProtection: true }), there(us)).steps[0]?.request
  const create = plan(us, there({ stream: 'NEW_AND_OLD_IMAGES' })).steps[0]?.request
  it.each([
    ['a replica', create, there(us), true],
    ['no replica', create, there({}), false],
    ['a setting in its region', protect, there(own({ deletionProtection: true })), true],
    ['a setting that does not exist', protect, there(us), false],
    ['a setting of a replica that is gone', protect, there({}), false],
  ])('%s', (_, request, now, expected) => {
    expect(request !== undefined && isCarriedOut(request, now)).toBe(expected)
  })
})

describe('a replica in a state that does not pass by itself', () => {
  const broken = there(both, { replicaStatuses: { 'us-east-2': 'REGION_DISABLED', 'us-west-2': 'ACTIVE' } })
  it('does not keep the others from being ready', () => {
    expect(isReady(broken)).toBe(true)
    expect(isReady(there(us, { replicaStatuses: { 'us-east-2': 'CREATING' } }))).toBe(false)
  })
  it('fails the request that creates it', () => {
    const request = plan(both, there({ stream: 'NEW_AND_OLD_IMAGES' })).steps[0]?.request
    const at = { name: 'users', ageMs: 0, missingMs: 0, missing: 'fail' } as const
    expect(judge({ kind: 'ready', request }, broken, at)).toMatchObject({
      code: 'aws',
      message: 'users: the replica in us-east-2 is REGION_DISABLED',
    })
  })
})
