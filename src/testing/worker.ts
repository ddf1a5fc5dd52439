import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { DynamoxError } from '../errors.ts'
import { readVariable, setEnvironment, workerName } from '../local/environment.ts'
import type { BrokerAnswer, BrokerRequest, Isolation } from './broker-messages.ts'

export interface IsolateOptions {
  /**
   * `engine` (the default): an in-memory engine of this worker's own, under the same table names.
   * `prefix`: tables of its own on the shared engine; their prefix is in `DYNAMOX_TABLE_PREFIX`.
   */
  readonly by?: Isolation | undefined
}

/**
 * Sets this worker apart from those that run beside it: from here on its environment leads to tables that no other
 * worker sees, and they are empty. Throws `usage` where the global set-up of dynamox is not in the runner's config.
 */
export async function isolateWorker({ by = 'engine' }: IsolateOptions = {}): Promise<void> {
  if (by !== 'engine' && by !== 'prefix') {
    throw new DynamoxError(
      'usage',
      `isolateWorker sets workers apart by "engine" or "prefix", not by ${JSON.stringify(by)}`,
    )
  }
  const answer = await ask({ kind: 'isolate', worker: workerName(), by })
  if (answer.kind === 'isolated') setEnvironment(answer.env)
}

/** Deletes all items of this worker's tables (the shared ones unless `isolateWorker` was called); the tables stay. */
export async function clearTables(): Promise<void> {
  await ask({ kind: 'clear', worker: workerName() })
}

async function ask(message: BrokerRequest): Promise<BrokerAnswer> {
  const broker = readVariable('DYNAMOX_TEST_BROKER')
  if (broker === undefined) {
    throw new DynamoxError('usage', 'dynamox does not run for these tests', {
      hint: "name its global set-up in the runner's config: globalSetup: 'dynamox/vitest', or 'dynamox/jest/setup' and 'dynamox/jest/teardown'",
    })
  }
  const answer = JSON.parse(await post(broker, JSON.stringify(message))) as BrokerAnswer
  if (answer.kind === 'failed') throw new DynamoxError('internal', answer.message)
  return answer
}

/** Not by `fetch`: tests replace it, and some test environments have none. */
function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent: false }, response => text(response).then(resolve, reject))
    call.on('error', cause =>
      reject(new DynamoxError('network', 'the test run that dynamox belongs to has ended', { cause })),
    )
    call.end(body)
  })
}
