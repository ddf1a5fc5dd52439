import { env } from 'node:process'
import type { TableApi } from '../apply/ports.ts'
import { createApi } from '../aws/create-api.ts'
import { resolveTarget, type Target } from '../aws/target.ts'
import { DynamoxError } from '../errors.ts'
import type { LiveTable } from '../table/live.ts'
import { exampleCredentials, localRegion } from '../table/local-credentials.ts'
import type {
  CreateTableOptions,
  DeleteTableOptions,
  DynamoxClientOptions,
  TableOutcome,
  WaitOptions,
} from './client-options.ts'
import { checkOptions } from './client-options.ts'
import { callSync } from './sync.ts'

/**
 * Creates, checks, waits for and deletes DynamoDB tables.
 *
 * Every failure is a DynamoxError with a `code`. Constructing a client costs nothing: the AWS SDK is loaded at the first
 * call. Throws `usage` for an endpoint that is not a URL or a profile that does not exist.
 */
export class DynamoxClient {
  readonly #api: TableApi
  readonly #target: Target | undefined

  constructor(options: DynamoxClientOptions = {}) {
    checkOptions('DynamoxClient', options, [
      ...['endpoint', 'endpointFrom', 'region', 'profile', 'credentials', 'client', 'local'],
    ])
    const { client, local, ...settings } = options
    if (client !== undefined) {
      this.#api = createApi({ client })
      return
    }
    if (local !== undefined && typeof local?.endpoint !== 'string') {
      throw new DynamoxError('usage', 'local takes a running local engine', {
        hint: 'give what `await startLocal()` returns, or the endpoint of an engine as `endpoint`',
      })
    }
    // Ignore the environment for an engine that dynamox started.
    this.#target = local === undefined ? resolveTarget(settings, { ...env }) : localTarget(local)
    this.#api = createApi(this.#target)
  }

  /**
   * Creates a table. Throws `exists` when a table of that name exists, `definition` for a definition that breaks
   * DynamoDB's rules (all of them in `problems`), `usage` for a setting that needs a second call (`ttl`,
   * `pointInTimeRecovery`, ...) without `wait`, `timeout` when the table is not ready in time; AWS goes on creating it.
   */
  async createTable(name: string, options: CreateTableOptions): Promise<TableOutcome> {
    return (await import('./operations.ts')).createTable(this.#api, name, options)
  }

  /** Whether a table exists. A table that is being created counts as existing, one that is being deleted does not. */
  async tableExists(name: string, options: WaitOptions = {}): Promise<boolean> {
    return (await import('./operations.ts')).tableExists(this.#api, name, options)
  }

  /**
   * Deletes a table with all its items. Throws `not-found` when it does not exist, and `blocked` when it is protected
   * against deletion.
   */
  async deleteTable(name: string, options: DeleteTableOptions = {}): Promise<TableOutcome> {
    return (await import('./operations.ts')).deleteTable(this.#api, name, options)
  }

  /** Waits until the table, its indexes and its encryption are ready; a table that does not exist yet may still be created. */
  async waitForTableActive(name: string, options: WaitOptions = {}): Promise<TableOutcome> {
    return (await import('./operations.ts')).waitForTable(this.#api, name, 'active', options)
  }

  /** Waits until the table is gone. */
  async waitForTableGone(name: string, options: WaitOptions = {}): Promise<TableOutcome> {
    return (await import('./operations.ts')).waitForTable(this.#api, name, 'gone', options)
  }

  /** The names of all tables. */
  listTables(options: Pick<WaitOptions, 'signal'> = {}): Promise<readonly string[]> {
    return this.#api.list(options)
  }

  /** The live table: its definition and its statuses; `undefined` when it does not exist. */
  async describeTable(name: string, options: Pick<WaitOptions, 'signal'> = {}): Promise<LiveTable | undefined> {
    return (await import('./operations.ts')).describeTable(this.#api, name, options)
  }

  /**
   * `createTable` for scripts that cannot await: blocks the thread while a worker does the work, for `timeoutSeconds`
   * (300 when left out) at most. Throws `usage` on a client made from an SDK client or with a function for
   * credentials, and for a `signal`.
   */
  createTableSync(name: string, options: CreateTableOptions): TableOutcome {
    return callSync(this.#target, 'createTable', name, options)
  }

  /** `tableExists`, blocking; see `createTableSync`. */
  tableExistsSync(name: string, options: WaitOptions = {}): boolean {
    return callSync(this.#target, 'tableExists', name, options)
  }

  /** `deleteTable`, blocking; see `createTableSync`. */
  deleteTableSync(name: string, options: DeleteTableOptions = {}): TableOutcome {
    return callSync(this.#target, 'deleteTable', name, options)
  }

  /** `waitForTableActive`, blocking; see `createTableSync`. */
  waitForTableActiveSync(name: string, options: WaitOptions = {}): TableOutcome {
    return callSync(this.#target, 'waitForTableActive', name, options)
  }
}

/** Shared by all copies of dynamox in this process: some models may `require` it while the program imports it. */
const place = Symbol.for('dynamox.defaultClient')
const shared = globalThis as { [place]?: DynamoxClient | undefined }

/** Sets the client that models use from now on; `undefined` returns to one made from the AWS environment. */
export function setDefaultClient(client: DynamoxClient | undefined): void {
  shared[place] = client
}

/** The client that was set; otherwise one for the region, endpoint and credentials of the AWS environment. */
export function getDefaultClient(): DynamoxClient {
  shared[place] ??= new DynamoxClient()
  return shared[place]
}

/** Only the target: a started engine also has methods, which cannot be sent to a worker. */
function localTarget(local: NonNullable<DynamoxClientOptions['local']>): Target {
  const { endpoint, region = localRegion, credentials = exampleCredentials } = local
  return { kind: 'local', endpoint, region, credentials }
}
