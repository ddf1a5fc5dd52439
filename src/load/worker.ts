import { realpathSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { explainValue, findAdapter } from '../adapters/all-adapters.ts'
import { configWords } from '../config/describe-fields.ts'
import { attempt, DynamoxError, messageOf } from '../errors.ts'
import { missingValue } from '../formats/read/missing-value.ts'
import { tableBrand } from '../table/input.ts'
import { isHolder, isRecord, memberOf } from '../table/untyped.ts'
import { collectTables, rememberReaders, surveyExports } from './collect-tables.ts'
import {
  failedFile,
  type LoadedFile,
  type PlainError,
  type WorkerMessage,
  type WorkerSettings,
  type WorkerTask,
} from './messages.ts'
import { shownPath } from './shown-path.ts'
import { contain } from './worker/contain.ts'
import { createImporter, type Importer } from './worker/import-file.ts'
import { locateError } from './worker/locate-error.ts'
import type { MissingExport } from './worker/module-helpers.ts'

// The only place where user code runs. The parent ends this thread after the answer, including anything still running
// in it.

const port = parentPort
const send = (message: WorkerMessage): void => port?.postMessage(message)

// FORCE_COLOR overrides NO_COLOR. With both set, Node prints a warning when code asks for colours, as jiti does.
if (process.env.FORCE_COLOR !== undefined) delete process.env.NO_COLOR

// The settings arrive as the first message, because the thread may be started before they are known.
port?.once('message', (settings: WorkerSettings) => {
  contain(settings, send)
  const room = { settings, importer: createImporter(settings) }
  port.on('message', task => void carryOut(task, room))
})

interface Room {
  readonly settings: WorkerSettings
  readonly importer: Importer
}

async function carryOut(task: WorkerTask, room: Room): Promise<void> {
  let current = task.kind === 'models' ? '' : task.file
  const begin = (file: string): void => {
    current = file
    send({ kind: 'loading', file })
  }
  try {
    const answer = await answerTo(task, room, begin)
    reportMissing(room)
    await strayErrors()
    // The parent ends this thread once it has the answer.
    keepCode()
    send(answer)
  } catch (error) {
    send({ kind: 'failed', file: current, error: locatedIn(current, error, room) })
  }
}

function answerTo(task: WorkerTask, room: Room, begin: (file: string) => void): Promise<WorkerMessage> {
  if (task.kind === 'models') return loadModels(task, room, begin)
  return task.kind === 'config' ? loadConfig(task.file, room, begin) : loadScript(task, room, begin)
}

async function loadConfig(
  file: string,
  { importer, settings }: Room,
  begin: (file: string) => void,
): Promise<WorkerMessage> {
  begin(file)
  return {
    kind: 'config',
    value: await readConfig(await importer.file(file), shownPath(file, settings.cwd)),
  }
}

/** The value that a script of another tool exports: its default export, or `module.exports`; or a member of it. */
async function loadScript(
  { file, member, stage, record }: Extract<WorkerTask, { kind: 'script' }>,
  { importer, settings }: Room,
  begin: (file: string) => void,
): Promise<WorkerMessage> {
  begin(file)
  const { standInPath, tolerateMissing } = await import('./worker/stand-in.ts')
  const recorder =
    record === 'sst'
      ? (await import('./worker/record-sst.ts')).recordSst(stage ?? 'dev', id => madeAt(id, settings))
      : undefined
  const end = tolerateMissing(recorder?.note)
  try {
    const namespace = await importer.file(file, recorder?.modules)
    const whole = await exported(namespace)
    const value =
      recorder === undefined ? await scriptValue(namespace, whole, member, stage) : await recorder.run(whole)
    const mark = (entry: unknown) => {
      const path = standInPath(entry)
      return path === undefined ? undefined : missingValue(recorder === undefined ? `${path} is not known here` : path)
    }
    return { kind: 'script', value: dataOf(value, [], mark), missing: end() }
  } finally {
    end()
  }
}

/** Where the user's code is at the moment, and the name there. */
function madeAt(id: unknown, settings: WorkerSettings): unknown {
  const { file, line, column, source } = locateError(new Error(`"${id}"`), settings)
  return { file, line, column, source }
}

async function scriptValue(namespace: unknown, whole: unknown, member: string | undefined, stage: string | undefined) {
  // A value that a script asks the framework for stays a variable, which is resolved like those of other files.
  const resolve = async (text: string) => `\${${text}}`
  const tools = {
    options: { stage },
    resolveVariable: resolve,
    resolveConfigurationProperty: (path: readonly string[]) => resolve(`self:${path.join('.')}`),
  }
  const call = async (value: unknown): Promise<unknown> => (typeof value === 'function' ? await value(tools) : value)
  // The `name` of a function is not one of its exports.
  const exports = [whole, namespace].filter(each => Object.keys(Object(each)).includes(member ?? ''))
  const named = member === undefined ? undefined : memberOf(exports[0], member)
  const result = await call(named ?? whole)
  const value = member === undefined || named !== undefined ? result : memberOf(result, member)
  // jest-dynalite takes a function for the tables alone.
  const tables = memberOf(value, 'tables')
  return typeof tables === 'function' ? { tables: await tables() } : value
}

/** A copy without functions and symbols, and without objects that contain themselves. Stand-ins become their marks. */
function dataOf(value: unknown, parents: readonly object[], mark: (value: unknown) => unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return mark(value)
  if (!isHolder(value)) return value
  if (parents.includes(value)) return undefined
  const inside = [...parents, value]
  if (Array.isArray(value)) return value.map(entry => dataOf(entry, inside, mark))
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, dataOf(entry, inside, mark)]))
}

async function loadModels(
  task: Extract<WorkerTask, { kind: 'models' }>,
  room: Room,
  begin: (file: string) => void,
): Promise<WorkerMessage> {
  const { importer, settings } = room
  for (const { id, base } of task.require) {
    begin(id)
    await importer.effects(id, base)
  }
  const namespaces = new Map<string, unknown>()
  const files: LoadedFile[] = []
  for (const file of task.files) {
    begin(file)
    try {
      namespaces.set(file, await importer.file(file))
    } catch (error) {
      files.push(failedFile(file, locatedIn(file, error, room)))
    }
  }
  // A table that a barrel repeats is named after the file that defines it, so barrels come last.
  const taken = new Set<unknown>()
  const options = { export: task.export, findReader: rememberReaders(findAdapter), explain: explainValue, taken }
  const survey = surveyExports([...namespaces.values()], options)
  for (const [file, namespace] of [...namespaces].sort(([a], [b]) => Number(isBarrel(a)) - Number(isBarrel(b)))) {
    const shown = shownPath(file, settings.cwd)
    try {
      files.push({ file, ...plain(await collectTables(namespace, { ...options, file: shown, survey }), shown) })
    } catch (error) {
      files.push(failedFile(file, locatedIn(file, error, room)))
    }
  }
  return { kind: 'models', files }
}

/** Warns of imported names that do not exist: a module of Node would fail, but compiled TypeScript gives `undefined`. */
function reportMissing({ importer }: Room): void {
  for (const place of importer.missingExports()) send({ kind: 'missing', place: { ...place, name: 'Error' } })
}

/** Locates an error, under the file name that the user gave: Node reports the target of a symbolic link. */
function locatedIn(file: string, error: unknown, { settings, importer }: Room): PlainError {
  const located = withMissing(locateError(error, settings, importer.advice), importer.missingExports())
  return located.file !== undefined && isAbsolute(file) && attempt(() => realpathSync(file)) === located.file
    ? { ...located, file }
    : located
}

/** The missing export that caused an error is its hint. */
function withMissing(error: PlainError, missing: readonly MissingExport[]): PlainError {
  const cause = missing.find(({ name }) => error.message.includes(name))
  return error.hint !== undefined || cause === undefined ? error : { ...error, hint: cause.message }
}

/** Writes the code cache of this thread, if any, because the parent may terminate the thread after the answer. */
function keepCode(): void {
  const keep: unknown = Reflect.get(globalThis, Symbol.for('dynamox.keepCode'))
  if (typeof keep === 'function') keep()
}

const isBarrel = (file: string): boolean => /[\\/]index\.\w+$/.test(file)

function plain<T>(found: T, file: string): T {
  try {
    return structuredClone(found)
  } catch (cause) {
    const message = messageOf(cause)
    throw new DynamoxError('model', `${file}: a table holds a value that is not plain data: ${message}`, { cause })
  }
}

/** Waits for unhandled rejections and timers of 0 ms, so that they are reported before the answer. */
function strayErrors(): Promise<void> {
  // Timers with the same delay run in the order in which they were set.
  return new Promise(resolve => setTimeout(() => setImmediate(() => setImmediate(resolve)), 0))
}

/** The config that a script exports, as plain data: its default export, or `module.exports`. */
async function readConfig(namespace: unknown, file: string): Promise<unknown> {
  if (isRecord(namespace) && !('default' in namespace)) refuseForgottenDefault(namespace, file)
  const value = await exported(namespace)
  if (typeof value === 'function') {
    throw new DynamoxError(
      'config',
      `${file} exports a function; export the config itself: export default defineConfig({ ... })`,
    )
  }
  return toPlain(value, '', file)
}

async function exported(namespace: unknown): Promise<unknown> {
  if (!isRecord(namespace) || !('default' in namespace)) return namespace
  const value = await namespace.default
  // In a CommonJS file compiled from ESM, `default` is another namespace.
  return isRecord(value) && '__esModule' in value && 'default' in value ? value.default : value
}

/** Detects `export const config = { ... }`. A CommonJS file may export the keys of the config one by one. */
function refuseForgottenDefault(namespace: Readonly<Record<string, unknown>>, file: string): void {
  const names = Object.keys(namespace)
  const isConfig = (value: unknown) =>
    isRecord(value) && Object.keys(value).every(key => Object.hasOwn(configWords, key))
  const found = names.find(name => !Object.hasOwn(configWords, name) && isConfig(namespace[name]))
  if (found === undefined && names.length > 0) return
  throw new DynamoxError('config', `${file} has no default export`, {
    hint:
      found === undefined
        ? 'write export default defineConfig({ ... })'
        : `${found} looks like the config: write export default ${found}`,
  })
}

// Only plain data can be sent to the main thread; replace tables defined by code with their inputs.
function toPlain(value: unknown, path: string, file: string): unknown {
  if (isHolder(value)) {
    const branded: unknown = Reflect.get(value, tableBrand)
    if (isRecord(branded)) return toPlain(branded.input, path, file)
  }
  if (Array.isArray(value)) return value.map((entry, index) => toPlain(entry, `${path}[${index}]`, file))
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, entry]) => [
      key,
      toPlain(entry, path === '' ? key : `${path}.${key}`, file),
    ])
    return Object.fromEntries(entries)
  }
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new DynamoxError('config', `${file}: ${path} is a ${typeof value}; a config holds plain values`)
  }
  return value
}
