import type { Identity, ReadOptions, TableApi } from '../apply/ports.ts'
import { DynamoxError } from '../errors.ts'
import { isAwsHost, isLoopback } from './endpoint.ts'
import { resendOnceClockIsCorrected } from './send-call.ts'
import type { SdkSession } from './session.ts'
import type { Target } from './target.ts'

/** The account in the ARN of the last table that was described. */
export interface SeenAccount {
  account: string | undefined
}

/**
 * Identifies account and target. The account comes from the credentials or the ARN of a described table. With `account:
 * 'required'` it then calls STS, and if STS cannot be reached, describes a table.
 */
export function createIdentify(
  session: SdkSession,
  stsEndpoint: string | undefined,
  seen: SeenAccount,
): TableApi['identify'] {
  return async ({ signal, account = 'if-known' } = {}): Promise<Identity> => {
    // The target of a user-supplied client is known once the session is open.
    const region = session.place().region ?? (await regionOf((await session.client()).config.region, account))
    const { endpoint } = session.place()
    const where = { region, endpoint }
    // A loopback endpoint belongs to no account; ignore its ARNs and the credentials.
    if (isLoopback(endpoint)) return { ...where, account: undefined }
    const { config } = await session.client()
    const keys = await config.credentials().catch(() => undefined)
    const known = keys?.accountId ?? seen.account
    if (known !== undefined || account !== 'required') return { ...where, account: known }
    const fromSts = () => askSts(session, stsEndpoint, signal)
    const fromTable = () => accountOfAnyTable(session, signal)
    // For an endpoint that is not AWS's, prefer the ARNs of its tables: STS knows only the account of the keys.
    const isOwn = endpoint !== undefined && !isAwsHost(new URL(endpoint).hostname) && stsEndpoint === undefined
    const [first, second] = isOwn ? [fromTable, fromSts] : [fromSts, fromTable]
    return { ...where, account: (await first()) ?? (await second()) }
  }
}

/** A missing region is reported by the first call; identifying the target must not fail before that. */
async function regionOf(region: () => Promise<string>, account: 'if-known' | 'required'): Promise<string> {
  return account === 'required' ? region() : region().catch(() => '')
}

/**
 * Calls GetCallerIdentity, which needs no permission, through the client's own connections, so that its proxy is used.
 */
async function askSts(
  session: SdkSession,
  endpoint: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const [{ config }, sdk] = await Promise.all([session.client(), import('@aws-sdk/client-sts')])
    const client = new sdk.STSClient({
      region: config.region,
      credentials: config.credentials,
      requestHandler: config.requestHandler,
      maxAttempts: 1,
      ...(endpoint === undefined ? {} : { endpoint }),
    })
    const options = signal === undefined ? {} : { abortSignal: signal }
    const answer = await resendOnceClockIsCorrected(() => client.send(new sdk.GetCallerIdentityCommand({}), options))
    return answer.Account
  } catch {
    return undefined
  }
}

/** The account in the ARN of the first listed table; works when a policy or the network blocks STS. */
async function accountOfAnyTable(session: SdkSession, signal: AbortSignal | undefined): Promise<string | undefined> {
  const names = await session.read({ operation: 'ListTables', signal, input: { Limit: 1 } })
  const name = names?.TableNames?.[0]
  if (name === undefined) return undefined
  const table = await session.read({ operation: 'DescribeTable', table: name, signal, input: { TableName: name } })
  return accountOfArn(table?.Table?.TableArn)
}

/** The account in a table's ARN; local engines use a made-up account. */
export function accountOfArn(arn: string | undefined): string | undefined {
  return /^arn:[^:]*:dynamodb:[^:]*:(\d{12}):/.exec(arn ?? '')?.[1]
}

export interface AccountRule extends ReadOptions {
  /** Account ids of 12 digits; an empty list allows every account. */
  readonly allowedAccounts: readonly string[]
  readonly target?: Target | undefined
}

/**
 * Checks, before anything is changed, that the account is one that the config allows. Throws `usage` (exit 2) for
 * another account and for one that cannot be determined. Loopback endpoints are exempt.
 */
export async function checkAccount(api: TableApi, { allowedAccounts, target, signal }: AccountRule): Promise<void> {
  if (allowedAccounts.length === 0 || target?.kind === 'local' || isLoopback(target?.endpoint)) return
  const { account, endpoint } = await api.identify({ account: 'required', ...(signal === undefined ? {} : { signal }) })
  if (isLoopback(endpoint)) return
  const allowed = allowedAccounts.join(', ')
  if (account === undefined) {
    throw new DynamoxError('usage', `the AWS account is not known, and allowedAccounts allows only ${allowed}`, {
      hint: 'nothing was sent; allow these credentials to call sts:GetCallerIdentity, or set AWS_ACCOUNT_ID beside AWS_ACCESS_KEY_ID',
    })
  }
  if (!allowedAccounts.includes(account)) {
    throw new DynamoxError(
      'usage',
      `these credentials belong to account ${account}, and allowedAccounts allows only ${allowed}`,
      { hint: 'nothing was sent; use the profile of an allowed account, or add this account to allowedAccounts' },
    )
  }
}
