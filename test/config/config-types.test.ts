import { describe, expect, test } from 'vitest'
import * as zod from 'zod/mini'
import type { Config, Environment } from '../../src/config/config.ts'
import { configSchema as config, environmentSchema as environment } from '../../src/config/schema.ts'
import type { TableLayer } from '../../src/table/input.ts'

// Exhaustive by type: a key that the types gain or lose does not compile here.
const configKeys = {
  $schema: true,
  extends: true,
  dataFolder: true,
  models: true,
  tables: true,
  parameters: true,
  stage: true,
  stackName: true,
  variables: true,
  variableFiles: true,
  names: true,
  prefix: true,
  suffix: true,
  region: true,
  profile: true,
  endpoint: true,
  local: true,
  defaults: true,
  overrides: true,
  environments: true,
  allowedAccounts: true,
  ignore: true,
  seed: true,
  require: true,
  timeout: true,
  concurrency: true,
  strict: true,
  silence: true,
} satisfies Record<keyof Config, true>

const environmentKeys = {
  models: true,
  tables: true,
  parameters: true,
  stage: true,
  stackName: true,
  variables: true,
  variableFiles: true,
  names: true,
  prefix: true,
  suffix: true,
  region: true,
  profile: true,
  endpoint: true,
  local: true,
  defaults: true,
  overrides: true,
  allowedAccounts: true,
  protected: true,
} satisfies Record<Exclude<keyof Environment, keyof TableLayer>, true>

describe('the schema knows the keys of the types', () => {
  test('the keys of a config', () => {
    expect(Object.keys(config.shape).sort()).toEqual(Object.keys(configKeys).sort())
  })
  test('the keys of an environment', () => {
    expect(Object.keys(environment.shape)).toEqual(expect.arrayContaining(Object.keys(environmentKeys)))
  })
  test('the schema can be written as a JSON Schema', () => {
    expect(zod.toJSONSchema(config, { io: 'input' })).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        models: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
        environments: { type: 'object', additionalProperties: { type: 'object', additionalProperties: false } },
      },
    })
  })
})
