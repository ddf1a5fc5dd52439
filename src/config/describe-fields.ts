import type { TableSettings } from '../table/definition.ts'
import type { TableInput } from '../table/input.ts'
import type { Config, Environment } from './config.ts'

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
  extends: 'Configs that this one builds on: files relative to it, or packages; the last is the strongest.',
  models: 'Files that export models or tables, or globs, relative to this file; !pattern takes files out.',
  tables: 'Tables that are defined here rather than in code.',
  parameters: 'Values of template parameters, by name.',
  stage: 'The stage of serverless services.',
  stackName: 'The name of the stack that templates are deployed as.',
  variables: 'Values of Terraform variables, by name; lists and objects as HCL text.',
  variableFiles: 'Files with values of Terraform variables, relative to this file.',
  names: 'Table names for models and templates that carry none, by export or logical id, or by file#Export.',
  prefix: 'Put before every table name that models and this file define.',
  suffix: 'Put after every table name that models and this file define.',
  region: 'AWS region; without it the standard AWS environment decides.',
  profile: 'Profile of the shared AWS files.',
  endpoint: 'Another endpoint, such as http://localhost:8000; in an environment false is AWS itself.',
  local: 'Use the embedded engine on .dynamox/local.',
  dataFolder: 'The folder that holds .dynamox, the data of local engines; the folder of the project by default.',
  defaults: "Settings for every table, weaker than what a table's own source says.",
  overrides: 'Settings by table (the name before or after prefix and suffix), stronger than what its source says.',
  allowedAccounts: 'The only AWS accounts (12 digits, in quotes) in which anything may be changed.',
  environments: 'By name, applied over the rest with --env NAME or DYNAMOX_ENV.',
  protected: 'Destructive commands also need --allow-protected.',
  ignore: 'Differences to ignore, for every table or by table name (* is every table).',
  seed: 'Items for dynamox local: files or globs, for all tables or by table.',
  require: 'Files or packages to load before the models.',
  timeout: 'How long to wait: seconds, or 30s, 5m, 1h.',
  concurrency: 'How many tables are worked on at once.',
  strict: 'Treat warnings as errors, as --strict does.',
  silence: 'Ids of warnings that are not shown.',
}
