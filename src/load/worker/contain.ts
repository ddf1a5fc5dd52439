import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import type { EnvironmentVariables } from '../../table/environment-variable.ts'
import type { WorkerMessage, WorkerSettings } from '../messages.ts'
import { locateError, refusal, refusedConnection } from './locate-error.ts'

type Send = (message: WorkerMessage) => void

/**
 * Contains the side effects of user code in this worker: output, connections, unhandled errors, and attempts to end the
 * process. Each is reported to the parent.
 */
export function contain(settings: WorkerSettings, send: Send): void {
  defaultEnvironment()
  captureOutput(send)
  catchStray(settings, send)
  refuseExit(settings, send)
  const isRefused = (to: string): boolean => !settings.allowNetwork || isDynamoDb(to, process.env)
  refuseConnections(isRefused, to => send({ kind: 'connection', to }))
  // Named ESM imports of builtins see the replacements above only after this call.
  syncBuiltinESMExports()
}

// SDK clients created by models need a region; nothing is sent, so any region works. IMDS would hang for a second.
function defaultEnvironment(): void {
  // Treat an empty variable as unset; the SDK would use it as the region.
  process.env.AWS_REGION ||= process.env.AWS_DEFAULT_REGION || 'us-east-1'
  process.env.AWS_EC2_METADATA_DISABLED ||= 'true'
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE ??= 'true'
}

/** stdout is for results: send the output of user code to the parent, which writes it to stderr. */
function captureOutput(send: Send): void {
  const write = (chunk: unknown, ...rest: unknown[]): boolean => {
    send({ kind: 'output', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString() })
    const done = rest.find(value => typeof value === 'function')
    if (done !== undefined) queueMicrotask(done as () => void)
    return true
  }
  process.stdout.write = write
  process.stderr.write = write

  captureDescriptors(text => send({ kind: 'output', text }))

  process.removeAllListeners('warning')
  process.on('warning', warning => {
    if (warning.name !== 'ExperimentalWarning') send({ kind: 'output', text: `${warning.name}: ${warning.message}\n` })
  })
}

// Loggers such as pino write to the descriptor itself.
function captureDescriptors(output: (text: string) => void): void {
  const { write, writeSync } = fs
  const printed = (data: unknown): number => {
    const bytes = ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(String(data))
    output(bytes.toString())
    return bytes.length
  }
  Object.assign(fs, {
    writeSync: (fd: number, data: NodeJS.ArrayBufferView, ...rest: []) =>
      fd === 1 || fd === 2 ? printed(data) : writeSync(fd, data, ...rest),
    write: (fd: number, data: NodeJS.ArrayBufferView, ...rest: [() => void]) => {
      if (fd !== 1 && fd !== 2) return write(fd, data, ...rest)
      const length = printed(data)
      const done = rest.find(value => typeof value === 'function') as ((...result: unknown[]) => void) | undefined
      setImmediate(() => done?.(null, length, data))
    },
  })
}

function catchStray(settings: WorkerSettings, send: Send): void {
  const stray = (error: unknown) => {
    if (refusedConnection(error) === undefined) send({ kind: 'stray', error: locateError(error, settings) })
  }
  process.on('unhandledRejection', stray)
  process.on('uncaughtException', stray)
}

function refuseExit(settings: WorkerSettings, send: Send): void {
  const { exit, kill } = process
  const leave = (call: string): never => {
    send({ kind: 'exit', call, place: locateError(new Error(call), settings) })
    return exit.call(process, 0)
  }
  process.exit = (code?: number | string | null) => leave(`process.exit(${code ?? ''})`)
  process.abort = () => leave('process.abort()')
  process.kill = (pid, signal) =>
    pid === process.pid && signal !== 0
      ? leave(`process.kill(process.pid, ${JSON.stringify(signal)})`)
      : kill(pid, signal)
}

/** Makes connections fail immediately when `isRefused` returns true, and reports their destination to `onAttempt`. */
function refuseConnections(isRefused: (to: string) => boolean, onAttempt: (to: string) => void): void {
  const { connect } = net.Socket.prototype
  net.Socket.prototype.connect = function refusing(this: net.Socket, ...args: unknown[]) {
    const to = destination(args)
    if (!isRefused(to)) return Reflect.apply(connect, this, args)
    onAttempt(to)
    // Behave like a connecting socket, which buffers writes.
    Object.assign(this, { connecting: true })
    const message = `it may not connect to ${to} while it is loaded`
    // Fail asynchronously, like a real refusal: the caller has not attached its listeners yet.
    setImmediate(() => this.destroy(Object.assign(new Error(message), { code: refusal })))
    return this
  } as typeof net.Socket.prototype.connect
}

/**
 * Whether a destination is a DynamoDB endpoint of AWS or of the environment. It is blocked even when models may
 * connect: some model libraries create tables while they are loaded.
 */
function isDynamoDb(to: string, env: EnvironmentVariables): boolean {
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

// `connect` accepts (options), (port, host), (path) or, inside Node, a list with one of these.
function destination(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first === 'object' && first !== null) {
    const { host = 'localhost', port, path } = first as { host?: string; port?: number; path?: string }
    return port === undefined && path !== undefined ? path : `${host}:${port}`
  }
  const isPath = typeof first === 'string' && !/^\d+$/.test(first)
  return isPath ? first : `${typeof second === 'string' ? second : 'localhost'}:${first}`
}
