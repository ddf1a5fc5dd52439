import { basename } from 'node:path'
import { billingOf } from '../../settings/billing.ts'
import type { GlobalIndex, KeyAttribute, LocalIndex, TableDefinition } from '../../table/definition.ts'
import type { WriteOptions, WrittenTemplate } from '../format.ts'
import { tableProperties } from './aws-properties.ts'
import { Code, indented, typescriptLiteral, typescriptString } from './code.ts'
import { extraNotes, headline, identifiers } from './written.ts'

/** A stack of the CDK in TypeScript, with one `Table` for each table. */
export function writeCdk(
  tables: readonly TableDefinition[],
  { file = 'tables-stack.ts' }: WriteOptions,
): WrittenTemplate {
  const ids = identifiers(tables, 'pascal')
  const variables = identifiers(tables, 'camel')
  const body = tables.map(table => tableText(table, ids.get(table) ?? '', variableOf(variables.get(table) ?? '')))
  const stack = stackName(file)
  const text = `// ${headline}
${importsOf(tables)}

export class ${stack} extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props)

${indented(body.join('\n\n'), '    ')}
  }
}
`
  return { files: [{ path: 'tables-stack.ts', text }], notes: [] }
}

/** `tables-stack.ts` holds the class `TablesStack`. */
function stackName(file: string): string {
  const words = basename(file)
    .replace(/\.\w+$/, '')
    .split(/[^A-Za-z0-9]+/)
  const name = words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^[A-Za-z]/.test(name) ? name : 'TablesStack'
}

const reserved = ['id', 'props', 'scope', 'cdk', 'dynamodb', 'iam', 'kinesis', 'kms', 'construct']

/** A variable that hides nothing else; words of the language, such as `class`, are no names. */
function variableOf(name: string): string {
  const taken = reserved.includes(name) || /^(?:[a-z]{2,10})$/.test(name)
  return taken ? `${name}Table` : name
}

function importsOf(tables: readonly TableDefinition[]): string {
  const needs = (name: string, isNeeded: (table: TableDefinition) => boolean) =>
    tables.some(isNeeded) ? [`import * as ${name} from 'aws-cdk-lib/aws-${name}'`] : []
  return [
    "import * as cdk from 'aws-cdk-lib'",
    "import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'",
    ...needs('iam', ({ resourcePolicy }) => typeof resourcePolicy === 'string'),
    ...needs('kinesis', ({ kinesis }) => kinesis !== undefined && kinesis !== false),
    ...needs('kms', ({ kmsKeyId }) => kmsKeyId !== undefined),
    "import type { Construct } from 'constructs'",
  ].join('\n')
}

function tableText(table: TableDefinition, id: string, variable: string): string {
  const after = [
    ...table.globalIndexes.map(
      index => `${variable}.addGlobalSecondaryIndex(${typescriptLiteral(globalIndex(index))})`,
    ),
    ...table.localIndexes.map(index => `${variable}.addLocalSecondaryIndex(${typescriptLiteral(localIndex(index))})`),
    ...vectorLines(table, variable),
    ...Object.entries(table.tags ?? {}).map(
      ([key, value]) => `cdk.Tags.of(${variable}).add(${typescriptString(key)}, ${typescriptString(value)})`,
    ),
  ]
  const create = `new dynamodb.Table(this, ${typescriptString(id)}, ${typescriptLiteral(tableProps(table, id))})`
  return [
    ...[...extraNotes(table), ...replicaNotes(table)].map(note => `// ${note}`),
    after.length === 0 ? create : `const ${variable} = ${create}`,
    ...after,
  ].join('\n')
}

/** `Table` knows replicas by their regions only. */
function replicaNotes({ replicas = [], consistency, witness }: TableDefinition): readonly string[] {
  const lost = [
    ...replicas.filter(replica => Object.keys(replica).length > 1).map(({ region }) => `the settings of ${region}`),
    ...(consistency === 'STRONG' ? ['STRONG consistency'] : []),
    ...(typeof witness === 'string' ? [`the witness ${witness}`] : []),
  ]
  return lost.length === 0 ? [] : [`not written, since it needs TableV2: ${lost.join(', ')}`]
}

/** The constructs of the CDK have no vector indexes; the resource below them has. */
function vectorLines(table: TableDefinition, variable: string): string[] {
  const { AttributeDefinitions, VectorIndexes } = tableProperties(table)
  if (VectorIndexes === undefined) return []
  const override = (name: string, value: unknown) =>
    `${variable}Resource.addPropertyOverride(${typescriptString(name)}, ${typescriptLiteral(value)})`
  return [
    `const ${variable}Resource = ${variable}.node.defaultChild as dynamodb.CfnTable`,
    override('AttributeDefinitions', AttributeDefinitions),
    override('VectorIndexes', VectorIndexes),
  ]
}

function tableProps(table: TableDefinition, id: string) {
  const { ttl, pointInTimeRecovery: recovery, stream, kinesis, resourcePolicy, tableClass } = table
  const regions = (table.replicas ?? []).map(({ region }) => region)
  return {
    tableName: table.name,
    ...keysOf(table),
    billingMode: enumOf('BillingMode', billingOf(table)),
    ...capacityOf(table),
    tableClass: tableClass && enumOf('TableClass', tableClass),
    ...encryptionOf(table, id),
    stream: stream === undefined || stream === false ? undefined : enumOf('StreamViewType', stream),
    ...(kinesis === undefined || kinesis === false
      ? {}
      : {
          kinesisStream: call('kinesis.Stream.fromStreamArn', new Code('this'), `${id}Changes`, kinesis.arn),
          kinesisPrecisionTimestamp:
            kinesis.precision && enumOf('ApproximateCreationDateTimePrecision', kinesis.precision),
        }),
    timeToLiveAttribute: ttl === false ? undefined : ttl,
    pointInTimeRecoverySpecification:
      recovery === undefined
        ? undefined
        : {
            pointInTimeRecoveryEnabled: recovery !== false,
            recoveryPeriodInDays: typeof recovery === 'number' ? recovery : undefined,
          },
    ...insightsOf(table),
    replicationRegions: regions.length === 0 ? undefined : regions,
    deletionProtection: table.deletionProtection,
    resourcePolicy:
      typeof resourcePolicy === 'string' ? call('iam.PolicyDocument.fromJson', JSON.parse(resourcePolicy)) : undefined,
    removalPolicy: new Code('cdk.RemovalPolicy.RETAIN'),
  }
}

function globalIndex(index: GlobalIndex) {
  return {
    indexName: index.name,
    ...(index.partitionKey.length === 1 && index.sortKey.length < 2
      ? keysOf(index)
      : {
          partitionKeys: index.partitionKey.map(attribute),
          sortKeys: index.sortKey.length === 0 ? undefined : index.sortKey.map(attribute),
        }),
    ...projectionOf(index),
    ...capacityOf(index),
    ...insightsOf(index),
  }
}

function localIndex(index: LocalIndex) {
  return { indexName: index.name, sortKey: index.sortKey[0] && attribute(index.sortKey[0]), ...projectionOf(index) }
}

const enumOf = (name: string, member: string) => new Code(`dynamodb.${name}.${member}`)

const call = (name: string, ...values: readonly unknown[]) =>
  new Code(`${name}(${values.map(value => typescriptLiteral(value)).join(', ')})`)

const attributeTypes = { S: 'STRING', N: 'NUMBER', B: 'BINARY' } as const

const attribute = ({ name, type }: KeyAttribute) => ({ name, type: enumOf('AttributeType', attributeTypes[type]) })

const keysOf = ({ partitionKey: [partition], sortKey: [sort] }: Pick<LocalIndex, 'partitionKey' | 'sortKey'>) => ({
  partitionKey: partition && attribute(partition),
  sortKey: sort && attribute(sort),
})

function projectionOf({ projection }: LocalIndex) {
  const type = typeof projection === 'string' ? projection : projection.length === 0 ? 'KEYS_ONLY' : 'INCLUDE'
  return {
    projectionType: enumOf('ProjectionType', type),
    nonKeyAttributes: type === 'INCLUDE' ? projection : undefined,
  }
}

function capacityOf(owner: TableDefinition | GlobalIndex) {
  const { readCapacity, writeCapacity, maxReadUnits, maxWriteUnits, warmReadUnits, warmWriteUnits } = owner
  return {
    readCapacity,
    writeCapacity,
    maxReadRequestUnits: maxReadUnits || undefined,
    maxWriteRequestUnits: maxWriteUnits || undefined,
    warmThroughput:
      warmReadUnits === undefined && warmWriteUnits === undefined
        ? undefined
        : { readUnitsPerSecond: warmReadUnits, writeUnitsPerSecond: warmWriteUnits },
  }
}

function encryptionOf({ encryption, kmsKeyId: key }: TableDefinition, id: string) {
  if (encryption === undefined) return {}
  if (key === undefined)
    return { encryption: enumOf('TableEncryption', encryption === 'AWS_OWNED' ? 'DEFAULT' : 'AWS_MANAGED') }
  return { encryption: enumOf('TableEncryption', 'CUSTOMER_MANAGED'), encryptionKey: keyOf(key, `${id}Key`) }
}

function keyOf(key: string, id: string): Code {
  const scope = new Code('this')
  if (key.startsWith('alias/')) return call('kms.Alias.fromAliasName', scope, id, key)
  if (key.startsWith('arn:')) return call('kms.Key.fromKeyArn', scope, id, key)
  const arn = call('this.formatArn', { service: 'kms', resource: 'key', resourceName: key })
  return call('kms.Key.fromKeyArn', scope, id, arn)
}

function insightsOf({ contributorInsights: insights }: TableDefinition | GlobalIndex) {
  if (insights === undefined) return {}
  return {
    contributorInsightsSpecification: {
      enabled: insights !== false,
      mode: typeof insights === 'string' ? enumOf('ContributorInsightsMode', insights) : undefined,
    },
  }
}
