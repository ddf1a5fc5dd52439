import type { TableSettings } from '../table/definition.ts'
import type { TableInput } from '../table/input.ts'
import type { Config, Environment } from './config.ts'

/** What editors say of a table's field; one sentence each. */
export const settingWords: Readonly<Record<keyof TableSettings, string>> = {
  billingMode:
    'How the table is paid: by the request (PAY_PER_REQUEST, the default) or by what is set aside (PROVISIONED).',
  readCapacity: 'Provisioned read capacity units per second; 5 when left out. PROVISIONED billing only.',
  writeCapacity: 'Provisioned write capacity units per second; 5 when left out. PROVISIONED billing only.',
  maxReadUnits: 'Cap on read request units per second, on-demand billing only; false: no cap.',
  maxWriteUnits: 'Cap on write request units per second, on-demand billing only; false: no cap.',
  warmReadUnits: 'Warm throughput, read units per second: from 12000 with on-demand billing; can only be raised.',
  warmWriteUnits: 'Warm throughput, write units per second: from 4000 with on-demand billing; can only be raised.',
  tableClass: 'STANDARD (the default), or STANDARD_INFREQUENT_ACCESS: cheaper to store, dearer to use.',
  encryption:
    'Whose key encrypts the table: AWS_OWNED (free, the default), AWS_MANAGED or CUSTOMER_MANAGED (KMS, charged).',
  kmsKeyId: 'The KMS key for CUSTOMER_MANAGED: its ARN, id or alias.',
  stream: 'What the stream of changes shows of an item; false: make sure that there is no stream.',
  ttl: 'The number attribute that holds the expiry time in epoch seconds; false: make sure that nothing expires.',
  pointInTimeRecovery: 'Continuous backups: true, false, or for how many days (1 to 35).',
  deletionProtection: 'Whether DynamoDB refuses to delete the table.',
  tags: 'Tags by key: up to 50, each value a text.',
  resourcePolicy: 'A resource-based policy as JSON text; false: make sure that there is none.',
  contributorInsights: 'CloudWatch Contributor Insights: true, false, or what it counts.',
  kinesis: 'The Kinesis data stream that receives the changes; false: make sure that there is none.',
}

/** The fields that make a table and its indexes. */
export const tableWords: Readonly<Record<Exclude<keyof TableInput, keyof TableSettings> | 'projection', string>> = {
  table: "The table's name, before prefix and suffix.",
  partitionKey:
    'The partition key: name or name:type, with the type S (string, the default), N (number) or B (binary).',
  sortKey: 'The sort key: name or name:type, with the type S (string, the default), N (number) or B (binary).',
  globalIndexes: 'Global secondary indexes by name, up to 20: each has keys of its own, of up to four attributes each.',
  localIndexes:
    "Local secondary indexes by name, up to 5: the table's partition key with another sort key. Only at creation.",
  projection: 'What the index holds beside its keys: ALL (the default), KEYS_ONLY, or the attributes to include.',
  extra: 'Members of the CreateTable request that no field stands for, by their AWS names.',
}

/** The keys of a config file and of its environments, beside table settings. */
export const configWords: Readonly<Record<keyof Config | Exclude<keyof Environment, keyof TableInput>, string>> = {
  $schema: 'Where editors find the schema of this file.',
  models: 'Files that export models or tables, or globs, relative to this file; !pattern takes files out.',
  tables: 'Tables that are defined here rather than in code.',
  prefix: 'Put before every table name that models and this file define.',
  suffix: 'Put after every table name that models and this file define.',
  region: 'AWS region; without it the standard AWS environment decides.',
  profile: 'Profile of the shared AWS files.',
  endpoint: 'Another endpoint, such as http://localhost:8000; in an environment false is AWS itself.',
  local: 'Use the embedded engine on .dynamox/local.',
  defaults: "Settings for every table, weaker than what a table's own source says.",
  overrides: 'Settings by table (the name before or after prefix and suffix), stronger than what its source says.',
  allowedAccounts: 'The only AWS accounts (12 digits, in quotes) in which anything may be changed.',
  environments: 'By name, laid over all of the rest with --env NAME or DYNAMOX_ENV.',
  protected: 'What destroys needs --allow-protected as well.',
  ignore: 'Differences not to see, for every table or by table name (* is every table).',
  seed: 'Items for dynamox local: files or globs, for all tables or by table.',
  require: 'Files or packages to load before the models.',
  timeout: 'How long to wait: seconds, or 30s, 5m, 1h.',
  concurrency: 'How many tables are worked on at once.',
  strict: 'As --strict on every command that takes it: warnings are errors.',
  silence: 'Ids of warnings that are not shown.',
}
