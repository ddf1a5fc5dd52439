import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { DynamoxError, messageOf } from '../errors.ts'
import type { ScriptOptions } from '../formats/read/format.ts'
import {
  type LoadedFile,
  type PlainError,
  placeOf,
  strayWarning,
  userError,
  type WorkerMessage,
  type WorkerSettings,
  type WorkerTask,
} from './messages.ts'
import { shownPath } from './shown-path.ts'
import { libraryEntry, ownRoot } from './worker-file.ts'
import { takeWorker } from './worker-thread.ts'

export interface LoaderOptions {
  readonly cwd: string
  readonly allowNetwork?: boolean | undefined
  /** The timeout of each loader task, in milliseconds; 30,000 by default. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onOutput?: ((text: string) => void) | undefined
}

/** Runs user code in a worker thread, which is started on first use. */
export interface Loader {
  /** The exports of a config script. @throws DynamoxError `config` */
  config(file: string): Promise<unknown>
  /**
   * The default export of another tool's script, or one member of it, as plain data; an exported function is called.
   * @throws DynamoxError `model`
   */
  script(file: string, options?: ScriptOptions): Promise<unknown>
  /** The contents of model files. @throws DynamoxError `model` */
  models(task: Omit<Extract<WorkerTask, { kind: 'models' }>, 'kind'>): Promise<readonly LoadedFile[]>
  /**
   * Events during loading, for people. `expected` connections are left out: some model libraries try to reach DynamoDB
   * while they are loaded, and it does not matter that this is blocked.
   */
  warnings(connections: 'expected' | 'unexpected'): readonly string[]
  /** Ends the worker and any user code still running in it; does not wait until it has ended, which takes 10 ms. */
  close(): void
}

export function createLoader(options: LoaderOptions): Loader {
  const warnings: StrayWarning[] = []
  const connections = new Connections()
  let worker: Promise<Worker> | undefined
  let last: Promise<unknown> = Promise.resolve()

  const start = async (): Promise<Worker> => {
    const settings: WorkerSettings = {
      cwd: options.cwd,
      allowNetwork: options.allowNetwork ?? false,
      libraryEntry: libraryEntry().href,
      ownRoot: fileURLToPath(ownRoot()),
    }
    const taken = await takeWorker()
    taken.postMessage(settings)
    return taken
  }

  // The worker takes one task at a time, while templates are read side by side.
  const run = (task: WorkerTask): Promise<WorkerMessage> => {
    const answer = last.then(() => send(task))
    last = answer.catch(() => undefined)
    return answer
  }

  const send = async (task: WorkerTask): Promise<WorkerMessage> => {
    worker ??= start()
    return ask(await worker, task, options, {
      stray: warning => warnings.push(warning),
      connection: (to, file) => connections.add(to, shownPath(file, options.cwd)),
    })
  }

  return {
    config: async file => {
      const answer = await run({ kind: 'config', file })
      return answer.kind === 'config' ? answer.value : undefined
    },
    script: async (file, script) => {
      const answer = await run({ kind: 'script', file, ...script })
      if (answer.kind !== 'script') return undefined
      const names = answer.missing.join(', ')
      const text = `${shownPath(file, options.cwd)} imports ${names}, which cannot be found; what depends on it is left out`
      if (names !== '') warnings.push({ text, connects: false })
      return answer.value
    },
    models: async task => {
      const answer = await run({ kind: 'models', ...task })
      return answer.kind === 'models' ? answer.files : []
    },
    warnings: expectation => [
      ...(expectation === 'expected' ? [] : connections.warnings(options.allowNetwork ?? false)),
      ...warnings.filter(({ connects }) => expectation === 'unexpected' || !connects).map(({ text }) => text),
    ],
    close: () => {
      void worker?.then(
        started => started.terminate(),
        () => {},
      )
      worker = undefined
    },
  }
}

interface StrayWarning {
  readonly text: string
  /** Whether the error was caused by an attempt to reach AWS. */
  readonly connects: boolean
}

interface Watcher {
  stray(warning: StrayWarning): void
  connection(to: string, file: string): void
}

/** Sends one task and resolves to its answer; rejects when the worker ends or times out. */
function ask(worker: Worker, task: WorkerTask, options: LoaderOptions, watcher: Watcher): Promise<WorkerMessage> {
  const { cwd, timeoutMs = 30_000, signal, onOutput = writeToStderr } = options
  const code = task.kind === 'config' ? 'config' : 'model'
  let file = task.kind === 'models' ? (task.files[0] ?? '') : task.file

  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      finish()
    }
    const fail = (error: DynamoxError): void => settle(() => reject(error))
    const onAbort = (): void => fail(new DynamoxError('interrupted', 'interrupted while model files were loaded'))
    const onError = (error: unknown): void => fail(userError(crash(error), file, cwd, code))
    const onExit = (): void =>
      fail(new DynamoxError(code, `${shownPath(file, cwd)}: the loader thread exited unexpectedly`))
    const onMessage = (message: WorkerMessage): void => {
      if (message.kind === 'loading') file = message.file
      else if (message.kind === 'output') onOutput(message.text)
      else if (message.kind === 'stray') watcher.stray(strayOf(message.error, file, cwd))
      else if (message.kind === 'missing') watcher.stray(missingOf(message.place, file, cwd))
      else if (message.kind === 'connection') watcher.connection(message.to, file)
      else if (message.kind === 'exit') fail(exitError(message, file, cwd, code))
      else if (message.kind === 'failed') fail(userError(message.error, message.file, cwd, code))
      else settle(() => resolve(message))
    }
    const onTimeout = (): void => fail(timeoutError(file, cwd, timeoutMs, code))
    const timer = setTimeout(onTimeout, timeoutMs)

    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort)
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(task)
  })
}

function strayOf(error: PlainError, file: string, cwd: string): StrayWarning {
  return { text: strayWarning(error, file, cwd), connects: /^Credentials(Provider)?Error$/.test(error.name) }
}

function missingOf(place: PlainError, file: string, cwd: string): StrayWarning {
  return { text: `${placeOf(place, shownPath(file, cwd), cwd)}: ${place.message}`, connects: false }
}

const crash = (error: unknown) => ({
  name: error instanceof Error ? error.name : 'Error',
  message: messageOf(error),
})

function exitError(
  { call, place }: Extract<WorkerMessage, { kind: 'exit' }>,
  file: string,
  cwd: string,
  code: 'config' | 'model',
) {
  const shown = shownPath(file, cwd)
  return new DynamoxError(code, `${placeOf(place, shown, cwd)}: the file called ${call} while it was loaded`, {
    hint: `a ${code} file should only define tables; move the code that ends the process out of it`,
  })
}

function timeoutError(file: string, cwd: string, timeoutMs: number, code: 'config' | 'model') {
  return new DynamoxError(code, `${shownPath(file, cwd)} did not finish loading within ${timeoutMs / 1_000} s`, {
    hint: 'look for a top-level await that never ends or an endless loop, in it or in what it imports',
  })
}

/** Blocked connections, counted by file and destination. */
class Connections {
  private readonly attempts = new Map<string, Map<string, number>>()

  add(to: string, file: string): void {
    const places = this.attempts.get(file) ?? new Map<string, number>()
    this.attempts.set(file, places.set(to, (places.get(to) ?? 0) + 1))
  }

  warnings(allowNetwork: boolean): string[] {
    const why = allowNetwork ? 'models may not connect to DynamoDB' : 'allow it with --allow-network'
    return [...this.attempts].map(([file, places]) => {
      const count = [...places.values()].reduce((sum, times) => sum + times, 0)
      const times = count === 1 ? '' : ` (${count} attempts)`
      return `${file}: tried to connect to ${[...places.keys()].join(', ')} while it was loaded${times}; the connection was blocked: ${why}`
    })
  }
}

/** Writes all of `text` to stderr at once, so that nothing is lost when the program ends right after. */
export function writeToStderr(text: string): void {
  let rest: Uint8Array = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(2, rest))
    } catch (error) {
      // A full pipe answers EAGAIN: retry. A closed pipe has no reader: stop.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
    }
  }
}
