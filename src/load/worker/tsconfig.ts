import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { asRecord, isRecord, type UntypedRecord } from '../../table/untyped.ts'

/**
 * The `paths` of the projects that a tsconfig refers to, as aliases. A tsconfig that only lists projects, as Vite's
 * templates write it, has no paths of its own.
 */
export async function referencedPaths(tsconfig: string): Promise<Readonly<Record<string, string>>> {
  if (!readFileSync(tsconfig, 'utf8').includes('"references"')) return {}
  const { references } = await read(tsconfig)
  const folders = (Array.isArray(references) ? references : []).flatMap((each: unknown) =>
    isRecord(each) && typeof each.path === 'string' ? [resolve(dirname(tsconfig), each.path)] : [],
  )
  const found = await Promise.all(folders.map(async path => Object.entries(await aliasesOf(configIn(path)))))
  return Object.fromEntries(found.flat())
}

/** The config of a project that is named by its file or by its folder. */
export const configIn = (path: string): string =>
  existsSync(path) && statSync(path).isDirectory() ? join(path, 'tsconfig.json') : path

async function aliasesOf(file: string): Promise<Readonly<Record<string, string>>> {
  const { compilerOptions } = await read(file)
  const { baseUrl, paths } = asRecord(compilerOptions)
  const base = resolve(dirname(file), typeof baseUrl === 'string' ? baseUrl : '.')
  const entries = Object.entries(asRecord(paths)).flatMap(([pattern, targets]) => {
    const target: unknown = Array.isArray(targets) ? targets[0] : undefined
    // An alias of jiti stands for a whole name or for its start.
    return typeof target === 'string' ? [[withoutStar(pattern), resolve(base, withoutStar(target))] as const] : []
  })
  return Object.fromEntries(entries)
}

const withoutStar = (pattern: string): string => pattern.replace(/\/\*$/, '')

/** A tsconfig may hold comments and trailing commas; one that cannot be read counts as empty. */
async function read(file: string): Promise<UntypedRecord> {
  const { parse } = await import('jsonc-parser')
  return asRecord(existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined)
}
