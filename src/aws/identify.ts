import type { Identity, TableApi } from '../apply/ports.ts'
import { askSts } from './ask-sts.ts'
import { isAwsHost, isLoopback } from './endpoint.ts'
import type { Session } from './session.ts'

/** The account that an answer's ARN showed, kept by describe. */
export interface SeenAccount {
  account: string | undefined
}

/**
 * Who and where. The account comes from what is at hand (the credentials' own account id, the ARN of a table that was
 * described); with `account: 'required'` STS is asked next, and where STS cannot be reached, a table's ARN is fetched.
 */
export function createIdentify(
  session: Session,
  stsEndpoint: string | undefined,
  seen: SeenAccount,
): TableApi['identify'] {
  return async ({ signal, account = 'if-known' } = {}): Promise<Identity> => {
    // A client of the user's own says where it goes once the session is open; elsewhere it is known before.
    const region = session.place().region ?? (await regionOf((await session.open()).client.config.region, account))
    const { endpoint } = session.place()
    const where = { region, endpoint }
    // Nobody's account is behind a loopback endpoint, whatever its ARNs and the credentials say.
    if (endpoint !== undefined && isLoopback(endpoint)) return { ...where, account: undefined }
    const { client } = await session.open()
    const known = (await accountOfKeys(client.config.credentials)) ?? seen.account
    if (known !== undefined || account !== 'required') return { ...where, account: known }
    const sts = stsEndpoint ?? `https://sts.${region}.${partitionSuffix(region)}`
    const fromSts = () => askSts(client, { region, endpoint: sts, signal })
    const fromTable = () => accountOfAnyTable(session, signal)
    // Behind an endpoint of somebody's own, what it says of itself comes before what AWS says of the keys.
    const custom = endpoint !== undefined && !isAwsHost(new URL(endpoint).hostname) && stsEndpoint === undefined
    const [first, second] = custom ? [fromTable, fromSts] : [fromSts, fromTable]
    return { ...where, account: (await first()) ?? (await second()) }
  }
}

/** A region that is missing is told by the first call, in a sentence; naming the place must not fail before. */
async function regionOf(region: () => Promise<string>, account: 'if-known' | 'required'): Promise<string> {
  return account === 'required' ? region() : region().catch(() => '')
}

async function accountOfKeys(
  credentials: () => Promise<{ readonly accountId?: string | undefined }>,
): Promise<string | undefined> {
  return credentials().then(
    keys => keys.accountId,
    () => undefined,
  )
}

/** ListTables of one name, then its ARN: works where a policy or the network closes STS. */
async function accountOfAnyTable(session: Session, signal: AbortSignal | undefined): Promise<string | undefined> {
  const names = await session.read({
    operation: 'ListTables',
    signal,
    input: { Limit: 1 },
  })
  const name = names?.TableNames?.[0]
  if (name === undefined) return undefined
  const table = await session.read({
    operation: 'DescribeTable',
    table: name,
    signal,
    input: { TableName: name },
  })
  return accountOfArn(table?.Table?.TableArn)
}

/** The account in a table's ARN; engines make one up. */
export function accountOfArn(arn: string | undefined): string | undefined {
  return /^arn:[^:]*:dynamodb:[^:]*:(\d{12}):/.exec(arn ?? '')?.[1]
}

function partitionSuffix(region: string): string {
  return partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'amazonaws.com'
}

const partitions: readonly (readonly [string, string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['us-iso-', 'c2s.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['eusc-', 'amazonaws.eu'],
]
