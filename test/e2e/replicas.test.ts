// Global tables over the SDK: one endpoint answers for three regions, and knows each request's by its signature.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { applyPlan } from '../../src/apply/apply-plan.ts'
import { type Clock, systemClock } from '../../src/apply/clock.ts'
import { createTable, deleteTable } from '../../src/apply/reconcile.ts'
import { readLive } from '../../src/apply/wait.ts'
import { createApi } from '../../src/aws/create-api.ts'
import { DynamoxClient } from '../../src/client/dynamox-client.ts'
import { isError } from '../../src/local/control-plane/answer.ts'
import { type ControlPlane, createControlPlane } from '../../src/local/control-plane/control-plane.ts'
import { isOperation } from '../../src/local/control-plane/inputs.ts'
import { noTimings } from '../../src/local/control-plane/pace.ts'
import { planTable } from '../../src/plan/plan-table.ts'
import type { TableInput } from '../../src/table/input.ts'
import { type Reply, startHttpDynamo } from '../support/http-dynamo.ts'
import { table } from '../support/tables.ts'
import { dynamox, project } from './support/cli.ts'

const home = 'eu-west-1'
const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }

/** Regions that refuse or do not answer, each with its reply. */
const broken = new Map<string, Pick<Reply, 'error' | 'hang' | 'reset'>>()
beforeEach(() => broken.clear())

/** Seconds take a twentieth of them. */
const hasty: Clock = { now: systemClock.now, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) }

async function startRegions() {
  const planes = new Map<string, ControlPlane>()
  const planeOf = (region: string): ControlPlane => {
    const known = planes.get(region)
    if (known !== undefined) return known
    const times = { now: Date.now, timings: noTimings, coolDown: () => 0 }
    const options = { account: '123456789012', region, ...times, regions: planeOf }
    const made = createControlPlane(options)
    planes.set(region, made)
    return made
  }
  const seen: string[] = []
  const server = await startHttpDynamo(({ operation, input, headers }) => {
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? ''
    seen.push(`${region} ${operation}`)
    const asAws = { headers: { server: 'Server' } }
    const reply = broken.get(region)
    if (reply !== undefined) return { ...reply, ...asAws }
    if (!isOperation(operation)) return { error: ['UnknownOperationException'], ...asAws }
    for (const plane of planes.values()) plane.advance()
    const answer = planeOf(region).answer(operation, input)
    return isError(answer) ? { error: [answer.type, answer.message], ...asAws } : { json: answer.output, ...asAws }
  })
  onTestFinished(() => server.close())
  const target = { kind: 'endpoint', endpoint: server.endpoint, region: home, credentials: keys } as const
  const api = createApi(target, { clock: hasty })
  const settingsIn = (region: string) => planeOf(region).tables.get('users')?.settings
  const update = async (input: Partial<TableInput>) => {
    const desired = table(input)
    const { live } = await readLive(desired, api, { settle: true })
    const plan = planTable(desired, live, { capabilities: api.capabilities() })
    const outcome = await applyPlan(plan, api)
    return { plan, outcome, steps: plan.steps.map(({ summary }) => summary) }
  }
  return { api, planeOf, settingsIn, update, seen, endpoint: server.endpoint }
}

const both: Partial<TableInput> = {
  replicas: [
    { region: 'us-east-2', deletionProtection: true, tags: { team: 'shop' }, pointInTimeRecovery: 7 },
    'us-west-2',
  ],
}

test('a global table from its creation to its deletion', async () => {
  const { api, planeOf, settingsIn, update, seen } = await startRegions()
  const created = await createTable(table(both), api)
  expect(created).toMatchObject({ action: 'created' })
  expect(created.warnings).toEqual(['stream: turned on with NEW_AND_OLD_IMAGES, which replicas need'])
  expect(settingsIn(home)).toMatchObject({ stream: 'NEW_AND_OLD_IMAGES', deletionProtection: false, tags: {} })
  expect(settingsIn('us-east-2')).toMatchObject({
    deletionProtection: true,
    tags: { team: 'shop' },
    pointInTimeRecovery: 7,
  })
  expect(settingsIn('us-west-2')).toMatchObject({ deletionProtection: false, tags: {} })
  expect(seen).toEqual(expect.arrayContaining(['us-east-2 TagResource', 'us-east-2 UpdateTable']))
  expect(seen).not.toContain('us-west-2 UpdateTable')
  expect(await createTable(table(both), api)).toMatchObject({ action: 'unchanged' })

  const changed = { replicas: [{ region: 'us-east-2', deletionProtection: false, tags: { team: 'shop' } }] }
  const { steps, outcome } = await update(changed)
  expect(outcome.error).toBeUndefined()
  expect(steps).toEqual([
    'remove the replica in us-west-2 with its copy of the items',
    'turn off deletion protection in us-east-2',
  ])
  expect(planeOf('us-west-2').tables.has('users')).toBe(false)
  expect((await update(changed)).steps).toEqual([])

  expect(await deleteTable('users', api)).toMatchObject({ action: 'deleted' })
  expect([home, 'us-east-2'].map(region => planeOf(region).tables.has('users'))).toEqual([false, false])
})

test('a protected replica keeps its table from being deleted', async () => {
  const { api, planeOf } = await startRegions()
  await createTable(table(both), api)
  expect(await deleteTable('users', api)).toMatchObject({
    action: 'blocked',
    error: { message: expect.stringContaining('the replica in us-east-2 is protected against deletion') },
  })
  expect(await deleteTable('users', api, { disableProtection: true })).toMatchObject({ action: 'deleted' })
  expect(planeOf('us-east-2').tables.has('users')).toBe(false)
})

test.each<[string, Pick<Reply, 'error' | 'hang' | 'reset'>, string]>([
  [
    'denied',
    { error: ['AccessDeniedException', 'not authorized to perform: dynamodb:DescribeTable'] },
    'access denied',
  ],
  ['throttled', { error: ['ThrottlingException', 'Rate exceeded'] }, 'Rate exceeded'],
  ['cut off', { reset: true }, ''],
  ['silent', { hang: true }, 'no answer within 10 s'],
])('one region out of reach leaves the others as they are: %s', async (_, reply, reason) => {
  const { api, settingsIn, update } = await startRegions()
  await createTable(table({ replicas: ['us-east-2', 'us-west-2'] }), api)
  broken.set('us-west-2', reply)
  const wanted = {
    replicas: ['us-east-2', 'us-west-2'].map(region => ({ region, deletionProtection: true })),
  }
  const { plan, outcome, steps } = await update(wanted)
  expect(steps).toEqual(['turn on deletion protection in us-east-2'])
  expect(plan.unread).toEqual(['replicas'])
  expect(plan.notices).toEqual([expect.stringContaining(`the replica in us-west-2 could not be read: ${reason}`)])
  expect(outcome).toMatchObject({ action: 'updated' })
  expect(settingsIn('us-east-2')?.deletionProtection).toBe(true)
  broken.clear()
  expect((await update(wanted)).steps).toEqual(['turn on deletion protection in us-west-2'])
})

test('a client of the user reaches every region with its credentials', async () => {
  const { endpoint, planeOf, settingsIn, seen } = await startRegions()
  const sdk = new DynamoDBClient({ endpoint, region: home, credentials: keys })
  const client = new DynamoxClient({ client: sdk })
  const options = { partitionKey: 'pk', wait: true, replicas: both.replicas }
  expect(await client.createTable('users', options)).toMatchObject({ action: 'created' })
  expect(settingsIn('us-east-2')).toMatchObject({ deletionProtection: true, tags: { team: 'shop' } })
  await expect(client.deleteTable('users', { wait: true })).rejects.toMatchObject({ code: 'blocked' })
  expect(await client.deleteTable('users', { wait: true, disableProtection: true })).toMatchObject({
    action: 'deleted',
  })
  expect([home, 'us-east-2', 'us-west-2'].map(region => planeOf(region).tables.has('users'))).toEqual([
    false,
    false,
    false,
  ])
  expect([...new Set(seen.map(each => each.split(' ')[0]))].sort()).toEqual([home, 'us-east-2', 'us-west-2'])
  sdk.destroy()
})

test("a client with AWS's endpoint of one region asks another one at its own", async () => {
  const hosts: string[] = []
  const requestHandler = {
    handle: ({ hostname }: { readonly hostname: string }) => {
      hosts.push(hostname)
      return Promise.reject(new Error('this test sends nothing'))
    },
  }
  const client = new DynamoDBClient({
    ...{ region: home, endpoint: `https://dynamodb.${home}.amazonaws.com`, credentials: keys, maxAttempts: 1 },
    requestHandler,
  })
  const api = createApi({ client })
  const request = { api: 'UpdateTable', input: { TableName: 'users', DeletionProtectionEnabled: true } } as const
  for (const place of [{}, { region: 'us-east-2' }]) await api.send({ ...request, ...place }).catch(() => undefined)
  expect(hosts).toEqual([`dynamodb.${home}.amazonaws.com`, 'dynamodb.us-east-2.amazonaws.com'])
})

test('list and describe show the regions, and delete names them', async () => {
  const { api, endpoint } = await startRegions()
  await createTable(table({ replicas: ['us-east-2'] }), api)
  const cwd = await project({})
  const env = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }
  const at = ['--endpoint', endpoint, '--region', home]
  const list = await dynamox(['list', '--json', ...at], { cwd, env })
  expect(JSON.parse(list.stdout).tables).toMatchObject([{ replicas: [{ region: 'us-east-2', status: 'ACTIVE' }] }])
  const described = await dynamox(['describe', 'users', ...at], { cwd, env })
  expect(described.stdout).toMatch(/replicas\n +REGION +STATUS +OF ITS OWN\n +us-east-2 +ACTIVE/)
})
