import { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import type { EngineName } from '../table/capabilities.ts'
import type { LiveTable } from '../table/live.ts'
import { formatAge, formatBytes, namesOrCount, plural, upperFirst } from '../table/text.ts'
import type { Invocation, Io, Session } from './command.ts'
import { announce } from './connect.ts'
import { readTable } from './live-tables.ts'
import { align } from './report/lines.ts'
import { visible } from './report/visible.ts'

/**
 * Refuses to destroy tables of a protected environment without --allow-protected: tables of the chosen environment, and
 * tables of other protected environments at the same target, or in one of `regions`, which hold copies of the tables.
 *
 * @param more `instead` is how the loss can be avoided, for the hint
 */
export async function guardProtected(
  run: Omit<Session, 'connection'>,
  names: readonly string[],
  more: { readonly regions?: readonly string[]; readonly instead?: string | undefined } = {},
): Promise<void> {
  const { command, flags, io, loaded } = run
  if (flags.allowProtected === true || flags.dryRun === true) return
  const { regions = [], instead } = more
  const allow = 'add --allow-protected if that is what you want'
  const hint = instead === undefined ? allow : `${instead}; or ${allow}`
  if (loaded.protected) {
    const message = `the environment ${flags.env ?? 'this'} is protected, and ${command.name} may destroy data in it`
    throw new DynamoxError('usage', message, { hint })
  }
  const { isTableOf } = await import('../load/effective-settings.ts')
  const { placeKey, resolveTarget } = await import('../aws/target.ts')
  const placeOf = ({ target }: Pick<Loaded, 'target'>, other?: string): string | undefined => {
    try {
      return placeKey(resolveTarget(target, io.env), other)
    } catch {
      // The environment may name a profile that does not exist for this user.
      return undefined
    }
  }
  const here = [placeOf(loaded), ...regions.map(region => placeOf(loaded, region))].filter(each => each !== undefined)
  for (const environment of loaded.protectedEnvironments) {
    const table = names.find(name => isTableOf(environment, name))
    const there = placeOf(environment)
    if (table === undefined || there === undefined || !here.includes(there)) continue
    const message = `${table} is a table of the protected environment ${environment.name}, and ${command.name} may destroy data in it`
    throw new DynamoxError('usage', message, { hint })
  }
}

/** Whether confirmation is needed. Throws `usage` when it is needed but the user cannot be asked. */
export function mustAsk({ command, flags, io }: Invocation): boolean {
  if (flags.yes === true || flags.dryRun === true) return false
  const can = flags.json !== true && io.stdin.isTTY === true && io.stderr.isTTY === true
  if (can) return true
  const why = flags.json === true ? 'with --json' : 'without a terminal'
  throw new DynamoxError('usage', `${command.name} asks for confirmation, which is not possible ${why}`, {
    hint: 'add --yes to confirm in advance',
  })
}

export interface Question {
  /** The action to confirm: `delete users`. */
  readonly action: string
  /** The word that the user must type; "yes" is enough when absent. */
  readonly word?: string | undefined
}

/** Asks for confirmation; throws unless the user confirms. */
export async function consent({ io, signal }: Invocation, { action, word }: Question): Promise<void> {
  const question = word === undefined ? `${upperFirst(action)}? (y/N) ` : `To ${action}, type ${word}: `
  const answer = await ask(io, question, signal)
  const agreed = word === undefined ? /^y(es)?$/i.test(answer ?? '') : answer === word
  if (!agreed) throw new DynamoxError('usage', 'not confirmed; nothing was changed')
}

/**
 * Lists the existing tables and their target, asks for confirmation, and returns the confirmed names. On AWS the user
 * types the name or the number of tables; on a loopback endpoint "yes" is enough. Throws unless the user confirms.
 */
export async function askToDelete(session: Session, names: readonly string[]): Promise<readonly string[]> {
  const { connection, signal, flags } = session
  const looks = names.map(async (name): Promise<Row | undefined> => {
    try {
      const live = await readTable(connection.api, name, { signal })
      return live && { name, live }
    } catch {
      // Include tables that cannot be read; their deletion reports the reason.
      return { name, live: undefined }
    }
  })
  const found = (await Promise.all(looks)).filter(row => row !== undefined)
  // Leave out protected tables: their deletion fails with a clear error, so there is nothing to confirm.
  const isAsked = ({ live }: Row) => live?.definition.deletionProtection !== true || flags.disableProtection === true
  const asked = found.filter(isAsked)
  const askedNames = asked.map(({ name }) => name)
  if (asked.length > 0) {
    await announce(session, 'About to delete', askedNames)
    listRows(session, asked)
    await consent(session, {
      action: `delete ${namesOrCount(askedNames, 1)}`,
      word: await wordFor(session, askedNames),
    })
  }
  return found.map(({ name }) => name)
}

/** The word to type before tables are destroyed: on AWS the name, or their number; on a loopback endpoint yes is enough. */
export async function wordFor(
  { connection: { target } }: Session,
  names: readonly string[],
): Promise<string | undefined> {
  const { isLoopback } = await import('../aws/endpoint.ts')
  if (target.kind === 'local' || isLoopback(target.endpoint)) return undefined
  return names.length === 1 ? names.join() : String(names.length)
}

/**
 * Refuses to delete tables whose copies in other regions belong to a protected environment. Deleting a table removes
 * its replicas as well.
 */
export async function guardReplicas(session: Session, names: readonly string[]): Promise<void> {
  const { connection, signal, loaded } = session
  if (loaded.protectedEnvironments.length === 0) return
  const looks = names.map(name => readTable(connection.api, name, { signal }).catch(() => undefined))
  const regions = (await Promise.all(looks)).flatMap(live => Object.keys(live?.replicaStatuses ?? {}))
  if (regions.length > 0) await guardProtected(session, names, { regions })
}

/** Lists the tables that are deleted without a question, and returns their names. */
export async function listToDelete(session: Session, tables: readonly LiveTable[]): Promise<readonly string[]> {
  const names = tables.map(({ definition }) => definition.name)
  await announce(session, session.flags.dryRun === true ? 'Planning to delete' : 'Deleting', names)
  listRows(
    session,
    tables.map(live => ({ name: live.definition.name, live })),
  )
  return names
}

interface Row {
  readonly name: string
  /** `undefined` for a table that could not be read. */
  readonly live: LiveTable | undefined
}

function listRows({ connection, report }: Session, rows: readonly Row[]): void {
  const { engine } = connection.api.capabilities()
  const cells = rows.map(({ name, live }) => {
    const age = live === undefined ? undefined : ageOf(live)
    return [`  ${name}`, age === undefined ? '' : `created ${formatAge(age)} ago`, contents(live, engine)]
  })
  for (const line of align(cells)) report.note(line)
}

/** How long ago a table was created, in milliseconds; `undefined` when the target does not tell. */
export function ageOf({ createdAt }: LiveTable): number | undefined {
  return createdAt === undefined ? undefined : Math.max(0, Date.now() - createdAt.getTime())
}

/** AWS updates item counts about every six hours; some engines always report 0. */
function contents(live: LiveTable | undefined, engine: EngineName): string {
  if (live === undefined) return 'could not be read'
  const { itemCount = 0, sizeBytes = 0, definition } = live
  const regions = (definition.replicas ?? []).map(({ region }) => region)
  const copies = regions.length === 0 ? '' : `; and the replicas in ${regions.join(', ')}`
  if (itemCount > 0) return `about ${plural(itemCount, 'item')}, ${formatBytes(sizeBytes)}${copies}`
  return `${engine === 'aws' ? 'no items at the last count' : 'number of items unknown'}${copies}`
}

/**
 * Asks on stderr and returns the trimmed answer, or `undefined` when the input ended. Throws `interrupted` on Ctrl-C,
 * and when the signal aborts.
 */
export async function ask(
  { stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>,
  question: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { createInterface } = await import('node:readline')
  // On a terminal, readline reads single keys, so Ctrl-C arrives here instead of as a signal.
  const lines = createInterface({ input: stdin, output: stderr, terminal: stderr.isTTY === true, historySize: 0 })
  return new Promise<string | undefined>((resolve, reject) => {
    const stop = () => reject(new DynamoxError('interrupted', 'interrupted at the question; nothing was changed'))
    if (signal?.aborted === true) return stop()
    signal?.addEventListener('abort', stop, { once: true })
    lines.once('SIGINT', () => {
      stderr.write('\n')
      stop()
    })
    lines.once('close', () => {
      stderr.write('\n')
      resolve(undefined)
    })
    lines.question(visible(question), answer => resolve(answer.trim()))
  }).finally(() => {
    lines.removeAllListeners()
    lines.close()
  })
}
