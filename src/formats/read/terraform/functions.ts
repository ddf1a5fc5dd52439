import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { canonicalJson } from '../../../table/text.ts'
import { ownMember } from '../../../table/untyped.ts'
import {
  describe,
  distinct,
  EvaluationError,
  entriesOf,
  fromPlain,
  isEqual,
  isList,
  isMap,
  toBoolean,
  toList,
  toMap,
  toNumber,
  toSet,
  toText,
  type Value,
  type ValueMap,
} from './value.ts'

type Args = readonly Value[]
type TerraformFunction = (...args: Args) => Value

/**
 * The functions of Terraform that give the same result on every machine, except for those of networks and dates.
 * `try`, `can` and `templatefile` belong to the evaluator; files are read by the module that is being evaluated.
 */
export const functions: Readonly<Record<string, TerraformFunction>> = {
  // Texts
  format: (pattern, ...args) => format(toText(pattern), args),
  formatlist: (pattern, ...args) => formatList(toText(pattern), args),
  join: (separator, ...lists) => lists.flatMap(list => toList(list).map(toText)).join(toText(separator)),
  split: (separator, given) => (toText(given) === '' ? [''] : toText(given).split(toText(separator))),
  lower: given => toText(given).toLowerCase(),
  upper: given => toText(given).toUpperCase(),
  title: given => toText(given).replace(/(^|[\s-])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  replace: (given, search, by) => replace(toText(given), toText(search), toText(by)),
  trimspace: given => toText(given).trim(),
  trim: (given, set) => trim([...toText(given)], toText(set)),
  trimprefix: (given, prefix) =>
    toText(given).startsWith(toText(prefix)) ? toText(given).slice(toText(prefix).length) : toText(given),
  trimsuffix: (given, suffix) =>
    toText(suffix) !== '' && toText(given).endsWith(toText(suffix))
      ? toText(given).slice(0, -toText(suffix).length)
      : toText(given),
  substr: (given, offset, length) => substr([...toText(given)], toNumber(offset), toNumber(length)),
  startswith: (given, prefix) => toText(given).startsWith(toText(prefix)),
  endswith: (given, suffix) => toText(given).endsWith(toText(suffix)),
  strcontains: (given, part) => toText(given).includes(toText(part)),
  strrev: given => [...toText(given)].reverse().join(''),
  chomp: given => toText(given).replace(/[\r\n]+$/, ''),
  indent: (spaces, given) => toText(given).replaceAll('\n', `\n${' '.repeat(bounded(toNumber(spaces)))}`),
  regex: (pattern, given) => groups(required(regExp(pattern).exec(toText(given)), 'the pattern does not match')),
  regexall: (pattern, given) => [...toText(given).matchAll(regExp(pattern, 'g'))].map(groups),

  // Numbers
  abs: given => Math.abs(toNumber(given)),
  ceil: given => Math.ceil(toNumber(given)),
  floor: given => Math.floor(toNumber(given)),
  max: (...args) => Math.max(...args.map(toNumber)),
  min: (...args) => Math.min(...args.map(toNumber)),
  pow: (base, exponent) => toNumber(base) ** toNumber(exponent),
  signum: given => Math.sign(toNumber(given)),
  parseint: (given, base) => Number.parseInt(toText(given), toNumber(base)),
  sum: list =>
    toList(list)
      .map(toNumber)
      .reduce((total, item) => total + item, 0),

  // Lists, sets and maps
  length: given => (typeof given === 'string' ? [...given].length : entriesOf(given).length),
  element: (list, index) => element(toList(list), toNumber(index)),
  index: (list, item) => indexOf(toList(list), value(item)),
  contains: (list, item) => toList(list).some(each => isEqual(each, value(item))),
  concat: (...lists) => lists.flatMap(toList),
  flatten: list => flatten(toList(list)),
  compact: list => toList(list).filter(item => item !== null && item !== ''),
  distinct: list => distinct(toList(list)),
  reverse: list => toList(list).toReversed(),
  sort: list => toList(list).map(toText).toSorted(),
  slice: (list, start, end) => toList(list).slice(toNumber(start), toNumber(end)),
  range: (...args) => range(args.map(toNumber)),
  chunklist: (list, size) => chunks(toList(list), toNumber(size)),
  one: list => one(toList(list)),
  coalesce: (...args) =>
    required(
      args.find(item => item !== null && item !== ''),
      'every argument is empty',
    ),
  coalescelist: (...lists) =>
    required(
      lists.find(list => toList(list).length > 0),
      'every list is empty',
    ),
  alltrue: list => toList(list).every(toBoolean),
  anytrue: list => toList(list).some(toBoolean),
  matchkeys: (values, keys, search) =>
    toList(values).filter((_, index) => toList(search).some(item => isEqual(item, toList(keys)[index] ?? null))),
  setunion: (...sets) => toSet(sets.flatMap(toList)),
  setintersection: (first, ...sets) =>
    toSet(toList(first).filter(item => sets.every(set => toList(set).some(each => isEqual(each, item))))),
  setsubtract: (first, second) =>
    toSet(toList(first).filter(item => !toList(second).some(each => isEqual(each, item)))),
  setproduct: (...sets) =>
    sets.reduce<readonly (readonly Value[])[]>(
      (rows, set) => limited(rows.flatMap(row => toList(set).map(item => [...row, item]))),
      [[]],
    ),
  keys: map => entriesOf(toMap(map)).map(([key]) => key),
  values: map => entriesOf(toMap(map)).map(([, item]) => item),
  lookup: (map, key, otherwise) => lookup(value(map), toText(key), otherwise),
  merge: (...maps) => Object.fromEntries(maps.filter(map => map !== null).flatMap(map => Object.entries(toMap(map)))),
  zipmap: (keys, values) =>
    Object.fromEntries(toList(keys).map((key, index) => [toText(key), toList(values)[index] ?? null])),
  transpose: map => transpose(toMap(map)),
  // Functions of Terraform before version 0.12.
  list: (...items) => items,
  map: (...pairs) =>
    Object.fromEntries(pairs.flatMap((key, at) => (at % 2 === 0 ? [[toText(key), value(pairs[at + 1])]] : []))),

  // Conversions
  tostring: given => (given === null ? null : toText(given)),
  tonumber: given => (given === null ? null : toNumber(given)),
  tobool: given => (given === null ? null : toBoolean(given)),
  tolist: given => (given === null ? null : toList(given)),
  toset: given => (given === null ? null : toSet(given)),
  tomap: given => (given === null ? null : toMap(given)),
  sensitive: given => value(given),
  nonsensitive: given => value(given),
  ephemeralasnull: given => value(given),
  jsonencode: given => canonicalJson(value(given)),
  jsondecode: given => fromPlain(parseJson(toText(given))),
  base64encode: given => Buffer.from(toText(given)).toString('base64'),
  base64decode: given => Buffer.from(toText(given), 'base64').toString(),
  urlencode: given => encodeURIComponent(toText(given)).replaceAll('%20', '+'),
  md5: given => hash('md5', given),
  sha1: given => hash('sha1', given),
  sha256: given => hash('sha256', given),
  sha512: given => hash('sha512', given),
  basename: given => basename(toText(given)),
  dirname: given => dirname(toText(given)),
}

/** The functions whose results are known although parts of their arguments are not. */
export const lenientFunctions: ReadonlySet<string> = new Set([
  ...['merge', 'concat', 'lookup', 'keys', 'values', 'length', 'element', 'flatten', 'zipmap', 'coalescelist', 'slice'],
  ...['tolist', 'tomap', 'sensitive', 'nonsensitive', 'reverse', 'chunklist', 'one', 'setproduct'],
])

/** An argument that must be given. */
function value(given: Value | undefined): Value {
  return required(given, 'an argument is missing')
}

function required<T>(found: T | null | undefined, why: string): T {
  if (found === undefined || found === null) throw new EvaluationError(why)
  return found
}

/** `%s`, `%d`, `%q`, `%v`, `%t`, `%f`, `%x` and `%%`, with flags, width, precision and `[n]` for an argument. */
function format(pattern: string, args: Args): string {
  let next = 0
  return pattern.replace(
    /%([-+ 0#]*)(\d+)?(?:\.(\d+))?(?:\[(\d+)\])?([a-zA-Z%])/g,
    (_, flags: string, width = '0', precision?: string, position?: string, letter = '') => {
      if (letter === '%') return '%'
      if (position !== undefined) next = Number(position) - 1
      const verb = ownMember(verbs, letter)
      if (verb === undefined) throw new EvaluationError(`%${letter} is not a verb of format`)
      const plain = verb(value(args[next]), precision === undefined ? undefined : Number(precision))
      next += 1
      const signed = flags.includes('+') && /[dfeg]/.test(letter) && !plain.startsWith('-') ? `+${plain}` : plain
      const size = bounded(Number(width))
      if (flags.includes('-')) return signed.padEnd(size)
      if (!flags.includes('0') || !/[dfx]/i.test(letter)) return signed.padStart(size)
      const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(signed) ?? []
      return sign + digits.padStart(size - sign.length, '0')
    },
  )
}

type Verb = (given: Value, precision: number | undefined) => string

const inBase =
  (base: number): Verb =>
  given =>
    toNumber(given).toString(base)

const verbs: Readonly<Record<string, Verb>> = {
  s: (given, precision) => toText(given).slice(0, precision),
  v: given => (typeof given === 'object' ? canonicalJson(given) : toText(given)),
  q: given => JSON.stringify(toText(given)),
  t: given => String(toBoolean(given)),
  d: given => String(Math.trunc(toNumber(given))),
  f: (given, precision = 6) => toNumber(given).toFixed(Math.min(precision, 100)),
  e: (given, precision = 6) => toNumber(given).toExponential(Math.min(precision, 100)),
  g: given => String(toNumber(given)),
  b: inBase(2),
  o: inBase(8),
  x: inBase(16),
  X: given => toNumber(given).toString(16).toUpperCase(),
}

function formatList(pattern: string, args: Args): Value {
  const length = Math.max(1, ...args.filter(isList).map(list => list.length))
  return Array.from({ length }, (_, index) =>
    format(
      pattern,
      args.map(arg => (isList(arg) ? value(arg[index]) : arg)),
    ),
  )
}

// A search text between slashes is a regular expression of RE2, whose groups are $1, $name or ${name}.
function replace(given: string, search: string, by: string): string {
  if (search.length < 2 || !search.startsWith('/') || !search.endsWith('/')) return given.replaceAll(search, () => by)
  const groups = by.replace(/\$(?:(\w+)|\{(\w+)\})/g, (_, bare: string | undefined, braced = '') => {
    const name = bare ?? braced
    return name === '0' ? '$&' : /^\d+$/.test(name) ? `$${name}` : `$<${name}>`
  })
  return given.replaceAll(regExp(search.slice(1, -1), 'g'), groups)
}

/** A pattern of RE2 as JavaScript writes it; a pattern that may take exponential time is not run. */
function regExp(given: Value | undefined, flags = ''): RegExp {
  const source = toText(given)
  if (/\([^)]*[+*][^)]*\)[+*{]/.test(source))
    throw new EvaluationError(`the pattern ${describe(source)} is not supported`)
  const inline = /^\(\?([ims]+)\)/.exec(source)
  try {
    return new RegExp(
      source
        .slice(inline?.[0].length ?? 0)
        .replaceAll('(?P<', '(?<')
        .replaceAll('[[:alnum:]]', '[A-Za-z0-9]'),
      `${flags}u${inline?.[1] ?? ''}`,
    )
  } catch {
    throw new EvaluationError(`the pattern ${describe(source)} is not supported`)
  }
}

/** The whole match, a list of unnamed groups, or a map of named ones. */
function groups(match: RegExpExecArray | RegExpMatchArray): Value {
  if (match.groups !== undefined) return fromPlain({ ...match.groups })
  return match.length > 1 ? match.slice(1).map(group => group ?? null) : (match[0] ?? '')
}

function trim(characters: readonly string[], set: string): string {
  const kept = characters.map(character => !set.includes(character))
  return characters.slice(kept.indexOf(true), kept.lastIndexOf(true) + 1).join('')
}

function substr(characters: readonly string[], offset: number, length: number): string {
  const start = offset < 0 ? characters.length + offset : offset
  return characters.slice(start, length < 0 ? undefined : start + length).join('')
}

// Terraform wraps around at the end.
function element(list: readonly Value[], index: number): Value {
  return required(list.at(index % list.length), 'the list is empty')
}

function indexOf(list: readonly Value[], item: Value): number {
  const index = list.findIndex(each => isEqual(each, item))
  if (index === -1) throw new EvaluationError(`${describe(item)} is not in the list`)
  return index
}

function flatten(list: readonly Value[]): readonly Value[] {
  return list.flatMap(item => (isList(item) ? flatten(item) : [item]))
}

function range([first = 0, second, step = 1]: readonly number[]): Value {
  const [start, end] = second === undefined ? [0, first] : [first, second]
  if (step === 0) throw new EvaluationError('the step of range must not be 0')
  const length = Math.max(0, Math.ceil((end - start) / step))
  return Array.from({ length: bounded(length) }, (_, index) => start + index * step)
}

function chunks(list: readonly Value[], size: number): Value {
  if (size <= 0) return [list]
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
}

function one(list: readonly Value[]): Value {
  if (list.length > 1) throw new EvaluationError('one() has more than one element')
  return list[0] ?? null
}

function lookup(map: Value, key: string, otherwise: Value | undefined): Value {
  const found = isMap(map) && Object.hasOwn(map, key) ? map[key] : otherwise
  if (found === undefined) throw new EvaluationError(`${describe(map)} has no key "${key}"`)
  return found
}

function transpose(map: ValueMap): Value {
  const pairs = Object.entries(map).flatMap(([key, list]) => toList(list).map(item => [toText(item), key] as const))
  return Object.fromEntries(
    pairs.map(([item]) => [item, pairs.filter(([other]) => other === item).map(([, key]) => key)]),
  )
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    throw new EvaluationError('the string is not valid JSON')
  }
}

function hash(algorithm: string, given: Value | undefined): string {
  return createHash(algorithm).update(toText(given)).digest('hex')
}

const limit = 10_000

function bounded(count: number): number {
  if (count > limit) throw new EvaluationError(`${count} is more than dynamox evaluates (${limit})`)
  return Math.max(0, count)
}

function limited<T>(rows: readonly T[]): readonly T[] {
  bounded(rows.length)
  return rows
}
