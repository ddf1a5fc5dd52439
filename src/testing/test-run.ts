import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { DynamoxError, isDynamoxError } from '../errors.ts'
import { enterLocal, environmentVariable, setEnvironment, workerName } from '../local/environment.ts'
import { problemLines } from '../table/problems.ts'
import type { BrokerAnswer, BrokerRequest, Isolation } from './broker.ts'
import { type LocalDynamo, type StartLocalOptions, startLocal as start } from './open-local.ts'

// The code shared by the entry points for test runners.

/** How a worker gets tables of its own. */
export interface IsolateOptions {
  /**
   * `engine` (the default): this worker gets its own in-memory engine with the same table names. `prefix`: it gets its
   * own tables on the shared engine; their prefix is in `DYNAMOX_TABLE_PREFIX`.
   */
  readonly by?: Isolation | undefined
}

/** Starts the engine of a test run and points this process and its workers to it; returns a function that stops it. */
export async function setUpRun(options: StartLocalOptions): Promise<() => Promise<void>> {
  const { startBroker } = await import('./broker.ts')
  const broker = await inFull(() => startBroker(options))
  const restore = enterLocal(broker.env)
  return async () => {
    restore()
    await broker.close()
  }
}

/**
 * `startLocal` of the library, with the hints of errors in their messages, because test runners show only the message.
 */
export const startLocal = (options?: StartLocalOptions): Promise<LocalDynamo> => inFull(() => start(options))

/**
 * Isolates this worker: from now on, its environment points to empty tables that no other worker uses. Throws `usage`
 * when the runner's config does not contain the global set-up of dynamox.
 */
export async function isolateWorker({ by = 'engine' }: IsolateOptions = {}): Promise<void> {
  await inFull(async () => {
    if (by !== 'engine' && by !== 'prefix') {
      throw new DynamoxError('usage', `isolateWorker: by must be "engine" or "prefix", not ${JSON.stringify(by)}`)
    }
    const answer = await ask({ kind: 'isolate', worker: workerName(), by })
    if (answer.kind === 'isolated') setEnvironment(answer.env)
  })
}

/** Deletes all items of this worker's tables (the shared ones unless `isolateWorker` was called); the tables stay. */
export async function clearTables(): Promise<void> {
  await inFull(() => ask({ kind: 'clear', worker: workerName() }))
}

/** Runs `work`; an error's problems and hint become lines of its message. */
async function inFull<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isDynamoxError(error)) throw error
    const { code, message, hint, problems, place, table, cause } = error
    const whole = [message, ...problemLines(error), ...(hint === undefined ? [] : [`  ${hint}`])].join('\n')
    throw new DynamoxError(code, whole, { hint, problems, place, table, cause })
  }
}

async function ask(message: BrokerRequest): Promise<BrokerAnswer> {
  const broker = environmentVariable('DYNAMOX_TEST_BROKER')
  if (broker === undefined) {
    throw new DynamoxError('usage', 'dynamox is not running for these tests', {
      hint: "add its global set-up to the runner's config: globalSetup: 'dynamox/vitest', or 'dynamox/jest/setup' and 'dynamox/jest/teardown'",
    })
  }
  const answer = JSON.parse(await post(broker, JSON.stringify(message))) as BrokerAnswer
  if (answer.kind !== 'failed') return answer
  const { code, message: text, ...details } = answer
  throw new DynamoxError(code, text, details)
}

/** Does not use `fetch`, because tests may replace it and some test environments lack it. */
function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent: false }, response => text(response).then(resolve, reject))
    call.on('error', cause =>
      reject(
        new DynamoxError('network', 'the test run that started dynamox has ended', {
          hint: "tests can only use it while the runner's global set-up is active",
          cause,
        }),
      ),
    )
    call.end(body)
  })
}
