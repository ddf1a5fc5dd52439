import type { StartLocalOptions } from './open-local.ts'
import { setUpRun } from './test-run.ts'

export type { LocalDynamo, StartLocalOptions } from './open-local.ts'
export { clearTables, type IsolateOptions, isolateWorker, startLocal } from './test-run.ts'

/** The used part of vitest's TestProject. */
interface Project {
  readonly config: { readonly root: string }
}

/** vitest's form of a global set-up: returns the function that ends it. */
export type VitestSetup = (project: Project) => Promise<() => Promise<void>>

/**
 * A global set-up of vitest with options, for a file of your own: `export default dynamoxSetup({ seed: 'test/seed.json'
 * })`. It starts a local DynamoDB with the tables before the tests, points their environment to it, and stops it
 * afterwards.
 */
export function dynamoxSetup(options: StartLocalOptions = {}): VitestSetup {
  return project => setUpRun({ cwd: project.config.root, ...options })
}

/** The set-up with the tables of the project's config: `globalSetup: ['dynamox/vitest']`. */
export default dynamoxSetup()
