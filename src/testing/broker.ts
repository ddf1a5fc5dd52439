import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { DynamoxError, type ErrorCode, isDynamoxError, messageOf, type Place, type Problem } from '../errors.ts'
import { listen } from '../local/ports.ts'
import {
  type LocalDynamo,
  loadProject,
  openLocal,
  type Project,
  type StartLocalOptions,
  tablesOn,
} from './open-local.ts'

/** How workers are isolated: each has its own in-memory engine, or its own table prefix on the shared engine. */
export type Isolation = 'engine' | 'prefix'

/** A request from a test runner's worker to the process that owns the engines. */
export type BrokerRequest =
  | { readonly kind: 'isolate'; readonly worker: string; readonly by: Isolation }
  | { readonly kind: 'clear'; readonly worker: string }

export type BrokerAnswer =
  | { readonly kind: 'isolated'; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed'
      readonly code: ErrorCode
      readonly message: string
      readonly hint?: string | undefined
      readonly problems?: readonly Problem[] | undefined
      readonly place?: Place | undefined
    }

/** The process that owns the engines of a test run; workers request their engines over HTTP. */
export interface Broker {
  /** The environment of every worker that has not requested its own engine or prefix. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Starts the engine that all workers share; further engines are started when a worker requests its own. */
export async function startBroker(options: StartLocalOptions): Promise<Broker> {
  const project = await loadProject(options)
  await refuseEmpty(project)
  const shared = await openLocal(project, options)
  const own = new Map<string, Promise<LocalDynamo>>()
  const answer = (request: BrokerRequest) => carryOut(request, { project, options, shared, own })
  // The path is secret, so that other programs on this machine cannot empty the tables.
  const path = `/${randomUUID()}`
  const server = createServer((request, response) => void handle(request, response, path, answer))
  const port = await listen(server, 0)
  server.unref()
  return {
    env: { ...shared.env, DYNAMOX_TEST_BROKER: `http://127.0.0.1:${port}${path}` },
    close: async () => {
      server.close()
      server.closeAllConnections()
      const opened = await Promise.allSettled(own.values())
      const engines = opened.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
      await Promise.all([shared, ...engines].map(engine => engine.close()))
    },
  }
}

/** Tests without tables would only fail later, one by one. */
async function refuseEmpty({ loaded, cwd }: Project): Promise<void> {
  if (loaded.tables.length > 0) return
  const { nothingDefined } = await import('../load/find-config.ts')
  const { why, into } = nothingDefined(loaded, cwd)
  throw new DynamoxError('usage', `nothing to create for the tests: ${why}`, {
    hint: `give models to dynamoxSetup({ models: 'src/models/*.ts' }) of dynamox/vitest or dynamox/jest, in a file of your own under globalSetup, or ${into}`,
  })
}

interface State {
  readonly project: Project
  readonly options: StartLocalOptions
  readonly shared: LocalDynamo
  readonly own: Map<string, Promise<LocalDynamo>>
}

async function carryOut(request: BrokerRequest, { project, options, shared, own }: State): Promise<BrokerAnswer> {
  const { worker } = request
  if (request.kind === 'clear') {
    await (await (own.get(worker) ?? shared)).clearTables()
    return { kind: 'done' }
  }
  const prefix = `w${worker}-`
  const opened = own.get(worker)
  const mine =
    opened ??
    (request.by === 'engine'
      ? openLocal(project, { ...options, port: 0, inMemory: true })
      : underPrefix(project, options, shared, prefix))
  own.set(worker, mine)
  const engine = await mine
  if (opened !== undefined) await engine.clearTables()
  return {
    kind: 'isolated',
    env: { ...engine.env, ...(request.by === 'prefix' ? { DYNAMOX_TABLE_PREFIX: prefix } : {}) },
  }
}

/** Creates a copy of the tables with a prefix on the shared engine. */
async function underPrefix(
  project: Project,
  { engine }: StartLocalOptions,
  shared: LocalDynamo,
  prefix: string,
): Promise<LocalDynamo> {
  const tables = project.loaded.tables.map(table => ({
    ...table,
    definition: { ...table.definition, name: prefix + table.definition.name },
  }))
  const server = { ...shared, shared: true, close: async () => {} }
  return tablesOn(project, server, tables, { engine, seed: false })
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  answer: (request: BrokerRequest) => Promise<BrokerAnswer>,
): Promise<void> {
  const said: BrokerAnswer =
    request.url === path
      ? await text(request)
          .then(body => answer(JSON.parse(body)))
          .catch(failed)
      : { kind: 'failed', code: 'internal', message: 'the request does not belong to this test run' }
  response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(said))
}

function failed(error: unknown): BrokerAnswer {
  if (!isDynamoxError(error)) return { kind: 'failed', code: 'internal', message: messageOf(error) }
  const { code, message, hint, problems, place } = error
  return { kind: 'failed', code, message, hint, problems, place }
}
