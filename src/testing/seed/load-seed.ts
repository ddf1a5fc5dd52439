import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { DynamoxError } from '../../errors.ts'
import type { SeedSource } from './plan-seed.ts'
import { readSeed } from './read-seed.ts'

/** A file or glob with items, the folder that it is relative to, and the table that it is for, where that is said. */
export interface SeedPattern {
  readonly pattern: string
  readonly base: string
  readonly table?: string | undefined
}

/** Seed as it is given: files or globs, or a map from table to them. */
export type SeedSetting = string | readonly string[] | Readonly<Record<string, string | readonly string[]>>

export function seedPatterns(seed: SeedSetting | undefined, base: string): readonly SeedPattern[] {
  if (seed === undefined) return []
  const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value)
  if (typeof seed === 'string' || isList(seed)) return listOf(seed).map(pattern => ({ pattern, base }))
  return Object.entries(seed).flatMap(([table, files]) => listOf(files).map(pattern => ({ pattern, base, table })))
}

/** Reads the files; nothing is checked against tables yet. Throws `config` for a file that is not there. */
export async function loadSeed(patterns: readonly SeedPattern[], cwd: string): Promise<readonly SeedSource[]> {
  const files = (await Promise.all(patterns.map(expand))).flat()
  return Promise.all(
    files.map(async ({ path, table }) => {
      const file = shown(path, cwd)
      return { file, table, ...(await readSeed(await readFile(path, 'utf8'), file)) }
    }),
  )
}

const readable = /\.(json|jsonl|ndjson|ya?ml)$/i

async function expand({ pattern, base, table }: SeedPattern) {
  const path = resolve(base, pattern)
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile()) {
    if (readable.test(path)) return [{ path, table }]
    throw new DynamoxError('config', `the seed file ${pattern} must end in .json, .jsonl, .ndjson, .yaml or .yml`)
  }
  if (found?.isDirectory()) {
    throw new DynamoxError('config', `the seed ${pattern} is a folder`, { hint: `give its files: "${pattern}/*.json"` })
  }
  const { glob } = await import('tinyglobby')
  const files = await glob(pattern, { cwd: base, absolute: true, ignore: ['**/node_modules/**'] })
  const paths = files.filter(file => readable.test(file)).sort()
  if (paths.length > 0) return paths.map(file => ({ path: resolve(file), table }))
  throw new DynamoxError('config', `there is no seed file ${pattern}`, { hint: `it is looked for in ${base}` })
}

function shown(path: string, cwd: string): string {
  const below = relative(cwd, path)
  return (below.startsWith('..') || isAbsolute(below) ? path : below).replaceAll('\\', '/')
}

const isList = (value: SeedSetting): value is readonly string[] => Array.isArray(value)
