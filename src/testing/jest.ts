import type { StartLocalOptions } from './local-dynamo.ts'
import { setUpRun } from './set-up-run.ts'

export type { LocalDynamo, StartLocalOptions } from './local-dynamo.ts'
export { startLocal } from './start-local.ts'
export { clearTables, type IsolateOptions, isolateWorker } from './worker.ts'

/** The part of jest's global config that is looked at. */
interface GlobalConfig {
  readonly rootDir: string
}

/** jest's form of a global set-up; `dynamox/jest/teardown` ends what it starts. */
export type JestSetup = (config: GlobalConfig) => Promise<void>

// jest loads set-up and tear-down apart from each other, in one process.
const running = Symbol.for('dynamox.jest')
type Global = typeof globalThis & { [running]?: (() => Promise<void>) | undefined }

/**
 * A global set-up of jest with options, for a file of your own: `module.exports = dynamoxSetup({ models: 'src/*.ts' })`.
 * Before the tests there is a local DynamoDB with the tables, and the environment leads to it.
 */
export function dynamoxSetup(options: StartLocalOptions = {}): JestSetup {
  return async ({ rootDir }) => {
    const here: Global = globalThis
    here[running] = await setUpRun({ cwd: rootDir, ...options })
  }
}

/** Ends what `dynamoxSetup` started. */
export async function dynamoxTeardown(): Promise<void> {
  const here: Global = globalThis
  await here[running]?.()
  here[running] = undefined
}
