import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram } from './child-engine.ts'
import { EngineUnavailable, type TestEngine } from './engine.ts'
import { cachedPackage } from './package-cache.ts'

/** One static program; it takes only requests that are signed with the example key pair. */
const binary = {
  name: '@extenddb/linux-x64',
  version: '0.1.10',
  sha512: 'VH9yqcA8morx94IGvqKhiQPOvakUGXzZ7c/bjyo42e4F+T/0VsxOFfSjYVj0/w65BBj1lExuU5ifpcYIqLSX6g==',
  members: ['extenddb'],
}

/** ExtendDB, in a working directory of its own, where it keeps its database. */
export const extendDbEngine: TestEngine = {
  name: 'extenddb',
  capabilities: 'extenddb',
  start: async () => {
    const command = await extendDbProgram()
    const scratch = await mkdtemp(join(tmpdir(), 'dynamox-extenddb-'))
    const args = (port: number) => ['serve', '--foreground', '--port', String(port)]
    return startProgram({ command, args, cwd: scratch, scratch })
  },
}

/** The program, on a machine that can run it. */
export async function extendDbProgram(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`
  if (platform !== 'linux-x64') throw new EngineUnavailable(`it runs on linux-x64 only, this is ${platform}`)
  return join(await cachedPackage(binary), 'extenddb')
}
