import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { DynamoxError } from '../errors.ts'
import type { Loaded, ResolvedTable } from '../load/load-options.ts'
import type { Side } from '../plan/compare-tables.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { Invocation, Session } from './command.ts'
import { place } from './connect.ts'
import { type Affixes, baseNameOf, liveNames, readLiveTables } from './live-tables.ts'
import { load, loadSettings } from './load.ts'

/** One of the two sources of `diff`, as the command line names it. */
export type Source =
  /** The live tables at the target, or at the target of an environment. */
  | { readonly kind: 'live'; readonly text: string; readonly env: string | undefined }
  /** What models and config define in an environment. */
  | { readonly kind: 'env'; readonly text: string; readonly env: string }
  /** A file, folder or glob. */
  | { readonly kind: 'files'; readonly text: string }

type LiveSource = Extract<Source, { kind: 'live' }>

/** A table of a source. */
export interface SourceTable {
  readonly name: string
  /** The name without prefix and suffix. */
  readonly baseName: string
  /** Logical ids in templates, exports of models. */
  readonly ids: readonly string[]
  readonly side: Side
}

/** `live`, `live:<environment>`, `env:<environment>`, or a path. */
export function parseSource(text: string, { io }: Pick<Invocation, 'io'>): Source {
  const [, kind, env] = /^(live|env)(?::(.+))?$/.exec(text) ?? []
  if (kind === 'live') return { kind, text, env }
  if (kind === 'env' && env !== undefined) return { kind, text, env }
  if (kind === 'env' || text === 'env:') {
    throw new DynamoxError('usage', `"${text}" names no environment`, { hint: 'for example env:prod' })
  }
  if (existsSync(resolve(io.cwd, text)) || /[*?{[!]/.test(text)) return { kind: 'files', text }
  throw new DynamoxError('usage', `${text} not found`, {
    hint: 'a source is a file, a folder, a glob, live, live:<environment> or env:<environment>',
  })
}

/** The tables of both sources. A live source is read for the tables of the other one. */
export async function readSources(
  run: Invocation,
  sources: readonly [Source, Source],
  allLive: boolean,
): Promise<readonly [readonly SourceTable[], readonly SourceTable[]]> {
  const [first, second] = sources
  // The definitions come first: they name the live tables to read.
  const unused: string[] = []
  const defined = [await definitionsOf(run, first, unused), await definitionsOf(run, second, unused)] as const
  const templates = sources.filter(({ kind }) => kind !== 'live').length
  const repeated = (text: string) => unused.filter(other => optionOf(other) === optionOf(text)).length === templates
  for (const text of unused) if (repeated(text)) run.report.warn(text)
  const live = async (source: Source, other: readonly SourceTable[] | undefined, otherSource: Source) =>
    source.kind === 'live' ? readLive(run, source, otherSource, allLive ? undefined : other) : []
  return [defined[0] ?? (await live(first, defined[1], second)), defined[1] ?? (await live(second, defined[0], first))]
}

/** The option of a warning such as `--param Env is not used: no template has this parameter`. */
const optionOf = (text: string) => /^(--(?:name|param) .+?) is not used: /.exec(text)?.[1]

/** @param unused takes the warnings about options that this source does not use; the other one may use them */
async function definitionsOf(
  run: Invocation,
  source: Source,
  unused: string[] = [],
): Promise<readonly SourceTable[] | undefined> {
  if (source.kind === 'live') return undefined
  const flags = source.kind === 'env' ? { ...run.flags, env: source.env } : { ...run.flags, model: [source.text] }
  const warn = (text: string, table?: string) =>
    optionOf(text) === undefined ? run.report.warn(text, table) : void unused.push(text)
  const { tables, hasDefinitions } = await load({ ...run, flags, report: { ...run.report, warn } })
  if (!hasDefinitions) {
    throw new DynamoxError('usage', `${source.text} defines no tables`, {
      hint: source.kind === 'env' ? 'give the models with --model, or put them into the config' : undefined,
    })
  }
  return tables.map(fromResolved)
}

function fromResolved({ definition, baseName, sources }: ResolvedTable): SourceTable {
  const ids = sources.flatMap(({ export: name, adapter, file }) => {
    if (name === undefined || name === 'default') return []
    const isCdk = adapter === 'cdk' || file.endsWith('.template.json')
    return [isCdk ? withoutHash(name) : name]
  })
  return { name: definition.name, baseName, ids, side: { definition } }
}

/** The CDK ends most logical ids with a hash of the construct's path: `OrdersF3C5E9A1`. */
const withoutHash = (id: string) => id.replace(/(?<=.)[0-9A-F]{8}$/, '')

async function readLive(
  run: Invocation,
  source: LiveSource,
  other: Source,
  wanted: readonly SourceTable[] | undefined,
): Promise<readonly SourceTable[]> {
  const { here, settings, names } = await findLive(run, source, other, wanted)
  const connection = await run.connect(run, settings)
  const session: Session = { ...here, loaded: settings, connection }
  try {
    run.report.note(`${source.text}: ${place(await connection.where())}`)
    const tables = await readLiveTables(session, [...new Set(names ?? (await liveNames(session, settings)))])
    const capabilities = connection.api.capabilities()
    return tables.map(live => fromLive(live.definition, settings, { definition: live.definition, live, capabilities }))
  } finally {
    await connection.close()
  }
}

/** Where a live source is, and which of its tables are compared. */
export interface LiveTarget {
  readonly here: Invocation
  readonly settings: Loaded & Affixes
  /** `undefined`: all with the prefix and suffix of the config. */
  readonly names: readonly string[] | undefined
}

/** The live sources of a comparison, without a request. */
export async function liveTargets(
  run: Invocation,
  [first, second]: readonly [Source, Source],
  allLive: boolean,
): Promise<readonly LiveTarget[]> {
  const sides = [[first, second] as const, [second, first] as const]
  const found = sides.map(async ([source, other]) =>
    source.kind === 'live'
      ? [await findLive(run, source, other, allLive ? undefined : await definitionsOf(run, other))]
      : [],
  )
  return (await Promise.all(found)).flat()
}

/**
 * `live` beside `env:prod` means the tables of that environment. Two live sources are compared by the tables that the
 * project defines, else by all tables.
 */
async function findLive(
  run: Invocation,
  source: LiveSource,
  other: Source,
  wanted: readonly SourceTable[] | undefined,
): Promise<LiveTarget> {
  const env = source.env ?? (other.kind === 'env' ? other.env : run.flags.env)
  const here = { ...run, flags: { ...run.flags, env } }
  const settings = await loadSettings(here)
  if (wanted !== undefined) return { here, settings, names: wanted.map(table => nameAt(table, other, settings)) }
  const { tables } = await load(here)
  return { here, settings, names: tables.length === 0 ? undefined : tables.map(({ definition }) => definition.name) }
}

/** Tables of another environment have other names: its prefix and suffix are replaced by those of the target. */
function nameAt({ name, baseName }: SourceTable, other: Source, { prefix, suffix }: Affixes): string {
  return other.kind === 'env' ? `${prefix}${baseName}${suffix}` : name
}

function fromLive({ name }: TableDefinition, affixes: Affixes, side: Side): SourceTable {
  return { name, baseName: baseNameOf(name, affixes) ?? name, ids: [], side }
}
