import type { TableDefinition } from '../../table/definition.ts'
import type { UntypedRecord } from '../../table/untyped.ts'
import { escapeVariables } from '../read/serverless/parse-variable.ts'
import { globalTableNotes, globalTableProperties, tableProperties } from './aws-properties.ts'
import { extraNotes, headline, identifiers, type WriteOptions, type WrittenTemplate } from './written.ts'
import { yamlText } from './yaml-text.ts'

/** A CloudFormation template in YAML, or in JSON when the file is called so. */
export function writeCloudformation(tables: readonly TableDefinition[], options: WriteOptions): WrittenTemplate {
  return template(tables, options, { AWSTemplateFormatVersion: '2010-09-09' }, tableResource)
}

/** A SAM template: a SimpleTable where that says everything, else CloudFormation's table. */
export function writeSam(tables: readonly TableDefinition[], options: WriteOptions): WrittenTemplate {
  const head = { AWSTemplateFormatVersion: '2010-09-09', Transform: 'AWS::Serverless-2016-10-31' }
  // CloudFormation imports resources of its own types only.
  return template(tables, options, head, options.import === true ? tableResource : samResource)
}

/** A serverless.yml whose resources are the tables. */
export function writeServerless(tables: readonly TableDefinition[], options: WriteOptions): WrittenTemplate {
  const { resources, comments, imports, notes } = resourcesOf(tables, tableResource)
  const value = { service: 'tables', provider: { name: 'aws' }, resources: { Resources: escaped(resources) } }
  return {
    files: [
      { path: 'serverless.yml', text: textOf(value, ['resources', 'Resources'], comments, options) },
      ...(options.import === true ? [imports] : []),
    ],
    notes: isJson(options) ? notes : [],
  }
}

/** The same value with every text escaped that the framework would take for a variable. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapeVariables(value)
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, escaped(member)]))
}

function template(
  tables: readonly TableDefinition[],
  options: WriteOptions,
  head: UntypedRecord,
  resourceOf: (table: TableDefinition) => Resource,
): WrittenTemplate {
  const { resources, comments, imports, notes } = resourcesOf(tables, resourceOf)
  return {
    files: [
      { path: 'template.yaml', text: textOf({ ...head, Resources: resources }, ['Resources'], comments, options) },
      ...(options.import === true ? [imports] : []),
    ],
    notes: isJson(options) ? notes : [],
  }
}

const isJson = ({ file }: WriteOptions) => file !== undefined && /\.(json|template)$/i.test(file)

interface Resource {
  readonly Type: string
  readonly Properties: UntypedRecord
}

function resourcesOf(tables: readonly TableDefinition[], resourceOf: (table: TableDefinition) => Resource) {
  const ids = identifiers(tables, 'pascal')
  const all = tables.map(table => {
    const { Type, Properties } = resourceOf(table)
    const id = ids.get(table) ?? table.name
    // A table that leaves the template keeps its data.
    return { id, table, resource: { Type, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties } }
  })
  const toImport = all.map(({ id, table, resource }) => ({
    ResourceType: resource.Type,
    LogicalResourceId: id,
    ResourceIdentifier: { TableName: table.name },
  }))
  return {
    resources: Object.fromEntries(all.map(({ id, resource }) => [id, resource])),
    comments: all.map(({ id, table }) => ({ id, lines: notesOf(table) })),
    notes: all.flatMap(({ table }) => notesOf(table).map(note => `${table.name}: ${note}`)),
    imports: { path: 'resources-to-import.json', text: `${JSON.stringify(toImport, undefined, 2)}\n` },
  }
}

const notesOf = (table: TableDefinition) => [...extraNotes(table), ...globalTableNotes(table)]

function textOf(
  value: UntypedRecord,
  path: readonly string[],
  comments: readonly { readonly id: string; readonly lines: readonly string[] }[],
  options: WriteOptions,
): string {
  if (isJson(options)) return `${JSON.stringify(value, undefined, 2)}\n`
  return yamlText(value, {
    head: [headline],
    before: comments.map(({ id, lines }) => ({ path: [...path, id], lines })),
  })
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
