// The fake control plane of the unit tests, asked the same as real engines: where they judge differently, it is listed.
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/apply/clock.ts'
import { waitFor } from '../../src/apply/wait.ts'
import { createWaiter } from '../../src/apply/waiter.ts'
import { createApi } from '../../src/aws/create-api.ts'
import { createTableInput } from '../../src/plan/create-table-input.ts'
import { updateDeviations } from '../support/differential/update-deviations.ts'
import { type UpdateRequest, updateBases, updateRequests } from '../support/differential/update-requests.ts'
import { describeEngines } from '../support/engines/describe-engines.ts'
import { createFakeAws } from '../support/fake-aws.ts'
import { table } from '../support/tables.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { unique } from './support/cli.ts'

type Verdict = 'accepted' | `refused: ${string}`

/** What the fake of AWS says of a request. */
async function fakeVerdict({ to, input }: UpdateRequest): Promise<Verdict> {
  const aws = createFakeAws(createVirtualClock(), { latencyMs: 0 })
  aws.put(table(updateBases[to]))
  await aws.send({ api: 'UpdateTable', input: { TableName: 'users', ...input } })
  const answer = aws.calls[0]?.answer
  if (answer === undefined) return 'accepted'
  return `refused: ${answer === 'no-op' ? 'nothing would change' : answer.message}`
}

describeEngines('UpdateTable', engine => {
  let client: DynamoDBClient
  let once: DynamoDBClient
  beforeAll(() => {
    client = new DynamoDBClient(engine)
    // A second try would be judged by what the first has done.
    once = new DynamoDBClient({ ...engine, maxAttempts: 1 })
  })
  afterAll(() => {
    client?.destroy()
    once?.destroy()
  })

  test('agrees with the fake of AWS, except for the listed deviations', async () => {
    const api = createApi({ kind: 'endpoint', ...engine })
    const waiter = createWaiter(api, systemClock)
    const verdict = async (asked: UpdateRequest, tries = 5): Promise<Verdict> => {
      const { to, input } = asked
      const TableName = unique('judged')
      await client.send(new CreateTableCommand(createTableInput({ ...table(updateBases[to]), name: TableName })))
      await waitFor(TableName, 'active', api, { waiter })
      const answer = await once.send(new UpdateTableCommand({ TableName, ...input })).then(
        (): Verdict => 'accepted',
        (error: Error): Verdict => `refused: ${error.name}: ${error.message}`,
      )
      await waitFor(TableName, 'active', api, { waiter, timeoutMs: 5_000 })
      await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })).catch(() => undefined)
      await client.send(new DeleteTableCommand({ TableName })).catch(() => undefined)
      // DynamoDB Local now and then breaks down when several tables change at once: that is no verdict.
      return answer.startsWith('refused: InternalFailure') && tries > 1 ? verdict(asked, tries - 1) : answer
    }
    const judged: { request: UpdateRequest; fake: Verdict; engine: Verdict }[] = []
    const queue = [...updateRequests]
    const work = async () => {
      for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
        judged.push({ request, fake: await fakeVerdict(request), engine: await verdict(request) })
      }
    }
    await Promise.all([work(), work(), work(), work()])
    const differing = judged.filter(each => (each.fake === 'accepted') !== (each.engine === 'accepted'))
    const listed = updateDeviations
      .filter(deviation => deviation.engine === engine.capabilities.engine)
      .flatMap(({ titles }) => titles)
    expect(
      differing
        .filter(({ request }) => !listed.includes(request.title))
        .map(each => `${each.request.title}: fake ${each.fake}; ${engine.name} ${each.engine}`),
    ).toEqual([])
    // A deviation that is none any more is taken off the list.
    expect(listed.filter(title => !differing.some(({ request }) => request.title === title))).toEqual([])
  })
})
