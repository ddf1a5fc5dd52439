import { resolve } from 'node:path'
import { loadDefinitions } from '../../../src/load/load-definitions.ts'
import type { LoadOptions, ResolvedTable } from '../../../src/load/load-options.ts'

export const fixtures = resolve(import.meta.dirname, '../../../fixtures')

/** The tables of model files below `fixtures/`, read by the real loader; no config plays a part. */
export async function load(models: readonly string[], options: LoadOptions = {}) {
  return loadDefinitions({ cwd: fixtures, config: false, models, ...options })
}

/** A resolved table as tests compare it: the whole definition, with its guesses, sources and warnings as short texts. */
export function shown({ definition, sources, warnings }: ResolvedTable) {
  const { assumed, ...rest } = definition
  return {
    ...rest,
    guesses: assumed.filter(({ guess }) => guess).map(({ path }) => path),
    sources: sources.map(({ file, export: name, adapter }) => `${adapter}: ${file} ${name ?? ''}`.trimEnd()),
    warnings,
  }
}

/** As `load`, ready to be compared. */
export async function loadShown(...models: readonly string[]) {
  return (await load(models)).tables.map(shown)
}

/** Short for key attributes. */
export const s = (name: string) => ({ name, type: 'S' as const })
export const n = (name: string) => ({ name, type: 'N' as const })
export const b = (name: string) => ({ name, type: 'B' as const })
