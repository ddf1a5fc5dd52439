// A process of its own around one embedded engine; its first argument says what it does.
import { startEmbedded } from '../../../src/local/start-embedded.ts'
import { call, item, tableInput } from './call.ts'
import type { ChildTask } from './child.ts'

const task: ChildTask = JSON.parse(process.argv[2] ?? '{}')
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)

async function main(): Promise<void> {
  const server = await startEmbedded({ ...task.options, keepAlive: task.work === 'serve' || task.work === 'write' })
  say({ endpoint: server.endpoint, shared: server.shared })
  if (task.work === 'exit') process.exit(7)
  if (task.work === 'write') await write(server.endpoint, task.round ?? 0)
  if (task.work === 'serve') process.stdin.resume().once('end', () => void server.close())
}

/** Creates tables and puts items as fast as it can; reports each item that was accepted. */
async function write(endpoint: string, round: number): Promise<void> {
  for (let count = 0; ; count++) {
    if (count % 20 === 0) await call(endpoint, 'CreateTable', tableInput(`round-${round}-${count}`))
    const pk = `${round}-${count}`
    const { __type } = await call(endpoint, 'PutItem', item('items', pk))
    if (__type === undefined) say({ written: pk })
  }
}

main().catch((error: Error & { code?: string }) => {
  say({ error: error.message, code: error.code })
  process.exitCode = 1
})
