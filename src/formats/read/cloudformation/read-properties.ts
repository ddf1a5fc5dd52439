import type { Problem } from '../../../errors.ts'
import type { Report } from '../../../settings/aws-shape.ts'
import { settings } from '../../../settings/catalogue.ts'
import type { Assumption } from '../../../table/definition.ts'
import { upperFirst } from '../../../table/text.ts'
import { asRecord, definedOnly, isRecord, recordsOf, show, type UntypedRecord } from '../../../table/untyped.ts'
import { checkProperties, ofReplica } from './check-properties.ts'
import { type Resolver, transformName, Unresolved } from './resolver.ts'

/** A table's properties in CreateTable's vocabulary. */
export interface TableProperties {
  readonly input: UntypedRecord
  readonly assumed: readonly Assumption[]
  /** Properties that were left out, and why. */
  readonly warnings: readonly string[]
  /** The fields that CreateTable has no members for. */
  readonly layer: UntypedRecord
  /** Why `TableName` has no value; `undefined` when it has one. */
  readonly nameless?: string | undefined
  /** The properties as the template gives them, and what is wrong with those that `input` holds in other words. */
  readonly given: unknown
  readonly problems: readonly Problem[]
}

/** Parts that make the table; without them it cannot be read. */
const required =
  /^(AttributeDefinitions|KeySchema|IndexName|Projection|VectorAttribute|SearchSchema|Dimensions|PrimaryKey)$/i

/** Parts of which a single member can be left out; of any other part, all is left out. */
const divisible =
  /(^|\.)((Global|Local)SecondaryIndexes|VectorIndexes|Replicas|SSESpecification|StreamSpecification|Tags|\w*Throughput\w*|\w*AutoScalingSettings)$|(Indexes|Replicas)\[\d+\]$/i

/** Properties that say how to deploy a table, not what it is. */
const deploymentOnly =
  /^(ImportSourceSpecification|ServiceToken|isImported|allowDestructiveGraphqlSchemaUpdates|replaceTableUponGsiUpdate)$/

/**
 * Resolves the properties of a table. A setting that is known only after the deployment is left out with a warning; a
 * key or an index must be known.
 * @throws Unresolved
 */
export function readProperties(type: string, properties: UntypedRecord, resolver: Resolver): TableProperties {
  const leftOut = new Map<string, string>()
  const resolved = membersOf(properties, '', resolver, leftOut)
  const given = asRecord(coerced(resolved, resolver))
  const convert = converters[type]
  const { input, warnings } = withoutPolicy(convert === undefined ? given : convert(given, resolver), resolver)
  const { table, assumed } = withCapacity(input, [...leftOut.keys()], resolver)
  const nameless = leftOut.get('TableName') ?? leftOut.get('tableName') ?? whyNameless(table.TableName)
  const others = [...leftOut].filter(([where]) => where.toLowerCase() !== 'tablename')
  const isKeyLost = others.some(([where]) => /sseSpecification\.kmsMasterKeyId$/i.test(where))
  const { checked, problems } = checkProperties(type, given)
  const regions = globalFields(checked, resolver)
  return {
    input: table,
    layer: regions.fields,
    assumed: [...assumed, ...scaledWrites(given), ...(isKeyLost ? [unknownKey] : [])],
    warnings: [...others.map(([where, why]) => `${where} is left out: ${why}`), ...warnings, ...regions.warnings],
    nameless,
    given,
    // Problems of a part with the wrong shape would only follow from that.
    problems: problems.length > 0 ? problems : regions.problems,
  }
}

const unknownKey: Assumption = {
  path: 'encryption',
  message: 'encryption is assumed to be AWS_MANAGED: the key of the template is known only after its deployment',
  guess: true,
}

/** The members of a map. Those that cannot be resolved are added to `leftOut`, with the reason. */
function membersOf(map: UntypedRecord, where: string, resolver: Resolver, leftOut: Map<string, string>): UntypedRecord {
  const all = resolver.expanded(map)
  if ('Fn::Transform' in all)
    throw new Unresolved(
      `${transformName(all['Fn::Transform'])} brings in a part of it from elsewhere`,
      resolver.place(map, 'Fn::Transform'),
      true,
    )
  const entries = Object.keys(all)
    .filter(key => !deploymentOnly.test(key))
    .map(key => [key, part(all[key], where === '' ? key : `${where}.${key}`, resolver, leftOut)] as const)
  return resolver.copy(map, Object.fromEntries(entries.filter(([, value]) => value !== undefined)))
}

function part(node: unknown, where: string, resolver: Resolver, leftOut: Map<string, string>): unknown {
  try {
    return resolver.value(node)
  } catch (error) {
    if (!(error instanceof Unresolved) || error.isFault) throw error
    const member = where.split('.').at(-1) ?? where
    if (required.test(member)) throw new Unresolved(`its ${where} cannot be resolved: ${error.message}`, error.place)
    if (divisible.test(where) && Array.isArray(node)) {
      const parts = node.map((entry, index) => part(entry, `${where}[${index}]`, resolver, leftOut))
      return resolver.copy(
        node,
        parts.filter(entry => entry !== undefined),
      )
    }
    if (divisible.test(where) && isRecord(node) && !isCall(node)) return membersOf(node, where, resolver, leftOut)
    // An index without all of its parts would be another index.
    if (/(Global|Local|Vector)\w*Indexes/i.test(where) && !/throughput|capacity|insights/i.test(where))
      throw new Unresolved(`its ${where} cannot be resolved: ${error.message}`, error.place)
    // Without `--region`, that replica is the table itself.
    const isOwn = /^Replicas\[\d+\]\.Region$/.test(where) && isRecord(node) && node.Ref === 'AWS::Region'
    if (!isOwn) leftOut.set(where, error.message)
    return undefined
  }
}

/** Whether a map is a call of a function. */
function isCall(node: UntypedRecord): boolean {
  const keys = Object.keys(node)
  return keys.length === 1 && /^(Ref$|Condition$|Fn::|!)/.test(keys[0] ?? '')
}

function whyNameless(name: unknown): string | undefined {
  if (name === undefined) return 'the template gives it no name'
  return typeof name === 'string' ? undefined : `its TableName must be a string, not ${show(name)}`
}

const booleans =
  /^(SSEEnabled|sseEnabled|Enabled|enabled|StreamEnabled|(p|P)ointInTimeRecoveryEnabled|(d|D)eletionProtectionEnabled)$/
const texts =
  /^((table|attribute|index)(Name|Type)|keyType|(projection|streamView)Type|key|value|type|nonKeyAttributes)$/i

/** Converts what CloudFormation takes for a text or a flag: `"true"`, numbers as names. */
function coerced(value: unknown, resolver: Resolver, member = ''): unknown {
  if (isRecord(value) && /^(ResourcePolicy|Policy(Document)?)$/.test(member)) return value
  // CloudFormation's YAML is 1.1, where `yes` is a flag.
  if (booleans.test(member) && typeof value === 'string' && /^(true|false|yes|no|on|off)$/i.test(value))
    return /^(true|yes|on)$/i.test(value)
  if (texts.test(member) && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
  return resolver.changed(value, (entry, key = member) => coerced(entry, resolver, key))
}

type Convert = (table: UntypedRecord, resolver: Resolver) => UntypedRecord

const converters: Readonly<Record<string, Convert>> = {
  'AWS::Serverless::SimpleTable': simpleTable,
  'AWS::DynamoDB::GlobalTable': globalTable,
  'Custom::AmplifyDynamoDBTable': (table, resolver) => asRecord(capitalised(table, resolver)),
}

const keyTypes: Readonly<Record<string, string>> = { String: 'S', Number: 'N', Binary: 'B' }

/** SAM: without a key it is `id`, a string; without a capacity it is on-demand. */
function simpleTable(table: UntypedRecord, resolver: Resolver): UntypedRecord {
  const { PrimaryKey: given, Tags: tags, ...others } = table
  const { Name: name = 'id', Type: type = 'String' } = asRecord(given)
  const input = definedOnly({
    AttributeDefinitions: [{ AttributeName: name, AttributeType: keyTypes[String(type)] ?? type }],
    KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
    BillingMode: others.ProvisionedThroughput === undefined ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    ...others,
    Tags: isRecord(tags) ? Object.entries(tags).map(([Key, Value]) => ({ Key, Value: String(Value) })) : tags,
  })
  return resolver.copy(table, input)
}

/** A capacity that is fixed, or the one that auto scaling starts from. */
function units(settings: unknown, member: 'Read' | 'Write'): unknown {
  const own = asRecord(settings)
  const scaling = asRecord(own[`${member}CapacityAutoScalingSettings`])
  return own[`${member}CapacityUnits`] ?? scaling.SeedCapacity ?? scaling.MinCapacity
}

/** The capacity and the caps of a table or an index, whose reads stand on the replica. */
function throughput(replica: UntypedRecord, shared: UntypedRecord): UntypedRecord {
  return {
    ProvisionedThroughput: given({
      ReadCapacityUnits: units(replica.ReadProvisionedThroughputSettings, 'Read'),
      WriteCapacityUnits: units(shared.WriteProvisionedThroughputSettings, 'Write'),
    }),
    OnDemandThroughput: given({
      MaxReadRequestUnits: asRecord(replica.ReadOnDemandThroughputSettings).MaxReadRequestUnits,
      MaxWriteRequestUnits: asRecord(shared.WriteOnDemandThroughputSettings).MaxWriteRequestUnits,
    }),
  }
}

/** The members that are given; `undefined` when none is. */
function given(members: UntypedRecord): UntypedRecord | undefined {
  const all = definedOnly(members)
  return Object.keys(all).length === 0 ? undefined : all
}

/** The replica in the stack's own region, which may be named as `AWS::Region`, else the first. */
function homeOf({ Replicas }: UntypedRecord, resolver: Resolver) {
  const replicas = recordsOf(Replicas)
  const isHome = ({ Region }: UntypedRecord) => Region === undefined || Region === resolver.region
  return { home: replicas.find(isHome) ?? replicas[0] ?? {}, replicas }
}

/** A global table as the table of one region: the stack's own, else the first. */
function globalTable(table: UntypedRecord, resolver: Resolver): UntypedRecord {
  const { Replicas: _, SSESpecification: encryption, ...shared } = table
  const { MultiRegionConsistency: __, GlobalTableWitnesses: ___, ...others } = withoutWrites(shared)
  const { home } = homeOf(table, resolver)
  const input = definedOnly({
    ...others,
    ...Object.fromEntries(ofReplica.map(member => [member, home[member]])),
    ...throughput(home, table),
    SSESpecification: isRecord(encryption)
      ? resolver.copy(
          encryption,
          definedOnly({ ...encryption, KMSMasterKeyId: asRecord(home.SSESpecification).KMSMasterKeyId }),
        )
      : encryption,
    GlobalSecondaryIndexes: resolver.changed(table.GlobalSecondaryIndexes, index =>
      isRecord(index) ? globalTableIndex(index, home, resolver) : index,
    ),
  })
  return resolver.copy(table, input)
}

function globalTableIndex(index: UntypedRecord, home: UntypedRecord, resolver: Resolver): UntypedRecord {
  const own = indexOf(home, index)
  const { ContributorInsightsSpecification } = own
  const input = { ...withoutWrites(index), ...throughput(own, index), ContributorInsightsSpecification }
  return resolver.copy(index, definedOnly(input))
}

/** The settings of an index in the region of a replica. */
const indexOf = ({ GlobalSecondaryIndexes: indexes }: UntypedRecord, { IndexName: name }: UntypedRecord) =>
  recordsOf(indexes).find(({ IndexName }) => IndexName === name) ?? {}

function withoutWrites(holder: UntypedRecord): UntypedRecord {
  const { WriteProvisionedThroughputSettings: _, WriteOnDemandThroughputSettings: __, ...others } = holder
  return others
}

/** The other regions of a global table, and how reads agree in them. */
function globalFields(table: UntypedRecord, resolver: Resolver) {
  const { MultiRegionConsistency: consistency, GlobalTableWitnesses: witnesses } = table
  const { home, replicas } = homeOf(table, resolver)
  const problems: Problem[] = []
  const report: Report = (path, message, rule) => problems.push({ path, message, rule })
  const others = replicas.flatMap((replica, at) =>
    replica === home || replica.Region === undefined ? [] : [replicaOf(replica, home, `Replicas[${at}].`, report)],
  )
  const fields = definedOnly({
    replicas: others.length === 0 ? undefined : others,
    consistency,
    witness: recordsOf(witnesses)[0]?.Region,
  })
  const warnings = replicas.flatMap(replica =>
    replica === home
      ? []
      : fieldless
          .filter(member => replica[member] !== undefined)
          .map(member => `${String(replica.Region)}: ${member} is left out: dynamox has no field for it on a replica`),
  )
  return { fields, problems, warnings }
}

const fieldless = ['ResourcePolicy', 'KinesisStreamSpecification']

/** The settings that a replica has fields for. */
const regional = settings.filter(({ aws }) =>
  Object.keys(aws?.members ?? {}).some(member => ofReplica.includes(member) && !fieldless.includes(member)),
)

function settingsOf(holder: UntypedRecord, parent: string, report: Report): UntypedRecord {
  const within: Report = (where, ...problem) => report(`${parent}${where}`, ...problem)
  return Object.assign({}, ...regional.map(({ aws }) => aws?.read(holder, '', within)))
}

/** Auto scaling changes these capacities, so that they are never compared. */
function scaledWrites(table: UntypedRecord): readonly Assumption[] {
  const isScaled = ({ WriteProvisionedThroughputSettings: write }: UntypedRecord) => isRecord(write)
  const indexes = recordsOf(table.GlobalSecondaryIndexes).filter(isScaled)
  const parents = [...(isScaled(table) ? [''] : []), ...indexes.map(({ IndexName }) => `globalIndexes.${IndexName}.`)]
  const message = 'auto scaling starts with this capacity'
  return parents.map(parent => ({ path: `${parent}writeCapacity`, message, guess: false }))
}

/** A replica without the capacity that it shares with the table. */
function replicaOf(replica: UntypedRecord, home: UntypedRecord, parent: string, report: Report): UntypedRecord {
  const indexes = recordsOf(replica.GlobalSecondaryIndexes).map((index): [string, UntypedRecord] => {
    const name = String(index.IndexName)
    const own = settingsOf(index, `${parent}GlobalSecondaryIndexes.${name}.`, report)
    return [name, definedOnly({ ...readsOf(index, indexOf(home, index)), ...own })]
  })
  const changed = indexes.filter(([, index]) => Object.keys(index).length > 0)
  return definedOnly({
    region: replica.Region,
    kmsKeyId: asRecord(replica.SSESpecification).KMSMasterKeyId,
    ...readsOf(replica, home),
    ...settingsOf(replica, parent, report),
    globalIndexes: changed.length === 0 ? undefined : Object.fromEntries(changed),
  })
}

function readsOf(holder: UntypedRecord, home: UntypedRecord): UntypedRecord {
  const capacityOf = (each: UntypedRecord) => units(each.ReadProvisionedThroughputSettings, 'Read')
  const capOf = (each: UntypedRecord) => asRecord(each.ReadOnDemandThroughputSettings).MaxReadRequestUnits
  const unless = (own: unknown, same: unknown) => (own === same ? undefined : own)
  return {
    readCapacity: unless(capacityOf(holder), capacityOf(home)),
    maxReadUnits: unless(capOf(holder), capOf(home)),
  }
}

/** Amplify writes members in lower case: `keySchema`, `sseSpecification`. */
function capitalised(value: unknown, resolver: Resolver): unknown {
  return resolver.changed(value, entry => capitalised(entry, resolver), nameOf)
}

function nameOf(key: string): string {
  return upperFirst(key.replace(/^sse/, 'SSE').replace(/^kms/, 'KMS'))
}

/** The policy of a table's stream has no field. */
function withoutPolicy(input: UntypedRecord, resolver: Resolver) {
  const { StreamSpecification: stream } = input
  if (!isRecord(stream) || stream.ResourcePolicy === undefined) return { input, warnings: [] }
  const { ResourcePolicy: _, ...others } = stream
  return {
    input: resolver.copy(input, { ...input, StreamSpecification: resolver.copy(stream, others) }),
    warnings: ['StreamSpecification.ResourcePolicy is left out: dynamox has no field for the policy of a stream'],
  }
}

/** CloudFormation needs a capacity; one that is not known yet gets the default. */
function withCapacity(
  input: UntypedRecord,
  leftOut: readonly string[],
  resolver: Resolver,
): { readonly table: UntypedRecord; readonly assumed: readonly Assumption[] } {
  const assumed: Assumption[] = []
  if (input.BillingMode === 'PAY_PER_REQUEST' || !leftOut.some(where => /throughput|capacity/i.test(where)))
    return { table: input, assumed }
  const fill = (holder: UntypedRecord, parent: string): UntypedRecord => {
    const { ReadCapacityUnits: read, WriteCapacityUnits: write } = asRecord(holder.ProvisionedThroughput)
    for (const [field, value] of Object.entries({ readCapacity: read, writeCapacity: write })) {
      const path = `${parent}${field}`
      if (value === undefined)
        assumed.push({ path, message: `${path} is assumed to be 5: the template's is not known`, guess: true })
    }
    const units = { ReadCapacityUnits: read ?? 5, WriteCapacityUnits: write ?? 5 }
    return resolver.copy(holder, { ...holder, ProvisionedThroughput: units })
  }
  const filled = fill(input, '')
  const indexes = input.GlobalSecondaryIndexes
  if (!Array.isArray(indexes)) return { table: filled, assumed }
  const own = recordsOf(indexes).map(index => fill(index, `globalIndexes.${String(index.IndexName)}.`))
  return { table: resolver.copy(filled, { ...filled, GlobalSecondaryIndexes: resolver.copy(indexes, own) }), assumed }
}
