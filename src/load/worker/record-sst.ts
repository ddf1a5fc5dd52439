/** What a config of SST made while it ran. */
interface Recorded {
  readonly app: unknown
  readonly made: readonly { readonly type: string; readonly name: unknown; readonly args: unknown }[]
}

/** Puts stand-ins for SST's globals in place. The result runs a config with them, and returns what it made. */
export function recordSst(stage: string): (config: unknown) => Promise<Recorded> {
  const made: { readonly type: string; readonly name: unknown; readonly args: unknown }[] = []
  const note = (type: string, [name, args]: readonly unknown[]): void => {
    if (type === 'sst.aws.Dynamo' || type === 'aws.dynamodb.Table')
      made.push({ type, name, args: transformed(args, name) })
  }
  const app = { name: '', stage, providers: {} }
  const globals = {
    $config: (config: unknown) => config,
    $app: app,
    $dev: false,
    $interpolate: (texts: readonly string[], ...values: readonly unknown[]) => String.raw({ raw: texts }, ...values),
    ...Object.fromEntries(
      [
        'sst',
        'aws',
        'cloudflare',
        '$util',
        '$resolve',
        '$output',
        '$jsonParse',
        '$jsonStringify',
        '$concat',
        '$asset',
        '$transform',
        '$linkable',
        'pulumi',
      ].map(name => [name, standIn(name, note)]),
    ),
  }
  Object.assign(globalThis, globals)
  return async config => {
    const call = async (name: string, ...args: readonly unknown[]): Promise<unknown> => {
      const member: unknown = typeof config === 'object' && config !== null ? Reflect.get(config, name) : undefined
      return typeof member === 'function' ? await member.apply(config, args) : undefined
    }
    Object.assign(app, await call('app', { stage }))
    await call('run')
    return { app: { name: app.name }, made }
  }
}

/** Answers everything: a member, a call and a construction each give another stand-in. */
function standIn(path: string, note: (type: string, args: readonly unknown[]) => void): object {
  return new Proxy(function standIn() {}, {
    get(_, key) {
      if (key === Symbol.toPrimitive || key === 'toString') return () => `[${path}]`
      // Not a promise.
      if (typeof key === 'symbol' || key === 'then') return undefined
      return standIn(`${path}.${key}`, note)
    },
    apply: () => standIn(`${path}()`, note),
    construct(_, args) {
      note(path, args)
      return standIn(path, note)
    },
  })
}

/** The arguments with what a function in `transform.table` sets. */
function transformed(args: unknown, name: unknown): unknown {
  if (typeof args !== 'object' || args === null) return args
  const transform: unknown = Reflect.get(args, 'transform')
  const table: unknown =
    typeof transform === 'object' && transform !== null ? Reflect.get(transform, 'table') : undefined
  if (typeof table !== 'function') return args
  const set: Record<string, unknown> = {}
  table(set, {}, name)
  return { ...args, transform: { table: set } }
}
