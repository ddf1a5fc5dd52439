import type { Loaded, LoadOptions } from './load-options.ts'

/**
 * Loads the project's table definitions: finds the config, runs its model files in a worker thread, lays everything over
 * one another (built-in defaults, config `defaults`, the source, the environment, `overrides`, flags) and checks the result.
 *
 * Nothing is sent anywhere. Model files may not connect while they are loaded unless `allowNetwork` is set; what they
 * print goes to stderr, and whatever they leave running ends with the worker.
 *
 * @throws DynamoxError `config` (the config file), `model` (a model file), `definition` (with all problems of all tables),
 * `usage` (an unknown environment or table name), `interrupted` (the signal)
 */
export async function loadDefinitions(options: LoadOptions = {}): Promise<Loaded> {
  const { resolveDefinitions } = await import('./resolve-definitions.ts')
  return resolveDefinitions(options)
}
