import { isRecord, show, type UntypedRecord } from '../../table/untyped.ts'
import type { Report } from './key-schema.ts'
import { definedOnly, structure } from './units.ts'

/** Everything of a raw input beside keys, indexes and throughput, in dynamox's words. */
export function settingsOf(raw: UntypedRecord, report: Report): UntypedRecord {
  return definedOnly({
    tableClass: raw.TableClass,
    deletionProtection: raw.DeletionProtectionEnabled,
    resourcePolicy: raw.ResourcePolicy,
    stream: streamOf(raw, report),
    ...encryptionOf(raw, report),
    tags: tagsOf(raw.Tags, report),
    ttl: ttlOf(raw, report),
    pointInTimeRecovery: recoveryOf(raw, report),
  })
}

function streamOf(raw: UntypedRecord, report: Report): unknown {
  const stream = structure(raw, 'StreamSpecification', '', report)
  if (stream === undefined) return undefined
  const { StreamEnabled: enabled, StreamViewType: view } = stream
  if (enabled === true) {
    if (view === undefined) report('StreamSpecification', 'a stream that is enabled needs a StreamViewType', 'S1')
    return view
  }
  if (enabled !== false) report('StreamSpecification', `StreamEnabled is ${show(enabled)}; write true or false`)
  else if (view !== undefined) report('StreamSpecification', 'a stream that is disabled takes no StreamViewType', 'S2')
  return false
}

function encryptionOf(raw: UntypedRecord, report: Report): UntypedRecord {
  const where = 'SSESpecification'
  const encryption = structure(raw, where, '', report)
  if (encryption === undefined) return {}
  const { Enabled: enabled, SSEType: type, KMSMasterKeyId: key } = encryption
  if (type === 'AES256')
    report(where, 'SSEType AES256 is not supported; write KMS, or Enabled: false for the key that AWS owns', 'E1')
  if (enabled !== true) {
    if (type !== undefined) report(where, 'SSEType needs Enabled: true', 'E1')
    if (key !== undefined) report(where, 'KMSMasterKeyId needs Enabled: true', 'E1')
    return { encryption: 'AWS_OWNED' }
  }
  // `alias/aws/dynamodb` is the name of the key that AWS manages in the account.
  if (key === undefined || key === 'alias/aws/dynamodb') return { encryption: 'AWS_MANAGED' }
  if (type === undefined) report(where, 'a KMSMasterKeyId needs SSEType: "KMS"', 'E1')
  return { encryption: 'CUSTOMER_MANAGED', kmsKeyId: key }
}

function tagsOf(value: unknown, report: Report): UntypedRecord | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) {
    report('Tags', `${show(value)} is no list of { Key, Value }`)
    return undefined
  }
  const tags = new Map<string, unknown>()
  for (const [index, entry] of value.entries()) {
    const { Key: key, Value: text } = isRecord(entry) ? entry : {}
    if (typeof key !== 'string') report(`Tags[${index}]`, 'the Key is missing', 'A2')
    else if (tags.has(key)) report(`Tags[${index}]`, `the key "${key}" is there twice; keep one`, 'A3')
    else tags.set(key, text ?? '')
  }
  return Object.fromEntries(tags)
}

// Not of CreateTable, yet people keep it beside the rest, as CloudFormation does.
function ttlOf(raw: UntypedRecord, report: Report): unknown {
  const ttl = structure(raw, 'TimeToLiveSpecification', '', report)
  if (ttl === undefined) return undefined
  return ttl.Enabled === false ? false : ttl.AttributeName
}

function recoveryOf(raw: UntypedRecord, report: Report): unknown {
  const recovery = structure(raw, 'PointInTimeRecoverySpecification', '', report)
  if (recovery === undefined) return undefined
  return recovery.PointInTimeRecoveryEnabled === true ? (recovery.RecoveryPeriodInDays ?? true) : false
}
