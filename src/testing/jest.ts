import type { StartLocalOptions } from './open-local.ts'
import { setUpRun } from './test-run.ts'

export type { LocalDynamo, StartLocalOptions } from './open-local.ts'
export { clearTables, type IsolateOptions, isolateWorker, startLocal } from './test-run.ts'

/** The used part of jest's global config. */
interface GlobalConfig {
  readonly rootDir: string
}

/** jest's form of a global set-up; `dynamox/jest/teardown` ends what it starts. */
export type JestSetup = (config: GlobalConfig) => Promise<void>

// jest loads set-up and tear-down as separate modules in one process; they share this.
const running = Symbol.for('dynamox.jest')
type Global = typeof globalThis & { [running]?: (() => Promise<void>) | undefined }

/**
 * A global set-up of jest with options, for a file of your own: `module.exports = dynamoxSetup({ models: 'src/*.ts'
 * })`. It starts a local DynamoDB with the tables before the tests, and points their environment to it.
 */
export function dynamoxSetup(options: StartLocalOptions = {}): JestSetup {
  return async ({ rootDir }) => {
    const here: Global = globalThis
    here[running] = await setUpRun({ cwd: rootDir, ...options })
  }
}

/** Stops everything that `dynamoxSetup` started. */
export async function dynamoxTeardown(): Promise<void> {
  const here: Global = globalThis
  await here[running]?.()
  here[running] = undefined
}
