import type { EngineStart } from './engines/engine.ts'
import { forwardPort } from './forward-port.ts'
import type { LocalServer } from './local-server.ts'
import { startEmbedded } from './start-embedded.ts'

/**
 * The embedded engine on exactly the port that was asked for: where another process serves the project's store
 * already, that one is used, and reached through a port of our own.
 */
export async function serveEmbedded({ root, inMemory, port, keepAlive }: EngineStart): Promise<LocalServer> {
  const server = await startEmbedded({ root, inMemory, port, keepAlive })
  if (!server.shared) return server
  try {
    const own = await forwardPort(port, server.endpoint, keepAlive)
    return {
      region: server.region,
      credentials: server.credentials,
      endpoint: `http://127.0.0.1:${own.port}`,
      get shared() {
        return server.shared
      },
      close: async () => {
        own.close()
        await server.close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}
