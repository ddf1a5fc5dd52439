import { DynamoxError } from '../../errors.ts'
import type { LocalServer } from '../../local/engines/engine.ts'
import { programEnvironment } from '../../local/environment.ts'
import { spawnGuarded } from '../../local/guarded-child.ts'
import { servedEndpoint } from '../../table/local-credentials.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'

/** Runs a program against the engine, passes signals on to it, and ends with its exit code. */
export async function runProgram(run: Run, server: LocalServer, program: readonly string[]): Promise<Result> {
  const { io, flags } = run
  const [command = '', ...args] = program
  const env = { ...programEnvironment(io.env, server), [servedEndpoint]: server.endpoint }
  const streams = flags.json === true ? 'stdout-to-stderr' : 'inherit'
  const child = spawnGuarded({ command, args, cwd: io.cwd, env }, streams)
  // At a terminal Ctrl-C reaches the program by itself.
  const off = io.onStop(signal => {
    if (signal !== 'SIGINT' || io.stdin.isTTY !== true) child.signal(signal)
  })
  const { code, failed } = await child.ended
  off()
  if (failed === undefined) return { exit: code }
  const why = failed === 'ENOENT' ? 'there is no such program' : failed
  throw new DynamoxError('usage', `${command} cannot be run: ${why}`, {
    hint: failed === 'ENOENT' ? 'for a program of node_modules write npx before it' : undefined,
  })
}
