import { expect, test } from 'vitest'
import type { TableApi } from '../../src/apply/ports.ts'
import type { LiveTable } from '../../src/table/live.ts'
import { project, runCli } from './support/run-cli.ts'
import { globalIndex, liveTable, type TinyApi, tinyApi } from './support/tiny-api.ts'

const config = `tables:
  - table: users
    partitionKey: pk:S
    globalIndexes: { by-email: { partitionKey: email:S } }
`

/** The table is at work when it is first looked at, and has settled as `then` some looks later. */
function settling(first: LiveTable, then: LiveTable): TinyApi {
  const api = tinyApi({ tables: [then] })
  let looks = 0
  const describe: TableApi['describe'] = async (...asked) => {
    looks += 1
    return looks < 3 ? first : api.describe(...asked)
  }
  return { ...api, describe }
}

const building = liveTable({
  name: 'users',
  status: 'UPDATING',
  globalIndexes: [{ ...globalIndex('by-email', 'email'), projection: 'KEYS_ONLY' }],
  indexStatus: { 'by-email': 'CREATING' },
})
const built = liveTable({ name: 'users', globalIndexes: [globalIndex('by-email', 'email')] })

test('update plans on what is there when work under way has settled', async () => {
  const cwd = await project({ '.dynamoxrc': config })
  const api = settling(building, built)
  const { code, stdout, stderr } = await runCli(['update'], { cwd, api })
  expect({ code, stdout, sent: api.sent }).toEqual({ code: 0, stdout: 'users  unchanged\n', sent: [] })
  expect(stderr).toContain('users: waiting for work that is under way (UPDATING)\n')
})

test('plan does not wait, and says what is under way', async () => {
  const cwd = await project({ '.dynamoxrc': config })
  const { code, stderr } = await runCli(['plan'], { cwd, api: tinyApi({ tables: [building] }) })
  expect(code).toBe(0)
  expect(stderr).toContain(
    'warning: users: work is under way (UPDATING): update waits until it is done, and plans from what is there then\n',
  )
})

test('update --no-wait sends nothing to a table that is being worked on', async () => {
  const cwd = await project({ '.dynamoxrc': config })
  const busy = liveTable({ name: 'users', status: 'UPDATING' })
  const api = tinyApi({ tables: [busy] })
  const { code, stdout, stderr } = await runCli(['update', '--no-wait'], { cwd, api })
  expect({ code, stdout, sent: api.sent }).toEqual({ code: 0, stdout: 'users  requested  UPDATING\n', sent: [] })
  expect(stderr).toContain('not applied yet, UPDATING: add global index by-email')
})
