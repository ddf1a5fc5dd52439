import type { AddressInfo } from 'node:net'
import dynalite from 'dynalite'
import { exampleCredentials, localRegion } from '../../../src/table/local-credentials.ts'
import type { TestEngine } from './engine.ts'

/** dynalite in this process, in memory; its tables are seen CREATING and DELETING for the given times. */
export const dynaliteEngine = (
  delays = { createTableMs: 100, deleteTableMs: 100, updateTableMs: 100 },
): TestEngine => ({
  name: 'dynalite',
  capabilities: 'dynalite',
  start: async () => {
    const server = dynalite({ ...delays })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    return {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: localRegion,
      credentials: exampleCredentials,
      stop: () =>
        new Promise(resolve => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    }
  },
})
