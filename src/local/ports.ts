import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { attempt, DynamoxError, messageOf } from '../errors.ts'
import { memberOf } from '../table/untyped.ts'

/** Listens on 127.0.0.1; returns the port, which the system chooses for 0. Throws what the system says. */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/** A port on 127.0.0.1 that is currently free. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server, 0)
  server.close()
  await once(server, 'close')
  return port
}

/** Why this process cannot listen on a port of 127.0.0.1: `EADDRINUSE` or another code; undefined when it can. */
export async function whyNotFree(port: number): Promise<string | undefined> {
  const server = createServer()
  try {
    await listen(server, port)
  } catch (error) {
    return String(memberOf(error, 'code') ?? messageOf(error))
  }
  server.close()
  await once(server, 'close')
  return undefined
}

/** The error for a port that cannot be used: which process uses it, and how to continue. */
export function portError(port: number, code: string | undefined, cause?: unknown): DynamoxError {
  const what =
    code === 'EADDRINUSE'
      ? `is in use by ${portHolder(port) ?? 'another program'}`
      : `cannot be used (${code ?? 'unknown reason'})`
  return new DynamoxError('usage', `port ${port} on 127.0.0.1 ${what}`, {
    hint: 'end that program, or choose another port: --port 8001, or --port 0 for a free one',
    cause,
  })
}

/**
 * The process that listens on a port of this machine: `process 4711 (node server.js)`; undefined when it cannot be
 * found out.
 */
function portHolder(port: number): string | undefined {
  const pid = holderByProc(port) ?? holderByLsof(port)
  if (pid === undefined) return undefined
  const command = commandOf(pid)
  return `process ${pid}${command === undefined ? '' : ` (${command})`}`
}

/** Linux: a listening socket's inode is in /proc/net/tcp, and the process that has it open shows a link to it. */
function holderByProc(port: number): number | undefined {
  const inodes = ['tcp', 'tcp6'].flatMap(table => listeningInodes(`/proc/net/${table}`, port))
  if (inodes.length === 0) return undefined
  const wanted = new Set(inodes.map(inode => `socket:[${inode}]`))
  return entries('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .find(pid => entries(`/proc/${pid}/fd`).some(fd => wanted.has(link(`/proc/${pid}/fd/${fd}`))))
}

function listeningInodes(file: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const listening = '0A'
  return read(file)
    .split('\n')
    .map(row => row.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === listening && local.endsWith(`:${hex}`))
    .flatMap(columns => columns[9] ?? [])
}

function holderByLsof(port: number): number | undefined {
  const said = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'], { encoding: 'utf8', timeout: 3000 })
  const [, pid] = /^p(\d+)/m.exec(said.stdout ?? '') ?? []
  return pid === undefined ? undefined : Number(pid)
}

function commandOf(pid: number): string | undefined {
  const words = read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim()
  const said = words === '' ? spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout : words
  const command = (said ?? '').trim()
  return command === '' ? undefined : command.length > 80 ? `${command.slice(0, 79)}…` : command
}

const read = (file: string): string => attempt(() => readFileSync(file, 'utf8')) ?? ''
const entries = (folder: string): string[] => attempt(() => readdirSync(folder)) ?? []
const link = (file: string): string => attempt(() => readlinkSync(file)) ?? ''
