// Started, killed at odd moments and started again.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { freePort } from '../../src/local/free-port.ts'
import { call, item } from '../local/support/call.ts'
import { dynamox, project, start } from './support/cli.ts'
import { isAlive, serveLocal } from './support/serving.ts'

const rounds = 50
const config = 'tables: [{ table: users, partitionKey: pk:S }, { table: orders, partitionKey: id:S }]\n'

/** Puts items until it cannot; those that were accepted. */
async function putUntilKilled(endpoint: string, round: number): Promise<string[]> {
  const accepted: string[] = []
  for (let count = 0; ; count++) {
    const pk = `${round}-${count}`
    const answer = await call(endpoint, 'PutItem', item('users', pk)).catch(() => undefined)
    if (answer === undefined) return accepted
    if (answer.__type === undefined) accepted.push(pk)
  }
}

test(`killed ${rounds} times: nothing that was accepted is lost, the port is free again, every start is ready`, {
  timeout: 180_000,
}, async () => {
  const cwd = await project({ 'package.json': '{}', '.dynamoxrc': config })
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const accepted: string[] = []
  const pids: number[] = []
  for (let round = 0; round < rounds; round++) {
    const child = start(['local', '--port', String(port)], { cwd })
    pids.push(child.pid ?? 0)
    let said = ''
    const words = new Promise<void>(done => {
      child.stderr?.on('data', data => {
        said += data
        if (/ready; Ctrl-C|error/.test(said)) done()
      })
      child.once('exit', () => done())
    })
    const ended = new Promise<void>(done => child.once('exit', () => done()))
    // Every fifth in the midst of writes, the others anywhere on the way there: a start takes about half a second.
    if (round % 5 === 4) {
      await words
      const writing = putUntilKilled(endpoint, round)
      await sleep((round * 29) % 100)
      child.kill('SIGKILL')
      accepted.push(...(await writing))
    } else {
      await sleep((round * 67) % 800)
      child.kill('SIGKILL')
    }
    await ended
    expect(said).not.toContain('error')
  }
  const served = await serveLocal(['--port', String(port)], { cwd })
  const { Items = [] } = await call(endpoint, 'Scan', { TableName: 'users' })
  const found = new Set(Items.map(each => each.pk?.S))
  expect(accepted.filter(pk => !found.has(pk))).toEqual([])
  expect(accepted.length).toBeGreaterThan(10)
  expect(pids.filter(isAlive)).toEqual([])
  expect(await dynamox(['exists', 'users', 'orders', '--endpoint', endpoint], { cwd })).toMatchObject({ code: 0 })

  // A port that is busy is explained, also in the middle of all this.
  const busy = await dynamox(['local', '--in-memory', '--port', String(port)], { cwd })
  expect(busy.code).toBe(2)
  expect(busy.stderr).toMatch(
    new RegExp(`port ${port} .* in use by process ${served.child.pid} \\(.*${join('bin', 'dynamox.js')}`),
  )
  expect(busy.stderr).toContain('--port 0')
})
