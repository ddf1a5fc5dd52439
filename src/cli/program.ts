import { type CommandName, commandNames } from './command-specs.ts'
import type { Flags } from './flags.ts'

// Every flag, as data: parsing, help and "did you mean" all come from this page.

export type OptionGroup = 'What to work on' | 'Where' | 'Serving' | 'How' | 'Consent' | 'Definition' | 'Output'

export interface OptionSpec {
  /** `-m, --model <file or glob>`: short form, long form and what the value is. */
  readonly flags: string
  readonly meaning: string
  readonly commands: readonly CommandName[]
  readonly group: OptionGroup
  /** How the value is read; absent for a flag without one. */
  readonly value?: 'text' | 'maybe-empty' | 'list' | 'count' | 'duration' | 'port' | undefined
  /** The only values there are. */
  readonly choices?: readonly string[] | undefined
  /** What `--no-<name>` means, where there is one. */
  readonly no?: string | undefined
  /** The environment variable that stands in for it. */
  readonly env?: string | undefined
}

type Details = Pick<OptionSpec, 'value' | 'choices' | 'no' | 'env'>

/** An option of one group; whether it takes a value is written in its flags. */
const inGroup =
  (group: OptionGroup) =>
  (flags: string, meaning: string, commands: readonly CommandName[], details: Details = {}): OptionSpec => ({
    flags,
    meaning,
    commands,
    group,
    ...(flags.includes('<') ? { value: 'text' } : {}),
    ...details,
  })

const what = inGroup('What to work on')
const where = inGroup('Where')
const serve = inGroup('Serving')
const how = inGroup('How')
const consent = inGroup('Consent')
const define = inGroup('Definition')
const output = inGroup('Output')

const everywhere = commandNames
const loading = commandNames.filter(name => name !== 'list' && name !== 'init')
const configured = commandNames.filter(name => name !== 'init')
const contacting = commandNames.filter(name => name !== 'show' && name !== 'init' && name !== 'local')
const several = contacting.filter(name => name !== 'list')
const changing: readonly CommandName[] = ['create', 'delete', 'update']
const timed: readonly CommandName[] = [...changing, 'wait', 'exists']
const planning: readonly CommandName[] = ['plan', 'update']
const defining: readonly CommandName[] = ['create', 'show']
const defined: readonly CommandName[] = ['create', 'plan', 'update', 'show']
const serving: readonly CommandName[] = ['local']

const list = { value: 'list' } as const
const count = { value: 'count' } as const
const oneOf = (...choices: readonly string[]) => ({ choices })

export const options: Readonly<Record<keyof Flags, OptionSpec>> = {
  model: what(
    '-m, --model <file or glob>',
    "model files; one value each time, repeatable; replaces the config's models",
    loading,
    list,
  ),
  config: what('-c, --config <file>', 'this config file instead of the one that is found', configured, {
    no: 'use no config file',
  }),
  env: what('-e, --env <name>', "lay the config's environments.<name> over the rest", configured, {
    env: 'DYNAMOX_ENV',
  }),
  prefix: what('--prefix <text>', 'put before every resolved table name', loading, { value: 'maybe-empty' }),
  suffix: what('--suffix <text>', 'put after every resolved table name', loading, { value: 'maybe-empty' }),
  require: what(
    '--require <file or package>',
    'load this before the models (dotenv/config); repeatable',
    loading,
    list,
  ),
  allowNetwork: what('--allow-network', 'let model files connect while they are loaded', loading),
  export: what('--export <name>', 'only this export of the model file', loading),
  table: what('--table <name>', 'the table name for a model that does not carry one', loading),
  all: what('--all', 'every table that config and models define', ['delete']),
  plain: what('--plain', 'take every name literally; load no definitions', ['exists', 'delete', 'wait']),

  region: where('--region <region>', 'AWS region; otherwise from config or the AWS environment', contacting),
  profile: where('--profile <name>', 'profile of the shared AWS files', contacting),
  endpoint: where('--endpoint <url>', 'another endpoint, such as http://localhost:8000', contacting),
  local: where('--local', 'the embedded engine on .dynamox/local, kept between runs', contacting),

  port: serve('--port <n>', 'the port; 8000, or a free one before a command; 0 picks one', serving, { value: 'port' }),
  inMemory: serve('--in-memory', 'keep nothing; otherwise data stays in .dynamox/local', serving),
  reset: serve('--reset', 'start clean: remove what the engine has kept here', serving),
  engine: serve(
    '--engine <name>',
    'dynalite (the default), dynamodb-local, extenddb or dynoxide',
    serving,
    oneOf('dynalite', 'dynamodb-local', 'extenddb', 'dynoxide'),
  ),
  engines: serve('--engines', 'list the engines: which can be used here, and what each lacks', serving),
  jar: serve('--jar <file>', 'DynamoDBLocal.jar for the engine dynamodb-local', serving, { env: 'DYNAMODB_LOCAL_JAR' }),
  envFile: serve('--env-file <file>', 'write the environment for the AWS SDK into this file; it must exist', serving),
  writeEnv: serve('--write-env <file>', 'the same, and it need not exist (Node itself insists on --env-file)', serving),
  seed: serve(
    '--seed <file or glob>',
    'items to put into the tables: JSON, JSON Lines, YAML; repeatable',
    serving,
    list,
  ),
  watch: serve('--watch', 'plan and apply model files that change', serving),
  recreate: serve(
    '--recreate',
    'recreate tables that cannot be changed in place, with the items that still fit',
    serving,
  ),
  admin: serve('--admin', 'open dynamodb-admin, where it is installed, on the tables', serving),

  wait: how('--wait', 'wait until it is done; the default', changing, { no: 'return once the request is accepted' }),
  for: how('--for <state>', 'what to wait for: active (the default) or gone', ['wait'], oneOf('active', 'gone')),
  timeout: how('--timeout <duration>', 'how long to wait: 30, 30s, 5m, 1h; default 5m, update 60m, exists 1m', timed, {
    value: 'duration',
  }),
  concurrency: how('--concurrency <n>', 'tables worked on at once', contacting, count),
  failFast: how('--fail-fast', 'start no further table after the first failure', several),
  strict: how(
    '--strict',
    'warnings with an id (W-...) are errors; on create, a table that exists already is a no (exit 1)',
    defined,
  ),
  dryRun: how('--dry-run', 'print the plan, send nothing that changes anything', changing),
  check: how('--check', 'exit 1 when there is something to do', ['plan']),
  out: how('--out <file>', 'also save the plan, for update --plan', ['plan']),
  plan: how('--plan <file>', 'carry out exactly this saved plan; refuse when what is live has changed', ['update']),
  dropIndexes: how('--drop-indexes', 'also drop global indexes that the definition does not have', planning),
  pruneTags: how('--prune-tags', 'also remove tags that the definition does not have', planning),
  safeReplace: how(
    '--safe-replace',
    'add a changed index under a new name (by-email-2) and keep the old one; name the new one in the definition, then --drop-indexes drops the old',
    planning,
  ),

  yes: consent('--yes', 'do not ask; needed without a terminal', ['delete', 'update']),
  disableProtection: consent('--disable-protection', 'turn deletion protection off first', ['delete']),
  allowProtected: consent('--allow-protected', 'go on in an environment that config marks protected', [
    'delete',
    'update',
  ]),

  partitionKey: define('--partition-key <name:type>', 'partition key; type S, N or B, S when left out', defining),
  sortKey: define('--sort-key <name:type>', 'sort key', defining),
  billingMode: define(
    '--billing-mode <mode>',
    'PAY_PER_REQUEST (the default) or PROVISIONED',
    defining,
    oneOf('PAY_PER_REQUEST', 'PROVISIONED'),
  ),
  readCapacity: define('--read-capacity <n>', 'provisioned read capacity units', defining, count),
  writeCapacity: define('--write-capacity <n>', 'provisioned write capacity units', defining, count),
  tableClass: define(
    '--table-class <class>',
    'STANDARD or STANDARD_INFREQUENT_ACCESS',
    defining,
    oneOf('STANDARD', 'STANDARD_INFREQUENT_ACCESS'),
  ),
  encryption: define(
    '--encryption <kind>',
    'AWS_OWNED, AWS_MANAGED or CUSTOMER_MANAGED',
    defining,
    oneOf('AWS_OWNED', 'AWS_MANAGED', 'CUSTOMER_MANAGED'),
  ),
  kmsKeyId: define('--kms-key-id <key>', 'the key for CUSTOMER_MANAGED', defining),
  gsi: define('--gsi <index>', 'a global secondary index; repeatable', defining, list),
  lsi: define('--lsi <index>', 'a local secondary index; repeatable', defining, list),
  ttl: define('--ttl <attribute>', 'the attribute that holds the expiry time', defining),
  stream: define(
    '--stream <view>',
    'KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES',
    defining,
    oneOf('KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'),
  ),
  pointInTimeRecovery: define('--point-in-time-recovery', 'turn point-in-time recovery on', defining),
  deletionProtection: define('--deletion-protection', 'turn deletion protection on', defining),
  tag: define('--tag <key=value>', 'a tag; repeatable', defining, list),

  json: output('--json', 'one JSON document on stdout, nothing else there', everywhere),
  quiet: output('-q, --quiet', 'results and errors only', everywhere),
  verbose: output('--verbose', 'also every request that is sent and every state seen', everywhere),
  color: output('--no-color', 'no colour; NO_COLOR, FORCE_COLOR and CI are honoured too', everywhere),
}

/** The options that a command takes, in the order of the page. */
export function optionsOf(command: CommandName): readonly OptionSpec[] {
  return Object.values(options).filter(option => option.commands.includes(command))
}

/** The parts of `-m, --model <file or glob>`. */
export function partsOf(option: OptionSpec): { long: string; short: string | undefined; argument: string | undefined } {
  const [, short, long = '', argument] = /^(?:(-\w), )?(--[\w-]+)(?: (<.+>))?$/.exec(option.flags) ?? []
  return { long, short, argument }
}
