// Every command, at every operation that it calls, with every kind of bad answer: an endpoint with keys at hand, and the
// way to AWS (TLS and a profile). The expectations hold in every cell, so that a fault is never taken for an answer.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliRun, runCli } from '../cli/support/run-cli.ts'
import { type Fault, type FaultServer, startFaultServer } from '../support/fault-server.ts'
import { certificate, type Received, type Reply } from '../support/http-dynamo.ts'

const secrets = {
  key: 'AKIAQQQQWWWWEEEERRRR',
  secret: 'sEcReT/aCcEsS+kEy0123456789abcdefghijklm',
  token: 'IQoJb3JpZ2luX2VjEMatrix//////////wEaCWV1LXdlc3QtMSJHMEUCIQ+secret+session+token==',
}

const plain = {
  TableName: 'users',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
}
const config = `tables:
  - { table: users, partitionKey: pk:S, stream: KEYS_ONLY, ttl: expires, pointInTimeRecovery: true }
`
const asConfigured = {
  exists: [{ ...plain, StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } }],
  settings: {
    'users ttl': { Enabled: true, AttributeName: 'expires' },
    'users backups': { PointInTimeRecoveryEnabled: true },
  },
}

interface Command {
  readonly args: readonly string[]
  readonly exists: readonly Readonly<Record<string, unknown>>[]
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Only these get faults. */
  readonly operations?: readonly string[]
}
const commands: Readonly<Record<string, Command>> = {
  exists: { args: ['exists', 'users'], exists: [plain] },
  wait: { args: ['wait', 'users'], exists: [plain] },
  'wait for gone': { args: ['wait', 'users', '--for', 'gone'], exists: [] },
  list: { args: ['list'], exists: [plain] },
  // All three read the same; each is tried with other reads.
  describe: { args: ['describe', 'users'], exists: [plain], operations: ['DescribeTable', 'ListTagsOfResource'] },
  pull: { args: ['pull', 'users'], exists: [plain], operations: ['DescribeTable', 'GetResourcePolicy'] },
  diff: { args: ['diff', 'users.json', 'live'], exists: [plain], operations: ['DescribeTable'] },
  create: { args: ['create'], exists: [] },
  'create again': { args: ['create'], ...asConfigured },
  plan: { args: ['plan'], exists: [plain] },
  update: { args: ['update', '--yes'], exists: [plain] },
  delete: { args: ['delete', 'users', '--yes'], exists: [plain] },
}

/** `as without it`: the fault passes, and the command ends as if it had not happened. */
type Expected = 'as without it' | readonly number[]

const html = (status: number): Reply => ({
  status,
  body: `<html><body>${status}</body></html>`,
  headers: { 'content-type': 'text/html' },
})
const json = { 'content-type': 'application/x-amz-json-1.0' }
/** A server or a proxy that repeats the request's headers in its error. */
const echo = ({ headers }: Received) => `bad request: ${JSON.stringify(headers)}\n\u001b[31mred`
const error =
  (type: string, status = 400) =>
  (request: Received): Reply => ({ error: [type, echo(request)], status })
const halfOf = (right: Reply): string => {
  const text = JSON.stringify(right.json ?? {})
  return text.slice(0, Math.ceil(text.length / 2))
}
/** The right answer with one member replaced, wherever it is. */
const withMember = (right: Reply, name: string, value: unknown): Reply => ({
  ...right,
  json: JSON.parse(JSON.stringify(right.json ?? {}), (key, old) => (key === name ? value : old)),
})

/** dynamox reads no more of an answer. */
const largestAnswer = 16 * 2 ** 20

/** A server whose clock is ahead: it refuses signatures of another time. */
function clockAheadBy(minutes: number): Fault {
  const now = () => Date.now() + minutes * 60_000
  const isLate = ({ headers }: Received) => {
    const signed = String(headers['x-amz-date']).replace(/(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5')
    return Math.abs(Date.parse(signed) - now()) > 5 * 60_000
  }
  return {
    name: `a clock that is ${minutes} minutes ahead`,
    carriedOut: request => !isLate(request),
    reply: (request, right) => ({
      ...(isLate(request) ? { error: ['InvalidSignatureException', 'Signature expired'] } : right),
      headers: { date: new Date(now()).toUTCString() },
    }),
  }
}

const faults: readonly (readonly [Fault, Expected])[] = [
  [{ name: 'throttled once', times: 1, reply: error('ThrottlingException') }, 'as without it'],
  [{ name: 'throttled', reply: error('ThrottlingException') }, [3, 4]],
  [{ name: 'limit', reply: error('LimitExceededException') }, [3]],
  [{ name: 'in use once', times: 1, reply: error('ResourceInUseException') }, [0, 1, 3, 4]],
  [{ name: 'validation', reply: error('ValidationException') }, [1, 2, 3]],
  [{ name: 'access denied', reply: error('AccessDeniedException') }, [3]],
  [{ name: 'expired credentials', reply: error('ExpiredTokenException') }, [3]],
  [{ name: 'unknown credentials', reply: error('UnrecognizedClientException') }, [3]],
  [{ name: 'unknown operation', reply: error('UnknownOperationException') }, [0, 1, 3]],
  [{ name: 'an unknown error', reply: error('SomethingNewException') }, [3]],
  [clockAheadBy(20), 'as without it'],
  [{ name: '401', reply: request => ({ ...html(401), body: echo(request) }) }, [3]],
  [{ name: '403 in HTML', reply: () => html(403) }, [3]],
  [{ name: '500 once', times: 1, reply: error('InternalServerError', 500) }, 'as without it'],
  [{ name: '500', reply: error('InternalServerError', 500) }, [3, 4]],
  [
    { name: '500 after it was carried out', times: 1, carriedOut: true, reply: error('InternalServerError', 500) },
    'as without it',
  ],
  [{ name: '502 in HTML, once', times: 1, reply: () => html(502) }, 'as without it'],
  [{ name: '502 in HTML', reply: () => html(502) }, [3, 4]],
  [{ name: '503, empty', reply: () => ({ status: 503, body: '' }) }, [3, 4]],
  [{ name: 'reset once', times: 1, reply: () => ({ reset: true }) }, 'as without it'],
  [{ name: 'reset', reply: () => ({ reset: true }) }, [3, 4]],
  [
    { name: 'reset after it was carried out', times: 1, carriedOut: true, reply: () => ({ reset: true }) },
    'as without it',
  ],
  [
    {
      name: 'half of the JSON, once',
      times: 1,
      carriedOut: true,
      reply: (_, right) => ({ body: halfOf(right), headers: json }),
    },
    'as without it',
  ],
  [
    { name: 'half of the JSON', carriedOut: true, reply: (_, right) => ({ body: halfOf(right), headers: json }) },
    [0, 3, 4],
  ],
  [{ name: '200 in HTML, once', times: 1, carriedOut: true, reply: () => html(200) }, [0, 3]],
  [{ name: '200, empty', carriedOut: true, reply: () => ({ body: '' }) }, [0, 3, 4]],
  [{ name: 'Table: null', carriedOut: true, reply: (_, right) => withMember(right, 'Table', null) }, [0, 1, 3]],
  [
    {
      name: 'a list that is text',
      carriedOut: true,
      reply: (_, right) => withMember(withMember(right, 'KeySchema', 'pk'), 'TableNames', 'users'),
    },
    [0, 3],
  ],
  [
    { name: 'a number that is text', carriedOut: true, reply: (_, right) => withMember(right, 'ItemCount', 'many') },
    [0, 3],
  ],
  [
    { name: 'an unknown status', carriedOut: true, reply: (_, right) => withMember(right, 'TableStatus', 'DREAMING') },
    [0, 1, 3, 4],
  ],
  [
    {
      name: 'an answer that is too large, once',
      times: 1,
      carriedOut: true,
      reply: (_, right) => ({ ...right, padding: largestAnswer }),
    },
    'as without it',
  ],
  [{ name: 'silence', reply: () => ({ hang: true }) }, [3, 4]],
  [{ name: 'an answer that drips', reply: (_, right) => ({ ...right, drip: true }) }, [0, 3, 4]],
]

const folder = mkdtempSync(join(tmpdir(), 'dynamox-faults-'))
writeFileSync(join(folder, 'package.json'), '{}')
writeFileSync(join(folder, '.dynamoxrc'), config)
writeFileSync(join(folder, 'users.json'), JSON.stringify(plain))
writeFileSync(
  join(folder, 'credentials'),
  `[work]\naws_access_key_id = ${secrets.key}\naws_secret_access_key = ${secrets.secret}\naws_session_token = ${secrets.token}\n`,
)

/** Which server stands for `dynamodb.<region>.amazonaws.com`; each cell has a region of its own. */
const ports = new Map<string, number>()
const { connect } = tls
beforeAll(() => {
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials')
  const redirected = (options: tls.ConnectionOptions, ...rest: never[]) => {
    const port = ports.get(String(options.servername ?? options.host))
    return connect(
      port === undefined
        ? options
        : { ...options, host: '127.0.0.1', port, ca: certificate, checkServerIdentity: () => undefined },
      ...rest,
    )
  }
  tls.connect = redirected as typeof connect
})
afterAll(() => {
  tls.connect = connect
  process.env.AWS_SHARED_CREDENTIALS_FILE = '/dev/null'
  rmSync(folder, { recursive: true })
})

type Way = 'an endpoint' | 'AWS'

async function run(
  way: Way,
  { args, exists, settings = {} }: Command,
  broken?: { operation: string; fault: Fault },
  { ends = true, text = false } = {},
) {
  const server = await startFaultServer({
    broken,
    exists,
    settings,
    tls: way === 'AWS',
  })
  const region = `eu-west-${ports.size + 100}`
  const host = `dynamodb.${region}.amazonaws.com`
  ports.set(host, Number(new URL(server.endpoint).port))
  const shared = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') }
  const keys = {
    AWS_ACCESS_KEY_ID: secrets.key,
    AWS_SECRET_ACCESS_KEY: secrets.secret,
    AWS_SESSION_TOKEN: secrets.token,
  }
  const target = way === 'AWS' ? ['--profile', 'work', '--region', region] : ['--endpoint', server.endpoint]
  const started = Date.now()
  const more = ['--timeout', ends ? '30s' : '2s', ...(text ? [] : ['--json'])]
  const ran = await runCli([...args, ...target, ...more], {
    cwd: folder,
    env: way === 'AWS' ? shared : { ...shared, ...keys },
  })
  await server.close()
  return { ...ran, server, ms: Date.now() - started }
}

/** Everything that is wrong with the end of one cell. */
function faultsOf(ran: CliRun & { server: FaultServer; ms: number }, expected: readonly number[]): readonly string[] {
  const wrong: string[] = []
  const { code, stdout, stderr, server, ms } = ran
  if (!expected.includes(code)) wrong.push(`exit ${code} instead of ${expected.join(' or ')}`)
  if (ms > 25_000) wrong.push(`it took ${ms} ms`)
  const document = parse(stdout)
  if (document === undefined) return [...wrong, `not one JSON document: ${stdout.slice(0, 200)}`]
  if (document.ok !== (code === 0)) wrong.push(`ok is ${document.ok} with exit ${code}`)
  const actions = (document.tables ?? []).map(({ action }) => action)
  if (code === 0 && actions.some(action => action === 'failed' || action === 'interrupted'))
    wrong.push(`exit 0 with ${actions.join()}`)
  if (code > 2 && document.error === undefined) wrong.push('no error in the document')
  const shown = stdout + stderr
  wrong.push(...unfitOf(shown))
  for (const operation of server.sent) {
    if (code !== 0 && !shown.includes(operation)) wrong.push(`${operation} was sent and is not mentioned`)
  }
  return wrong.map(each => `${each} (${document.error?.message ?? actions.join()})`)
}

/** Everything in the output that must never be shown. */
function unfitOf(shown: string): readonly string[] {
  const wrong: string[] = []
  for (const [name, value] of Object.entries(secrets)) if (shown.includes(value)) wrong.push(`${name} is printed`)
  if (/Signature=[0-9a-f]{8}|\b[0-9a-f]{64}\b/.test(shown)) wrong.push('a signature is printed')
  if (shown.includes('\u001b')) wrong.push('a control character is printed')
  if (/hidden field|\$response|\[object Object\]|undefined is not|Cannot read prop/.test(shown))
    wrong.push(
      `the message is not for people: ${/.*(hidden field|\$response|\[object|undefined|Cannot read).*/.exec(shown)?.[0].slice(0, 200)}`,
    )
  return wrong
}

interface Document {
  readonly ok: boolean
  readonly tables?: readonly { readonly action: string }[]
  readonly error?: { readonly message: string }
}
function parse(text: string): Document | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

let total = 0
afterAll(() => void process.stdout.write(`the fault matrix: ${total} cells\n`))

describe.each<Way>(['an endpoint', 'AWS'])('faults of %s', way => {
  const names = Object.keys(commands)

  test.concurrent.each(names)('%s', { timeout: 300_000 }, async name => {
    const command = commands[name]
    if (command === undefined) throw new Error(`unknown command ${name}`)
    const right = await run(way, command)
    const usual = right.code
    expect([0, 1]).toContain(usual)
    const called = [...new Set(right.server.received.map(({ operation }) => operation))]
    const operations = called.filter(operation => command.operations?.includes(operation) ?? true)
    const cells = operations.flatMap(operation => faults.map(([fault, expected]) => ({ operation, fault, expected })))
    total += cells.length
    const failures: string[] = []
    await inParallel(cells, 16, async ({ operation, fault, expected }) => {
      const passes = expected === 'as without it' || fault.times !== undefined
      const ends = passes || !expected.includes(4)
      const ran = await run(way, command, { operation, fault }, { ends })
      const usually = isTolerated(name, operation) || usual !== 0 || passes ? [usual] : []
      const wrong = [...faultsOf(ran, expected === 'as without it' ? [usual] : [...usually, ...expected])]
      const isUnread = ran.code === usual && !passes && !expected.includes(usual) && isSideRead(operation)
      if (isUnread && !/could not be read|not supported/.test(ran.stdout))
        wrong.push(`a setting was not read, and no warning says so: ${ran.stdout.slice(0, 300)}`)
      failures.push(...wrong.map(each => `${operation}, ${fault.name}: ${each}`))
    })
    process.stdout.write(
      `${way}, ${name}: ${cells.length} cells (${operations.join(', ')}), ${failures.length} wrong\n`,
    )
    expect(failures.sort()).toEqual([])
  })
})

// `pull` reads as `describe` does.
test.concurrent.each(Object.keys(commands).filter(name => name !== 'pull'))(
  'text ends as JSON does: %s',
  { timeout: 300_000 },
  async name => {
    const command = commands[name]
    if (command === undefined) throw new Error(`unknown command ${name}`)
    const operation = name === 'list' ? 'ListTables' : name === 'create' ? 'CreateTable' : 'DescribeTable'
    const failures: string[] = []
    await inParallel(faults, 16, async ([fault, expected]) => {
      const ends = expected === 'as without it' || fault.times !== undefined || !expected.includes(4)
      const cell = { operation, fault }
      const text = await run('an endpoint', command, cell, { ends, text: true })
      const json = await run('an endpoint', command, cell, { ends })
      const wrong = [...unfitOf(text.stdout + text.stderr)]
      // Whether the last try or the deadline comes first is a matter of milliseconds.
      const isClose = expected !== 'as without it' && expected.includes(text.code) && expected.includes(json.code)
      if (text.code !== json.code && !isClose) wrong.push(`exit ${text.code} in text, ${json.code} in JSON`)
      if (json.code > 2 && !/error: /.test(text.stderr))
        wrong.push(`no error in text: ${parse(json.stdout)?.error?.message}`)
      failures.push(...wrong.map(each => `${operation}, ${fault.name}: ${each}`))
    })
    expect(failures.sort()).toEqual([])
  },
)

/**
 * Whether a command may do without the answer: calls about settings beside the table's own become a warning, and
 * CreateTable is not needed where the table exists.
 */
const isTolerated = (command: string, operation: string) =>
  isSideRead(operation) ||
  /^Update(TimeToLive|ContinuousBackups)$/.test(operation) ||
  (command === 'create again' && operation === 'CreateTable')

const isSideRead = (operation: string) =>
  /^(Describe(TimeToLive|ContinuousBackups)|ListTags|GetResourcePolicy)/.test(operation)
