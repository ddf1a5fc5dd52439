import { dirname, resolve } from 'node:path'
import type { DataApi } from '../apply/data-api.ts'
import type { TableApi } from '../apply/ports.ts'
import { DynamoxError } from '../errors.ts'
import type { Loaded, ResolvedTable } from '../load/load-options.ts'
import type { LocalEngineName, LocalServer } from '../local/engines/engine.ts'
import { allVariables, localEnvironment, workingDirectory } from '../local/environment.ts'
import type { TableDefinition } from '../table/definition.ts'
import { textList } from '../table/untyped.ts'
import type { SeedSetting } from './seed/seed-tables.ts'

/** The options of `startLocal`; every member is optional. */
export interface StartLocalOptions {
  /** The folder where the config search starts; the working directory by default. */
  readonly cwd?: string | undefined
  /** Model files or globs; they replace the config's `models` and `tables`. */
  readonly models?: string | readonly string[] | undefined
  /** The config file to use instead of searching for one; `false` for none. */
  readonly config?: string | false | undefined
  /** The environment of the config to apply. */
  readonly env?: string | undefined
  /** Put before every table name; overrides the config's. */
  readonly prefix?: string | undefined
  /** Put after every table name; overrides the config's. */
  readonly suffix?: string | undefined
  /** The engine; `dynalite`, which comes with dynamox, by default. */
  readonly engine?: LocalEngineName | undefined
  /** DynamoDBLocal.jar, for the engine `dynamodb-local`. */
  readonly jar?: string | undefined
  /** Whether to keep the data only in memory; `true` by default. Otherwise it is stored in `.dynamox/local`. */
  readonly inMemory?: boolean | undefined
  /** A port on 127.0.0.1; a free one when left out or 0. */
  readonly port?: number | undefined
  /** Additional host names to accept requests for; loopback names and addresses always work. */
  readonly allowHosts?: readonly string[] | undefined
  /** Origins of web pages that may send requests, such as `http://localhost:3000`; none by default. */
  readonly allowOrigins?: readonly string[] | undefined
  /**
   * Whether tables take as long as on AWS to be created, changed and deleted, with its throttling; a number is how many
   * times as fast (`10`). `false` by default: everything is immediate. Only for the embedded engine.
   */
  readonly realistic?: boolean | number | undefined
  /** Files or globs with items, relative to `cwd`; the config's `seed` when left out, `false` for none. */
  readonly seed?: SeedSetting | false | undefined
  /** Whether it keeps the process alive until `close`; `false` by default. */
  readonly keepAlive?: boolean | undefined
}

/** A local DynamoDB with the project's tables in it. */
export interface LocalDynamo {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string
  /** The region that requests are signed for: `us-east-1`. */
  readonly region: string
  /** The key pair that every engine accepts; most engines accept any pair. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** The environment variables that make an AWS SDK use it: `AWS_ENDPOINT_URL_DYNAMODB`, region and credentials. */
  readonly env: Readonly<Record<string, string>>
  /** The resolved names of its tables. */
  readonly tables: readonly string[]
  /** Deletes all items; the tables stay. */
  clearTables(): Promise<void>
  /** Writes the items of these files, after checking all of them. Throws DynamoxError `config`. */
  seed(seed: SeedSetting): Promise<void>
  /** Stops the engine. May be called twice; never throws. */
  close(): Promise<void>
}

/** A project with its loaded definitions; several engines can be started for it. */
export interface Project {
  readonly cwd: string
  readonly root: string
  readonly loaded: Loaded
}

/**
 * Starts a local DynamoDB with the tables of the project's models and config, by default in memory and on a free port;
 * resolves when every table is ready.
 *
 * Throws DynamoxError: `config`, `model`, `definition` (what is loaded), `config` (the engine was not found, or a seed
 * file is not valid), `usage` (the port is taken), `blocked` (the engine does not support such a table).
 */
export async function startLocal(options: StartLocalOptions = {}): Promise<LocalDynamo> {
  return openLocal(await loadProject(options), options)
}

export async function loadProject(options: StartLocalOptions): Promise<Project> {
  const { loadDefinitions } = await import('../load/load-definitions.ts')
  const { dataRoot } = await import('../local/store.ts')
  const cwd = resolve(options.cwd ?? workingDirectory())
  const { models, config, env, prefix, suffix } = options
  const loaded = await loadDefinitions({
    cwd,
    models: models === undefined ? undefined : textList(models),
    config,
    env,
    prefix,
    suffix,
  })
  return { cwd, loaded, root: dataRoot(loaded, cwd) }
}

/** Starts an engine and creates the project's tables in it. */
export async function openLocal(project: Project, options: StartLocalOptions): Promise<LocalDynamo> {
  const { findEngine, speedOf } = await import('../local/engines/registry.ts')
  const { parseAllowed } = await import('../local/guard-requests.ts')
  const { root, loaded } = project
  const { engine = 'dynalite', jar, inMemory = true, port = 0, keepAlive = false } = options
  const found = await findEngine(engine, { root, jar, env: allVariables() })
  const allowed = parseAllowed(engine, options.allowHosts, options.allowOrigins)
  const speed = speedOf(engine, options.realistic)
  const server = await found.start({ root, inMemory, port, keepAlive, allowed, speed })
  try {
    return await tablesOn(project, server, loaded.tables, options)
  } catch (error) {
    await server.close()
    throw error
  }
}

/** Creates and seeds the tables on a running server. */
export async function tablesOn(
  project: Project,
  server: LocalServer,
  tables: readonly ResolvedTable[],
  options: StartLocalOptions,
): Promise<LocalDynamo> {
  const { createApi } = await import('../aws/create-api.ts')
  const { createDataApi } = await import('../aws/create-data-api.ts')
  const { endpoint, region, credentials } = server
  const target = { kind: 'local', engine: options.engine, endpoint, region, credentials } as const
  const definitions = tables.map(({ definition }) => definition)
  const data = createDataApi(target)
  await createTables(createApi(target), definitions)

  const seed = async (setting: SeedSetting | undefined, base: string, samples = false): Promise<void> => {
    const { seedPatterns, seedTables } = await import('./seed/seed-tables.ts')
    await seedTables(data, seedPatterns(setting, base), { cwd: project.cwd, tables, samples })
  }
  const { config } = project.loaded
  const configured = config?.value.seed
  if (options.seed !== undefined && options.seed !== false) await seed(options.seed, project.cwd)
  else if (
    options.seed === undefined &&
    (configured !== undefined || tables.some(({ items }) => items !== undefined))
  ) {
    await seed(configured, config === undefined ? project.cwd : dirname(config.path), true)
  }
  return {
    endpoint,
    region,
    credentials,
    env: localEnvironment(server),
    tables: definitions.map(({ name }) => name),
    clearTables: async () => void (await Promise.all(definitions.map(definition => clearTable(data, definition)))),
    seed: setting => seed(setting, project.cwd),
    close: () => server.close(),
  }
}

/** Creates the tables concurrently, with the code of `dynamox create`, and waits until all are ready. */
async function createTables(api: TableApi, definitions: readonly TableDefinition[]): Promise<void> {
  const { systemClock } = await import('../apply/clock.ts')
  const { createTable } = await import('../apply/reconcile.ts')
  const { createWaiter } = await import('../apply/waiter.ts')
  const waiter = createWaiter(api, systemClock)
  const outcomes = await Promise.all(definitions.map(definition => createTable(definition, api, { waiter })))
  for (const { name, action, error } of outcomes) {
    if (error !== undefined) throw error
    if (action === 'different') {
      throw new DynamoxError('conflict', `the table ${name} already exists and differs from its definition`, {
        table: name,
        hint: 'dynamox local --reset starts with an empty store; dynamox plan --local shows the differences',
      })
    }
  }
}

async function clearTable(api: DataApi, definition: TableDefinition): Promise<void> {
  const { keyOf } = await import('./seed/check-keys.ts')
  const { writeItems } = await import('./seed/write-items.ts')
  const attributes = [...definition.partitionKey, ...definition.sortKey].map(({ name }) => name)
  for await (const items of api.scan(definition.name, { attributes })) {
    const writes = items.map(item => ({ kind: 'delete', key: keyOf(item, definition) }) as const)
    await writeItems(api, definition.name, writes)
  }
}
