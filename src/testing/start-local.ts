import type { LocalDynamo, StartLocalOptions } from './local-dynamo.ts'

/**
 * Starts a local DynamoDB with the tables of the project's models and config, in memory and on a free port unless told
 * otherwise; resolves when every table is ready.
 *
 * Throws DynamoxError: `config`, `model`, `definition` (what is loaded), `config` (the engine is not here, or a seed
 * file is wrong), `usage` (the port is taken), `blocked` (the engine cannot hold such a table).
 */
export async function startLocal(options: StartLocalOptions = {}): Promise<LocalDynamo> {
  const { loadProject, openLocal } = await import('./open-local.ts')
  return openLocal(await loadProject(options), options)
}
