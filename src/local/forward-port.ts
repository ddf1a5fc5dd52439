import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { portError } from './port-error.ts'

/** Passes what comes to a port of 127.0.0.1 (a free one when 0) on to an endpoint. Throws `usage` for a port that is taken. */
export async function forwardPort(wanted: number, endpoint: string, keepAlive: boolean) {
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
  try {
    server.listen(wanted, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    throw portError(wanted, error instanceof Error && 'code' in error ? String(error.code) : undefined, error)
  }
  if (!keepAlive) server.unref()
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : wanted,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
