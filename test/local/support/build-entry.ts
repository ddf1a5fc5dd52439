// A process that adds an index to the tables of several stores under writes, until it is killed. Its first argument
// holds the stores' folders and a seed.
import { setTimeout as sleep } from 'node:timers/promises'
import { loadDynalite } from '../../../src/local/load-dynalite.ts'
import { serveStore } from '../../../src/local/serve-store.ts'
import { createRandom } from '../../support/random.ts'
import { call } from './call.ts'
import { addIndex, settingsFor, teamItem } from './teams.ts'

const { folders, seed }: { folders: string[]; seed: number } = JSON.parse(process.argv[2] ?? '{}')
const random = createRandom(seed)

async function main(): Promise<void> {
  const dynalite = await loadDynalite()
  const work = async (data: string): Promise<void> => {
    const { port } = await serveStore(dynalite, settingsFor(data), 0)
    const endpoint = `http://127.0.0.1:${port}`
    for (let writer = 0; writer < 2; writer++) write(endpoint).catch(fail)
    await sleep(random() * 200)
    const { __type } = await call(endpoint, 'UpdateTable', addIndex)
    if (__type !== undefined) throw new Error(__type)
    process.stdout.write('building\n')
  }
  await Promise.all(folders.map(work))
}

async function write(endpoint: string): Promise<void> {
  for (;;) {
    const item = teamItem(Math.floor(random() * 6000), random())
    if (random() < 0.2) await call(endpoint, 'DeleteItem', { TableName: 'items', Key: { pk: item.pk } })
    else await call(endpoint, 'PutItem', { TableName: 'items', Item: item })
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${error}\n`)
  process.exit(1)
}

main().catch(fail)
