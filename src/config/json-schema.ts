import * as zod from 'zod/mini'
import { indexSettingFields, settingFields } from '../settings/catalogue.ts'
import { indexNames, type JsonSchema, projection } from '../settings/checks.ts'
import { extraMembers, globalIndexFields, layerFields, localIndexFields } from '../settings/fields.ts'
import type { Field } from '../settings/setting.ts'
import { warningIds } from '../settings/validate.ts'
import { configWords, tableWords } from './describe-fields.ts'
import { configSchema, duration, environmentSchema, ignorableFields, parts } from './schema.ts'

/**
 * The JSON Schema (draft 7) of a config file, for editors. It is generated from the config schema and the checks of
 * table fields, so that they always agree. Rules that involve several fields are not included.
 */
export function configJsonSchema(): JsonSchema {
  const layer = layerSchema()
  const instead = new Map<unknown, JsonSchema>([
    [parts.table, { $ref: '#/definitions/table' }],
    [parts.layer, { $ref: '#/definitions/layer' }],
    [parts.account, { type: 'string', pattern: '^\\d{12}$' }],
    [parts.url, { type: 'string', pattern: '^https?://' }],
    [
      parts.ignorable,
      { anyOf: [{ enum: ignorableFields }, { type: 'string', pattern: '^globalIndexes\\..+\\.[^.]+$' }] },
    ],
    [parts.warning, { enum: warningIds }],
    [parts.durationText, { type: 'string', pattern: duration.source }],
    [parts.seconds, { type: 'number', exclusiveMinimum: 0 }],
    [parts.concurrency, { type: 'integer', minimum: 1 }],
  ])
  const schema = zod.toJSONSchema(configSchema, {
    target: 'draft-7',
    override({ zodSchema, jsonSchema }) {
      const other = instead.get(zodSchema)
      if (other !== undefined) replace(jsonSchema, other)
      if (zodSchema === configSchema || zodSchema === environmentSchema)
        describe(jsonSchema.properties ?? {}, configWords)
      if (zodSchema === environmentSchema) Object.assign(jsonSchema.properties ?? {}, layer.properties)
    },
  })
  return { title: 'dynamox', ...schema, definitions: { table: tableSchema(), layer, ...keySchemas } }
}

/** An entry of `tables`: a table input, or a CreateTable input, whose members are not described. */
function tableSchema(): JsonSchema {
  const name = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[a-zA-Z0-9_.-]+$' }
  const own = {
    type: 'object',
    properties: {
      table: { ...name, description: tableWords.table },
      ...layerSchema().properties,
      ...indexSchemas(['partitionKey'], ['sortKey']),
    },
    required: ['table', 'partitionKey'],
    additionalProperties: false,
  }
  return { if: { type: 'object', required: ['KeySchema'] }, else: own }
}

/** Layers of table settings (defaults and overrides); their indexes may contain only the fields to change. */
function layerSchema(): JsonSchema & { readonly properties: Readonly<Record<string, JsonSchema>> } {
  const fields: Readonly<Record<string, JsonSchema>> = {
    partitionKey: { allOf: [{ $ref: '#/definitions/key' }], description: tableWords.partitionKey },
    sortKey: { allOf: [{ $ref: '#/definitions/key' }], description: tableWords.sortKey },
    ...indexSchemas([], []),
    ...settings(settingFields),
    extra: { ...extraMembers.schema, description: tableWords.extra },
  }
  return { type: 'object', properties: pick(fields, layerFields), additionalProperties: false }
}

/** The maps of indexes by name, with the fields that each index needs. */
function indexSchemas(ofGlobal: readonly string[], ofLocal: readonly string[]) {
  const keys = { allOf: [{ $ref: '#/definitions/keys' }] }
  const fields = {
    partitionKey: { ...keys, description: tableWords.partitionKey },
    sortKey: { ...keys, description: tableWords.sortKey },
    projection: { ...projection.schema, description: tableWords.projection },
    ...settings(indexSettingFields),
  }
  const byName = (description: string, names: readonly string[], required: readonly string[]): JsonSchema => ({
    description,
    type: 'object',
    propertyNames: indexNames,
    additionalProperties: { type: 'object', properties: pick(fields, names), required, additionalProperties: false },
  })
  return {
    globalIndexes: byName(tableWords.globalIndexes, globalIndexFields, ofGlobal),
    localIndexes: byName(tableWords.localIndexes, localIndexFields, ofLocal),
  }
}

const keySchemas = {
  key: {
    anyOf: [
      { type: 'string', minLength: 1 },
      {
        type: 'object',
        properties: { name: { type: 'string', minLength: 1 }, type: { enum: ['S', 'N', 'B'] } },
        required: ['name'],
        additionalProperties: false,
      },
    ],
  },
  keys: {
    anyOf: [
      { $ref: '#/definitions/key' },
      { type: 'array', items: { $ref: '#/definitions/key' }, minItems: 1, maxItems: 4 },
    ],
  },
  attributes: {
    anyOf: [{ $ref: '#/definitions/key' }, { type: 'array', items: { $ref: '#/definitions/key' } }],
  },
}

function settings(fields: Readonly<Record<string, Field>>): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, { check, description }]) => [field, { ...check.schema, description }]),
  )
}

/** The schemas of these fields, in this order; throws if one is missing. */
function pick(
  schemas: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    fields.map(field => {
      const schema = schemas[field]
      if (schema === undefined) throw new Error(`no schema for the field ${field}`)
      return [field, schema as JsonSchema]
    }),
  )
}

function describe(properties: Readonly<Record<string, unknown>>, words: Readonly<Record<string, string>>): void {
  for (const [key, schema] of Object.entries(properties)) {
    const description = words[key]
    if (description !== undefined && typeof schema === 'object') Object.assign(schema ?? {}, { description })
  }
}

function replace(schema: object, other: JsonSchema): void {
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key)
  Object.assign(schema, other)
}
