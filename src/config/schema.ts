import { globalIndexFields, tableFields } from '../settings/fields.ts'
import { warningIds } from '../settings/validate.ts'
import { suggestion } from '../table/did-you-mean.ts'
import { show } from '../table/untyped.ts'

/** The parts of zod that the schema uses, listed individually so that the bundle contains nothing else. */
export type Zod = Pick<
  typeof import('zod/mini'),
  | 'array'
  | 'boolean'
  | 'literal'
  | 'looseObject'
  | 'number'
  | 'optional'
  | 'record'
  | 'refine'
  | 'strictObject'
  | 'string'
  | 'union'
  | 'unknown'
>

/** `30`, `30s`, `1.5m`: seconds when no unit is given. */
export const duration = /^\d+(\.\d+)?(ms|s|m|h)?$/

/**
 * The schema of a config file. Tables and layers are only checked to be objects here; their fields are checked by
 * `readInput`, which `checkConfig` and the loader call.
 */
export function configSchema(z: Zod) {
  const text = z.string({ error: wanted('a string') })
  const flag = z.boolean({ error: wanted('true or false') })
  const table = z.looseObject({}, { error: wanted('a map') })
  const layer = z.looseObject({}, { error: wanted('a map') })
  const texts = z.union([text, z.array(text)], { error: ({ input }) => notTexts(input) })
  const values = z.record(
    z.string(),
    z.union([text, z.number(), flag], { error: wanted('a string, a number, true or false') }),
    {
      error: wanted('a map from name to value'),
    },
  )
  const account = text.check(z.refine(isAccount, { error: ({ input }) => wrongAccount(input) }))
  const accounts = z.union([account, z.array(account)], { error: ({ input }) => wrongAccount(input) })
  const url = text.check(
    z.refine(isHttpUrl, { error: issue => `${show(issue.input)} is not an http:// or https:// address` }),
  )
  const ignorable = text.check(z.refine(isIgnorable, { error: issue => unknownIgnore(issue.input) }))
  const ignored = z.array(ignorable, {
    error: wanted('a list of field names'),
  })
  const warning = text.check(
    z.refine(value => warningIds.includes(value), {
      error: issue => `${show(issue.input)} is not a warning${suggestion(String(issue.input), warningIds)}`,
    }),
  )
  const notDuration = { error: wanted('a duration such as 30, 30s or 5m') }
  const seconds = z.number().check(z.refine(value => value > 0, notDuration))
  const durationText = z.string().check(z.refine(value => duration.test(value), notDuration))
  const notCount = { error: wanted('a whole number from 1') }
  const concurrency = z.number(notCount).check(z.refine(value => Number.isInteger(value) && value >= 1, notCount))

  const common = {
    models: z.optional(texts),
    tables: z.optional(z.array(table, { error: wanted('a list of tables') })),
    parameters: z.optional(values),
    stage: z.optional(text),
    stackName: z.optional(text),
    variables: z.optional(values),
    variableFiles: z.optional(texts),
    names: z.optional(
      z.record(z.string(), text, {
        error: wanted('a map from file#export or logical id to table name, such as src/cart.ts#Cart: carts'),
      }),
    ),
    prefix: z.optional(text),
    suffix: z.optional(text),
    region: z.optional(text),
    profile: z.optional(text),
    local: z.optional(flag),
    defaults: z.optional(layer),
    overrides: z.optional(z.record(z.string(), layer, { error: wanted('a map from table name to settings') })),
    allowedAccounts: z.optional(accounts),
  }
  const environment = z.strictObject(
    {
      ...common,
      endpoint: z.optional(
        z.union([url, z.literal(false)], { error: wanted('an http:// or https:// address, or false for AWS itself') }),
      ),
      protected: z.optional(flag),
      ...Object.fromEntries(layerFields.map(field => [field, z.optional(z.unknown())])),
    },
    { error: wanted('a map') },
  )
  const config = z.strictObject(
    {
      $schema: z.optional(text),
      extends: z.optional(texts),
      dataFolder: z.optional(text),
      ...common,
      endpoint: z.optional(url),
      environments: z.optional(z.record(z.string(), environment, { error: wanted('a map from name to environment') })),
      ignore: z.optional(
        z.union([ignored, z.record(z.string(), ignored)], {
          error: wanted('a list of field names, or a map from table name to such a list'),
        }),
      ),
      seed: z.optional(
        z.union([texts, z.record(z.string(), texts)], {
          error: wanted('a file, a list of files, or a map from table name to files'),
        }),
      ),
      require: z.optional(texts),
      timeout: z.optional(z.union([seconds, durationText], notDuration)),
      concurrency: z.optional(concurrency),
      strict: z.optional(flag),
      silence: z.optional(z.array(warning, { error: wanted('a list of rule ids') })),
    },
    { error: wanted('a map of settings') },
  )
  // The JSON Schema cannot read refinements; it describes these fields by their names.
  const parts = { table, layer, account, url, ignorable, warning, durationText, seconds, concurrency }
  return { config, environment, parts }
}

/** The fields of a layer: all fields of a table except its name. */
export const layerFields: readonly string[] = tableFields.filter(field => field !== 'table')

const wanted = (what: string) => (issue: { readonly code?: string | undefined; readonly input?: unknown }) =>
  // `checkConfig` words the messages for unknown keys, because it has the known keys.
  issue.code === 'unrecognized_keys' ? undefined : `must be ${what}, not ${show(issue.input)}`

function notTexts(value: unknown): string {
  return Array.isArray(value)
    ? `holds ${show(value.find(entry => typeof entry !== 'string'))}; each entry must be a string`
    : `must be a string or a list of strings, not ${show(value)}`
}

const isAccount = (value: unknown) => typeof value === 'string' && /^\d{12}$/.test(value)

function wrongAccount(value: unknown): string {
  const wrong = Array.isArray(value) ? value.find(entry => !isAccount(entry)) : value
  return typeof wrong === 'number'
    ? `${wrong} is a number, which loses leading zeros; put the account in quotes`
    : `${show(wrong)} is not an account of 12 digits`
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

function isIgnorable(value: string): boolean {
  const [, indexField] = /^globalIndexes\..+\.([^.]+)$/.exec(value) ?? []
  return indexField === undefined ? ignorableFields.includes(value) : ignorableOfIndex.includes(indexField)
}

export const ignorableFields: readonly string[] = ['capacity', ...layerFields]
const ignorableOfIndex = ['capacity', ...globalIndexFields]

function unknownIgnore(value: unknown): string {
  return `${show(value)} cannot be ignored${suggestion(String(value), ignorableFields)}; write capacity, a field's name, or globalIndexes.<index>.capacity`
}
