import { shorten } from '../untyped.ts'
import { byteLength, type Rule } from './rule.ts'

const maxPolicyBytes = 20_480

/** Encryption, expiry, backups, policy and the stream to Kinesis. */
export const settingRules: readonly Rule[] = [
  {
    id: 'E1',
    level: 'problem',
    aws: 'SSEType KMS is required if KMSMasterKeyId is specified',
    *check({ encryption, kmsKeyId }) {
      if (kmsKeyId !== undefined && encryption !== 'CUSTOMER_MANAGED') {
        const is = encryption === undefined ? 'is not given' : `is ${encryption}`
        yield { at: 'encryption', message: `kmsKeyId goes with CUSTOMER_MANAGED, and encryption ${is}` }
      }
      if (kmsKeyId === undefined && encryption === 'CUSTOMER_MANAGED') {
        yield { at: 'kmsKeyId', message: 'encryption CUSTOMER_MANAGED needs the key: its ARN, id or alias' }
      }
    },
  },
  {
    id: 'X-name',
    level: 'problem',
    aws: "Value '' at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must have length less than or equal to 255",
    *check({ ttl }) {
      if (typeof ttl !== 'string' || ttl.length <= 255) return
      yield { at: 'ttl', message: `attribute name "${shorten(ttl)}" has ${ttl.length} characters; DynamoDB takes 255` }
    },
  },
  {
    id: 'R1',
    level: 'problem',
    aws: "Value '36' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have value less than or equal to 35",
    *check({ pointInTimeRecovery: days }) {
      if (typeof days !== 'number' || (days >= 1 && days <= 35)) return
      yield {
        at: 'pointInTimeRecovery',
        message: `${days} days; recovery reaches back 1 to 35 days, and false switches it off`,
      }
    },
  },
  {
    id: 'R2',
    level: 'problem',
    aws: 'Invalid policy document / Maximum policy size of 20480 bytes exceeded',
    *check({ resourcePolicy: policy }) {
      if (typeof policy !== 'string') return
      const bytes = byteLength(policy)
      if (bytes > maxPolicyBytes) {
        yield {
          at: 'resourcePolicy',
          message: `the policy has ${bytes} bytes, spaces included; DynamoDB takes ${maxPolicyBytes}`,
        }
      }
      if (!isJsonObject(policy)) yield { at: 'resourcePolicy', message: 'the policy is no JSON object' }
    },
  },
  {
    id: 'Z1',
    level: 'problem',
    aws: "Value 'x' at 'streamArn' failed to satisfy constraint",
    *check({ kinesis }) {
      if (kinesis === undefined || kinesis === false || /^arn:[^:]+:kinesis:.+/.test(kinesis.arn)) return
      const example = 'arn:aws:kinesis:<region>:<account>:stream/<name>'
      yield { at: 'kinesis.arn', message: `"${shorten(kinesis.arn)}" is no ARN of a data stream (${example})` }
    },
  },
]

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
