import { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import { shownPath } from '../load/shown-path.ts'
import { plural } from './report/format.ts'
import type { ReportTarget } from './report/report.ts'
import type { Connection, Run } from './run.ts'

/** Refuses an account that the config does not allow, before anything is sent that changes something. */
export async function guardAccount({ signal }: Run, loaded: Loaded, { api, target }: Connection): Promise<void> {
  const { checkAccount } = await import('../aws/identify.ts')
  await checkAccount(api, { allowedAccounts: loaded.allowedAccounts, target, signal })
}

/** Says on stderr what is about to be done where: the account where it is known, and the config file in force. */
export async function announce(
  run: Run,
  loaded: Loaded,
  connection: Connection,
  verb: string,
  names: readonly string[],
): Promise<void> {
  run.report.note(`${verb} ${namesOf(names)} ${place(await connection.where())}${source(run, loaded)}`)
}

/** `in eu-west-1, account 123456789012`, `at http://localhost:8000 (us-east-1)`, `on the embedded engine`. */
export function place({ kind, region, endpoint, account }: ReportTarget): string {
  if (kind === 'local') return `on the embedded engine (${endpoint ?? region})`
  if (kind === 'endpoint') return `at ${endpoint ?? 'the endpoint'}${region === '' ? '' : ` (${region})`}`
  return `in ${region === '' ? 'AWS' : region}${account === null ? '' : `, account ${account}`}`
}

/** Refuses to destroy anything in a protected environment without the flag that says so. */
export function guardProtected(run: Run, loaded: Loaded): void {
  if (!loaded.protected || run.flags.allowProtected === true || run.flags.dryRun === true) return
  const env = run.flags.env ?? run.io.env.DYNAMOX_ENV ?? 'this'
  throw new DynamoxError('usage', `the environment ${env} is protected, and ${run.command} may destroy data there`, {
    hint: 'add --allow-protected if that is what you want',
  })
}

function namesOf(names: readonly string[]): string {
  return names.length < 4 ? names.join(', ') : plural(names.length, 'table')
}

function source({ io, flags }: Run, loaded: Loaded): string {
  if (loaded.config === undefined) return ''
  const env = flags.env ?? io.env.DYNAMOX_ENV
  return `, config ${shownPath(loaded.config.path, io.cwd)}${env ? `, environment ${env}` : ''}`
}
