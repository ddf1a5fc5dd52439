import type { Place } from '../errors.ts'
import { isRecord, type UntypedRecord } from '../table/untyped.ts'
import type { Format, ReadContext, ReadTemplate } from './format.ts'
import { missingReason } from './missing-value.ts'
import { nameTable } from './name-table.ts'

/** Tables of SST: `sst.config.ts` runs with stand-ins for SST's components, which note what is made. */
export const sst: Format = {
  name: 'sst',
  title: 'config of SST',
  matches: file => !file.isFolder && /(^|[-_.])sst\.config\.[cm]?[jt]s$/i.test(file.name),
  async read(file, context) {
    const { stage } = context.inputs
    const recorded = await context.run(file.path, { stage, record: 'sst' })
    const { app, made } = isRecord(recorded) ? recorded : {}
    const name = isRecord(app) && typeof app.name === 'string' ? app.name : undefined
    const entries = Array.isArray(made) ? made.filter(isRecord) : []
    const parts = await Promise.all(entries.map(entry => tableOf(entry, [name, stage ?? 'dev'], file.shown, context)))
    return {
      tables: parts.flatMap(({ tables }) => tables),
      skipped: parts.flatMap(({ skipped }) => skipped),
      warnings: [],
    }
  },
}

async function tableOf(
  { id: given, args, by, place: at }: UntypedRecord,
  [app, stage]: readonly (string | undefined)[],
  file: string,
  { inputs, shown }: ReadContext,
): Promise<ReadTemplate> {
  const { toCreateTable } = await import('./terraform/to-create-table.ts')
  const { fromPlain, isMap, needsOf, unknown } = await import('./terraform/value.ts')
  const values = fromPlain(snakeCase(args), value => {
    const path = missingReason(value)
    return path === undefined ? undefined : unknown(path)
  })
  const table = isMap(values) ? values : {}
  const id = String(given)
  const place = placeOf(at, shown)
  const converted = by === 'cdk' ? 'the CDK makes it; give dynamox its cdk.out' : toCreateTable(table)
  if (typeof converted === 'string') return { tables: [], skipped: [{ id, reason: converted, place }], warnings: [] }
  const { name = null } = table
  // The physical name of SST 2.
  const own = by === 'construct' && name === null ? [stage, app, id].filter(Boolean).join('-') : name
  const isKnown = typeof own === 'string' && !own.includes('${')
  const needs = needsOf(name)
  const named = nameTable({
    id,
    name: isKnown ? own : undefined,
    why:
      needs.length > 0 || own !== null
        ? 'its name is known only after the deployment'
        : 'SST chooses the name when it deploys',
    stack: inputs.stackName ?? [app, stage].filter(Boolean).join('-'),
    inputs,
    file,
  })
  return {
    tables: [
      {
        id,
        shape: 'create-table',
        input: { TableName: named.name, ...converted.input },
        layer: converted.layer,
        place,
        assumed: converted.assumed,
        warnings: [...named.warnings, ...converted.warnings.map(text => `${named.name}: ${text}`)],
      },
    ],
    skipped: [],
    warnings: [],
  }
}

function placeOf(at: unknown, shown: (path: string) => string): Place | undefined {
  const { file, line, column, source } = isRecord(at) ? at : {}
  if (typeof file !== 'string' || typeof line !== 'number' || typeof column !== 'number') return undefined
  return { file: shown(file), line, column, source: String(source ?? '') }
}

/** Pulumi's lists of blocks, by the names of Terraform. */
const singular: Readonly<Record<string, string>> = {
  attributes: 'attribute',
  global_secondary_indexes: 'global_secondary_index',
  local_secondary_indexes: 'local_secondary_index',
  key_schemas: 'key_schema',
  replicas: 'replica',
}

/** The arguments of Terraform's resource, which Pulumi writes in camel case. */
function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase)
  if (!isRecord(value) || missingReason(value) !== undefined) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const snake = name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
      return [singular[snake] ?? snake, name === 'tags' ? inner : snakeCase(inner)]
    }),
  )
}
