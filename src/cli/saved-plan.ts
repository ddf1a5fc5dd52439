import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DynamoxError, fileReason, type Problem } from '../errors.ts'
import type { Loaded, ResolvedTable } from '../load/load-options.ts'
import type { PlanOptions } from '../plan/plan-table.ts'
import { toDefinition } from '../settings/to-definition.ts'
import type { Assumption, TableDefinition } from '../table/definition.ts'
import type { TableInput } from '../table/input.ts'
import { isRecord, show, type UntypedRecord } from '../table/untyped.ts'
import type { Invocation, Session } from './command.ts'
import { withConnection } from './connect.ts'
import { loadSettings } from './load.ts'
import { partsOf } from './options/option.ts'
import { decidesPlan, optionEntries } from './options/options.ts'
import { beginChanges, carryOutPlans, type Planned, planAll, planOptions } from './plan-tables.ts'
import { replaceFile } from './replace-file.ts'
import type { ReportTarget, Result } from './report/report.ts'

const format = 'dynamox plan'
/** Increased whenever an older file could be misread. */
const version = 2

/**
 * The content of a file that `plan --out` writes. It contains the definitions, so that `update --plan` can plan again;
 * it applies the new plan only if it equals the saved one. The requests in the file are never sent.
 */
interface SavedPlan {
  readonly format: typeof format
  readonly version: typeof version
  readonly target: ReportTarget
  readonly options: PlanOptions
  readonly tables: readonly SavedTable[]
}

interface SavedTable {
  readonly name: string
  /** The TableId, which is new for every creation; `null` if the table did not exist, or the target reports no id. */
  readonly id: string | null
  /** The definition, in the form of `tables:` in a config. */
  readonly definition: TableInput
  readonly assumed: readonly Assumption[]
  /** The plan, for review and for the comparison. */
  readonly plan: unknown
}

// `update --plan` accepts none of them.
const deciding = optionEntries.filter(([, option]) => decidesPlan(option))

const planAgain = (file: string) => `make a new one with dynamox plan --out ${file}`

/** Writes the plans for `update --plan`. Returns the file's path and the command for it. Throws `usage`. */
export async function savePlan(
  session: Session,
  file: string,
  planned: readonly Planned[],
): Promise<{ readonly path: string; readonly next: string }> {
  const { io, flags, complete } = session
  const saved: SavedPlan = {
    format,
    version,
    target: await establish(session),
    options: planOptions(flags),
    tables: planned.flatMap(({ definition, live, plan }) =>
      plan === undefined
        ? []
        : [
            {
              name: definition.name,
              id: idOf(live),
              ...toInput(definition),
              plan: { ...plan, table: definition.name },
            },
          ],
    ),
  }
  try {
    replaceFile(file, `${JSON.stringify(saved, undefined, 2)}\n`, io.cwd)
  } catch (cause) {
    throw new DynamoxError('usage', `the plan cannot be written to ${file}: ${fileReason(cause)}`, {
      hint: 'name a file in a folder that exists: --out plan.json',
      cause,
    })
  }
  const left = Object.fromEntries(Object.entries(flags).filter(([flag]) => !deciding.some(([name]) => name === flag)))
  return { path: resolve(io.cwd, file), next: complete(`dynamox update --plan ${file}`, left) }
}

const idOf = (live: Planned['live']) => (live === undefined || live.status === 'DELETING' ? null : (live.id ?? null))

/** The saved plan, and its definitions in place of those of models. Throws `usage`. */
export async function loadSaved(run: Invocation, file: string): Promise<{ saved: SavedPlan; loaded: Loaded }> {
  refuseOthers(run)
  const saved = readSavedPlan(file, run.io.cwd)
  const tables = saved.tables.map((table, at) => toResolved(table, at, file))
  return { saved, loaded: { ...(await loadSettings(run)), tables, hasDefinitions: true } }
}

/**
 * Applies a plan saved by `plan --out`. No model is loaded; the config only gives the target and the allowed accounts.
 */
export async function updateSaved(run: Invocation, file: string): Promise<Result> {
  const { saved, loaded } = await loadSaved(run, file)
  return withConnection({ ...run, flags: { ...run.flags, ...saved.options } }, loaded, async session => {
    const work = await beginChanges(session, 'Updating')
    // Check the target before sending requests about tables that it should not have.
    refuse(file, differentPlace(saved.target, await session.connection.where()))
    const planned = await planAll(session, work)
    const failed = planned.find(({ plan }) => plan === undefined)
    if (failed !== undefined) throw failed.outcome.error ?? stopped()
    refuse(file, differentAccount(saved.target, await establish(session)))
    refuse(
      file,
      planned.flatMap((now, at) => differentTable(saved.tables[at], now)),
    )
    return carryOutPlans(session, planned, work)
  })
}

const stopped = () => new DynamoxError('interrupted', 'interrupted; nothing was changed')

/** The target of the plan. On AWS this includes the account, which is requested if it is not known yet. */
async function establish({ signal, connection: { api, where } }: Session): Promise<ReportTarget> {
  const target = await where()
  if (target.kind !== 'aws' || target.account !== null) return target
  const { account } = await api.identify({ account: 'required', signal })
  if (account !== undefined) return { ...target, account }
  throw new DynamoxError('usage', 'the AWS account is not known, and a saved plan is for one account', {
    hint: 'allow these credentials to call sts:GetCallerIdentity, or set AWS_ACCOUNT_ID beside AWS_ACCESS_KEY_ID',
  })
}

function refuseOthers({ names, flags }: Invocation): void {
  if (names.length > 0) throw new DynamoxError('usage', '--plan cannot be combined with table names')
  const given = deciding.find(([name]) => flags[name] !== undefined)
  if (given === undefined) return
  throw new DynamoxError('usage', `--plan cannot be combined with ${partsOf(given[1]).long}`, {
    hint: 'a saved plan cannot be changed; pass this option to dynamox plan --out',
  })
}

function refuse(file: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return
  throw new DynamoxError('conflict', `${file} no longer matches the live tables; nothing was changed`, {
    problems,
    hint: planAgain(file),
  })
}

function differentPlace(saved: ReportTarget, now: ReportTarget): Problem[] {
  const differ = (path: string, before: string | null, after: string | null) =>
    before === after ? [] : [{ path, message: `the plan is for ${before || 'none'}, but this is ${after || 'none'}` }]
  return [
    ...differ('target', saved.kind, now.kind),
    ...differ('region', saved.region, now.region),
    // Do not compare the embedded engine's endpoint, whose port changes; the table ids identify its tables.
    ...(saved.kind === 'local' && now.kind === 'local' ? [] : differ('endpoint', saved.endpoint, now.endpoint)),
  ]
}

function differentAccount({ account: before }: ReportTarget, { account: after }: ReportTarget): Problem[] {
  if (before === null || after === null || before === after) return []
  return [{ path: 'account', message: `the plan is for ${before}, but this is ${after}` }]
}

function differentTable(saved: SavedTable | undefined, { live, plan }: Planned): Problem[] {
  if (saved === undefined) return []
  const { name, id } = saved
  const problem = (message: string): Problem[] => [{ path: name, message }]
  const exists = live !== undefined && live.status !== 'DELETING'
  if (id !== null && !exists) return problem('the table no longer exists')
  if (id !== null && id !== idOf(live)) return problem('the table was deleted and created again in the meantime')
  const now: unknown = JSON.parse(JSON.stringify(plan))
  if (isDeepStrictEqual(now, saved.plan)) return []
  return problem('a new plan differs: the table or the file was changed, or the plan was carried out in part')
}

/** Reads a saved plan. Throws `usage` for anything else. */
function readSavedPlan(file: string, cwd: string): SavedPlan {
  const value = parse(file, read(file, cwd))
  if (!isRecord(value) || value.format !== format) {
    throw new DynamoxError('usage', `${file} is not a saved plan`, { hint: 'dynamox plan --out plan.json writes one' })
  }
  if (value.version !== version) {
    const theirs = show(value.version)
    throw new DynamoxError('usage', `${file} has format version ${theirs}, and this dynamox reads version ${version}`, {
      hint: planAgain(file),
    })
  }
  if (isSavedPlan(value)) return value
  throw new DynamoxError('usage', `${file} is damaged`, { hint: planAgain(file) })
}

function read(file: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (cause) {
    throw new DynamoxError('usage', `the plan ${file} cannot be read: ${fileReason(cause)}`, {
      cause,
      hint: `dynamox plan --out ${file} writes one`,
    })
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DynamoxError('usage', `${file} is not valid JSON`, { cause, hint: planAgain(file) })
  }
}

// Plans are only compared, so they are not checked; definitions are checked when they are read.
function isSavedPlan(value: UntypedRecord): value is UntypedRecord & SavedPlan {
  const { target, options: chosen, tables } = value
  const isText = (text: unknown) => text === null || typeof text === 'string'
  return (
    isRecord(target) &&
    ['aws', 'endpoint', 'local'].some(kind => kind === target.kind) &&
    typeof target.region === 'string' &&
    isText(target.endpoint) &&
    isText(target.account) &&
    isRecord(chosen) &&
    Object.entries(chosen).every(
      ([name, on]) => Object.keys(planOptions({})).includes(name) && typeof on === 'boolean',
    ) &&
    Array.isArray(tables) &&
    tables.length > 0 &&
    tables.every(table => isRecord(table) && typeof table.name === 'string' && isText(table.id)) &&
    new Set(tables.map(table => table.name)).size === tables.length &&
    tables.every(table => Array.isArray(table.assumed) && table.assumed.every(isAssumption))
  )
}

function isAssumption(value: unknown): value is Assumption {
  return (
    isRecord(value) &&
    typeof value.path === 'string' &&
    typeof value.message === 'string' &&
    typeof value.guess === 'boolean'
  )
}

/** A definition in the form of `tables:` in a config, which can be checked when it is read again. */
export function toInput(definition: TableDefinition): Pick<SavedTable, 'definition' | 'assumed'> {
  const { name, partitionKey, sortKey, globalIndexes, localIndexes, assumed, ...settings } = definition
  const sorted = (key: TableDefinition['sortKey']) => (key.length === 0 ? {} : { sortKey: key })
  const input: TableInput = {
    table: name,
    partitionKey,
    ...sorted(sortKey),
    ...settings,
    globalIndexes: Object.fromEntries(
      globalIndexes.map(({ name: index, sortKey: key, ...rest }) => [index, { ...rest, ...sorted(key) }]),
    ),
    localIndexes: Object.fromEntries(
      localIndexes.map(index => [index.name, { sortKey: index.sortKey, projection: index.projection }]),
    ),
  }
  return { definition: input, assumed }
}

export function toResolved({ name, definition: input, assumed }: SavedTable, at: number, file: string): ResolvedTable {
  const { definition, problems } = toDefinition(input, { path: `tables[${at}] ${name}`, assumed })
  if (definition === undefined || definition.name !== name) {
    throw new DynamoxError('usage', `${file} is damaged`, { problems, hint: planAgain(file) })
  }
  // Every default is written to the file and listed in `assumed`.
  return {
    definition: { ...definition, assumed },
    baseName: name,
    sources: [],
    warnings: [],
    origins: {},
    onCreation: [],
  }
}
