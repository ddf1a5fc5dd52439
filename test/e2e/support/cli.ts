import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

export const root = resolve(import.meta.dirname, '../../..')
const bin = join(root, 'bin/dynamox.js')

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The JSON document on stdout; throws when stdout is not exactly one. */
  readonly json: Document
}

/** The JSON contract, as loosely as tests want to look at it. */
export interface Document {
  readonly version: number
  readonly command: string
  readonly ok: boolean
  readonly target?: { readonly kind: string; readonly endpoint: string | null; readonly region: string }
  readonly tables: readonly Row[]
  readonly error?: {
    readonly code: string
    readonly message: string
    readonly hint?: string
    readonly problems?: readonly { path: string; message: string }[]
  }
}
interface Row {
  readonly name: string
  readonly action: string
  readonly status?: string
  readonly durationMs?: number
  readonly changes?: readonly unknown[]
  readonly steps?: readonly { summary: string; request: { api: string; input: Record<string, unknown> } }[]
  readonly warnings?: readonly string[]
  readonly error?: { readonly code: string; readonly message: string }
  readonly definition?: Record<string, unknown>
  readonly request?: Record<string, unknown>
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Record<string, string>
  readonly input?: string
}

/** Only what a fresh shell has: the developer's own AWS settings stay out. */
export const cleanEnv = (env: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  ...env,
})

export function start(args: readonly string[], { cwd = root, env = {} }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [bin, ...args], { cwd, env: cleanEnv(env), stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Runs the built CLI as a child process to its end. */
export function dynamox(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options)
  child.stdin?.end(options.input ?? '')
  return finished(child)
}

export function finished(child: ChildProcess): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', data => {
    stdout += data
  })
  child.stderr?.on('data', data => {
    stderr += data
  })
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', code =>
      done({
        code,
        stdout,
        stderr,
        get json() {
          return JSON.parse(stdout) as Document
        },
      }),
    )
  })
}

/** A temporary folder with these files, removed when the test ends. */
export async function project(files: Record<string, string>): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dynamox-e2e-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

let counter = 0
/** A table name that no other test uses. */
export const unique = (name: string): string => `${name}-${process.pid}-${Date.now().toString(36)}-${counter++}`
