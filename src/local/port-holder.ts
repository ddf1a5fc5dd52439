import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Who listens on a port of this machine: `process 4711 (node server.js)`; undefined where the system does not tell. */
export function portHolder(port: number): string | undefined {
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

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}
