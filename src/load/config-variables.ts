import { DynamoxError, oneOr, type Problem } from '../errors.ts'
import { settingFields } from '../settings/catalogue.ts'
import { readVariable } from '../table/environment-variable.ts'
import { isRecord } from '../table/untyped.ts'
import type { Variables } from './environment.ts'

interface Options {
  readonly variables: Variables
  /** The name of the config file in messages. */
  readonly file: string
  /** The environment that is applied; variables of other environments need not be set. */
  readonly env: string | undefined
}

/**
 * Replaces `${STAGE}` and `${STAGE:-dev}` in the texts of a config. Where another environment uses a variable that is
 * not set, that value is left out.
 * @throws DynamoxError `config` with every variable that is not set
 */
export function withVariables(config: unknown, options: Options): unknown {
  const problems: MissingVariable[] = []
  const value = replaced(config, [], options, problems)
  if (problems.length === 0) return value
  const message = oneOr(problems, `${problems.length} environment variables are missing`)
  const set = `set ${problems.length === 1 ? 'it' : 'them'}, or give a default, as in \${NAME:-default}`
  const rename = 'use a variable whose name does not suggest a secret'
  throw new DynamoxError('config', `${options.file}: ${message}`, {
    problems: problems.map(({ isSecret: _, ...problem }) => problem),
    hint: [set, rename].filter((_, at) => problems.some(({ isSecret }) => isSecret === (at === 1))).join('; '),
  })
}

type MissingVariable = Problem & { readonly isSecret: boolean }
type Path = readonly (string | number)[]

function replaced(value: unknown, path: Path, options: Options, problems: MissingVariable[]): unknown {
  if (typeof value === 'string') return replacedText(value, path, options, problems)
  if (Array.isArray(value)) return value.map((entry, index) => replaced(entry, [...path, index], options, problems))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, replaced(entry, [...path, key], options, problems)]),
  )
}

const variable = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g

function replacedText(text: string, path: Path, { variables, env }: Options, problems: MissingVariable[]): unknown {
  const missing: Pick<MissingVariable, 'message' | 'isSecret'>[] = []
  const result = text.replace(variable, (_, name: string, otherwise: string | undefined) => {
    const { value, missing: message, isSecret } = readVariable(name, variables)
    // A secret has no default: it would hide that the value is ignored.
    const used = isSecret ? undefined : value || otherwise
    if (used === undefined) missing.push({ message, isSecret })
    return used ?? ''
  })
  if (missing.length > 0) {
    const isOther = path[0] === 'environments' && path[1] !== env
    if (!isOther) problems.push(...missing.map(each => ({ path: pathText(path), ...each })))
    // An environment whose `protected` cannot be read counts as protected.
    return isOther && path.at(-1) === 'protected' ? true : undefined
  }
  const isWhole = text.replace(variable, '') === ''
  return isWhole && result !== text ? typed(result, path) : result
}

/** `tables[0].ttl` */
const pathText = (path: Path) =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`)).join('')

const trueOrFalse = ['local', 'strict', 'protected']
const numbers = ['concurrency']

/** A value that is nothing but a variable is a number, true or false where its field is one. */
function typed(text: string, path: Path): unknown {
  const key = String(path.at(-1))
  const schema = JSON.stringify(Object.entries(settingFields).find(([field]) => field === key)?.[1].check.schema ?? {})
  const isBoolean = trueOrFalse.includes(key) || /\b(true|false|boolean)\b/.test(schema)
  if (isBoolean && /^(true|false)$/.test(text)) return text === 'true'
  const isNumber = numbers.includes(key) || schema.includes('"integer"')
  return isNumber && /^\d+$/.test(text) ? Number(text) : text
}
