import * as z from 'zod/mini'
import { globalIndexFields, layerFields } from '../settings/fields.ts'
import { warningIds } from '../settings/validate.ts'
import { suggestion } from '../table/did-you-mean.ts'
import { show } from '../table/untyped.ts'

/** `30`, `30s`, `1.5m`: seconds when no unit is given. */
export const duration = /^\d+(\.\d+)?(ms|s|m|h)?$/

export const ignorableFields: readonly string[] = ['capacity', ...layerFields]
const ignorableOfIndex = ['capacity', ...globalIndexFields]

const wanted = (what: string) => (issue: { readonly code?: string | undefined; readonly input?: unknown }) =>
  // `checkConfig` words the messages for unknown keys, because it has the known keys.
  issue.code === 'unrecognized_keys' ? undefined : `must be ${what}, not ${show(issue.input)}`

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
    error: issue => `${show(issue.input)} is not the id of a warning${suggestion(String(issue.input), warningIds)}`,
  }),
)
const notDuration = { error: wanted('a duration such as 30, 30s or 5m') }
const seconds = z.number().check(z.refine(value => value > 0, notDuration))
const durationText = z.string().check(z.refine(value => duration.test(value), notDuration))
const notCount = { error: wanted('a whole number from 1') }
const concurrency = z.number(notCount).check(z.refine(value => Number.isInteger(value) && value >= 1, notCount))

const common = {
  models: texts,
  tables: z.array(table, { error: wanted('a list of tables') }),
  parameters: values,
  stage: text,
  stackName: text,
  variables: values,
  variableFiles: texts,
  names: z.record(z.string(), text, {
    error: wanted('a map from file#export or logical id to table name, such as src/cart.ts#Cart: carts'),
  }),
  prefix: text,
  suffix: text,
  region: text,
  profile: text,
  local: flag,
  defaults: layer,
  overrides: z.record(z.string(), layer, { error: wanted('a map from table name to settings') }),
  allowedAccounts: accounts,
}

/** One of `environments`. */
export const environmentSchema = z.partial(
  z.strictObject(
    {
      ...common,
      endpoint: z.union([url, z.literal(false)], {
        error: wanted('an http:// or https:// address, or false for AWS itself'),
      }),
      protected: flag,
      ...Object.fromEntries(layerFields.map(field => [field, z.unknown()])),
    },
    { error: wanted('a map') },
  ),
)

/**
 * A config file. Tables and layers are only checked to be objects here; their fields are checked by `readInput`, which
 * `checkConfig` and the loader call.
 */
export const configSchema = z.partial(
  z.strictObject(
    {
      $schema: text,
      extends: texts,
      dataFolder: text,
      ...common,
      endpoint: url,
      environments: z.record(z.string(), environmentSchema, { error: wanted('a map from name to environment') }),
      ignore: z.union([ignored, z.record(z.string(), ignored)], {
        error: wanted('a list of field names, or a map from table name to such a list'),
      }),
      seed: z.union([texts, z.record(z.string(), texts)], {
        error: wanted('a file, a list of files, or a map from table name to files'),
      }),
      require: texts,
      timeout: z.union([seconds, durationText], notDuration),
      concurrency: concurrency,
      strict: flag,
      silence: z.array(warning, { error: wanted('a list of rule ids') }),
    },
    { error: wanted('a map of settings') },
  ),
)

/** The JSON Schema cannot read refinements; it describes these parts by their names. */
export const parts = { table, layer, account, url, ignorable, warning, durationText, seconds, concurrency }

function notTexts(value: unknown): string {
  return Array.isArray(value)
    ? `holds ${show(value.find(entry => typeof entry !== 'string'))}; each entry must be a string`
    : `must be a string or a list of strings, not ${show(value)}`
}

function isAccount(value: unknown): boolean {
  return typeof value === 'string' && /^\d{12}$/.test(value)
}

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

function unknownIgnore(value: unknown): string {
  return `${show(value)} cannot be ignored${suggestion(String(value), ignorableFields)}; write capacity, a field's name, or globalIndexes.<index>.capacity`
}
