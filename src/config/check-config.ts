import { distinctProblems, type Problem } from '../errors.ts'
import { layerFields, otherNames } from '../settings/fields.ts'
import { readInput } from '../settings/read-input.ts'
import { suggestion } from '../table/did-you-mean.ts'
import { isRecord, ownMember, pick, type UntypedRecord } from '../table/untyped.ts'
import type { Config } from './config.ts'

/**
 * Checks an untyped config and returns all problems, each with its path within the file. `tables` are checked by the
 * loader, like other sources of tables.
 */
export async function checkConfig(
  value: unknown,
): Promise<{ readonly config: Config } | { readonly problems: readonly Problem[] }> {
  // The validator is loaded only for projects with a config.
  const { configSchema, environmentSchema } = await import('./schema.ts')
  const result = configSchema.safeParse(value)
  const known = { config: Object.keys(configSchema.shape), environment: Object.keys(environmentSchema.shape) }
  const problems = [
    ...(result.success ? [] : result.error.issues.flatMap(issue => readIssue(issue, known))),
    ...layerProblems(value),
  ]
  return problems.length > 0 ? { problems: distinctProblems(problems) } : { config: result.data as Config }
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

interface KnownKeys {
  readonly config: readonly string[]
  readonly environment: readonly string[]
}

function readIssue({ code, path, message, keys = [] }: Issue, known: KnownKeys): Problem[] {
  if (code !== 'unrecognized_keys') return [{ path: configPath(path), message }]
  const hint = (key: string) =>
    path.length === 0 ? rootHint(key, known.config) : environmentHint(key, known.environment)
  return keys.map(key => ({ path: configPath([...path, key]), message: `unknown key${hint(key)}` }))
}

function rootHint(key: string, known: readonly string[]): string {
  if (layerFields.includes(key)) return '; table settings for every table go under "defaults"'
  return suggestion(key, known)
}

function environmentHint(key: string, known: readonly string[]): string {
  const other = ownMember(otherNames, key)
  return other === undefined || !known.includes(other) ? suggestion(key, known) : `; did you mean "${other}"?`
}

function layerProblems(config: unknown): Problem[] {
  if (!isRecord(config)) return []
  return [
    ...layersOf(config, ''),
    ...records(config.environments, 'environments').flatMap(([path, environment]) => [
      ...layersOf(environment, path),
      ...layer(pick(environment, layerFields), path),
    ]),
  ]
}

function layersOf(config: UntypedRecord, parent: string): Problem[] {
  const prefix = parent === '' ? '' : `${parent}.`
  return [
    ...(isRecord(config.defaults) ? layer(config.defaults, `${prefix}defaults`) : []),
    ...records(config.overrides, `${prefix}overrides`).flatMap(([path, settings]) => layer(settings, path)),
  ]
}

function layer(settings: UntypedRecord, path: string): Problem[] {
  const named =
    'table' in settings
      ? [
          {
            path: `${path}.table`,
            message: 'defaults and overrides cannot rename a table; use prefix, suffix or names',
          },
        ]
      : []
  const problems = readInput({ ...settings, table: undefined }, '').problems
  return [...named, ...problems.map(problem => ({ ...problem, path: `${path}.${problem.path}` }))]
}

function records(value: unknown, path: string): [string, UntypedRecord][] {
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([name, entry]) =>
    isRecord(entry) ? [[configPath([path, name]), entry] as [string, UntypedRecord]] : [],
  )
}

/** `environments.prod.regoin`, `tables[0]`; keys that are not plain words are quoted. */
export function configPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`
    const name = String(key)
    if (!/^[\w$.-]+$/.test(name)) return `${before}[${JSON.stringify(name)}]`
    return before === '' ? name : `${before}.${name}`
  }, '')
}
