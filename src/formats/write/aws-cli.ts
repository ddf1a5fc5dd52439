import { planTable } from '../../plan/plan-table.ts'
import type { TableRequest } from '../../settings/step.ts'
import type { TableDefinition } from '../../table/definition.ts'
import { isRecord } from '../../table/untyped.ts'
import { headline, type WrittenTemplate } from './written.ts'

/** A shell script of AWS CLI commands: the requests of a plan for tables that do not exist yet. */
export function writeAwsCli(tables: readonly TableDefinition[]): WrittenTemplate {
  // An answer in a pager would stop the script until a key is pressed.
  const lines = ['#!/bin/sh', `# ${headline}`, 'set -eu', 'export AWS_PAGER=', ...tables.flatMap(tableLines)]
  return { files: [{ path: 'create-tables.sh', text: `${lines.join('\n')}\n` }], notes: [] }
}

function tableLines(table: TableDefinition): string[] {
  const { steps, notices } = planTable(table, undefined)
  return [
    '',
    ...notices.map(notice => `# ${notice.replaceAll(/[\r\n]+/g, ' ')}`),
    ...steps.flatMap(({ request, until }) => [
      commandOf(request, table.name),
      // The next command needs a table that is ready.
      ...(until.kind === 'ready' ? [waitFor(table.name, request.region)] : []),
    ]),
  ]
}

const waitFor = (table: string, region: string | undefined) =>
  `aws dynamodb wait table-exists ${named(table)}${regionOption(region)}`

/** A name that starts with a dash would pass for an option. */
const named = (table: string) => `--table-name${table.startsWith('-') ? '=' : ' '}${word(table)}`

const regionOption = (region: string | undefined) => (region === undefined ? '' : ` --region ${word(region)}`)

function commandOf({ api, input, region }: TableRequest, table: string): string {
  const parts = Object.entries(input).flatMap(([name, value]) => {
    if (value === undefined) return []
    if (name === 'TableName') return [named(table)]
    return [name === 'ResourceArn' ? `--resource-arn ${arnOf(table, region)}` : optionOf(kebab(name), value)]
  })
  return [`aws dynamodb ${kebab(api)}${regionOption(region)}`, ...parts].join(' \\\n  ')
}

/** Tags and policies are set by ARN, which is known once the table exists. */
function arnOf(table: string, region: string | undefined): string {
  const describe = `aws dynamodb describe-table ${named(table)}${regionOption(region)}`
  return `"$(${describe} --query Table.TableArn --output text)"`
}

function optionOf(name: string, value: unknown): string {
  if (typeof value === 'boolean') return `--${value ? '' : 'no-'}${name}`
  if (Array.isArray(value) && value.every(isPlain)) return [`--${name}`, ...value.map(shorthand)].join(' ')
  if (isPlain(value)) return `--${name} ${shorthand(value)}`
  return `--${name} ${word(typeof value === 'object' ? JSON.stringify(value) : String(value))}`
}

type Plain = Readonly<Record<string, string | number | boolean>>

/** Whether the shorthand of the AWS CLI, `Key=team,Value=shop`, can say it: no value holds a sign with a meaning. */
function isPlain(value: unknown): value is Plain {
  return isRecord(value) && Object.values(value).every(each => isSimple(each))
}

const isSimple = (value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && /^[\w.:/-]+$/.test(value))

const shorthand = (value: Plain) =>
  Object.entries(value)
    .map(([name, member]) => `${name}=${member}`)
    .join(',')

/** `SSESpecification` becomes `sse-specification`. */
const kebab = (name: string) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()

/** A word for the shell. */
function word(text: string): string {
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
