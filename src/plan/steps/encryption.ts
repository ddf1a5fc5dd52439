import { encryptionInput } from '../create-table-input.ts'
import { type Phase, step } from './context.ts'

/** Encryption must be the only operation in its call. */
export const encryption: Phase = (changes, { table, desired }) => {
  if (changes.length === 0) return []
  const specification = encryptionInput(desired) ?? { Enabled: false }
  const request = { api: 'UpdateTable' as const, input: { TableName: table, SSESpecification: specification } }
  const key = specification.KMSMasterKeyId ?? (specification.Enabled === true ? 'AWS_MANAGED' : 'AWS_OWNED')
  const uses = ['one of 4 encryption changes in 24 hours, then one in 6 hours']
  return [step('~', `encrypt with ${key}`, request, changes, { uses })]
}
