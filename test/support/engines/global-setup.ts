import type { TestProject } from 'vitest/node'
import { type EngineAddress, EngineUnavailable, type RunningEngine, type TestEngine } from './engine.ts'
import { testEngines } from './engines.ts'

/** What test files are told of an engine: where it is, or why it is not there. */
export type ProvidedEngine = Pick<TestEngine, 'name' | 'capabilities'> &
  (EngineAddress | { readonly unavailable: string })

declare module 'vitest' {
  export interface ProvidedContext {
    readonly engines: readonly ProvidedEngine[]
  }
}

/** Starts every engine once for all test files, side by side; returns what stops them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running: RunningEngine[] = []
  const start = async ({ name, capabilities, start }: TestEngine): Promise<ProvidedEngine> => {
    try {
      const engine = await start()
      running.push(engine)
      const { endpoint, region, credentials } = engine
      return { name, capabilities, endpoint, region, credentials }
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) throw error
      process.stderr.write(`Tests on ${name} are skipped: ${error.message}\n`)
      return { name, capabilities, unavailable: error.message }
    }
  }
  const stop = async () => void (await Promise.all(running.map(engine => engine.stop())))
  try {
    project.provide('engines', await Promise.all(testEngines.map(start)))
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}
