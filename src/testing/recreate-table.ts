import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DataApi, Item } from '../apply/data-api.ts'
import { type Outcome, withReason } from '../apply/events.ts'
import type { TableApi } from '../apply/ports.ts'
import { createTable, deleteTable } from '../apply/reconcile.ts'
import type { RunOptions } from '../apply/run.ts'
import { DynamoxError, isDynamoxError } from '../errors.ts'
import { asideIn, storeFolder } from '../local/store.ts'
import type { TableDefinition } from '../table/definition.ts'
import { checkKeys, keyText } from './seed/check-keys.ts'
import { type Seeded, type SeedRun, seedTables } from './seed/seed-tables.ts'
import { writeItems } from './seed/write-items.ts'

export interface RecreatePorts {
  readonly api: TableApi
  readonly data: DataApi
  /** The folder in which the items are saved meanwhile; without one they are only in memory. */
  readonly aside: string | undefined
}

export interface RecreateOptions extends RunOptions {
  /** Whether the user agreed to lose items of this table; if not, a table that would lose any is left as it is. */
  readonly mayLose: boolean
}

/**
 * Deletes a table, creates it again and restores the items that still fit, that is, have its keys with the right types.
 * Local engines only. Never rejects; the outcome's warnings report items that do not fit.
 */
export async function recreateTable(
  definition: TableDefinition,
  { api, data, aside }: RecreatePorts,
  { mayLose, ...options }: RecreateOptions,
): Promise<Outcome> {
  const { name } = definition
  try {
    const { fitting, lost, example } = await fittingItems(data, definition, options.signal)
    if (lost > 0 && !mayLose) {
      throw new DynamoxError('blocked', `${name} was not recreated: ${lossText({ fitting, lost, example })}`, {
        table: name,
        hint: 'start the command again: --recreate asks at the start, and --yes agrees to the loss in advance',
      })
    }
    const file = aside === undefined || fitting.length === 0 ? undefined : await setAside(aside, name, fitting)
    const deleted = await deleteTable(name, api, { ...options, wait: true, disableProtection: true })
    if (deleted.error !== undefined) return deleted
    const created = await createTable(definition, api, options)
    if (created.error !== undefined) return created
    const writes = fitting.map(item => ({ kind: 'put', item }) as const)
    await writeItems(data, name, writes, { signal: options.signal })
    if (file !== undefined) await rm(file, { force: true })
    const warnings =
      lost === 0 ? [] : [`${lost} of ${lost + fitting.length} items no longer fit and were removed: ${example}`]
    return {
      ...created,
      action: 'updated',
      durationMs: deleted.durationMs + created.durationMs,
      warnings: [...(created.warnings ?? []), ...warnings],
    }
  } catch (thrown) {
    const error = isDynamoxError(thrown)
      ? thrown
      : new DynamoxError('internal', `${name} could not be recreated: ${String(thrown)}`, { cause: thrown })
    return withReason({ name, action: 'failed', durationMs: 0, error })
  }
}

/** The items of a table that a recreation would lose, in words; `undefined` when all of them fit. */
export async function itemsLost(
  definition: TableDefinition,
  data: DataApi,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const found = await fittingItems(data, definition, signal)
  return found.lost === 0 ? undefined : lossText(found)
}

interface FittingItems {
  readonly fitting: readonly Item[]
  readonly lost: number
  /** Why one of the lost items does not fit. */
  readonly example: string | undefined
}

const lossText = ({ fitting, lost, example }: FittingItems) =>
  `${lost} of ${lost + fitting.length} items no longer fit: ${example}`

async function fittingItems(
  data: DataApi,
  definition: TableDefinition,
  signal: AbortSignal | undefined,
): Promise<FittingItems> {
  const fitting = new Map<string, Item>()
  let lost = 0
  let example: string | undefined
  for await (const items of data.scan(definition.name, { signal })) {
    for (const item of items) {
      const key = keyText(item, definition)
      const problem = checkKeys(item, definition) ?? (fitting.has(key) ? 'has the same key as another item' : undefined)
      if (problem === undefined) fitting.set(key, item)
      else {
        lost += 1
        example ??= problem
      }
    }
  }
  return { fitting: [...fitting.values()], lost, example }
}

/**
 * The folder in which a table's items are saved while it is recreated, so that an interruption does not lose them; each
 * endpoint has its own.
 */
export function asideFolder(root: string, endpoint?: string): string {
  const folder = asideIn(storeFolder(root))
  return endpoint === undefined ? folder : join(folder, new URL(endpoint).host.replace(/\W/g, '_'))
}

/** Writes the items to a file atomically. */
async function setAside(folder: string, table: string, items: readonly Item[]): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${table}.jsonl`)
  await rm(`${file}.draft`, { force: true })
  await writeFile(`${file}.draft`, items.map(item => `${JSON.stringify(item, binaryAsText)}\n`).join(''), {
    flag: 'wx',
  })
  await rename(`${file}.draft`, file)
  return file
}

/** Restores the items saved in this folder by an interrupted recreation. */
export async function restoreAside(data: DataApi, folder: string, run: SeedRun): Promise<Seeded> {
  const names = await readdir(folder).catch(() => [])
  const known = new Set(run.tables.map(({ definition }) => `${definition.name}.jsonl`))
  const files = names.filter(name => known.has(name))
  const patterns = files.map(name => ({ pattern: name, base: folder, table: basename(name, '.jsonl') }))
  const restored = await seedTables(data, patterns, run)
  await Promise.all(files.map(name => rm(join(folder, name), { force: true })))
  return restored
}

/** DynamoDB JSON writes binary values in base64. */
function binaryAsText(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}
