import { engineEnvironment } from '../../../src/local/environment.ts'
import { type ServerProgram, serveProgram } from '../../../src/local/serve-program.ts'
import type { RunningEngine } from './engine.ts'

/** A program that serves DynamoDB on a port of its own. */
export type EngineProgram = Pick<ServerProgram, 'command' | 'args' | 'cwd' | 'scratch'>

/** Starts the program as `dynamox local` does, guard and all, and waits until it answers. */
export async function startProgram(program: EngineProgram): Promise<RunningEngine> {
  const settings = { ...program, label: program.command, env: engineEnvironment(process.env) }
  const { endpoint, region, credentials, close } = await serveProgram(settings, { port: 0, keepAlive: true })
  return { endpoint, region, credentials, stop: close }
}
