/**
 * What the guard runs (`node -e`): a process between ours and a program, which starts the program and ends it when our
 * end of its fourth descriptor closes, for whatever reason; a kill of ours closes it as well. Plain JavaScript, so that
 * it needs no file of its own. On that descriptor it is told which signals to pass on, one name a line, and answers
 * with the code of the error when the program cannot be started.
 */
export const guardScript = `
const { spawn, spawnSync } = require('node:child_process')
const { readdirSync, readFileSync, rmSync } = require('node:fs')
const { Socket } = require('node:net')
const { constants } = require('node:os')
const { command, args, scratch, cleanUp } = JSON.parse(process.argv[1])

const line = new Socket({ fd: 3, readable: true, writable: true })
const child = spawn(command, args, { stdio: 'inherit', windowsHide: true })

const leave = code => {
  if (cleanUp) spawnSync(cleanUp[0], cleanUp.slice(1), { stdio: 'ignore' })
  if (scratch) rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
  process.exit(code)
}
child.on('error', ({ code }) => line.write(String(code), () => leave(127)))
child.on('exit', (code, signal) => leave(code ?? 128 + (constants.signals[signal] ?? 9)))

const pass = signal => { try { child.kill(signal) } catch {} }
line.setEncoding('utf8').on('data', names => names.split('\\n').filter(Boolean).forEach(pass))
line.on('error', () => {}).on('close', () => {
  for (const pid of family()) try { process.kill(pid, 'SIGKILL') } catch {}
})
process.on('SIGTERM', () => pass('SIGTERM'))
// A terminal sends these to all of us; the program gets its own, and what we do depends on what it does.
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP']) process.on(signal, () => {})

// The program and all that it started: killed from the oldest down.
function family() {
  const all = processes()
  const found = [child.pid]
  for (const pid of found) found.push(...all.filter(([, parent]) => parent === pid).map(([pid]) => pid))
  return found
}
function processes() {
  try {
    return readdirSync('/proc').filter(name => /^\\d+$/.test(name)).map(name => {
      try {
        const stat = readFileSync('/proc/' + name + '/stat', 'utf8')
        return [Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]
      } catch { return [0, -1] }
    })
  } catch {
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    return (stdout ?? '').split('\\n').map(row => row.trim().split(/\\s+/).map(Number))
  }
}
`
