import type { Action } from '../../apply/events.ts'
import type { JsonSchema } from '../../settings/checks.ts'
import { exitCodes } from '../exit-code.ts'

/**
 * The JSON Schema (draft 7) of the document that `--json` prints. Members may be added in later versions, so unknown ones
 * are allowed.
 */
export function outputJsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'dynamox --json',
    ...object(
      { version: { const: 1 }, command: text, ok: words('whether the exit code is 0', { type: 'boolean' }) },
      {
        target: ref('target'),
        tables: list(ref('table')),
        warnings: texts,
        error: ref('error'),
        path: words('the file that init or plan --out wrote', text),
        text: words('what --help or --version prints', text),
        endpoint: words('where local serves', text),
        env: words('the environment of programs that use local', { type: 'object', additionalProperties: text }),
        engines: list(ref('engine')),
        found: words('files that define tables, for init and for show of a folder', { type: 'array' }),
        config: words('the settings that init wrote', { type: 'object' }),
        format: text,
        files: list(ref('file')),
        sources: words('the two sources that diff compared', texts),
        policy: ref('policy'),
        rules: words('what explain explains', list(object({ id: text, means: text, fix: text }))),
      },
    ),
    definitions,
  }
}

const text: JsonSchema = { type: 'string' }
const flag: JsonSchema = { type: 'boolean' }
const count: JsonSchema = { type: 'integer', minimum: 0 }
const texts: JsonSchema = { type: 'array', items: text }
const nullable: JsonSchema = { type: ['string', 'null'] }

const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` })
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
const words = (description: string, schema: JsonSchema): JsonSchema => ({ description, ...schema })

type Members = Readonly<Record<string, JsonSchema>>

function object(required: Members, optional: Members = {}): JsonSchema {
  const names = Object.keys(required)
  return {
    type: 'object',
    properties: { ...required, ...optional },
    ...(names.length === 0 ? {} : { required: names }),
  }
}

/** Like `object`, where other members may follow. */
const open = (required: Members, optional: Members = {}): JsonSchema => ({
  ...object(required, optional),
  additionalProperties: true,
})

const actions: Record<Action, string> = {
  created: 'was missing, and is ready now',
  unchanged: 'exists and matches its definition',
  different: 'exists and differs from its definition',
  updated: 'was brought to its definition',
  deleted: 'is gone',
  absent: 'did not exist when it was to be deleted',
  exists: 'exists',
  missing: 'does not exist',
  ready: 'is ready',
  gone: 'is gone',
  planned: 'has a plan, which may have no steps',
  blocked: 'cannot be changed in place, or is protected',
  requested: 'was accepted; --no-wait did not wait',
  failed: 'has an error',
  interrupted: 'was stopped',
  skipped: 'was not started, or was kept',
}

/** A key as `list` prints it: `pk:S`. */
const keys = object({ partitionKey: texts, sortKey: texts })
const attributes = list(object({ name: text, type: { enum: ['S', 'N', 'B'] } }))

const definitions: Members = {
  target: object({ kind: { enum: ['aws', 'endpoint', 'local'] }, region: text, endpoint: nullable, account: nullable }),
  table: object(
    { name: text },
    {
      action: { oneOf: Object.entries(actions).map(([action, meaning]) => ({ const: action, description: meaning })) },
      status: text,
      durationMs: count,
      changes: list(ref('change')),
      steps: list(ref('step')),
      differences: words('the differences in words, of diff', texts),
      warnings: texts,
      error: ref('error'),
      definition: ref('definition'),
      request: words('the CreateTable input', { type: 'object' }),
      source: list(ref('source')),
      origins: words('the layer that a value came from, by its path', { type: 'object', additionalProperties: text }),
      keys,
      indexes: words('a list (list), or statuses by name (describe)', {
        anyOf: [list(ref('index')), { type: 'object', additionalProperties: ref('liveIndex') }],
      }),
      arn: text,
      id: text,
      createdAt: { type: 'string', format: 'date-time' },
      itemCount: count,
      sizeBytes: count,
      settling: words('settings that are changing', texts),
      encryptionStatus: text,
      warmStatus: text,
      replicaStatuses: { type: 'object', additionalProperties: text },
    },
  ),
  // Every setting of docs/definitions.md by its name.
  definition: open({
    name: text,
    partitionKey: attributes,
    sortKey: attributes,
    globalIndexes: list(ref('definedIndex')),
    localIndexes: list(ref('definedIndex')),
  }),
  definedIndex: open({ name: text }, { partitionKey: attributes, sortKey: attributes, projection: ref('projection') }),
  projection: { anyOf: [{ enum: ['ALL', 'KEYS_ONLY'] }, texts] },
  index: open({ name: text, kind: text, status: text }, { projection: ref('projection') }),
  liveIndex: object({ status: text }, { backfilling: flag, warmStatus: text }),
  source: object({ file: text, adapter: text }, { export: text, line: count, column: count }),
  step: object(
    {
      sign: { enum: ['+', '-', '~'] },
      summary: text,
      request: object({ api: text, input: { type: 'object' } }),
      destroys: flag,
    },
    {
      expected: words('how long AWS usually takes', text),
      uses: words('the AWS quotas that it uses up', texts),
    },
  ),
  change: open({ kind: text }),
  error: object(
    { code: { enum: Object.keys(exitCodes) }, message: text },
    {
      hint: text,
      problems: list(ref('problem')),
      place: ref('place'),
      stack: words('of a bug in dynamox', text),
    },
  ),
  problem: object({ path: text, message: text }, { rule: text, place: ref('place') }),
  place: object({ file: text, line: count, column: count }, { source: text }),
  engine: object({ name: text, usable: flag, ignores: texts, refuses: texts }, { found: text, why: text, hint: text }),
  file: object({ path: text }, { action: { enum: ['created', 'replaced', 'unchanged'] }, text }),
  policy: object({
    Version: { const: '2012-10-17' },
    Statement: list(
      object({ Effect: { const: 'Allow' }, Action: texts, Resource: texts }, { Condition: { type: 'object' } }),
    ),
  }),
}
