import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Outcome } from '../../apply/events.ts'
import { DynamoxError } from '../../errors.ts'
import type { Loaded, ResolvedTable } from '../../load/load-options.ts'
import type { Side } from '../../plan/compare-tables.ts'
import { keyText } from '../../settings/change.ts'
import type { Command, Invocation } from '../command.ts'
import { place, withConnection } from '../connect.ts'
import { type Affixes, baseNameOf, liveNames, readLiveTables } from '../live-tables.ts'
import { load, loadSettings } from '../load.ts'
import { notEmpty } from '../report/json-report.ts'
import type { TableRow } from '../report/report.ts'

export const diff: Command = {
  name: 'diff',
  summary: 'compare two sources: files, folders, globs, live, env:<name>',
  exit1: 'the sources differ',
  takes: 'sources',
  reads: 'optional',
  contacts: true,
  options: ['matchBy'],
  meanings: { env: "the config's environments.<name> for sources that name none" },
  otherWords: ['compare', 'delta'],
  examples: [
    ['dynamox diff template.yaml src/models/', 'a template and the models of the same tables'],
    ['dynamox diff live env:prod', 'what update --env prod would change'],
  ],

  /** Compares two sources table by table, in the words of a plan that turns the first into the second. */
  async run(invocation) {
    const { flags, report } = invocation
    const [first, second] = sourcesOf(invocation)
    const by = flags.matchBy ?? 'name'
    report.note(`Comparing ${first.text} with ${second.text}`)
    const [found, other] = await findSources(invocation, [first, second])
    const tables = [await readTables(found), await readTables(other)] as const
    const { compareTables } = await import('../../plan/compare-tables.ts')
    const { createStep, deleteStep } = await import('../../plan/steps.ts')
    const pairs = pairTables(tables[0], tables[1], by)
    const isDisjoint = pairs.every(([a, b]) => a === undefined || b === undefined)
    if (by === 'name' && isDisjoint && tables.every(each => each.length > 0)) {
      report.note('no table has the same name in both; --match-by id or --match-by keys ignores names')
    }
    const results = pairs.map(([a, b]): Compared => {
      if (a === undefined)
        return { name: b.name, action: 'missing', lines: [onlyIn(createStep(b.side.definition), second)] }
      if (b === undefined) return { name: a.name, action: 'missing', lines: [onlyIn(deleteStep(a.name), first)] }
      const { changes, lines } = compareTables(a.side, b.side)
      const name = a.name === b.name ? a.name : `${a.name} -> ${b.name}`
      return { name, action: changes.length === 0 ? 'unchanged' : 'different', changes, lines }
    })
    const outcomes = results.map(({ lines: _lines, ...outcome }): Outcome => ({ ...outcome, durationMs: 0 }))
    report.begin({ verb: 'Comparing', counted: 'compared', names: results.map(({ name }) => name) })
    for (const [at, outcome] of outcomes.entries()) report.outcome(outcome, results[at]?.lines ?? [])
    report.finish(outcomes)
    return {
      exit: results.some(({ action }) => action !== 'unchanged') ? 1 : 0,
      tables: results.map(toRow),
      extra: { sources: [first.text, second.text] },
    }
  },

  /** Reads each live source at its own target. */
  async calls(run) {
    const { callsOfReading } = await import('../print-policy.ts')
    const { followUps } = await import('../../settings/catalogue.ts')
    const found = await findSources(run, sourcesOf(run))
    const live = found.filter(each => 'here' in each)
    return Promise.all(
      live.map(({ here, settings, names }) => {
        const pattern = `${settings.prefix}*${settings.suffix}`
        return callsOfReading(here, settings, { names, pattern, fields: followUps })
      }),
    )
  },
}

interface Compared extends Pick<Outcome, 'name' | 'changes'> {
  readonly action: 'unchanged' | 'different' | 'missing'
  readonly lines: readonly string[]
}

/** The two sources that the command line names. Throws `usage`. */
function sourcesOf(run: Invocation): readonly [Source, Source] {
  const { names } = run
  const [first, second, third] = names
  if (first === undefined || second === undefined || third !== undefined) {
    throw new DynamoxError('usage', `diff takes two sources, but got ${names.length}`, {
      hint: 'for example dynamox diff template.yaml src/models/, or dynamox diff live env:prod',
    })
  }
  const sources = [parseSource(first, run), parseSource(second, run)] as const
  refuseEnvironment(run, sources)
  return sources
}

/** Refuses --env where both sources have an environment of their own; a variable of the shell may be set for others. */
function refuseEnvironment({ flags: { env }, io }: Invocation, [first, second]: readonly [Source, Source]): void {
  if (env === undefined || env === io.env.DYNAMOX_ENV) return
  const own = [environmentOf(first, second), environmentOf(second, first)]
  if (own.includes(undefined) || own.includes(env)) return
  const live = [first, second].some(({ text }) => text === 'live')
  throw new DynamoxError('usage', `--env ${env} cannot be combined with ${first.text} and ${second.text}`, {
    hint: live
      ? `live beside env:${own[0]} means the tables of ${own[0]}; live:${env} means those of ${env}`
      : 'leave it out: both sources name their environment',
  })
}

/** The environment that a source itself has. `live` beside `env:prod` means the tables of that environment. */
function environmentOf(source: Source, other: Source): string | undefined {
  if (source.kind === 'files') return undefined
  return source.env ?? (other.kind === 'env' ? other.env : undefined)
}

const onlyIn = ({ sign, summary }: { readonly sign: string; readonly summary: string }, { text }: Source) =>
  `${sign} ${summary}: only in ${text}`

function toRow({ name, action, changes, lines }: Compared): TableRow {
  return { name, action, changes: notEmpty(changes), differences: notEmpty(lines) }
}

/** Two tables that belong together, or a table that only one source has. */
type Pair = readonly [SourceTable, SourceTable | undefined] | readonly [undefined, SourceTable]

/**
 * Pairs the tables of two sources, each with at most one other: by name (else by the name without prefix and suffix), by
 * logical id, or by their keys in the order of the sources. The pairs are in the order of the first source, then of the
 * second.
 */
export function pairTables(
  first: readonly SourceTable[],
  second: readonly SourceTable[],
  by: keyof typeof matchers = 'name',
): readonly Pair[] {
  const left = new Set(second)
  const partners = new Map<SourceTable, SourceTable>()
  // A closer match of one table must not be taken by a looser match of another.
  for (const isMatch of matchers[by]) {
    for (const table of first) {
      const found = partners.has(table) ? undefined : [...left].find(other => isMatch(table, other))
      if (found === undefined) continue
      partners.set(table, found)
      left.delete(found)
    }
  }
  return [
    ...first.map((table): Pair => [table, partners.get(table)]),
    ...[...left].map((table): Pair => [undefined, table]),
  ]
}

type IsMatch = (a: SourceTable, b: SourceTable) => boolean

const sameName: IsMatch = (a, b) => a.name === b.name
const sameBaseName: IsMatch = (a, b) => a.baseName === b.baseName

const matchers = {
  name: [sameName, sameBaseName],
  id: [sameName, (a, b) => wordsOf(a).some(word => wordsOf(b).includes(word))],
  keys: [(a, b) => keysOf(a) === keysOf(b) && indexesOf(a) === indexesOf(b), (a, b) => keysOf(a) === keysOf(b)],
} as const satisfies Record<string, readonly IsMatch[]>

/** `UsersTable`, `users` and `users-table` are one id. */
function wordsOf({ ids, baseName }: SourceTable): readonly string[] {
  return [...ids, baseName]
    .map(id => id.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))
    .map(id => id.replace(/(?<=.)(?:table|model|entity|schema)$/, ''))
    .filter(id => id !== '' && !/^tables\d+$/.test(id))
}

const keysOf = ({ side }: SourceTable) => keyText(side.definition)

function indexesOf({ side }: SourceTable): string {
  const { globalIndexes, localIndexes } = side.definition
  return [...globalIndexes, ...localIndexes]
    .map(index => `${index.name} ${keyText(index)}`)
    .sort()
    .join('; ')
}

/** One of the two sources of `diff`, as the command line names it. */
type Source =
  /** The live tables at the target, or at the target of an environment. */
  | { readonly kind: 'live'; readonly text: string; readonly env: string | undefined }
  /** The definitions of models and config in an environment. */
  | { readonly kind: 'env'; readonly text: string; readonly env: string }
  /** A file, folder or glob. */
  | { readonly kind: 'files'; readonly text: string }

/** A table of a source. */
interface SourceTable {
  readonly name: string
  /** The name without prefix and suffix. */
  readonly baseName: string
  /** Logical ids in templates, exports of models. */
  readonly ids: readonly string[]
  readonly side: Side
}

/** `live`, `live:<environment>`, `env:<environment>`, or a path. */
function parseSource(text: string, { io }: Pick<Invocation, 'io'>): Source {
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

/** The definitions of both sources. A live source is read for the tables that the other one defines. */
async function findSources(
  run: Invocation,
  [first, second]: readonly [Source, Source],
): Promise<readonly [Found, Found]> {
  const unused: string[] = []
  const defined = [await definitionsOf(run, first, unused), await definitionsOf(run, second, unused)] as const
  const templates = [first, second].filter(({ kind }) => kind !== 'live').length
  const repeated = (text: string) => unused.filter(other => optionOf(other) === optionOf(text)).length === templates
  for (const text of unused) if (repeated(text)) run.report.warn(text)
  return [
    defined[0] ?? (await findLive(run, first, second, defined[1])),
    defined[1] ?? (await findLive(run, second, first, defined[0])),
  ]
}

/** The option of a warning such as `--param Env is not used: no template has this parameter`. */
const optionOf = (text: string) => /^(--(?:name|param) .+?) is not used: /.exec(text)?.[1]

/** @param unused takes the warnings about options that this source does not use; the other one may use them */
async function definitionsOf(
  run: Invocation,
  source: Source,
  unused: string[],
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

/** Where a live source is, and which of its tables are compared. */
interface LiveTarget {
  readonly text: string
  readonly here: Invocation
  readonly settings: Loaded & Affixes
  /** `undefined`: all with the prefix and suffix of the config. */
  readonly names: readonly string[] | undefined
}

/** The definitions of a source, or where its live tables are. */
type Found = readonly SourceTable[] | LiveTarget

async function readTables(found: Found): Promise<readonly SourceTable[]> {
  if (!('here' in found)) return found
  const { text, here, settings, names } = found
  return withConnection(here, settings, async session => {
    const { connection, report } = session
    report.note(`${text}: ${place(await connection.where())}`)
    const tables = await readLiveTables(session, [...new Set(names ?? (await liveNames(session, settings)))])
    const capabilities = connection.api.capabilities()
    return tables.map(live => {
      const { definition } = live
      const baseName = baseNameOf(definition.name, settings) ?? definition.name
      return { name: definition.name, baseName, ids: [], side: { definition, live, capabilities } }
    })
  })
}

/**
 * The live tables that the other source defines; of two live sources, those that the project defines, else all. Where
 * names do not matter, any live table may belong to one of the other source.
 */
async function findLive(
  run: Invocation,
  source: Source,
  other: Source,
  wanted: readonly SourceTable[] | undefined,
): Promise<LiveTarget> {
  const env = environmentOf(source, other) ?? run.flags.env
  const here = { ...run, flags: { ...run.flags, env } }
  const settings = await loadSettings(here)
  const found = { text: source.text, here, settings }
  if (wanted !== undefined && (run.flags.matchBy ?? 'name') === 'name')
    return { ...found, names: wanted.map(table => nameAt(table, other, settings)) }
  const { tables } = await load(here)
  return { ...found, names: tables.length === 0 ? undefined : tables.map(({ definition }) => definition.name) }
}

/** Tables of another environment have other names: its prefix and suffix are replaced by those of the target. */
function nameAt({ name, baseName }: SourceTable, other: Source, { prefix, suffix }: Affixes): string {
  return other.kind === 'env' ? `${prefix}${baseName}${suffix}` : name
}
