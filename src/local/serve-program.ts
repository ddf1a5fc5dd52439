import { DynamoxError } from '../errors.ts'
import { exampleCredentials, localRegion } from '../table/local-credentials.ts'
import { freePort, whyNotFree } from './free-port.ts'
import { type GuardedChild, type GuardedProgram, spawnGuarded } from './guarded-child.ts'
import type { LocalServer } from './local-server.ts'
import { monotonicMs, pause } from './pause.ts'
import { portError } from './port-error.ts'

/** A program that serves DynamoDB on a port of 127.0.0.1. */
export interface ServerProgram extends Omit<GuardedProgram, 'args' | 'cleanUp'> {
  /** For people: `DynamoDB Local`. */
  readonly label: string
  args(port: number): readonly string[]
  cleanUp?(port: number): readonly string[]
}

export interface ServeOptions {
  /** A free one when 0. */
  readonly port: number
  readonly keepAlive: boolean
  readonly signal?: AbortSignal | undefined
}

const attempts = 3
// Java on a busy machine; Docker may have to fetch its image first.
const startMs = 120_000

/**
 * Starts the program and waits until it answers. It ends with this process, also when that is killed.
 * Throws DynamoxError: `usage` (the port is taken), `config` (it does not start; its last words are in the message),
 * `interrupted` (the signal).
 */
export async function serveProgram(program: ServerProgram, options: ServeOptions): Promise<LocalServer> {
  const { port: wanted, signal } = options
  for (let attempt = 1; ; attempt++) {
    const busy = wanted === 0 ? undefined : await whyNotFree(wanted)
    if (busy !== undefined) throw portError(wanted, busy)
    // Somebody else may take the port between our look and the program's; then it ends, and we look again.
    const port = wanted === 0 ? await freePort() : wanted
    const { child, output } = start(program, port, options.keepAlive)
    const endpoint = `http://127.0.0.1:${port}`
    if (await answers(endpoint, child, signal)) {
      const access = { endpoint, region: localRegion, credentials: exampleCredentials }
      return { ...access, shared: false, close: () => child.kill() }
    }
    await child.kill()
    if (signal?.aborted) throw new DynamoxError('interrupted', `stopped while ${program.label} was starting`)
    if (attempt === attempts || wanted !== 0) throw await didNotStart(program, child, output())
  }
}

function start(program: ServerProgram, port: number, keepAlive: boolean) {
  const child = spawnGuarded({ ...program, args: program.args(port), cleanUp: program.cleanUp?.(port) }, 'log')
  let said = ''
  const listen = (data: Buffer) => {
    said = (said + data).slice(-2000)
  }
  child.guard.stdout?.on('data', listen)
  child.guard.stderr?.on('data', listen)
  if (!keepAlive) child.unref()
  return { child, output: () => said }
}

async function answers(endpoint: string, child: GuardedChild, signal: AbortSignal | undefined): Promise<boolean> {
  const deadline = monotonicMs() + startMs
  while (!child.hasEnded() && signal?.aborted !== true && monotonicMs() < deadline) {
    const answer = await fetch(endpoint, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    await answer?.body?.cancel()
    await pause(answer === undefined ? 20 : 50)
    // Was it ours that answered? One that found its port taken ends at once.
    if (answer !== undefined) return !child.hasEnded()
  }
  return false
}

async function didNotStart({ label, command }: ServerProgram, child: GuardedChild, output: string) {
  const { failed } = await child.ended
  const lines = output.trim().split('\n').slice(-3).join(' ').trim()
  const why = failed === 'ENOENT' ? `there is no program ${command}` : lines === '' ? 'it said nothing' : lines
  return new DynamoxError('config', `${label} did not start: ${why}`, {
    hint: 'dynamox local --engines shows which engines can be used here',
  })
}
