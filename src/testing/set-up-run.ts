import { misleading } from '../local/environment.ts'
import { setEnvironment } from '../local/process-environment.ts'
import type { StartLocalOptions } from './local-dynamo.ts'

/** Starts the engine of a test run and leads this process, and its workers, to it; the returned function ends it. */
export async function setUpRun(options: StartLocalOptions): Promise<() => Promise<void>> {
  const { startBroker } = await import('./broker.ts')
  const broker = await startBroker(options)
  const others = Object.fromEntries(misleading.map(name => [name, undefined]))
  const restore = setEnvironment({ ...others, ...broker.env })
  return async () => {
    restore()
    await broker.close()
  }
}
