import net from 'node:net'

const code = 'ERR_DYNAMOX_NETWORK'

/** Makes the connections of this thread that `isRefused` fail at once; `onAttempt` is told where to they would have gone. */
export function refuseConnections(isRefused: (to: string) => boolean, onAttempt: (to: string) => void): void {
  const { connect } = net.Socket.prototype
  net.Socket.prototype.connect = function refusing(this: net.Socket, ...args: unknown[]) {
    const to = destination(args)
    if (!isRefused(to)) return Reflect.apply(connect, this, args)
    onAttempt(to)
    // As a socket on its way: what is written to it waits.
    Object.assign(this, { connecting: true })
    const message = `it may not connect to ${to} while it is loaded`
    // Later, as a real refusal would be: the caller's listeners are not attached yet.
    setImmediate(() => this.destroy(Object.assign(new Error(message), { code })))
    return this
  } as typeof net.Socket.prototype.connect
}

/**
 * Whether a destination is DynamoDB, as AWS names its endpoints or as the environment does. It is out of reach even where
 * models may connect: some model libraries create tables while they are merely loaded.
 */
export function isDynamoDb(to: string, env: Readonly<Record<string, string | undefined>>): boolean {
  if (/(^|\.)(dynamodb(-fips)?|ddb)\./i.test(to)) return true
  return [env.AWS_ENDPOINT_URL_DYNAMODB, env.AWS_ENDPOINT_URL].some(
    url => url !== undefined && url !== '' && placeOf(url) === to,
  )
}

function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
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
