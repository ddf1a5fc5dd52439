import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { releaseLock, updateLock } from '../lock.ts'
import { type ServerProgram, serveProgram } from '../serve-program.ts'
import { holdStore, prepareStore, usingStore } from '../store.ts'
import type { EngineStart, LocalEngineName, LocalServer } from './engine.ts'

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
