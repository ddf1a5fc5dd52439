import { enterLocal } from '../local/environment.ts'
import type { StartLocalOptions } from './local-dynamo.ts'

/** Starts the engine of a test run and leads this process, and its workers, to it; the returned function ends it. */
export async function setUpRun(options: StartLocalOptions): Promise<() => Promise<void>> {
  const { startBroker } = await import('./broker.ts')
  const broker = await startBroker(options)
  const restore = enterLocal(broker.env)
  return async () => {
    restore()
    await broker.close()
  }
}
