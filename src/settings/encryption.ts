import type { SSESpecification } from '@aws-sdk/client-dynamodb'
import type { TableSettings } from '../table/definition.ts'
import { isRecord } from '../table/untyped.ts'
import { awsBoolean, awsText, choice, structure } from './aws-shape.ts'
import { oneOf, text } from './checks.ts'
import type { Setting } from './setting.ts'
import { changesOf, step, updateTable, type Work } from './step.ts'

/** `AWS_OWNED` is free and the default; `AWS_MANAGED` and `CUSTOMER_MANAGED` are KMS keys that are charged. */
export type Encryption = 'AWS_OWNED' | 'AWS_MANAGED' | 'CUSTOMER_MANAGED'

declare module '../table/definition.ts' {
  interface TableSettings {
    /** Which kind of key encrypts the table; `AWS_OWNED` when left out. */
    readonly encryption?: Encryption | undefined
    /** The KMS key for `CUSTOMER_MANAGED`: its ARN, id or alias. */
    readonly kmsKeyId?: string | undefined
  }
}

const work: Work = {
  name: 'encryption',
  expected: '21-23 s',
  leastMs: 21_000,
  isOf: ({ api, input }) => api === 'UpdateTable' && input.SSESpecification !== undefined,
}
const kinds = ['AWS_OWNED', 'AWS_MANAGED', 'CUSTOMER_MANAGED'] as const

const isOwned = ({ encryption: kind = 'AWS_OWNED' }: TableSettings) => kind === 'AWS_OWNED'

export const encryption: Setting<'encryption' | 'kmsKeyId'> = {
  fields: {
    encryption: {
      check: oneOf(kinds),
      label: 'encryption',
      description:
        'Whose key encrypts the table: AWS_OWNED (free, the default), AWS_MANAGED or CUSTOMER_MANAGED (KMS, charged).',
      standard: 'AWS_OWNED',
      otherNames: ['sse'],
      ignoredBy: ['plain-dynalite', 'dynamodb-local'],
      flag: { spec: '--encryption <kind>', meaning: 'AWS_OWNED, AWS_MANAGED or CUSTOMER_MANAGED', choices: kinds },
      // DescribeTable reports AWS-managed and customer-managed keys in the same way (SSEType KMS and an ARN), so a
      // difference between the two is detected only when `kmsKeyId` is given.
      isSame: (wanted, live) => (wanted === 'AWS_OWNED') === isOwned({ encryption: live }),
    },
    kmsKeyId: {
      check: text('the ARN, id or alias of a key'),
      label: 'KMS key',
      description: 'The KMS key for CUSTOMER_MANAGED: its ARN, id or alias.',
      // ExtendDB accepts any key and reports a key of its own.
      ignoredBy: ['plain-dynalite', 'dynamodb-local', 'extenddb'],
      flag: { spec: '--kms-key-id <key>', meaning: 'the key for CUSTOMER_MANAGED' },
      isSame(wanted, live, { desired, live: { definition } }) {
        if (desired.encryption === 'AWS_OWNED' || desired.encryption === 'AWS_MANAGED') return true
        // A table on the AWS-owned key reports no key to compare with; `encryption` shows the difference if it is
        // given.
        return isOwned(definition) ? desired.encryption !== undefined : isSameKey(wanted, live)
      },
    },
  },
  rules: [
    {
      id: 'E1',
      aws: 'SSEType KMS is required if KMSMasterKeyId is specified',
      *check({ encryption: kind, kmsKeyId }) {
        if (kmsKeyId !== undefined && kind !== 'CUSTOMER_MANAGED') {
          yield { at: 'encryption', message: `must be CUSTOMER_MANAGED beside a kmsKeyId, not ${kind ?? 'left out'}` }
        }
        if (kmsKeyId === undefined && kind === 'CUSTOMER_MANAGED') {
          yield { at: 'kmsKeyId', message: 'encryption CUSTOMER_MANAGED needs the key: its ARN, id or alias' }
        }
      },
    },
  ],
  createMembers(definition) {
    const specification = sseSpecification(definition)
    return specification === undefined ? {} : { SSESpecification: specification }
  },
  /**
   * DescribeTable reports the account's `aws/dynamodb` key and a customer's key in the same way: type KMS with a key
   * ARN. Both are therefore read as CUSTOMER_MANAGED with that ARN.
   */
  read({ SSEDescription: live }) {
    const isOff = live?.Status === 'DISABLED' || live?.Status === 'DISABLING'
    if (isOff || live?.SSEType === undefined || live.SSEType === 'AES256') return { encryption: 'AWS_OWNED' }
    const key = live.KMSMasterKeyArn
    return { encryption: 'CUSTOMER_MANAGED', ...(key === undefined ? {} : { kmsKeyId: key }) }
  },
  /** AWS accepts no other change in the same call. */
  steps(changes, { table, desired }) {
    const own = changesOf(changes, ['encryption', 'kmsKeyId'])
    if (own.length === 0) return []
    const specification = sseSpecification(desired) ?? { Enabled: false }
    const key = specification.KMSMasterKeyId ?? (specification.Enabled === true ? 'AWS_MANAGED' : 'AWS_OWNED')
    const uses = ['one of 4 encryption changes in 24 hours, then one in 6 hours']
    const request = updateTable(table, { SSESpecification: specification })
    return [step('~', `encrypt with ${key}`, request, own, { uses, work })]
  },
  works: [work],
  aws: {
    members: {
      SSESpecification: structure({
        Enabled: awsBoolean,
        // CloudFormation's name for it.
        SSEEnabled: awsBoolean,
        SSEType: choice('KMS', 'AES256'),
        KMSMasterKeyId: awsText,
      }),
    },
    read({ SSESpecification: specification }, _, report) {
      if (!isRecord(specification)) return {}
      const where = 'SSESpecification'
      const { Enabled, SSEEnabled, SSEType: type, KMSMasterKeyId: key } = specification
      if (Enabled !== undefined && SSEEnabled !== undefined && Enabled !== SSEEnabled)
        report(`${where}.SSEEnabled`, 'contradicts Enabled; keep one of them')
      const enabled = Enabled ?? SSEEnabled
      if (type === 'AES256')
        report(
          `${where}.SSEType`,
          'AES256 is not supported; write KMS, or Enabled: false for the key that AWS owns',
          'E1',
        )
      if (enabled !== true) {
        if (type !== undefined) report(`${where}.SSEType`, 'needs Enabled: true', 'E1')
        if (key !== undefined) report(`${where}.KMSMasterKeyId`, 'needs Enabled: true', 'E1')
        return { encryption: 'AWS_OWNED' }
      }
      // `alias/aws/dynamodb` is the key that AWS manages in the account.
      if (key === undefined || key === 'alias/aws/dynamodb') return { encryption: 'AWS_MANAGED' }
      // CloudFormation defaults to KMS.
      if (type === undefined && SSEEnabled === undefined)
        report(`${where}.KMSMasterKeyId`, 'needs SSEType: "KMS"', 'E1')
      return { encryption: 'CUSTOMER_MANAGED', kmsKeyId: key }
    },
    write(owner) {
      if (owner.encryption === undefined && owner.kmsKeyId === undefined) return {}
      const { Enabled: enabled = false, ...rest } = sseSpecification(owner) ?? {}
      return { SSESpecification: { SSEEnabled: enabled, ...rest } }
    },
  },
}

/** `undefined` for the AWS-owned key: `Enabled: true` would select a KMS key, which is charged. */
function sseSpecification({ encryption: kind, kmsKeyId }: TableSettings): SSESpecification | undefined {
  if (kind === 'AWS_OWNED' || (kind === undefined && kmsKeyId === undefined)) return undefined
  if (kind === 'AWS_MANAGED' || kmsKeyId === undefined) return { Enabled: true, SSEType: 'KMS' }
  return { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: kmsKeyId }
}

/**
 * AWS reports keys as ARNs. The target of an alias is unknown here, so an alias counts as equal to any KMS key in use.
 */
export function isSameKey(wanted: string, live: string | undefined): boolean {
  if (live === undefined || wanted === live) return true
  if ([wanted, live].some(key => key.startsWith('alias/') || key.includes(':alias/'))) return true
  return wanted.endsWith(`/${live}`) || live.endsWith(`/${wanted}`)
}
