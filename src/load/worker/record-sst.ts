import { asRecord, isRecord, pick, type UntypedRecord } from '../../table/untyped.ts'
import { type Note, standIn } from './stand-in.ts'

/** A table that a config made, with the arguments of Pulumi's `aws.dynamodb.Table`. */
interface Made {
  readonly id: unknown
  readonly args: unknown
  /** SST 2 names the tables of its own constructs, and may make others with the CDK. */
  readonly by: 'pulumi' | 'construct' | 'cdk'
  /** Where the table is made. */
  readonly place: unknown
}

interface Recorded {
  readonly app: unknown
  readonly made: readonly Made[]
}

/** Records the tables of a config of SST while it runs. */
export interface Recorder {
  readonly note: Note
  /** The packages of SST 2, and of the CDK below it. */
  readonly modules: Record<string, unknown>
  /** Runs a config, and returns what it and the files that it imports have made. */
  run(config: unknown): Promise<Recorded>
}

const packages = /^(sst|@serverless-stack\/[\w-]+|aws-cdk-lib|@aws-cdk\/[\w-]+|constructs)(\/|$)/

/** Puts stand-ins for SST's globals in place. `placeOf` tells where a table with this id is made at the moment. */
export function recordSst(stage: string, placeOf: (id: unknown) => unknown): Recorder {
  const made: Made[] = []
  const note: Note = (path, given) => {
    const add = (id: unknown, args: unknown, by: Made['by'] = 'pulumi') =>
      made.push({ id, args, by, place: placeOf(id) })
    if (path === 'sst.aws.Dynamo') add(given[0], dynamoArgs(given[0], given[1]))
    else if (path === 'aws.dynamodb.Table') add(given[0], given[1])
    else if (/^(sst\/constructs|@serverless-stack\/resources)\.Table$/.test(path))
      add(given[1], constructArgs(given[2]), 'construct')
    else if (/^(aws-cdk-lib|@aws-cdk)\/aws-dynamodb\.(Global)?Table(V2)?$/.test(path)) add(given[1], {}, 'cdk')
  }
  const app = { name: '', stage, providers: {} }
  const named = (names: readonly string[]) => Object.fromEntries(names.map(name => [name, standIn(name, note)]))
  const stacks = stacksOf(app)
  Object.assign(globalThis, {
    $config: (config: unknown) => config,
    $app: app,
    $dev: false,
    $interpolate: (texts: readonly string[], ...values: readonly unknown[]) => String.raw({ raw: texts }, ...values),
    ...named(['sst', 'aws', 'cloudflare', 'pulumi', '$util', '$resolve', '$output', '$jsonParse', '$jsonStringify']),
    ...named(['$concat', '$asset', '$transform', '$linkable']),
  })
  const modules = new Proxy(
    {},
    {
      has: (_, id) => typeof id === 'string' && packages.test(id),
      get: (_, id) => withUse(standIn(String(id), note), stacks.use),
    },
  )
  return {
    note,
    modules,
    async run(config) {
      const call = async (name: string, ...args: readonly unknown[]): Promise<unknown> => {
        const member: unknown = isRecord(config) ? Reflect.get(config, name) : undefined
        return typeof member === 'function' ? await member.apply(config, args) : undefined
      }
      Object.assign(app, await call('app', { stage }), await call('config', { stage }))
      await call('run')
      await call('stacks', stacks.app)
      await stacks.done()
      return { app: { name: app.name }, made }
    },
  }
}

/** The app of SST 2: `app.stack(Users).stack(Orders)`, and `use(Users)` for what the function of a stack returned. */
function stacksOf(app: { readonly name: string; readonly stage: string }) {
  const results = new Map<unknown, unknown>()
  const known: UntypedRecord = {
    logicalPrefixedName: (name: string) => `${app.stage}-${app.name}-${name}`,
    stack(make: unknown) {
      if (typeof make === 'function') results.set(make, make({ app: own, stack: standIn('stack'), props: {} }))
      return own
    },
  }
  const own: object = new Proxy(standIn('app'), {
    get: (target, key) => {
      if (key === 'name' || key === 'stage') return app[key]
      return typeof key === 'string' && Object.hasOwn(known, key) ? known[key] : Reflect.get(target, key)
    },
  })
  return {
    app: own,
    use: (make: unknown) => results.get(make) ?? standIn('use()'),
    done: () => Promise.all(results.values()),
  }
}

function withUse(module: object, use: (make: unknown) => unknown): object {
  return new Proxy(module, { get: (target, key) => (key === 'use' ? use : Reflect.get(target, key)) })
}

/** The table that `new sst.aws.Dynamo(name, args)` gives to Pulumi: on demand, with point-in-time recovery. */
function dynamoArgs(name: unknown, given: unknown): UntypedRecord {
  const args = asRecord(given)
  const { deletionProtection, stream, transform } = args
  const made: Record<string, unknown> = {
    ...tableArgs(args, args.ttl),
    streamEnabled: typeof stream === 'string' ? true : undefined,
    streamViewType: viewOf(stream),
    deletionProtectionEnabled: deletionProtection,
  }
  const change = asRecord(transform).table
  if (typeof change === 'function') change(made, {}, name)
  return isRecord(change) ? { ...made, ...change } : made
}

/** The same of `new Table(stack, id, props)` of SST 2, with what `cdk.table` changes. */
function constructArgs(given: unknown): UntypedRecord {
  const props = asRecord(given)
  const { tableName, timeToLiveAttribute, pointInTimeRecovery, deletionProtection } = asRecord(
    asRecord(props.cdk).table,
  )
  const recovery =
    typeof pointInTimeRecovery === 'boolean' ? { pointInTimeRecovery: { enabled: pointInTimeRecovery } } : {}
  const { stream } = props
  const view = stream === true ? 'NEW_AND_OLD_IMAGES' : viewOf(stream)
  return {
    name: tableName,
    ...tableArgs(props, timeToLiveAttribute ?? props.timeToLiveAttribute),
    streamEnabled: view === undefined ? undefined : true,
    streamViewType: view,
    deletionProtectionEnabled: deletionProtection,
    ...recovery,
  }
}

function tableArgs(args: UntypedRecord, ttl: unknown): UntypedRecord {
  const indexes = (given: unknown) =>
    Object.entries(asRecord(given)).map(([name, index]) => ({
      name,
      ...keysOf(asRecord(index)),
      ...projectionOf(asRecord(index)),
    }))
  return {
    attributes: Object.entries(usedFields(args)).map(([name, type]) => ({ name, type: typeOf(type) })),
    ...keysOf(asRecord(args.primaryIndex)),
    billingMode: 'PAY_PER_REQUEST',
    globalSecondaryIndexes: indexes(args.globalIndexes),
    localSecondaryIndexes: indexes(args.localIndexes),
    ttl: ttl === undefined ? undefined : { attributeName: ttl, enabled: true },
    pointInTimeRecovery: { enabled: true },
  }
}

/** SST leaves out fields that are not keys. */
function usedFields(args: UntypedRecord): UntypedRecord {
  const indexes = [
    args.primaryIndex,
    ...[args.globalIndexes, args.localIndexes].flatMap(each => Object.values(asRecord(each))),
  ]
  const keys = indexes.flatMap(index => Object.values(keysOf(asRecord(index)))).flat()
  return pick(asRecord(args.fields), keys.map(String))
}

/** SST 2 says `partitionKey` and `sortKey`. */
function keysOf({ hashKey, partitionKey, rangeKey, sortKey }: UntypedRecord): UntypedRecord {
  return { hashKey: hashKey ?? partitionKey, rangeKey: rangeKey ?? sortKey }
}

function projectionOf({ projection = 'all' }: UntypedRecord): UntypedRecord {
  return Array.isArray(projection)
    ? { projectionType: 'INCLUDE', nonKeyAttributes: projection }
    : { projectionType: viewOf(projection) }
}

// `keys-only`, `new_image`
const viewOf = (word: unknown): unknown =>
  typeof word === 'string' ? word.toUpperCase().replaceAll('-', '_') : undefined

function typeOf(type: unknown): unknown {
  return typeof type === 'string' ? ({ string: 'S', number: 'N', binary: 'B' }[type] ?? type) : type
}
