// Reads the templates of a folder with the built command line and compares the tables with an index:
//   npx jiti test/formats/score.ts <folder> [index.tsv] [format]
// The index has a line for each entry, with the columns format, local_path (entry file first, separated by ";"),
// expected_json (a list of tables) and inputs_for_names ({ "params", "env", "stage", "vars" }). Needs `node build.js`.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

interface ExpectedTable {
  readonly id: string
  readonly name?: string | null
  readonly keys?: readonly string[]
  readonly billing?: string
  readonly rw?: string
  readonly gsi?: readonly ExpectedIndex[]
  readonly lsi?: readonly ExpectedIndex[]
  readonly ttl?: string
  readonly stream?: string
  readonly pitr?: boolean | string
  readonly sse?: boolean
  readonly conditionValue?: boolean
  readonly invalid?: string
}

interface ExpectedIndex {
  readonly name: string
  readonly keys: readonly string[]
  readonly proj: string
}

interface Key {
  readonly name: string
  readonly type: string
}

interface Index {
  readonly name: string
  readonly partitionKey: readonly Key[]
  readonly sortKey: readonly Key[]
  readonly projection: string | readonly string[]
}

interface Table extends Index {
  readonly billingMode?: string
  readonly readCapacity?: number
  readonly writeCapacity?: number
  readonly globalIndexes: readonly Index[]
  readonly localIndexes: readonly Index[]
  readonly ttl?: string | false
  readonly stream?: string | false
  readonly pointInTimeRecovery?: boolean | number
  readonly encryption?: string
}

interface Shown {
  readonly tables?: readonly { readonly definition: Table; readonly source: readonly { readonly export?: string }[] }[]
  readonly warnings?: readonly string[]
  readonly error?: {
    readonly message: string
    readonly problems?: readonly { readonly path: string; readonly message: string }[]
  }
}

interface Entry {
  readonly format: string
  readonly path: string
  readonly expected: readonly ExpectedTable[]
  readonly inputs: Readonly<Record<string, unknown>>
}

const [folder = '.', index = join(folder, 'INDEX.tsv'), only] = process.argv.slice(2)
const entries = readIndex(index).filter(({ format }) => only === undefined || format === only)
const scores = new Map<string, { right: number; all: number }>()
const queue = [...entries]
await Promise.all(cpus().map(work))
for (const [format, { right, all }] of scores) print(`${format}: ${right} of ${all} tables`)

async function work(): Promise<void> {
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
    const shown = await show(entry)
    const score = scores.get(entry.format) ?? { right: 0, all: 0 }
    scores.set(entry.format, score)
    for (const table of entry.expected) {
      const faults = compare(table, shown)
      score.all += 1
      if (faults.length === 0) score.right += 1
      else print(`${entry.path} ${table.id}: ${faults.join('; ')}`)
    }
    const known = entry.expected.filter(({ conditionValue }) => conditionValue !== false).length
    if ((shown.tables?.length ?? 0) > known) print(`${entry.path}: ${shown.tables?.length} tables, expected ${known}`)
  }
}

function readIndex(file: string): readonly Entry[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n')
  const columns = head.split('\t')
  return lines.filter(Boolean).map(line => {
    const cells = line.split('\t')
    const cell = (name: string) => cells[columns.indexOf(name)] ?? ''
    const [path = ''] = cell('local_path').split(';')
    return {
      format: cell('format'),
      path,
      expected: JSON.parse(cell('expected_json') || '[]'),
      inputs: JSON.parse(cell('inputs_for_names') || '{}'),
    }
  })
}

function record(value: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(typeof value === 'object' && value !== null ? value : {})
}

function show({ path, inputs }: Entry): Promise<Shown> {
  const bin = fileURLToPath(new URL('../../bin/dynamox.js', import.meta.url))
  const pairs = (flag: string, values: unknown) => record(values).flatMap(([name, value]) => [flag, `${name}=${value}`])
  const flags = [
    ...['--stack-name', 'teststack', '--param', 'AWS::Region=us-east-1', '--param', 'AWS::AccountId=123456789012'],
    ...pairs('--param', inputs.params),
    ...pairs('--var', inputs.vars),
    ...(typeof inputs.stage === 'string' ? ['--stage', inputs.stage] : []),
  ]
  const env = { ...process.env, ...Object.fromEntries(record(inputs.env)) } as NodeJS.ProcessEnv
  const child = spawn(process.execPath, [bin, 'show', '--no-config', '--json', '--model', path, ...flags], {
    cwd: resolve(folder),
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout.on('data', data => {
    output += data
  })
  return new Promise(done => child.on('close', () => done(JSON.parse(output))))
}

function compare(expected: ExpectedTable, { tables = [], error, warnings = [] }: Shown): readonly string[] {
  const found =
    tables.find(({ source }) => source.some(each => each.export === expected.id))?.definition ??
    tables.find(({ definition }) => definition.name === expected.name)?.definition
  if (expected.invalid !== undefined || expected.conditionValue === false)
    return found === undefined ? [] : [`expected a refusal: ${expected.invalid ?? 'its condition does not hold'}`]
  if (found === undefined) {
    const why = [
      ...(error?.problems ?? []).map(({ path, message }) => `${path} ${message}`),
      error?.message,
      ...warnings,
    ]
    return [`not found: ${why.filter(text => text?.includes(expected.id) ?? false)[0] ?? why[0] ?? 'no reason'}`]
  }
  const differ = (what: string, wanted: unknown, has: unknown) =>
    wanted === undefined || wanted === null || JSON.stringify(wanted) === JSON.stringify(has)
      ? []
      : [`${what} ${JSON.stringify(has)}, expected ${JSON.stringify(wanted)}`]
  const billing = expected.billing?.startsWith('(') ? undefined : expected.billing
  const isCapacityKnown = /^\d+\/\d+$/.test(expected.rw ?? '') && billing !== 'PAY_PER_REQUEST'
  return [
    ...differ('name', expected.name, found.name),
    ...differ('keys', expected.keys, keysOf(found)),
    ...differ('billing', billing, found.billingMode),
    ...differ('rw', isCapacityKnown ? expected.rw : undefined, `${found.readCapacity}/${found.writeCapacity}`),
    ...differ('gsi', sorted(expected.gsi ?? []), sorted(found.globalIndexes.map(indexOf))),
    ...differ('lsi', sorted(expected.lsi ?? []), sorted(found.localIndexes.map(indexOf))),
    ...differ('ttl', expected.ttl ?? false, found.ttl ?? false),
    ...differ('stream', expected.stream ?? false, found.stream ?? false),
    ...differ('pitr', String(expected.pitr ?? false) === 'true', (found.pointInTimeRecovery ?? false) !== false),
    ...differ('sse', expected.sse ?? false, (found.encryption ?? 'AWS_OWNED') !== 'AWS_OWNED'),
  ]
}

function keysOf({ partitionKey, sortKey }: Index): readonly string[] {
  const text = (role: string) => (key: Key) => `${key.name}:${key.type} ${role}`
  return [...partitionKey.map(text('HASH')), ...sortKey.map(text('RANGE'))]
}

function indexOf(index: Index): ExpectedIndex {
  const { projection } = index
  return { name: index.name, keys: keysOf(index), proj: typeof projection === 'string' ? projection : 'INCLUDE' }
}

function sorted(indexes: readonly ExpectedIndex[]): readonly ExpectedIndex[] {
  const plain = indexes.map(({ name, keys, proj }) => ({ name, keys, proj: proj.replace(/^INCLUDE.*/, 'INCLUDE') }))
  return plain.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
