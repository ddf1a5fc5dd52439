import type { LocalDynamo, StartLocalOptions } from './open-local.ts'

/**
 * Starts a local DynamoDB with the tables of the project's models and config, by default in memory and on a free port;
 * resolves when every table is ready.
 *
 * Throws DynamoxError: `config`, `model`, `definition` (what is loaded), `config` (the engine was not found, or a seed
 * file is not valid), `usage` (the port is taken), `blocked` (the engine does not support such a table).
 */
export async function startLocal(options: StartLocalOptions = {}): Promise<LocalDynamo> {
  const { loadProject, openLocal } = await import('./open-local.ts')
  return openLocal(await loadProject(options), options)
}
