import type { Place } from '../../errors.ts'
import { asRecord, isRecord, recordsOf, type UntypedRecord } from '../../table/untyped.ts'
import { type Format, joined, type ReadContext, type ReadTemplate } from './format.ts'
import { missingReason } from './missing-value.ts'

/** Tables of SST: `sst.config.ts` runs with stand-ins for SST's components, which note what is made. */
export const sst: Format = {
  name: 'sst',
  title: 'config of SST',
  matches: file => !file.isFolder && /(^|[-_.])sst\.config\.[cm]?[jt]s$/i.test(file.name),
  async read(file, context) {
    const { stage } = context.inputs
    const { app, made } = asRecord(await context.run(file.path, { stage, record: 'sst' }))
    const { name } = asRecord(app)
    const names = [typeof name === 'string' ? name : undefined, stage ?? 'dev']
    return joined(await Promise.all(recordsOf(made).map(entry => tableOf(entry, names, file.shown, context))))
  },
}

async function tableOf(
  { id: given, args, by, place: at }: UntypedRecord,
  [app, stage]: readonly (string | undefined)[],
  file: string,
  { inputs, shown }: ReadContext,
): Promise<ReadTemplate> {
  const { readTable } = await import('./terraform/read-table.ts')
  const { fromPlain, isMap, needsOf, unknown } = await import('./terraform/value.ts')
  const id = String(given)
  const place = placeOf(at, shown)
  if (by === 'cdk') return { skipped: [{ id, reason: 'the CDK makes it; give dynamox its cdk.out', place }] }
  const values = fromPlain(snakeCase(args), value => {
    const path = missingReason(value)
    return path === undefined ? undefined : unknown(path)
  })
  const table = isMap(values) ? values : {}
  const { name = null } = table
  // The physical name of SST 2.
  const own = by === 'construct' && name === null ? [stage, app, id].filter(Boolean).join('-') : name
  const isChosenBySst = needsOf(name).length === 0 && own === null
  return readTable(
    {
      address: id,
      label: id,
      values: { ...table, name: typeof own === 'string' && !own.includes('${') ? own : null },
      place,
      why: isChosenBySst ? 'SST chooses the name when it deploys' : 'its name is known only after the deployment',
    },
    { ...inputs, stackName: inputs.stackName ?? [app, stage].filter(Boolean).join('-') },
    file,
  )
}

function placeOf(at: unknown, shown: (path: string) => string): Place | undefined {
  const { file, line, column, source } = asRecord(at)
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
