import type { ReadOptions, TableApi } from '../apply/ports.ts'
import { DynamoxError } from '../errors.ts'
import { isLoopback } from './endpoint.ts'
import type { Target } from './target.ts'

export interface AccountRule extends ReadOptions {
  /** Account ids (12 digits); empty means that any account will do. */
  readonly allowedAccounts: readonly string[]
  readonly target?: Target | undefined
}

/**
 * Makes sure, before anything is changed, that the account is one of those that the config allows. Throws `usage`
 * (exit 2) for another account and for one that cannot be established. Loopback endpoints are exempt.
 */
export async function checkAccount(api: TableApi, { allowedAccounts, target, signal }: AccountRule): Promise<void> {
  if (allowedAccounts.length === 0 || target?.kind === 'local') return
  if (target?.endpoint !== undefined && isLoopback(target.endpoint)) return
  const { account, endpoint } = await api.identify({ account: 'required', ...(signal === undefined ? {} : { signal }) })
  if (endpoint !== undefined && isLoopback(endpoint)) return
  const allowed = allowedAccounts.join(', ')
  if (account === undefined) {
    throw new DynamoxError(
      'usage',
      `the AWS account could not be established, and allowedAccounts asks for ${allowed}`,
      {
        hint: 'nothing was sent; let these credentials call sts:GetCallerIdentity, or set AWS_ACCOUNT_ID beside AWS_ACCESS_KEY_ID',
      },
    )
  }
  if (!allowedAccounts.includes(account)) {
    throw new DynamoxError('usage', `these credentials belong to account ${account}; allowedAccounts has ${allowed}`, {
      hint: 'nothing was sent; use the profile of an allowed account, or add this one to allowedAccounts in the config',
    })
  }
}
