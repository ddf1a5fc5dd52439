import { rm } from 'node:fs/promises'
import { createTable } from '../apply/create-table.ts'
import type { DataApi, Item } from '../apply/data-api.ts'
import { deleteTable } from '../apply/delete-table.ts'
import type { Outcome } from '../apply/events.ts'
import type { TableApi } from '../apply/ports.ts'
import type { RunOptions } from '../apply/run.ts'
import { DynamoxError, isDynamoxError } from '../errors.ts'
import type { TableDefinition } from '../table/definition.ts'
import { checkKeys, keyText } from './seed/check-keys.ts'
import { writeItems } from './seed/write-items.ts'
import { setAside } from './set-aside.ts'

export interface RecreatePorts {
  readonly api: TableApi
  readonly data: DataApi
  /** A folder where the items are kept meanwhile; only in memory when there is none. */
  readonly aside: string | undefined
}

/**
 * Deletes a table, creates it anew by its definition and puts back the items that fit: those that have its keys, in
 * their types. Local engines only. Never rejects; what does not fit is in the outcome's warnings.
 */
export async function recreateTable(
  definition: TableDefinition,
  { api, data, aside }: RecreatePorts,
  options: RunOptions,
): Promise<Outcome> {
  const { name } = definition
  try {
    const { fitting, lost, example } = await fittingItems(data, definition, options.signal)
    const file = aside === undefined || fitting.length === 0 ? undefined : await setAside(aside, name, fitting)
    const deleted = await deleteTable(name, api, { ...options, wait: true, disableProtection: true })
    if (deleted.error !== undefined) return deleted
    const created = await createTable(definition, api, options)
    if (created.error !== undefined) return created
    const writes = fitting.map(item => ({ kind: 'put', item }) as const)
    await writeItems(data, name, writes, { signal: options.signal })
    if (file !== undefined) await rm(file, { force: true })
    const warnings =
      lost === 0 ? [] : [`${lost} of ${lost + fitting.length} items do not fit any more and are gone: ${example}`]
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
    return { name, action: error.code === 'interrupted' ? 'interrupted' : 'failed', durationMs: 0, error }
  }
}

async function fittingItems(data: DataApi, definition: TableDefinition, signal: AbortSignal | undefined) {
  const fitting = new Map<string, Item>()
  let lost = 0
  let example: string | undefined
  for await (const items of data.scan(definition.name, { signal })) {
    for (const item of items) {
      const key = keyText(item, definition)
      const problem = checkKeys(item, definition) ?? (fitting.has(key) ? 'has the same key as another' : undefined)
      if (problem === undefined) fitting.set(key, item)
      else {
        lost += 1
        example ??= problem
      }
    }
  }
  return { fitting: [...fitting.values()], lost, example }
}
