import { randomUUID } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalEngineName } from './engines/engine.ts'
import { storeInUse } from './engines/program-store.ts'
import { claimLock, type Holder, mayLive, readLock, releaseLock } from './lock.ts'
import { thisProcess } from './process-identity.ts'
import { storeIn, unusable } from './store.ts'

/**
 * Removes what an engine has kept in the project's store. Throws `conflict` when another process serves it at this
 * moment, `config` when it cannot be removed.
 */
export function resetStore(root: string, engine: LocalEngineName): void {
  const place = storeIn(root)
  const [data, lock] =
    engine === 'dynalite'
      ? [place.data, place.lock]
      : [join(place.folder, engine), join(place.folder, `${engine}.lock.json`)]
  if (!existsSync(data)) return
  const mine: Holder = { ...thisProcess(), instance: randomUUID() }
  const found = readLock(lock)
  const live = found === 'unreadable' || (found !== undefined && mayLive(found))
  if (live || !claimLock(lock, mine, found)) {
    throw storeInUse(place.folder, typeof found === 'object' ? found : undefined)
  }
  try {
    rmSync(data, { recursive: true, force: true, maxRetries: 3 })
  } catch (cause) {
    throw unusable(place.folder, cause)
  } finally {
    releaseLock(lock, mine.instance)
  }
}
