import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  OnDemandThroughput,
  Projection,
  SSESpecification,
  StreamSpecification,
  Tag,
  VectorIndex,
  WarmThroughput,
} from '@aws-sdk/client-dynamodb'
import { rules } from '../../settings/validate.ts'
import type { TableDefinition } from '../../table/definition.ts'
import type { Finding, Rule } from '../../table/rules/rule.ts'
import { memberOf } from '../../table/untyped.ts'
import { type AwsError, invalid, notSupported, validation } from './answer.ts'

/**
 * The mistakes of a CreateTable input that a definition cannot express, in AWS's order. The values are judged
 * afterwards, by `judgeDefinition`.
 */
export function judgeCreate(input: CreateTableCommandInput): AwsError | undefined {
  const { KeySchema = [], AttributeDefinitions = [], LocalSecondaryIndexes, GlobalSecondaryIndexes } = input
  const indexes = [...(LocalSecondaryIndexes ?? []), ...(GlobalSecondaryIndexes ?? [])]
  return (
    unsupportedMember(input) ??
    judgeBilling(input) ??
    firstError([input, ...(GlobalSecondaryIndexes ?? [])], noCap) ??
    judgeDefinitions(AttributeDefinitions) ??
    judgeKey(KeySchema, AttributeDefinitions, false) ??
    emptyList('LocalSecondaryIndexes', LocalSecondaryIndexes) ??
    emptyList('GlobalSecondaryIndexes', GlobalSecondaryIndexes) ??
    firstError(LocalSecondaryIndexes, index => judgeKey(index.KeySchema ?? [], AttributeDefinitions, false)) ??
    firstError(GlobalSecondaryIndexes, index => judgeKey(index.KeySchema ?? [], AttributeDefinitions, true)) ??
    emptyList('VectorIndexes', input.VectorIndexes) ??
    firstError(input.VectorIndexes, index => judgeSearch(index, AttributeDefinitions)) ??
    unusedDefinitions([...KeySchema, ...searched(input.VectorIndexes)], indexes, AttributeDefinitions) ??
    firstError(indexes, ({ Projection: projection }) => judgeProjection(projection)) ??
    emptyWarm(input.WarmThroughput, 'table') ??
    firstError(GlobalSecondaryIndexes, index => emptyWarm(index.WarmThroughput, `index: ${index.IndexName}`)) ??
    judgeStream(input.StreamSpecification) ??
    judgeEncryption(input.SSESpecification) ??
    judgeClass(input.TableClass) ??
    repeatedTag(input.Tags)
  )
}

/** Members of CreateTable and UpdateTable that concern several accounts or regions. */
const unsupportedMembers = [
  'GlobalTableSourceArn',
  'GlobalTableSettingsReplicationMode',
  'DisassociationProtectionEnabled',
]

export function unsupportedMember(input: object): AwsError | undefined {
  const member = unsupportedMembers.find(each => memberOf(input, each) !== undefined)
  return member === undefined ? undefined : notSupported(member)
}

// The rules that also check users' definitions. Two quotas are only warnings for users, because AWS raises them on
// request; here they are refusals.
const refusing = rules.filter(({ level, id }) => level !== 'warning' || id === 'G2' || id === 'V2')

/** The rules for the values of a definition. */
export function judgeDefinition(definition: TableDefinition, before?: TableDefinition): AwsError | undefined {
  for (const rule of refusing) {
    const known = before === undefined ? [] : [...rule.check(before)].map(({ at }) => at)
    for (const finding of rule.check(definition)) {
      if (!known.includes(finding.at)) return inAwsWords(rule, finding)
    }
  }
  return undefined
}

function inAwsWords({ aws, plain, id }: Rule, finding: Finding): AwsError {
  const message = finding.aws ?? aws
  if (message === undefined) return validation(`the embedded engine refuses this by rule ${id}: ${finding.message}`)
  if (message.startsWith('Value ')) return validation(`1 validation error detected: ${message}`)
  return plain === true || finding.plain === true ? validation(message) : invalid(message)
}

export function firstError<T>(values: readonly T[] | undefined, judge: (value: T) => AwsError | undefined) {
  for (const value of values ?? []) {
    const error = judge(value)
    if (error !== undefined) return error
  }
  return undefined
}

function judgeBilling({ BillingMode: mode, ProvisionedThroughput: units }: CreateTableCommandInput) {
  if (mode === 'PAY_PER_REQUEST')
    return units === undefined
      ? undefined
      : invalid('Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST')
  if (units === undefined)
    return invalid('ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED')
  return outOfBounds(units)
}

/** -1 removes a cap, which a new table does not have. */
function noCap(owner: CreateTableCommandInput | GlobalSecondaryIndex): AwsError | undefined {
  const index = 'IndexName' in owner ? `index : ${owner.IndexName}` : 'table'
  return judgeCaps(owner.OnDemandThroughput, index, 1)
}

const capMembers = ['MaxReadRequestUnits', 'MaxWriteRequestUnits'] as const

/** Caps below 1 are refused, except -1 where it removes a cap. */
export function judgeCaps(caps: OnDemandThroughput | undefined, owner: string, least: 1 | -1): AwsError | undefined {
  const member = capMembers.find(each => {
    const units = caps?.[each] ?? 1
    return units < 1 && units !== least
  })
  return member && invalid(`Requested ${member} for OnDemandThroughput for ${owner} is outside of valid range`)
}

export function outOfBounds(units: CreateTableCommandInput['ProvisionedThroughput']): AwsError | undefined {
  const members = ['ReadCapacityUnits', 'WriteCapacityUnits'] as const
  const member = members.find(each => (units?.[each] ?? 0) > 1e12)
  return member && validation(`Given value ${units?.[member]} for ${member} is out of bounds`)
}

export function judgeDefinitions(definitions: readonly AttributeDefinition[]): AwsError | undefined {
  const names = definitions.map(({ AttributeName }) => AttributeName)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  return twice === undefined ? undefined : validation(`Attribute Name is duplicated: ${twice}`)
}

/** The order and the definitions of a key's attributes; `several` for global indexes, whose keys may have up to 4 + 4. */
export function judgeKey(
  schema: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
  several: boolean,
): AwsError | undefined {
  const keys = schema.map(({ AttributeName }) => AttributeName)
  const types = schema.map(({ KeyType }) => KeyType)
  const defined = definitions.map(({ AttributeName }) => AttributeName)
  if (keys.length > defined.length) return validation('Invalid KeySchema: Some index key attribute have no definition')
  if (keys.some(key => !defined.includes(key))) {
    const listed = `Keys: [${keys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`
    return invalid(`Some index key attributes are not defined in AttributeDefinitions. ${listed}`)
  }
  if (keys.length === 2 && keys[0] === keys[1])
    return validation('Both the Hash Key and the Range Key element in the KeySchema have the same name')
  if (types[0] !== 'HASH') return validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type')
  if (!several && types.length > 1 && types[1] !== 'RANGE')
    return validation('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type')
  for (const type of ['HASH', 'RANGE']) {
    if (types.filter(each => each === type).length > 4)
      return invalid(`The KeySchema exceeds the maximum allowed number of ${type} key attributes`)
  }
  if (types.includes('RANGE') && types.lastIndexOf('HASH') > types.indexOf('RANGE'))
    return invalid('All HASH key attributes must precede RANGE key attributes in the KeySchema')
  if (new Set(keys).size !== keys.length)
    return validation('The KeySchema contains multiple key attributes with the same name')
  return undefined
}

const searched = (indexes: readonly VectorIndex[] = []) => indexes.flatMap(({ SearchSchema = [] }) => SearchSchema)

/** The attributes that a vector index searches by must be defined, and the vector itself must not. */
export function judgeSearch(index: VectorIndex, definitions: readonly AttributeDefinition[]): AwsError | undefined {
  const defined = definitions.map(({ AttributeName }) => AttributeName)
  if (searched([index]).some(({ AttributeName }) => !defined.includes(AttributeName)))
    return invalid('One element in SearchSchema is not defined in attribute definitions')
  const vector = index.VectorAttribute?.AttributeName
  if (!defined.includes(vector)) return judgeProjection(index.Projection)
  const why = 'An attribute cannot be defined in AttributeDefinitions when used as a VectorAttribute.'
  return invalid(`Conflicting attribute definition for '${vector}'. ${why}`)
}

/** How AWS shows the key of an index. */
export const keyElement = (name: string, type: string | undefined) =>
  `Schema:[SchemaElement: key{${name}:${type}:HASH}]`

/** An attribute that is a key of the table already, and should become something else. */
export const redefined = (name: string, type: string, wanted: string): AwsError =>
  invalid(
    'Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. ' +
      `Existing schema: ${keyElement(name, type)} New schema: ${wanted}`,
  )

function emptyList(name: string, given: readonly unknown[] | undefined) {
  return given?.length === 0 ? invalid(`List of ${name} is empty`) : undefined
}

function unusedDefinitions(
  key: readonly Pick<KeySchemaElement, 'AttributeName'>[],
  indexes: readonly { readonly KeySchema?: readonly KeySchemaElement[] | undefined }[],
  definitions: readonly AttributeDefinition[],
): AwsError | undefined {
  const used = [...key, ...indexes.flatMap(({ KeySchema = [] }) => KeySchema)].map(each => each.AttributeName)
  const defined = definitions.map(({ AttributeName }) => AttributeName)
  if (defined.every(name => used.includes(name))) return undefined
  if (indexes.length === 0) {
    const message = 'does not exactly match number of attributes defined in AttributeDefinitions'
    return invalid(`Number of attributes in KeySchema ${message}`)
  }
  const listed = `AttributeDefinitions: [${defined.join(', ')}], keys used: [${[...new Set(used)].join(', ')}]`
  return invalid(`Some AttributeDefinitions are not used. ${listed}`)
}

export function judgeProjection(projection: Projection | undefined): AwsError | undefined {
  const { ProjectionType: type, NonKeyAttributes: names } = projection ?? {}
  if (type === undefined) return invalid('Unknown ProjectionType: null')
  if (type === 'INCLUDE' && names === undefined)
    return invalid('ProjectionType is INCLUDE, but NonKeyAttributes is not specified')
  if (type !== 'INCLUDE' && names !== undefined)
    return invalid(`ProjectionType is ${type}, but NonKeyAttributes is specified`)
  return undefined
}

export function emptyWarm(warm: WarmThroughput | undefined, owner: string): AwsError | undefined {
  if (warm === undefined || Object.keys(warm).length > 0) return undefined
  const message = 'WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified'
  return invalid(`${message} for ${owner}`)
}

function judgeStream(stream: StreamSpecification | undefined): AwsError | undefined {
  const { StreamEnabled: enabled, StreamViewType: view } = stream ?? {}
  if (enabled === true && view === undefined)
    return invalid('Table is being created with a stream enabled, UpdateViewType is required')
  if (enabled === false && view !== undefined)
    return invalid('Table is being created with a stream disabled, UpdateViewType should not be specified')
  return undefined
}

export function judgeEncryption(specification: SSESpecification | undefined): AwsError | undefined {
  if (specification === undefined) return undefined
  const { Enabled: enabled, SSEType: type, KMSMasterKeyId: key } = specification
  if (enabled !== true && type !== undefined) return invalid('SSEType can not be specified if Enabled is false')
  if (enabled !== true && key !== undefined) return invalid('KMSMasterKeyId can not be specified if Enabled is false')
  if (type === 'AES256') return invalid('SSEType AES256 is not supported')
  if (key !== undefined && type === undefined) return invalid('SSEType KMS is required if KMSMasterKeyId is specified')
  return undefined
}

const classes = ['STANDARD', 'STANDARD_INFREQUENT_ACCESS']

export function judgeClass(tableClass: string | undefined): AwsError | undefined {
  if (tableClass === undefined || classes.includes(tableClass)) return undefined
  const message = 'Invalid table-class parameter provided. Please try again with a valid table-class value'
  return validation(`${message}: [${classes.join(', ')}].`)
}

export function repeatedTag(tags: readonly Tag[] | undefined): AwsError | undefined {
  const keys = (tags ?? []).map(({ Key }) => Key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  return twice === undefined
    ? undefined
    : validation(`Duplicate Tag Keys provided as input: Duplicate Tag Key found ${twice}`)
}
