import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoxError } from '../../errors.ts'
import type { LocalServer } from '../local-server.ts'
import { claimLock, type Holder, mayLive, readLock, releaseLock, updateLock } from '../lock.ts'
import { thisProcess } from '../process-identity.ts'
import { type ServerProgram, serveProgram } from '../serve-program.ts'
import { prepareStore, unusable } from '../store.ts'
import type { EngineStart, LocalEngineName } from './engine.ts'

/**
 * Serves a program on its own part of the project's store, which one process uses at a time, or in a folder that is
 * gone when it ends. Throws `conflict` when another process has the store, beside what `serveProgram` throws.
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
  const { folder } = prepareStore(options.root)
  const own = join(folder, name)
  const lock = join(folder, `${name}.lock.json`)
  try {
    mkdirSync(own, { recursive: true })
  } catch (cause) {
    throw unusable(own, cause)
  }
  const holder: Holder = { ...thisProcess(), instance: randomUUID() }
  take(lock, holder, own)
  try {
    const server = await serveProgram({ ...programOn(own, false), cwd: own }, options)
    updateLock(lock, { ...holder, endpoint: server.endpoint })
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

function take(lock: string, mine: Holder, folder: string): void {
  const found = readLock(lock)
  const stale = found === 'unreadable' ? undefined : found
  if (found !== 'unreadable' && (stale === undefined || !mayLive(stale)) && claimLock(lock, mine, stale)) return
  const now = readLock(lock)
  throw storeInUse(folder, typeof now === 'object' ? now : undefined)
}

/** The error for a store that another process serves. */
export function storeInUse(folder: string, holder: Holder | undefined): DynamoxError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`
  const where = holder?.endpoint === undefined ? '' : `, at ${holder.endpoint}`
  return new DynamoxError('conflict', `the local store ${folder} is served by ${who}${where}`, {
    hint: 'use that endpoint, end that process, or keep nothing: --in-memory',
  })
}
