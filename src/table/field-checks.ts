import type { GlobalIndex, TableSettings, Throughput } from './definition.ts'
import { didYouMean, suggestion } from './did-you-mean.ts'
import { isRecord, listed, show, type UntypedRecord } from './untyped.ts'

/** One thing wrong with a field's shape: where within the field (`''` for the field itself), what, and the rule if AWS has one. */
export interface Complaint {
  readonly at: string
  readonly message: string
  readonly rule?: string
}

/** Looks at a value of unknown origin; no complaint means that it has the field's type. */
export type FieldCheck = (value: unknown) => readonly Complaint[]

const throughputChecks: { readonly [F in keyof Throughput]-?: FieldCheck } = {
  readCapacity: wholeNumber,
  writeCapacity: wholeNumber,
  maxReadUnits: orFalse(wholeNumber),
  maxWriteUnits: orFalse(wholeNumber),
  warmReadUnits: wholeNumber,
  warmWriteUnits: wholeNumber,
}

const insights = oneOf([true, false, 'ACCESSED_AND_THROTTLED_KEYS', 'THROTTLED_KEYS'])

/** The type of every setting of a table. Ranges and combinations are the rules' business. */
export const settingChecks: { readonly [F in keyof TableSettings]-?: FieldCheck } = {
  billingMode: oneOf(['PAY_PER_REQUEST', 'PROVISIONED']),
  ...throughputChecks,
  tableClass: oneOf(['STANDARD', 'STANDARD_INFREQUENT_ACCESS'], 'C1'),
  encryption: oneOf(['AWS_OWNED', 'AWS_MANAGED', 'CUSTOMER_MANAGED']),
  kmsKeyId: text,
  stream: oneOf([false, 'KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']),
  ttl: orFalse(text),
  pointInTimeRecovery: value =>
    typeof value === 'boolean' ? [] : wholeNumber(value, 'true, false or a number of days'),
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
export function projection(value: unknown): readonly Complaint[] {
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
export function extraMembers(value: unknown): readonly Complaint[] {
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

function wholeNumber(value: unknown, wanted = 'a whole number'): readonly Complaint[] {
  if (Number.isSafeInteger(value)) return []
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
    return wrong(`${show(value)} is text; write the number ${Number(value)} without quotes`)
  }
  return wrong(`${show(value)} will not do; write ${wanted}`)
}

function text(value: unknown): readonly Complaint[] {
  if (value === undefined) return wrong('it is missing; write a text')
  return typeof value === 'string' && value !== '' ? [] : wrong(`${show(value)} will not do; write a text`)
}

function jsonText(value: unknown): readonly Complaint[] {
  if (isRecord(value)) return wrong('the policy is an object; write it as JSON text (JSON.stringify)')
  return text(value)
}

function textMap(value: unknown): readonly Complaint[] {
  if (Array.isArray(value)) return wrong('tags are a list; write a map from key to value: { team: shop }')
  if (!isRecord(value)) return wrong(`${show(value)} will not do; write a map from key to value`)
  return Object.entries(value).flatMap(([key, entry]) =>
    typeof entry === 'string' ? [] : wrong(`the value ${show(entry)} is no text; put it in quotes`, `.${key}`),
  )
}

function kinesisDestination(value: unknown): readonly Complaint[] {
  if (!isRecord(value)) return wrong(`${show(value)} will not do; write { arn } of the data stream, or false`)
  const { arn, precision, ...rest } = value
  return [
    ...prefixed('.arn', text(arn)),
    ...(precision === undefined ? [] : prefixed('.precision', oneOf(['MILLISECOND', 'MICROSECOND'])(precision))),
    ...Object.keys(rest).flatMap(field => wrong(unknownField(field, ['arn', 'precision']), `.${field}`)),
  ]
}

function oneOf(values: readonly (string | boolean)[], rule?: string): FieldCheck {
  const words = values.filter(value => typeof value === 'string')
  const others = values.filter(value => typeof value !== 'string').map(String)
  return value => {
    if (values.some(allowed => allowed === value)) return []
    const choice = [...words, ...others].join(', ').replace(/, ([^,]*)$/, ' or $1')
    return wrong(`${show(value)} will not do; write ${choice}`, '', rule)
  }
}

function orFalse(check: FieldCheck): FieldCheck {
  return value => (value === false ? [] : check(value))
}

/** The field that was probably meant by a name that nobody knows. */
export function meantField(field: string, known: readonly string[], otherNames: UntypedRecord): string | undefined {
  return otherName(field, otherNames) ?? didYouMean(field, known)
}

/** The sentence for a field that nobody knows, with what was probably meant. */
export function unknownField(field: string, known: readonly string[], otherNames: UntypedRecord = {}): string {
  const other = otherName(field, otherNames)
  const meant = other === undefined ? suggestion(field, known) : `; it is called "${other}" here`
  return `there is no field "${field}"${meant === '' && known.length < 8 ? `; known are ${listed(known, 'and')}` : meant}`
}

function otherName(field: string, otherNames: UntypedRecord): string | undefined {
  const other = Object.hasOwn(otherNames, field) ? otherNames[field] : undefined
  return typeof other === 'string' ? other : undefined
}

function prefixed(at: string, complaints: readonly Complaint[]): readonly Complaint[] {
  return complaints.map(complaint => ({ ...complaint, at: at + complaint.at }))
}

function wrong(message: string, at = '', rule?: string): readonly Complaint[] {
  return [{ at, message, ...(rule === undefined ? {} : { rule }) }]
}
