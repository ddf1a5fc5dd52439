import { connect, createServer, type Socket } from 'node:net'
import { DynamoxError } from '../../errors.ts'
import { memberOf } from '../../table/untyped.ts'
import { listen, portError } from '../ports.ts'
import { startEmbedded } from '../start-embedded.ts'
import type { EngineStart, LocalEngine, LocalServer } from './engine.ts'

/** dynalite comes with dynamox and runs in a thread of this process. */
export const dynalite: LocalEngine = {
  name: 'dynalite',
  find: async () => ({ usable: true, found: 'included', start }),
}

/**
 * Starts the embedded engine on exactly the requested port. If another process already serves the project's store,
 * connections to the port are forwarded to it.
 */
async function start({ root, inMemory, port, keepAlive, allowed, speed }: EngineStart): Promise<LocalServer> {
  const server = await startEmbedded({ root, inMemory, port, keepAlive, allowed, speed })
  if (!server.shared) return server
  try {
    if (speed !== undefined) {
      throw new DynamoxError('conflict', "another dynamox already serves this project's store, at a pace of its own", {
        hint: 'stop it first, or add --in-memory to work on other tables',
      })
    }
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

/** Passes connections to a port of 127.0.0.1 (a free one when 0) on to an endpoint. Throws `usage` for a port that is taken. */
async function forwardPort(wanted: number, endpoint: string, keepAlive: boolean) {
  const { hostname, port } = new URL(endpoint)
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    const onward = connect(Number(port), hostname)
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy()).on('close', () => sockets.delete(from))
      from.pipe(to)
      if (!keepAlive) from.unref()
    }
  })
  const own = await listen(server, wanted).catch(error => {
    const code = memberOf(error, 'code')
    throw portError(wanted, code === undefined ? undefined : String(code), error)
  })
  if (!keepAlive) server.unref()
  return {
    port: own,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
