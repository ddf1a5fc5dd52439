import { DynamoxError } from '../../errors.ts'
import type { TableDefinition } from '../../table/definition.ts'
import type { LiveTable } from '../../table/live.ts'
import { formatAge } from '../../table/text.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { announce, guardAccount, withConnection } from '../connect.ts'
import { ageOf, askToDelete, guardProtected, guardReplicas, listToDelete, mustAsk } from '../consent.ts'
import { readEach, readTable, suggestForMissing } from '../live-tables.ts'
import { load, loadAny, selectNames } from '../load.ts'
import { definitionFlags } from '../options/definition-flags.ts'
import { partsOf } from '../options/option.ts'
import { optionEntries, patientTimeout } from '../options/options.ts'
import { startWork } from '../plan-tables.ts'
import type { Result } from '../report/report.ts'
import { workOn } from '../work-on.ts'

export const deleteTables: Command = {
  name: 'delete',
  summary: 'delete tables and wait until they are gone; asks first',
  takes: 'tables',
  reads: 'names',
  contacts: true,
  changes: true,
  waits: true,
  destroys: true,
  options: ['match', 'olderThan', 'tag', 'all', 'disableProtection'],
  meanings: { timeout: patientTimeout, tag: 'with --match: only tables with this tag; repeatable' },
  otherWords: ['rm', 'del', 'remove', 'destroy', 'drop', 'down', 'delete-table', 'clean'],
  examples: [
    ['dynamox delete users', 'asks, deletes, waits'],
    ['dynamox delete --all --yes --local', 'all that config and models define'],
    ["dynamox delete --match 'pr-*' --older-than 7d", 'live tables, after a look at the list'],
  ],

  /** Deletes tables after confirmation, and waits until they are gone. */
  async run(invocation) {
    const { flags } = invocation
    if (flags.match !== undefined) return deleteMatching(invocation, flags.match)
    await checkSelection(invocation)
    const asks = mustAsk(invocation)
    const { loaded, names } = await selectNames(invocation)
    await guardProtected({ ...invocation, loaded }, names)
    return withConnection(invocation, loaded, async session => {
      await guardAccount(session)
      await guardReplicas(session, names)
      const agreed = asks ? await askToDelete(session, names) : names
      if (!asks) await announce(session, flags.dryRun === true ? 'Planning to delete' : 'Deleting', names)
      const tables = names.map(name => ({ name }))
      const result = await deleteAll(session, tables, agreed)
      await suggestForMissing(session, result)
      return result
    })
  },

  async calls(run) {
    const { callsOfReading } = await import('../print-policy.ts')
    const { callsOf } = await import('../../aws/permissions.ts')
    const { planDelete } = await import('../../plan/plan-table.ts')
    const { match: pattern, tag, disableProtection = false } = run.flags
    const { loaded, names } =
      pattern === undefined ? await selectNames(run) : { loaded: await loadAny(run), names: undefined }
    // Before a table with replicas is deleted, the protection of each is read.
    const fields = tag === undefined ? (['replicas'] as const) : (['replicas', 'tags'] as const)
    const then = (name: string, definition: TableDefinition | undefined) => {
      const { steps } = planDelete(name, asLive(name, definition, disableProtection), { disableProtection })
      return callsOf(
        name,
        steps.map(({ request }) => request),
      )
    }
    return [await callsOfReading(run, loaded, { names, pattern, fields, then })]
  },
}

/** A table and its replicas as far as they are known before a look, with or without deletion protection. */
function asLive(name: string, definition: TableDefinition | undefined, deletionProtection: boolean): LiveTable {
  const replicas = (definition?.replicas ?? []).map(replica => ({ ...replica, deletionProtection }))
  const keys = { partitionKey: [], sortKey: [], globalIndexes: [], localIndexes: [], assumed: [] }
  return {
    definition: { ...keys, ...definition, name, replicas, deletionProtection },
    ...{ status: 'ACTIVE', indexes: {}, read: [], settling: [], warnings: [] },
  }
}

/** Deletes these tables; plans those that the user did not agree to, because they did not exist at the question. */
async function deleteAll(
  session: Session,
  tables: readonly { readonly name: string; readonly id?: string | undefined }[],
  agreed: readonly string[],
): Promise<Result> {
  const { deleteTable } = await import('../../apply/reconcile.ts')
  const { flags, connection } = session
  const shared = { ...(await startWork(session)), disableProtection: flags.disableProtection === true }
  return workOn(session, {
    verb: 'Deleting',
    counted: 'gone',
    tables: tables.map(({ name, id }) => ({
      name,
      run: onEvent => {
        const dryRun = flags.dryRun === true || !agreed.includes(name)
        return deleteTable(name, connection.api, { ...shared, id, dryRun, onEvent })
      },
    })),
  })
}

/** A config alone never selects tables for deletion. */
async function checkSelection(invocation: Invocation): Promise<void> {
  const { names, flags } = invocation
  const narrowing = flags.olderThan !== undefined ? '--older-than' : flags.tag === undefined ? '' : '--tag'
  if (narrowing !== '')
    throw new DynamoxError('usage', `${narrowing} needs --match`, {
      hint: "it narrows down live tables: dynamox delete --match 'pr-*' --older-than 7d",
    })
  if (names.length > 0 && flags.all === true)
    throw new DynamoxError('usage', '--all cannot be combined with table names')
  // With --plain, `selectNames` checks for names.
  if (names.length > 0 || flags.model !== undefined || flags.all === true || flags.plain === true) return
  // Without defined tables, --all would be refused.
  const { tables } = await load(invocation)
  throw new DynamoxError('usage', 'delete needs to know which tables', {
    hint:
      tables.length === 0
        ? 'give table names, or a model file with --model'
        : 'give table names, a model file with --model, or --all for every table that config and models define',
  })
}

/**
 * `delete --match`: the live tables whose name, age and tags match are listed, confirmed and deleted. A table whose age
 * or tags are not known never matches, and one that was created again after it was listed is kept.
 */
async function deleteMatching(invocation: Invocation, glob: string): Promise<Result> {
  const { flags, report } = invocation
  const pattern = patternOf(glob)
  checkOthers(invocation)
  const tags = definitionFlags({ tag: flags.tag })?.tags || {}
  const asks = mustAsk(invocation)
  const loaded = await loadAny(invocation)
  return withConnection(invocation, loaded, async session => {
    await guardAccount(session)
    await announce(session, 'Looking for', [wordsOf(glob, flags.olderThan, tags)])
    const found = await search(session, { pattern, olderThanMs: flags.olderThan, tags })
    const names = found.map(({ definition }) => definition.name)
    if (found.length === 0) {
      report.note(`no table matches ${wordsOf(glob, flags.olderThan, tags)}`)
      return { exit: 0, target: await session.connection.where(), tables: [], warnings: loaded.warnings }
    }
    const regions = found.flatMap(({ replicaStatuses = {} }) => Object.keys(replicaStatuses))
    await guardProtected(session, names, { regions })
    const agreed = asks ? await askToDelete(session, names) : await listToDelete(session, found)
    return deleteAll(
      session,
      found.map(({ definition: { name }, id }) => ({ name, id })),
      agreed,
    )
  })
}

/** `pr-* older than 7 days with tag branch=x`. */
function wordsOf(glob: string, olderThanMs: number | undefined, tags: Search['tags']): string {
  const age = olderThanMs === undefined ? '' : ` older than ${formatAge(olderThanMs)}`
  const tagged = Object.entries(tags).map(([key, value]) => ` with tag ${key}=${value}`)
  return `${glob}${age}${tagged.join('')}`
}

/** A regular expression for `pr-*` and `test-?`; any other pattern is refused, so that a typo never matches more. */
function patternOf(glob: string): RegExp {
  if (!/^[a-zA-Z0-9_.*?-]+$/.test(glob))
    throw new DynamoxError('usage', `--match ${JSON.stringify(glob)} is not a valid pattern`, {
      hint: 'a pattern holds letters, digits, "_", "." and "-", with * for any text and ? for one character: pr-*',
    })
  if (!/[a-zA-Z0-9]/.test(glob))
    throw new DynamoxError('usage', `--match ${JSON.stringify(glob)} would match tables of any name`, {
      hint: 'name at least one letter or digit that the tables have in common: pr-*',
    })
  return new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`)
}

/** Refuses other ways to select tables: combined with --match, they could widen or narrow the selection. */
function checkOthers({ names, flags }: Invocation): void {
  if (names.length > 0)
    throw new DynamoxError('usage', '--match cannot be combined with table names', {
      hint: 'give names, or a pattern with --match',
    })
  const given = optionEntries.find(([name, { picks }]) => picks === true && flags[name] !== undefined)
  if (given === undefined) return
  throw new DynamoxError('usage', `--match cannot be combined with ${partsOf(given[1]).long}`, {
    hint: 'write the whole name into the pattern, prefix and suffix included',
  })
}

interface Search {
  readonly pattern: RegExp
  readonly olderThanMs: number | undefined
  readonly tags: Readonly<Record<string, string>>
}

/** The live tables that match, in the order of their names. A failure to read one of them ends the search. */
async function search(session: Session, { pattern, olderThanMs, tags }: Search): Promise<readonly LiveTable[]> {
  const { connection, signal, report } = session
  const { api } = connection
  const names = (await api.list({ signal })).filter(name => pattern.test(name)).sort()
  const wanted = Object.entries(tags)
  const { ignores, label } = api.capabilities()
  if (wanted.length > 0 && ignores.includes('tags'))
    throw new DynamoxError('usage', `--tag cannot be used here: ${label} does not keep tags`)
  return readEach(session, names, async name => {
    const live = await readTable(api, name, { fields: wanted.length === 0 ? [] : ['tags'], signal })
    if (live === undefined || live.status === 'DELETING') return undefined
    const unknown = wanted.length > 0 && !live.read.includes('tags') ? 'tags' : undefined
    const age = ageOf(live)
    const unclear = unknown ?? (olderThanMs !== undefined && age === undefined ? 'age' : undefined)
    if (unclear !== undefined) report.warn(`${name}: left out, its ${unclear} could not be read`)
    const own = live.definition.tags || {}
    const isMatch =
      unclear === undefined && (age ?? 0) >= (olderThanMs ?? 0) && wanted.every(([key, value]) => own[key] === value)
    return isMatch ? live : undefined
  })
}
