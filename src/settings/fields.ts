import { indexSettingChecks, settingChecks } from './field-checks.ts'

/** Every field of a table input, in the order in which people read them. */
export const tableFields: readonly string[] = [
  'table',
  'partitionKey',
  'sortKey',
  'globalIndexes',
  'localIndexes',
  ...Object.keys(settingChecks),
  'extra',
]

/** Every field of a global index. */
export const globalIndexFields: readonly string[] = [
  'partitionKey',
  'sortKey',
  'projection',
  ...Object.keys(indexSettingChecks),
]

/** Every field of a local index. */
export const localIndexFields: readonly string[] = ['sortKey', 'projection']

/** What other tools call these fields; too far away for spelling to help. */
export const otherNames: Readonly<Record<string, string>> = {
  name: 'table',
  tableName: 'table',
  TableName: 'table',
  hashKey: 'partitionKey',
  hash_key: 'partitionKey',
  pk: 'partitionKey',
  rangeKey: 'sortKey',
  range_key: 'sortKey',
  sk: 'sortKey',
  gsi: 'globalIndexes',
  globalSecondaryIndexes: 'globalIndexes',
  global_secondary_indexes: 'globalIndexes',
  lsi: 'localIndexes',
  localSecondaryIndexes: 'localIndexes',
  local_secondary_indexes: 'localIndexes',
  billing: 'billingMode',
  streamViewType: 'stream',
  timeToLive: 'ttl',
  time_to_live: 'ttl',
  pitr: 'pointInTimeRecovery',
  sse: 'encryption',
  include: 'projection',
  nonKeyAttributes: 'projection',
}
