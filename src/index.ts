import type { Loaded, LoadOptions } from './load/load-options.ts'

export { applyPlan } from './apply/apply-plan.ts'
export type { Action, Event, OnEvent, Outcome } from './apply/events.ts'
export type { Identity, ReadOptions, Refusal, TableApi } from './apply/ports.ts'
export type { RunOptions } from './apply/run.ts'
export { waitFor } from './apply/wait.ts'
export { type ApiOptions, createApi } from './aws/create-api.ts'
export { type Credentials, type KeyPair, resolveTarget, type Target, type TargetOptions } from './aws/target.ts'
export type {
  CreateTableOptions,
  DeleteTableOptions,
  DynamoxClientOptions,
  TableOutcome,
  WaitOptions,
} from './client/client-options.ts'
export { DynamoxClient, getDefaultClient, setDefaultClient } from './client/dynamox-client.ts'
export type { Config, Environment } from './config/config.ts'
export { defineConfig } from './config/config.ts'
export { DynamoxError, type ErrorCode, isDynamoxError, type Problem } from './errors.ts'
export type { Loaded, LoadOptions, ResolvedTable } from './load/load-options.ts'
export {
  type Attribute,
  binary,
  binarySet,
  boolean,
  list,
  map,
  number,
  numberSet,
  set,
  string,
  stringSet,
  type VectorAttribute,
  vector,
} from './models/attributes.ts'
export { defineModel, type Model, type ModelInput } from './models/define-model.ts'
export { defineTable, type TableModel } from './models/define-table.ts'
export type { Plan } from './plan/plan-table.ts'
export { type PlanOptions, planDelete, planTable } from './plan/plan-table.ts'
// The settings catalogue declares the types of the settings.
export type { SettingField } from './settings/catalogue.ts'
export type { Change } from './settings/change.ts'
export type { Step, TableRequest, Until } from './settings/step.ts'
export type { VectorIndexInput } from './settings/vector-indexes.ts'
export type { Capabilities, EngineName, Feature } from './table/capabilities.ts'
export type {
  Assumption,
  GlobalIndex,
  KeyAttribute,
  LocalIndex,
  Projection,
  TableDefinition,
  TableSettings,
  VectorDistance,
  VectorIndex,
} from './table/definition.ts'
export type {
  GlobalIndexInput,
  KeyInput,
  KeysInput,
  LocalIndexInput,
  Source,
  TableInput,
  TableLayer,
} from './table/input.ts'
export type { FollowUpField, LiveTable } from './table/live.ts'
export type { LocalDynamo, StartLocalOptions } from './testing/open-local.ts'
export { startLocal } from './testing/open-local.ts'

/**
 * Loads the project's table definitions: finds the config, runs its model files in a worker thread, merges all layers
 * (built-in defaults, config `defaults`, the source, the environment, `overrides`, flags) and checks the result.
 *
 * Sends no requests. Model files cannot open connections while they are loaded unless `allowNetwork` is set. Their
 * output goes to stderr, and code that they leave running ends with the worker.
 *
 * @throws DynamoxError `config` (the config file), `model` (a model file), `definition` (with all problems of all tables),
 * `usage` (an unknown environment or table name), `interrupted` (the signal)
 */
export async function loadDefinitions(options: LoadOptions = {}): Promise<Loaded> {
  // Load the parts on first use, so that importing the library is fast.
  const load = await import('./load/load-definitions.ts')
  return load.loadDefinitions(options)
}
