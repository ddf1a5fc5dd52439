import type { GlobalIndex, TableSettings, Throughput } from '../table/definition.ts'
import { isRecord, show } from '../table/untyped.ts'
import {
  type Complaint,
  type FieldCheck,
  jsonText,
  kinesisDestination,
  oneOf,
  orFalse,
  text,
  textMap,
  wholeNumber,
  wholeNumberOr,
  wrong,
} from './field-kinds.ts'

const throughputChecks: { readonly [F in keyof Throughput]-?: FieldCheck } = {
  readCapacity: wholeNumber,
  writeCapacity: wholeNumber,
  maxReadUnits: orFalse(wholeNumber),
  maxWriteUnits: orFalse(wholeNumber),
  warmReadUnits: wholeNumber,
  warmWriteUnits: wholeNumber,
}

const insights = oneOf([true, false, 'ACCESSED_AND_THROTTLED_KEYS', 'THROTTLED_KEYS'])

const days = wholeNumberOr('true, false or a number of days', { minimum: 1, maximum: 35 })
const daysOrBoolean: FieldCheck = {
  schema: { anyOf: [{ type: 'boolean' }, days.schema] },
  complaints: value => (typeof value === 'boolean' ? [] : days.complaints(value)),
}

/** The type of every setting of a table. Ranges and combinations are the rules' business. */
export const settingChecks: { readonly [F in keyof TableSettings]-?: FieldCheck } = {
  billingMode: oneOf(['PAY_PER_REQUEST', 'PROVISIONED']),
  ...throughputChecks,
  tableClass: oneOf(['STANDARD', 'STANDARD_INFREQUENT_ACCESS'], 'C1'),
  encryption: oneOf(['AWS_OWNED', 'AWS_MANAGED', 'CUSTOMER_MANAGED']),
  kmsKeyId: text,
  stream: oneOf([false, 'KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']),
  ttl: orFalse(text),
  pointInTimeRecovery: daysOrBoolean,
  deletionProtection: oneOf([true, false]),
  tags: textMap,
  resourcePolicy: orFalse(jsonText),
  contributorInsights: insights,
  kinesis: orFalse(kinesisDestination),
}

/** The type of every setting of a global index. */
export const indexSettingChecks: {
  readonly [F in Exclude<keyof GlobalIndex, 'name' | 'partitionKey' | 'sortKey' | 'projection'>]-?: FieldCheck
} = { ...throughputChecks, contributorInsights: insights }

/** `ALL`, `KEYS_ONLY`, or a list of attribute names. */
export const projection: FieldCheck = {
  schema: {
    anyOf: [
      { enum: ['ALL', 'KEYS_ONLY'] },
      { type: 'array', items: text.schema, minItems: 1, maxItems: 20, uniqueItems: true },
    ],
  },
  complaints: projectionComplaints,
}

function projectionComplaints(value: unknown): readonly Complaint[] {
  if (value === 'ALL' || value === 'KEYS_ONLY') return []
  if (!Array.isArray(value)) {
    const meant = value === 'INCLUDE' ? '; for INCLUDE write the list of attributes itself' : ''
    return wrong(`${show(value)} is no projection; write ALL, KEYS_ONLY or a list of attribute names${meant}`)
  }
  return value.flatMap((name, index) =>
    typeof name === 'string' ? [] : wrong(`${show(name)} is no attribute name`, `[${index}]`),
  )
}

/** Members for the CreateTable request, by their AWS names; what a field stands for is said with that field. */
export const extraMembers: FieldCheck = {
  schema: { type: 'object' },
  complaints: extraComplaints,
}

function extraComplaints(value: unknown): readonly Complaint[] {
  if (!isRecord(value)) return wrong(`${show(value)} is no map of CreateTable members`)
  return Object.keys(value).flatMap(member => {
    const field = Object.hasOwn(fieldOfMember, member) ? fieldOfMember[member] : undefined
    return field === undefined ? [] : wrong(`${member} is written as "${field}" here`, `.${member}`)
  })
}

const fieldOfMember: Readonly<Record<string, string>> = {
  TableName: 'table',
  KeySchema: 'partitionKey',
  GlobalSecondaryIndexes: 'globalIndexes',
  LocalSecondaryIndexes: 'localIndexes',
  BillingMode: 'billingMode',
  ProvisionedThroughput: 'readCapacity',
  OnDemandThroughput: 'maxReadUnits',
  WarmThroughput: 'warmReadUnits',
  StreamSpecification: 'stream',
  SSESpecification: 'encryption',
  TableClass: 'tableClass',
  DeletionProtectionEnabled: 'deletionProtection',
  Tags: 'tags',
  ResourcePolicy: 'resourcePolicy',
}
