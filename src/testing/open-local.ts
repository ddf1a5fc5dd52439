import { dirname, resolve } from 'node:path'
import type { Loaded, ResolvedTable } from '../load/load-options.ts'
import type { LocalServer } from '../local/engines/engine.ts'
import { allVariables, localEnvironment, workingDirectory } from '../local/environment.ts'
import type { LocalDynamo, StartLocalOptions } from './local-dynamo.ts'
import type { SeedSetting } from './seed/load-seed.ts'

/** A project whose definitions are loaded: several engines can be opened for it. */
export interface Project {
  readonly cwd: string
  readonly root: string
  readonly loaded: Loaded
}

export async function loadProject(options: StartLocalOptions): Promise<Project> {
  const { resolveDefinitions } = await import('../load/resolve-definitions.ts')
  const { localRoot } = await import('../local/store.ts')
  const cwd = resolve(options.cwd ?? workingDirectory())
  const { models, config, env, prefix, suffix } = options
  const list = typeof models === 'string' ? [models] : models
  const loaded = await resolveDefinitions({ cwd, models: list, config, env, prefix, suffix })
  return { cwd, loaded, root: localRoot(loaded.config === undefined ? cwd : dirname(loaded.config.path)) }
}

/** Starts an engine and brings the project's tables up in it. */
export async function openLocal(project: Project, options: StartLocalOptions): Promise<LocalDynamo> {
  const { findEngine } = await import('../local/engines/registry.ts')
  const { root, loaded } = project
  const { engine = 'dynalite', jar, inMemory = true, port = 0, keepAlive = false } = options
  const found = await findEngine(engine, { root, jar, env: allVariables() })
  const server = await found.start({ root, inMemory, port, keepAlive })
  try {
    return await tablesOn(project, server, loaded.tables, options)
  } catch (error) {
    await server.close()
    throw error
  }
}

/** The tables on a server that runs: created, seeded, and ready to be cleared. */
export async function tablesOn(
  project: Project,
  server: LocalServer,
  tables: readonly ResolvedTable[],
  options: StartLocalOptions,
): Promise<LocalDynamo> {
  const { openApi } = await import('../aws/open-api.ts')
  const { createDataApi } = await import('../aws/create-data-api.ts')
  const { createTables } = await import('./create-tables.ts')
  const { endpoint, region, credentials } = server
  const target = { kind: 'local', engine: options.engine, endpoint, region, credentials } as const
  const definitions = tables.map(({ definition }) => definition)
  const data = createDataApi(target)
  await createTables(openApi(target), definitions)

  const seed = async (setting: SeedSetting, base: string): Promise<void> => {
    const { seedPatterns } = await import('./seed/load-seed.ts')
    const { seedTables } = await import('./seed/seed-tables.ts')
    await seedTables(data, seedPatterns(setting, base), { cwd: project.cwd, tables })
  }
  const { config } = project.loaded
  const configured = config?.value.seed
  if (options.seed !== undefined && options.seed !== false) await seed(options.seed, project.cwd)
  else if (options.seed === undefined && configured !== undefined && config !== undefined) {
    await seed(configured, dirname(config.path))
  }
  return {
    endpoint,
    region,
    credentials,
    env: localEnvironment(server),
    tables: definitions.map(({ name }) => name),
    clearTables: async () => (await import('./clear-tables.ts')).clearTables(data, definitions),
    seed: setting => seed(setting, project.cwd),
    close: () => server.close(),
  }
}
