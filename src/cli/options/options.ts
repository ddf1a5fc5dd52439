import { writerNames } from '../../formats/writers.ts'
import { engineNames } from '../../local/engines/engine.ts'
import { inSentence } from '../../table/untyped.ts'
import { reporterNames } from '../report/report.ts'
import { definitionOptions, type SettingFlags } from './definition-flags.ts'
import { inGroup, type OptionSpec, type Policy } from './option.ts'

const loads = ({ reads }: Policy) => reads === 'definitions' || reads === 'names' || reads === 'optional'
const configured = ({ reads }: Policy) => reads !== undefined
const contacts = (command: Policy) => command.contacts === true
const sends = (command: Policy) => contacts(command) || serves(command)
const severalTables = (command: Policy) => command.takes === 'tables' && contacts(command) && loads(command)
const changes = (command: Policy) => command.changes === true
const plans = (command: Policy) => command.plans === true
const writes = (command: Policy) => command.writes === true
const destroys = (command: Policy) => command.destroys === true
const serves = ({ takes }: Policy) => takes === 'program'
const everywhere = () => true

/** `text (default), json, github or markdown` */
const firstIsDefault = ([usual, ...others]: readonly string[]) => inSentence([`${usual} (default)`, ...others], 'or')

/** The meaning of --timeout for commands that usually wait so long. */
export const timeoutMeaning = (usual: string) => `how long it may take: 30, 30s, 5m, 1h; default ${usual}`

/** The same for commands that wait for one change of each table. */
export const patientTimeout = timeoutMeaning('5m, with replicas or warm throughput 20m')

const what = inGroup('What to work on')
const where = inGroup('Where')
const serve = inGroup('Serving')
const how = inGroup('How')
const consent = inGroup('Consent')
const output = inGroup('Output')

const picking = <Value>(option: OptionSpec<Value>): OptionSpec<Value> => ({ ...option, picks: true })

/** Every option, in the order of the help. Parsing, help and suggestions are derived from these entries. */
export const options = {
  model: picking(
    what.list('-m, --model <file or glob>', "model file or glob; repeatable; replaces the config's models", loads),
  ),
  config: what.textOrNo('-c, --config <file>', 'use this config file', configured, 'use no config file'),
  env: what.text('-e, --env <name>', "use the config's environments.<name>", configured, { env: 'DYNAMOX_ENV' }),
  prefix: picking(what.textOrNo('--prefix <text>', 'put before every table name', loads, "ignore the config's prefix")),
  suffix: picking(what.textOrNo('--suffix <text>', 'put after every table name', loads, "ignore the config's suffix")),
  slug: picking(
    what.flag('--slug', 'make prefix and suffix valid parts of a name: feature/x becomes feature-x-217d2b', loads),
  ),
  match: what.text('--match <glob>', 'live tables by name, as pr-*; listed and confirmed first'),
  olderThan: what.age('--older-than <duration>', 'with --match: only tables older than 12h, 7d, 2w'),
  require: what.list('--require <file or package>', 'load this before the models; repeatable', loads),
  allowNetwork: what.flag('--allow-network', 'let model files open connections while they load', loads),
  export: picking(what.text('--export <name>', 'use only this export of the model file', loads)),
  table: picking(what.text('--table <name>', 'the table name for a model without one', loads)),
  param: what.pairs('--param <K=V>', 'a parameter of a template; repeatable', loads),
  stage: what.text('--stage <name>', 'the stage of a serverless service', loads),
  stackName: what.text('--stack-name <name>', 'the name of the stack of a template', loads),
  var: what.pairs('--var <K=V>', 'a Terraform variable; repeatable', loads),
  varFile: what.list('--var-file <file>', 'a file of Terraform variables; repeatable', loads),
  name: what.pairs('--name <LogicalId=table>', 'the table name of a resource in a template; repeatable', loads),
  all: picking(what.flag('--all', 'every table that config and models define')),
  plain: picking(
    what.flag('--plain', 'take every name literally; load no definitions', ({ reads }) => reads === 'names'),
  ),

  // Templates may name tables after their region.
  region: where.text('--region <region>', 'AWS region', command => contacts(command) || loads(command)),
  profile: where.text('--profile <name>', 'profile of the shared AWS files', contacts),
  endpoint: where.text('--endpoint <url>', 'another endpoint, such as http://localhost:8000', contacts),
  local: where.flag('--local', 'the embedded engine; its tables are kept in .dynamox/local', contacts),

  port: serve.port('--port <n>', 'port; default 8000, or a free one when running a command; 0 picks one', serves),
  inMemory: serve.flag('--in-memory', 'keep nothing; otherwise data stays in .dynamox/local', serves),
  reset: serve.flag('--reset', 'delete what the engine has stored here and start empty', serves),
  engine: serve.choice('--engine <name>', firstIsDefault(engineNames), engineNames, serves),
  realistic: serve.factor(
    '--realistic [factor]',
    'take as long as AWS does to create, change and delete tables, and throttle; --realistic=10x is ten times as fast',
    serves,
    '1x',
  ),
  engines: serve.flag('--engines', 'list the engines: which are usable here, and what each lacks', serves),
  jar: serve.text('--jar <file>', 'DynamoDBLocal.jar for the engine dynamodb-local', serves, {
    env: 'DYNAMODB_LOCAL_JAR',
  }),
  envFile: serve.text('--env-file <file>', 'write the AWS SDK environment to this existing file', serves),
  writeEnv: serve.text('--write-env <file>', 'write the AWS SDK environment to this file', serves),
  seed: serve.list('--seed <file or glob>', 'put items into the tables: JSON, JSON Lines, YAML; repeatable', serves),
  watch: serve.flag('--watch', 'plan and apply model files that change', serves),
  admin: serve.flag('--admin', 'open dynamodb-admin, if installed, on the tables', serves),
  allowHost: serve.list('--allow-host <name>', 'also answer requests for this host name; repeatable', serves),
  allowOrigin: serve.list('--allow-origin <origin>', 'answer web pages of this origin; repeatable', serves),

  wait: how.flag('--wait', 'wait until the work is done (default)', changes, {
    no: 'return once the request is accepted',
  }),
  for: how.choice('--for <state>', 'wait for active (default) or gone', ['active', 'gone']),
  timeout: how.duration(
    '--timeout <duration>',
    timeoutMeaning('1m'),
    command => contacts(command) || command.reads === 'definitions',
  ),
  concurrency: how.count('--concurrency <n>', 'tables worked on at once', contacts),
  failFast: how.flag('--fail-fast', 'start no further table after a failure', severalTables),
  strict: how.flag(
    '--strict',
    'treat warnings (W-..., except W-assumed-...) as errors',
    ({ reads }) => reads === 'definitions',
  ),
  recreate: how.flag(
    '--recreate',
    'on a local engine: recreate tables that cannot be changed in place, keeping items that still fit',
  ),
  dryRun: how.flag('--dry-run', 'print the plan; change nothing', changes),
  iam: how.flag('--iam', 'print the IAM policy that this command needs, and do nothing else', sends),
  check: how.flag('--check', 'exit 1 if live tables have drifted'),
  to: how.choice('--to <format>', inSentence(writerNames, 'or'), writerNames, writes),
  out: how.text('-o, --out <file>', 'write to this file or folder', writes),
  import: how.flag('--import', 'also write what makes the tool adopt live tables', writes),
  force: how.flag('--force', 'replace a file that has other content', writes),
  matchBy: how.choice(
    '--match-by <what>',
    'which tables belong together: those with the same name (default), id in template or model, or keys',
    ['name', 'id', 'keys'],
  ),
  plan: how.text('--plan <file>', 'carry out this saved plan; refused if the live tables have changed'),
  dropIndexes: how.flag('--drop-indexes', 'also drop global indexes that the definition does not name', plans),
  pruneTags: how.flag('--prune-tags', 'also remove tags that the definition does not name', plans),
  safeReplace: how.flag(
    '--safe-replace',
    'add a changed index under a new name (by-email-2) and keep the old one; then name the new one in the definition and drop the old one with --drop-indexes',
    plans,
  ),

  yes: consent.flag('--yes', 'do not ask; needed without a terminal, where data may be lost', destroys),
  disableProtection: consent.flag('--disable-protection', 'turn deletion protection off first'),
  allowProtected: consent.flag('--allow-protected', 'allow data to be destroyed in a protected environment', destroys),

  ...definitionOptions,

  reporter: output.choice('--reporter <name>', firstIsDefault(reporterNames), reporterNames, everywhere),
  json: output.flag('--json', 'print one JSON document on stdout and nothing else there', everywhere),
  quiet: output.flag('-q, --quiet', 'print results and errors only', everywhere),
  verbose: output.flag('--verbose', 'also print every request sent and every state seen', everywhere),
  color: output.flag('--no-color', 'no colour; NO_COLOR, FORCE_COLOR and CI are honoured too', everywhere),
  help: output.flag('-h, --help', 'print this help', everywhere),
}

/** The option values of the command line; options that were not given are absent. */
export type Flags = { readonly [Name in keyof typeof options]?: ValueOf<(typeof options)[Name]> } & SettingFlags
type ValueOf<Option> = Option extends OptionSpec<infer Value> ? Value | undefined : never

export type OptionName = keyof Flags

type OptionEntry = readonly [name: OptionName, option: OptionSpec]

export const optionEntries = Object.entries(options) as readonly OptionEntry[]

/** Whether an option belongs to a command. */
export function belongsTo(command: Policy, [name, { on }]: OptionEntry): boolean {
  return on?.(command) === true || command.options?.includes(name) === true
}

/** Whether an option decides what a plan holds: how definitions are loaded, or what is planned. */
export const decidesPlan = ({ on }: OptionSpec): boolean => on === loads || on === plans

/** The options that a command takes, with their meanings there, in the order of the help. */
export function optionsOf(command: Policy): readonly OptionSpec[] {
  return optionEntries.flatMap(entry => {
    const [name, option] = entry
    return belongsTo(command, entry) ? [{ ...option, meaning: command.meanings?.[name] ?? option.meaning }] : []
  })
}
