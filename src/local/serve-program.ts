import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { DynamoxError } from '../errors.ts'
import { exampleCredentials, localRegion } from '../table/local-credentials.ts'
import type { EngineStart, LocalEngineName, LocalServer } from './engines/engine.ts'
import { type GuardedChild, type GuardedProgram, spawnGuarded } from './guarded-child.ts'
import { releaseLock, updateLock } from './lock.ts'
import { freePort, portError, whyNotFree } from './ports.ts'
import { holdStore, prepareStore, usingStore } from './store.ts'

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

/**
 * Runs an engine program on its part of the project's store, which only one process may use at a time, or in a
 * temporary folder. Throws `conflict` when another process uses the store, and the errors of `serveProgram`.
 */
export async function serveOnStore(
  name: LocalEngineName,
  options: EngineStart,
  programOn: (folder: string, inMemory: boolean) => ServerProgram,
): Promise<LocalServer> {
  if (options.inMemory) {
    const scratch = mkdtempSync(join(tmpdir(), `dynamox-${name}-`))
    return serveProgram({ ...programOn(scratch, true), cwd: scratch, scratch }, options)
  }
  const { folder, data, lock } = prepareStore(options.root, name)
  const holder = usingStore(folder, () => {
    mkdirSync(data, { recursive: true })
    return holdStore({ folder, data, lock })
  })
  try {
    const server = await serveProgram({ ...programOn(data, false), cwd: data }, options)
    usingStore(folder, () => updateLock(lock, { ...holder, endpoint: server.endpoint }))
    return {
      ...server,
      close: async () => {
        await server.close()
        releaseLock(lock, holder.instance)
      },
    }
  } catch (error) {
    releaseLock(lock, holder.instance)
    throw error
  }
}

const attempts = 3
// Long enough for Java on a busy machine; Docker may have to download its image first.
const startMs = 120_000

/**
 * Starts the program and waits until it answers. The program ends with this process, even if this process is killed.
 * Throws DynamoxError: `usage` (the port is in use), `config` (it does not start; the message contains its output),
 * `interrupted` (the signal).
 */
export async function serveProgram(program: ServerProgram, options: ServeOptions): Promise<LocalServer> {
  const { port: wanted, signal } = options
  for (let attempt = 1; ; attempt++) {
    const busy = wanted === 0 ? undefined : await whyNotFree(wanted)
    if (busy !== undefined) throw portError(wanted, busy)
    const port = wanted === 0 ? await freePort() : wanted
    const { child, output } = start(program, port, options.keepAlive)
    const endpoint = `http://127.0.0.1:${port}`
    const answer = await waitForAnswer(endpoint, child, signal)
    if (answer === 'ready') {
      const access = { endpoint, region: localRegion, credentials: exampleCredentials, shared: false }
      return { ...access, ...untilClosed(program, child, output) }
    }
    await child.kill()
    if (signal?.aborted) throw new DynamoxError('interrupted', `interrupted while ${program.label} was starting`)
    // Another program may have taken the free port in the meantime: try the next one.
    if (wanted === 0 && attempt < attempts && (await whyNotFree(port)) === 'EADDRINUSE') continue
    throw await didNotStart(program, child, answer, output())
  }
}

function start(program: ServerProgram, port: number, keepAlive: boolean) {
  // The guard of the failed attempt has removed the folder.
  if (program.scratch !== undefined) mkdirSync(program.scratch, { recursive: true })
  const child = spawnGuarded({ ...program, args: program.args(port), cleanUp: program.cleanUp?.(port) }, 'log')
  let said = ''
  const listen = (data: Buffer) => {
    said = (said + data).slice(-8000)
  }
  child.guard.stdout?.on('data', listen)
  child.guard.stderr?.on('data', listen)
  if (!keepAlive) child.unref()
  return { child, output: () => said }
}

function untilClosed({ label }: ServerProgram, child: GuardedChild, output: () => string) {
  let closing = false
  const crashed = new Promise<DynamoxError>(resolve => {
    void child.ended.then(({ code }) => {
      if (closing) return
      const words = ownWords(output())
      const what = words === '' ? `it exited with code ${code}` : words
      resolve(
        new DynamoxError('network', `${label} ended unexpectedly: ${what}`, {
          hint: 'start it again; tables are kept unless it ran with --in-memory',
        }),
      )
    })
  })
  const close = () => {
    closing = true
    return child.kill()
  }
  return { crashed, close }
}

/** `ended`: the program has ended or the wait was aborted; `late`: it runs but does not answer. */
type Answer = 'ready' | 'ended' | 'late'

async function waitForAnswer(endpoint: string, child: GuardedChild, signal: AbortSignal | undefined): Promise<Answer> {
  const deadline = performance.now() + startMs
  while (!child.hasEnded() && signal?.aborted !== true && performance.now() < deadline) {
    const answer = await fetch(endpoint, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    await answer?.body?.cancel()
    await pause(answer === undefined ? 20 : 50)
    // If the port was in use, our program ends immediately, and the answer came from another program.
    if (answer !== undefined) return child.hasEnded() ? 'ended' : 'ready'
  }
  return performance.now() < deadline ? 'ended' : 'late'
}

async function didNotStart({ label, command }: ServerProgram, child: GuardedChild, answer: Answer, output: string) {
  const { failed, code } = await child.ended
  const words = ownWords(output)
  const what =
    answer === 'late'
      ? `it did not answer within ${startMs / 60_000} min`
      : failed === undefined
        ? `it exited with code ${code}`
        : `${command} ${failed === 'ENOENT' ? 'was not found' : `cannot be run (${failed})`}`
  return new DynamoxError('config', `${label} did not start: ${words === '' ? what : words}`, {
    hint: `${words === '' || answer !== 'late' ? '' : `${what}; `}dynamox local --engines shows which engines can be used here`,
  })
}

/** The last output of a program on one line, without stack frames. */
function ownWords(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split(/\r?\n/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a program's output may hold any.
    .map(line => line.replace(/[\x00-\x1f\x7f]/g, ' ').trim())
    .filter(line => line !== '' && !/^(at |\.\.\. \d+ (more|common)|Picked up )/.test(line))
  const cause = lines.findLastIndex(line =>
    /^(Exception|Caused by|Error|error|panicked|thread '.*' panicked)/.test(line),
  )
  return lines
    .slice(cause < 0 ? -3 : cause)
    .slice(0, 3)
    .join(' ')
}
