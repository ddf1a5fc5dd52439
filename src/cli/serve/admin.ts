import { DynamoxError } from '../../errors.ts'
import type { LocalServer } from '../../local/engines/engine.ts'
import { findInPackage, findOnPath } from '../../local/engines/find-file.ts'
import { programEnvironment } from '../../local/environment.ts'
import { type GuardedChild, spawnGuarded } from '../../local/guarded-child.ts'
import { freePort, whyNotFree } from '../../local/ports.ts'
import type { Run } from '../run.ts'

const usualPort = 8001

/** The program of dynamodb-admin. Throws `config`, saying how to get it, when it is not installed. */
export async function findAdmin(root: string, env: Run['io']['env']): Promise<string> {
  const found = findInPackage(root, '.bin', 'dynamodb-admin') ?? findOnPath('dynamodb-admin', env)
  if (found !== undefined) return found
  throw new DynamoxError('config', '--admin opens dynamodb-admin, which is not installed', {
    hint: 'npm install --save-dev dynamodb-admin',
  })
}

/** Starts it on the engine; its page is opened where somebody sits at a terminal. */
export async function openAdmin({ io, report }: Run, server: LocalServer, command: string): Promise<GuardedChild> {
  const port = (await whyNotFree(usualPort)) === undefined ? usualPort : await freePort()
  const seen = io.stdout.isTTY === true && !io.env.CI && !io.env.SSH_CONNECTION
  const env = { ...programEnvironment(io.env, server), DYNAMO_ENDPOINT: server.endpoint }
  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--skip-default-credentials',
    ...(seen ? ['--open'] : []),
  ]
  const child = spawnGuarded({ command, args, cwd: io.cwd, env }, 'log')
  for (const stream of [child.guard.stdout, child.guard.stderr]) stream?.resume()
  report.note(`dynamodb-admin on http://127.0.0.1:${port}`)
  void child.ended.then(({ code }) => {
    if (code !== 137) report.warn(`dynamodb-admin ended with code ${code}`)
  })
  return child
}
