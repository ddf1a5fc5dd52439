import { execFile, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect } from 'vitest'
import { dynamoDbLocalJar } from '../../support/engines/dynamodb-local.ts'
import { EngineUnavailable } from '../../support/engines/engine.ts'
import { cleanEnv, root } from './cli.ts'
import { isAlive } from './serving.ts'

/** A sample project as a newcomer has it: a copy, `npm ci` with dynamox as it is packed, `npm test`. */
export interface Sample {
  folder(): string
  /** `npm test` to its end. */
  run(
    env?: Record<string, string>,
    args?: readonly string[],
  ): Promise<{ readonly code: number | null; readonly output: string }>
  /** `npm test`, of which all but the engines is killed in the middle; the engines that were there. */
  crash(env: Record<string, string>, inTheMiddle: RegExp): Promise<readonly number[]>
}

const run = promisify(execFile)

/** Installs `fixtures/<name>` before the tests of a file and removes it afterwards. */
export function useSample(name: string): Sample {
  let folder = ''
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), `dynamox-${name}-`)))
    cpSync(join(root, 'fixtures', name), folder, {
      recursive: true,
      filter: path => !/\/node_modules$|\.tgz$/.test(path),
    })
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
    const packed = readdirSync(folder).find(file => file.endsWith('.tgz')) ?? ''
    renameSync(join(folder, packed), join(folder, 'dynamox.tgz'))
    await run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder, env: cleanEnv() })
  }, 180_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

  const npmTest = (env: Record<string, string>, args: readonly string[] = []) => {
    const child = spawn('npm', ['test', '--', ...args], {
      cwd: folder,
      env: cleanEnv({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...env }),
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', data => {
        output += data
      })
    }
    const code = new Promise<number | null>(done => child.once('close', done))
    return { child, code, output: () => output }
  }
  return {
    folder: () => folder,
    run: async (env, args) => {
      const { code, output } = npmTest(env ?? {}, args)
      return { code: await code, output: output() }
    },
    crash: async (env, inTheMiddle) => {
      const { child, output } = npmTest(env)
      await expect.poll(output, { timeout: 90_000 }).toMatch(inTheMiddle)
      const all = family(child.pid ?? 0)
      // The engines, and nothing else, are to notice by themselves.
      const engines = all.filter(({ command }) => command.includes('DynamoDBLocal.jar'))
      for (const { pid } of all.filter(each => !engines.includes(each))) {
        if (isAlive(pid)) process.kill(pid, 'SIGKILL')
      }
      return engines.map(({ pid }) => pid)
    },
  }
}

/** The environment for a sample on DynamoDB Local; skips, saying why, where that cannot run. */
export async function onDynamoDbLocal(skip: (why: string) => never): Promise<Record<string, string>> {
  try {
    return { ENGINE: 'dynamodb-local', DYNAMODB_LOCAL_JAR: await dynamoDbLocalJar() }
  } catch (error) {
    if (error instanceof EngineUnavailable && process.env.DYNAMOX_REQUIRE_ENGINES !== '1') return skip(error.message)
    throw error
  }
}

/** A process and every one below it. */
function family(pid: number): { readonly pid: number; readonly command: string }[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
  const all = rows.map(row => {
    const [, own, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? []
    return { pid: Number(own), parent: Number(parent), command }
  })
  const found = all.filter(each => each.pid === pid)
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid))
  return found
}
