import { basename } from 'node:path'
import type { TableDefinition } from '../../table/definition.ts'
import { upperFirst } from '../../table/text.ts'
import { globalTableNotes, tableProperties } from './aws-properties.ts'
import { globalTableIndexProps, globalTableProps, indexProps, localIndexProps, tableProps } from './cdk-props.ts'
import { indented, typescriptLiteral, typescriptString } from './code.ts'
import { extraNotes, headline, identifiers, type WriteOptions, type WrittenTemplate } from './written.ts'

/** A stack of the CDK in TypeScript, with one `Table` for each table, or `TableV2` for one with replicas. */
export function writeCdk(
  tables: readonly TableDefinition[],
  { file = 'tables-stack.ts' }: WriteOptions,
): WrittenTemplate {
  const ids = identifiers(tables, 'pascal', id => [`${id}Key`, `${id}Changes`])
  const variables = identifiers(tables, 'camel', variable => [`${variable}Resource`])
  const body = tables.map(table => tableText(table, ids.get(table) ?? '', variables.get(table) ?? ''))
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
  const name = words.map(upperFirst).join('')
  return /^[A-Za-z]/.test(name) && name !== 'Construct' ? name : 'TablesStack'
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
  const isGlobal = (table.replicas ?? []).length > 0
  const props = isGlobal ? globalTableProps(table, id) : tableProps(table, id)
  const tags = isGlobal ? [] : Object.entries(table.tags ?? {})
  const after = [
    ...table.globalIndexes.map(index => {
      const given = isGlobal ? globalTableIndexProps(index) : indexProps(index)
      return `${variable}.addGlobalSecondaryIndex(${typescriptLiteral(given)})`
    }),
    ...table.localIndexes.map(
      index => `${variable}.addLocalSecondaryIndex(${typescriptLiteral(localIndexProps(index))})`,
    ),
    ...overrideLines([...vectorOverrides(table), ...(isGlobal ? homeOverrides(table) : [])], isGlobal, variable),
    ...tags.map(([key, value]) => `cdk.Tags.of(${variable}).add(${typescriptString(key)}, ${typescriptString(value)})`),
  ]
  const notes = [
    ...extraNotes(table),
    ...globalTableNotes(table),
    ...(isGlobal ? ['replicas need a stack whose env names a region'] : []),
  ]
  const create = `new dynamodb.${isGlobal ? 'TableV2' : 'Table'}(this, ${typescriptString(id)}, ${typescriptLiteral(props)})`
  return [
    ...notes.map(note => `// ${note}`),
    after.length === 0 ? create : `const ${variable} = ${create}`,
    ...after,
  ].join('\n')
}

type Override = readonly [path: string, value: unknown]

/** Sets properties that only the resources below the constructs have. */
function overrideLines(overrides: readonly Override[], isGlobal: boolean, variable: string): string[] {
  if (overrides.length === 0) return []
  const calls = overrides.map(
    ([path, value]) => `addPropertyOverride(${typescriptString(path)}, ${typescriptLiteral(value)})`,
  )
  return [
    `const ${variable}Resource = ${variable}.node.defaultChild as dynamodb.Cfn${isGlobal ? 'Global' : ''}Table`,
    ...calls.map(each => `${variable}Resource.${each}`),
  ]
}

function vectorOverrides(table: TableDefinition): readonly Override[] {
  const { AttributeDefinitions, VectorIndexes } = tableProperties(table)
  if (VectorIndexes === undefined) return []
  return [
    ['AttributeDefinitions', AttributeDefinitions],
    ['VectorIndexes', VectorIndexes],
  ]
}

/** `TableV2` writes the stack's own region as the last replica, and gives its indexes the insights of the table. */
function homeOverrides(table: TableDefinition): readonly Override[] {
  const { replicas = [], globalIndexes, contributorInsights = false, kinesis } = table
  const home = `Replicas.${replicas.length}`
  const insights = globalIndexes.flatMap(({ contributorInsights: own = false }, at): Override[] => {
    if (own === contributorInsights) return []
    const path = `${home}.GlobalSecondaryIndexes.${at}.ContributorInsightsSpecification`
    const mode = typeof own === 'string' ? own : undefined
    return [
      [`${path}.Enabled`, own !== false],
      ...(mode === undefined && typeof contributorInsights !== 'string' ? [] : [[`${path}.Mode`, mode] as const]),
    ]
  })
  const precision = kinesis === undefined || kinesis === false ? undefined : kinesis.precision
  return [
    ...insights,
    ...(precision === undefined
      ? []
      : [[`${home}.KinesisStreamSpecification.ApproximateCreationDateTimePrecision`, precision] as const]),
  ]
}
