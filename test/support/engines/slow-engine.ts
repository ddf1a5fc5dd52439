import type { AddressInfo } from 'node:net'
import dynalite from 'dynalite'
import { onTestFinished } from 'vitest'

export interface Delays {
  readonly createTableMs?: number
  readonly deleteTableMs?: number
}

/** A dynalite of this test's own whose tables take their time; gone when the test ends. */
export async function startSlowEngine({ createTableMs = 0, deleteTableMs = 0 }: Delays): Promise<{ endpoint: string }> {
  const server = dynalite({ createTableMs, deleteTableMs })
  await new Promise<void>((done, fail) =>
    server.listen(0, '127.0.0.1', (error?: Error) => (error ? fail(error) : done())),
  )
  onTestFinished(() => new Promise<void>(done => server.close(() => done())))
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
