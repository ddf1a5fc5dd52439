import { type HttpDynamo, type Received, type Reply, type ServerOptions, startHttpDynamo } from './http-dynamo.ts'

/** One way in which an answer goes wrong. */
export interface Fault {
  readonly name: string
  /** The answer instead of the right one. It gets the right one, which was carried out if `carriedOut` is set. */
  readonly reply: (request: Received, right: Reply) => Reply
  /** Whether the request is carried out before its answer goes wrong. */
  readonly carriedOut?: boolean | ((request: Received) => boolean)
  /** How many answers go wrong; all of them when left out. */
  readonly times?: number
}

export interface FaultServer extends HttpDynamo {
  /** Changes that were carried out, or whose answer leaves that open, in the order they came in. */
  readonly sent: readonly string[]
}

type Input = Readonly<Record<string, unknown>>
type Table = Record<string, unknown>

export interface FaultOptions extends ServerOptions {
  readonly broken?: { readonly operation: string; readonly fault: Fault } | undefined
  /** CreateTable inputs of the tables that are there from the start. */
  readonly exists?: readonly Input[]
  /** Settings beside them, as `users ttl` and `users backups`: the specification of UpdateTimeToLive and the like. */
  readonly settings?: Readonly<Record<string, Input>>
}

/**
 * A DynamoDB that holds tables and answers one operation with a fault. Tables are ACTIVE, or gone, as soon as a change is
 * carried out.
 */
export async function startFaultServer({
  broken,
  exists = [],
  settings: given = {},
  ...options
}: FaultOptions): Promise<FaultServer> {
  const tables = new Map(exists.map(input => [String(input.TableName), newTable(input, Date.now() - 86_400_000)]))
  const settings = new Map(Object.entries(given))
  const sent: string[] = []
  let faults = 0
  const server = await startHttpDynamo(request => {
    const { operation } = request
    const isChange = !/^(Describe|List|Get)/.test(operation)
    const fault = broken?.operation === operation ? broken.fault : undefined
    if (fault === undefined || faults >= (fault.times ?? Number.POSITIVE_INFINITY)) {
      const right = carryOut(request, tables, settings)
      if (isChange && right.error === undefined) sent.push(operation)
      return right
    }
    faults += 1
    const { carriedOut } = fault
    const isDone = typeof carriedOut === 'function' ? carriedOut(request) : carriedOut === true
    const right = isDone || !isChange ? carryOut(request, tables, settings) : {}
    const reply = fault.reply(request, right)
    const isRefused = reply.reset !== true && reply.hang !== true && /^4/.test(String(statusOf(reply)))
    if (isChange && !isRefused) sent.push(operation)
    return reply
  }, options)
  return { ...server, sent }
}

const statusOf = ({ status, error }: Reply) => status ?? (error === undefined ? 200 : 400)

function newTable(input: Input, createdAt: number): Table {
  const { BillingMode, Tags: _, ...rest } = input
  return {
    DeletionProtectionEnabled: false,
    ...rest,
    TableStatus: 'ACTIVE',
    TableArn: `arn:aws:dynamodb:eu-west-1:123456789012:table/${input.TableName}`,
    TableId: 'f69a3a2b-a3bd-4213-8f13-4f1ba80176a2',
    CreationDateTime: createdAt / 1_000,
    BillingModeSummary: { BillingMode },
    ItemCount: 0,
    TableSizeBytes: 0,
  }
}

const notFound: Reply = { error: ['ResourceNotFoundException', 'Requested resource not found'] }

function carryOut({ operation, input }: Received, tables: Map<string, Table>, settings: Map<string, Input>): Reply {
  const name = String(input.TableName ?? /table\/(.+)$/.exec(String(input.ResourceArn))?.[1] ?? '')
  const table = tables.get(name)
  if (operation === 'ListTables') return { json: { TableNames: [...tables.keys()].sort() } }
  if (operation === 'CreateTable') {
    if (table !== undefined) return { error: ['ResourceInUseException', `Table already exists: ${name}`] }
    tables.set(name, newTable(input, Date.now()))
    return { json: { TableDescription: tables.get(name) } }
  }
  if (table === undefined) return notFound
  switch (operation) {
    case 'DescribeTable':
      return { json: { Table: table } }
    case 'DeleteTable':
      tables.delete(name)
      return { json: { TableDescription: { ...table, TableStatus: 'DELETING' } } }
    case 'UpdateTable': {
      const { BillingMode, AttributeDefinitions: _, ...rest } = input
      tables.set(name, { ...table, ...rest, ...(BillingMode ? { BillingModeSummary: { BillingMode } } : {}) })
      return { json: { TableDescription: tables.get(name) } }
    }
    case 'DescribeTimeToLive': {
      const { Enabled, AttributeName } = (settings.get(`${name} ttl`) ?? {}) as {
        Enabled?: boolean
        AttributeName?: string
      }
      const status = Enabled === true ? 'ENABLED' : 'DISABLED'
      return { json: { TimeToLiveDescription: { TimeToLiveStatus: status, AttributeName } } }
    }
    case 'UpdateTimeToLive':
      settings.set(`${name} ttl`, input.TimeToLiveSpecification as Input)
      return { json: { TimeToLiveSpecification: input.TimeToLiveSpecification } }
    case 'DescribeContinuousBackups':
    case 'UpdateContinuousBackups': {
      if (operation === 'UpdateContinuousBackups')
        settings.set(`${name} backups`, input.PointInTimeRecoverySpecification as Input)
      const isOn = settings.get(`${name} backups`)?.PointInTimeRecoveryEnabled === true
      const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: isOn ? 'ENABLED' : 'DISABLED' }
      return {
        json: { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription } },
      }
    }
    default:
      return { error: ['UnknownOperationException'] }
  }
}
