import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { EmbeddedOptions } from '../../../src/local/start-embedded.ts'
import { bundleFromSource } from '../../support/workers-from-source.ts'

export interface ChildTask {
  readonly options: EmbeddedOptions
  /** `serve` until stdin ends; `end` without closing; `exit` by process.exit(7); `write` until killed. */
  readonly work: 'serve' | 'end' | 'exit' | 'write'
  readonly round?: number
}

interface Said {
  readonly endpoint?: string
  readonly shared?: boolean
  readonly written?: string
  readonly error?: string
  readonly code?: string
}

export interface Child {
  readonly pid: number
  /** Its first message: where it serves, or why not. */
  readonly first: Said
  /** The items that were accepted. */
  readonly written: readonly string[]
  /** Resolves after the first one. */
  readonly writes: Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Asks it to close; resolves when it has ended by itself. */
  close(): Promise<number | null>
  readonly ended: Promise<number | null>
}

/** An embedded engine in another process; killed when the test ends. */
export async function startChild(task: ChildTask): Promise<Child> {
  const entry = await bundleFromSource('test/local/support/child-entry.ts')
  const child = spawn(process.execPath, [entry, JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const written: string[] = []
  let wrote: () => void = () => undefined
  const writes = new Promise<void>(resolve => {
    wrote = () => void resolve()
  })
  const first = await new Promise<Said>((resolve, reject) => {
    createInterface(child.stdout).on('line', line => {
      const said: Said = JSON.parse(line)
      if (said.written === undefined) resolve(said)
      else {
        written.push(said.written)
        wrote()
      }
    })
    void ended.then(code => reject(new Error(`The child ended with ${code} before its first message`)))
  })
  return {
    pid: child.pid ?? 0,
    first,
    written,
    writes,
    ended,
    signal: signal => void child.kill(signal),
    close: () => {
      child.stdin.end()
      return ended
    },
  }
}
