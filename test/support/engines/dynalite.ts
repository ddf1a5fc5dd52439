import { tmpdir } from 'node:os'
import { startEmbedded } from '../../../src/local/start-embedded.ts'
import type { TestEngine } from './engine.ts'

/** The embedded engine, in memory; its tables are seen CREATING, UPDATING and DELETING for the given times. */
export const dynaliteEngine = (
  delays = { createTableMs: 100, deleteTableMs: 100, updateTableMs: 100 },
): TestEngine => ({
  name: 'dynalite',
  capabilities: 'dynalite',
  start: async () => {
    const { endpoint, region, credentials, close } = await startEmbedded({
      root: tmpdir(),
      inMemory: true,
      keepAlive: true,
      ...delays,
    })
    return { endpoint, region, credentials, stop: close }
  },
})
