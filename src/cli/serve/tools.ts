import { DynamoxError } from '../../errors.ts'
import type { LocalServer } from '../../local/engines/engine.ts'
import { findOnPath } from '../../local/engines/find-file.ts'
import { programEnvironment } from '../../local/environment.ts'
import { type GuardedChild, spawnGuarded } from '../../local/guarded-child.ts'
import { freePort, whyNotFree } from '../../local/ports.ts'
import { settingFields } from '../../settings/catalogue.ts'
import type { Feature } from '../../table/capabilities.ts'
import { servedEndpoint } from '../../table/local-credentials.ts'
import { findInPackage } from '../../table/project-files.ts'
import type { Invocation } from '../command.ts'
import { loadSettings } from '../load.ts'
import type { Result } from '../report/report.ts'

/** Runs a program against the engine, passes signals on to it, and ends with its exit code. */
export async function runProgram(run: Invocation, server: LocalServer, program: readonly string[]): Promise<Result> {
  const { io, flags } = run
  const [command = '', ...args] = program
  const env = { ...programEnvironment(io.env, server), [servedEndpoint]: server.endpoint }
  const streams = flags.json === true ? 'stdout-to-stderr' : 'inherit'
  const child = spawnGuarded({ command, args, cwd: io.cwd, env }, streams)
  // On a terminal, the program receives Ctrl-C directly.
  const off = io.onStop(signal => {
    if (signal !== 'SIGINT' || io.stdin.isTTY !== true) child.signal(signal)
  })
  const { code, failed } = await child.ended
  off()
  if (failed === undefined) return { exit: code }
  const why = failed === 'ENOENT' ? 'program not found' : failed
  throw new DynamoxError('usage', `${command} cannot be run: ${why}`, {
    hint: failed === 'ENOENT' ? 'for a program in node_modules write npx before it' : undefined,
  })
}

const usualAdminPort = 8001

/** The path of dynamodb-admin. Throws `config`, with an install hint, when it is not found. */
export async function findAdmin(root: string, env: Invocation['io']['env']): Promise<string> {
  const found = findInPackage(root, '.bin', 'dynamodb-admin') ?? findOnPath('dynamodb-admin', env)
  if (found !== undefined) return found
  throw new DynamoxError('config', '--admin needs dynamodb-admin, which is not installed', {
    hint: 'npm install --save-dev dynamodb-admin',
  })
}

/** Starts dynamodb-admin for the engine; on a terminal, it opens its page in the browser. */
export async function openAdmin(
  { io, report }: Invocation,
  server: LocalServer,
  command: string,
): Promise<GuardedChild> {
  const port = (await whyNotFree(usualAdminPort)) === undefined ? usualAdminPort : await freePort()
  const opens = io.stdout.isTTY === true && !io.env.CI && !io.env.SSH_CONNECTION
  const env = { ...programEnvironment(io.env, server), DYNAMO_ENDPOINT: server.endpoint }
  const place = ['--host', '127.0.0.1', '--port', String(port), '--skip-default-credentials']
  const args = [...place, ...(opens ? ['--open'] : [])]
  const child = spawnGuarded({ command, args, cwd: io.cwd, env }, 'log')
  for (const stream of [child.guard.stdout, child.guard.stderr]) stream?.resume()
  report.note(`dynamodb-admin on http://127.0.0.1:${port}`)
  void child.ended.then(({ code }) => {
    if (code !== 137) report.warn(`dynamodb-admin ended with code ${code}`)
  })
  return child
}

/** Lists the usable engines, how to install the others, and how each differs from AWS. */
export async function listEngines(run: Invocation): Promise<Result> {
  const { localEngines } = await import('../../local/engines/registry.ts')
  const { dataRoot } = await import('../../local/store.ts')
  const { engines } = await import('../../settings/engines.ts')
  const { flags, io } = run
  const loaded = await loadSettings(run)
  const root = dataRoot(loaded, io.cwd)
  const places = { root, jar: flags.jar, env: io.env }
  const found = await Promise.all(
    localEngines.map(async ({ name, find }) => ({ name, ...engines[name], ...(await find(places)) })),
  )
  return {
    exit: 0,
    extra: {
      engines: found.map(engine => ({
        name: engine.name,
        usable: engine.usable,
        ...(engine.usable ? { found: engine.found } : { why: engine.why, hint: engine.hint }),
        ignores: engine.ignores,
        refuses: engine.refuses,
      })),
    },
    lines: style =>
      found.flatMap(engine => [
        `${style.bold(engine.name)}  ${engine.usable ? style.good('usable') : style.warning('not usable')}  ${style.dim(engine.usable ? engine.found : engine.why)}`,
        ...(engine.usable ? [] : [`  get it: ${engine.hint}`]),
        ...wrapped('left out', engine.ignores),
        ...wrapped('refused', engine.refuses),
      ]),
  }
}

/** The name of a feature in the documentation: `kmsKeyId` is `KMS key`. */
export function featureLabel(feature: Feature): string {
  const found = Object.entries<{ readonly label: string }>(settingFields).find(([field]) => field === feature)
  return found?.[1].label ?? words[feature] ?? feature
}

const words: Readonly<Record<string, string>> = {
  indexOnDemandCaps: 'on-demand caps of indexes',
  multiAttributeKeys: 'keys of several attributes',
  indexChanges: 'index changes',
  indexCapacityChanges: 'capacity changes of indexes',
  encryptionChanges: 'changes of encryption',
}

/** `  left out: TTL, tags`, at most 80 columns wide. */
function wrapped(verb: string, features: readonly Feature[]): string[] {
  const lines: string[] = []
  for (const [at, feature] of features.entries()) {
    const word = `${featureLabel(feature)}${at < features.length - 1 ? ',' : ''}`
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < 79) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`${at === 0 ? `  ${verb}:` : '   '} ${word}`)
  }
  return lines.length === 0 ? [`  ${verb}: nothing`] : lines
}
