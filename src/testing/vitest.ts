import type { StartLocalOptions } from './local-dynamo.ts'
import { setUpRun } from './set-up-run.ts'

export type { LocalDynamo, StartLocalOptions } from './local-dynamo.ts'
export { startLocal } from './start-local.ts'
export { clearTables, type IsolateOptions, isolateWorker } from './worker.ts'

/** The part of vitest's TestProject that is looked at. */
interface Project {
  readonly config: { readonly root: string }
}

/** vitest's form of a global set-up: returns what ends it. */
export type VitestSetup = (project: Project) => Promise<() => Promise<void>>

/**
 * A global set-up of vitest with options, for a file of your own: `export default dynamoxSetup({ seed: 'test/seed.json' })`.
 * Before the tests there is a local DynamoDB with the tables, and the environment leads to it; afterwards it is gone.
 */
export function dynamoxSetup(options: StartLocalOptions = {}): VitestSetup {
  return project => setUpRun({ cwd: project.config.root, ...options })
}

/** The set-up with the tables of the project's config: `globalSetup: ['dynamox/vitest']`. */
export default dynamoxSetup()
