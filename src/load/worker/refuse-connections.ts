import net from 'node:net'

const code = 'ERR_DYNAMOX_NETWORK'

/** Makes every connection of this thread fail at once; `onAttempt` is told where to it would have gone. */
export function refuseConnections(onAttempt: (to: string) => void): void {
  net.Socket.prototype.connect = function connect(this: net.Socket, ...args: unknown[]) {
    const to = destination(args)
    onAttempt(to)
    // As a socket on its way: what is written to it waits.
    Object.assign(this, { connecting: true })
    const message = `it may not connect to ${to} while it is loaded`
    // Later, as a real refusal would be: the caller's listeners are not attached yet.
    setImmediate(() => this.destroy(Object.assign(new Error(message), { code })))
    return this
  } as typeof net.Socket.prototype.connect
}

/** The refusal behind an error, when a connection of ours is what it comes from. */
export function refusedConnection(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 5) return undefined
  const { code: its, cause, message } = error as { code?: unknown; cause?: unknown; message?: unknown }
  return its === code ? String(message) : refusedConnection(cause, depth + 1)
}

// `connect` takes (options), (port, host), (path) or, from within Node, a list that holds one of these.
function destination(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first === 'object' && first !== null) {
    const { host = 'localhost', port, path } = first as { host?: string; port?: number; path?: string }
    return port === undefined && path !== undefined ? path : `${host}:${port}`
  }
  const isPath = typeof first === 'string' && !/^\d+$/.test(first)
  return isPath ? first : `${typeof second === 'string' ? second : 'localhost'}:${first}`
}
