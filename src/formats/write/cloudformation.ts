import type { TableDefinition } from '../../table/definition.ts'
import type { UntypedRecord } from '../../table/untyped.ts'
import { escapeVariables } from '../read/serverless/parse-variable.ts'
import { globalTableNotes, globalTableProperties, tableProperties } from './aws-properties.ts'
import { extraNotes, headline, identifiers, jsonText, type WriteOptions, type WrittenTemplate } from './written.ts'
import { yamlText } from './yaml-text.ts'

/** A CloudFormation template in YAML, or in JSON when the file is called so. */
export function writeCloudformation(tables: readonly TableDefinition[], options: WriteOptions): WrittenTemplate {
  const frame = (Resources: UntypedRecord) => ({ AWSTemplateFormatVersion: '2010-09-09', Resources })
  return write(tables, options, { path: 'template.yaml', frame, within: ['Resources'], resourceOf: tableResource })
}

/** A SAM template: a SimpleTable where that says everything, else CloudFormation's table. */
export function writeSam(tables: readonly TableDefinition[], options: WriteOptions): WrittenTemplate {
  const head = { AWSTemplateFormatVersion: '2010-09-09', Transform: 'AWS::Serverless-2016-10-31' }
  const frame = (Resources: UntypedRecord) => ({ ...head, Resources })
  // CloudFormation imports resources of its own types only.
  const resourceOf = options.import === true ? tableResource : samResource
  return write(tables, options, { path: 'template.yaml', frame, within: ['Resources'], resourceOf })
}

/** A serverless.yml whose resources are the tables. */
export function writeServerless(tables: readonly TableDefinition[], options: WriteOptions): WrittenTemplate {
  const head = { service: 'tables', provider: { name: 'aws' } }
  const frame = (resources: UntypedRecord) => ({ ...head, resources: { Resources: escaped(resources) } })
  const within = ['resources', 'Resources']
  return write(tables, options, { path: 'serverless.yml', frame, within, resourceOf: tableResource })
}

/** The same value with every text escaped that the framework would take for a variable. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapeVariables(value)
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, escaped(member)]))
}

interface Dialect {
  /** The usual name of its file. */
  readonly path: string
  /** The whole template, with the resources. */
  frame(resources: UntypedRecord): UntypedRecord
  /** Where the resources stand in it. */
  readonly within: readonly string[]
  resourceOf(table: TableDefinition): Resource
}

interface Resource {
  readonly Type: string
  readonly Properties: UntypedRecord
}

function write(
  tables: readonly TableDefinition[],
  { file = '', import: adopts }: WriteOptions,
  { path, frame, within, resourceOf }: Dialect,
): WrittenTemplate {
  const ids = identifiers(tables, 'pascal')
  const all = tables.map(table => {
    const { Type, Properties } = resourceOf(table)
    const id = ids.get(table) ?? table.name
    // A table that leaves the template keeps its data.
    const resource = { Type, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties }
    return { id, name: table.name, resource, notes: [...extraNotes(table), ...globalTableNotes(table)] }
  })
  const value = frame(Object.fromEntries(all.map(({ id, resource }) => [id, resource])))
  const toImport = all.map(({ id, name, resource }) => ({
    ResourceType: resource.Type,
    LogicalResourceId: id,
    ResourceIdentifier: { TableName: name },
  }))
  // JSON has no comments for the notes.
  const isJson = /\.(json|template)$/i.test(file)
  const before = all.map(({ id, notes }) => ({ path: [...within, id], lines: notes }))
  return {
    files: [
      { path, text: isJson ? jsonText(value) : yamlText(value, { head: [headline], before }) },
      ...(adopts === true ? [{ path: 'resources-to-import.json', text: jsonText(toImport) }] : []),
    ],
    notes: isJson ? all.flatMap(({ name, notes }) => notes.map(note => `${name}: ${note}`)) : [],
  }
}

function tableResource(table: TableDefinition): Resource {
  if ((table.replicas ?? []).length > 0)
    return { Type: 'AWS::DynamoDB::GlobalTable', Properties: globalTableProperties(table) }
  return { Type: 'AWS::DynamoDB::Table', Properties: tableProperties(table) }
}

/** The properties of a SimpleTable, besides its name and key. */
const simple = ['ProvisionedThroughput', 'SSESpecification', 'PointInTimeRecoverySpecification', 'Tags']

const simpleTypes = { S: 'String', N: 'Number', B: 'Binary' } as const

function samResource(table: TableDefinition): Resource {
  const { TableName, AttributeDefinitions, KeySchema, BillingMode, Tags, ...rest } = tableProperties(table)
  const [key] = table.partitionKey
  const isSimple = Object.keys(rest).every(name => simple.includes(name))
  if (key === undefined || table.sortKey.length > 0 || !isSimple) return tableResource(table)
  return {
    Type: 'AWS::Serverless::SimpleTable',
    Properties: {
      TableName,
      PrimaryKey: { Name: key.name, Type: simpleTypes[key.type] },
      ...rest,
      ...(table.tags === undefined || Tags === undefined ? {} : { Tags: table.tags }),
    },
  }
}
