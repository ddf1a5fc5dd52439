import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import {
  describe,
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
  format: (pattern, ...args) => format(text(pattern), args),
  formatlist: (pattern, ...args) => formatList(text(pattern), args),
  join: (separator, ...lists) => lists.flatMap(list => toList(value(list)).map(toText)).join(text(separator)),
  split: (separator, given) => (text(given) === '' ? [''] : text(given).split(text(separator))),
  lower: given => text(given).toLowerCase(),
  upper: given => text(given).toUpperCase(),
  title: given => text(given).replace(/(^|[\s-])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  replace: (given, search, by) => replace(text(given), text(search), text(by)),
  trimspace: given => text(given).trim(),
  trim: (given, set) => trim(trim(text(given), text(set), 'start'), text(set), 'end'),
  trimprefix: (given, prefix) =>
    text(given).startsWith(text(prefix)) ? text(given).slice(text(prefix).length) : text(given),
  trimsuffix: (given, suffix) =>
    text(suffix) !== '' && text(given).endsWith(text(suffix))
      ? text(given).slice(0, -text(suffix).length)
      : text(given),
  substr: (given, offset, length) => substr([...text(given)], toNumber(value(offset)), toNumber(value(length))),
  startswith: (given, prefix) => text(given).startsWith(text(prefix)),
  endswith: (given, suffix) => text(given).endsWith(text(suffix)),
  strcontains: (given, part) => text(given).includes(text(part)),
  strrev: given => [...text(given)].reverse().join(''),
  chomp: given => text(given).replace(/[\r\n]+$/, ''),
  indent: (spaces, given) => text(given).replaceAll('\n', `\n${' '.repeat(bounded(toNumber(value(spaces))))}`),
  regex: (pattern, given) => groups(required(regExp(pattern).exec(text(given)), 'the pattern does not match')),
  regexall: (pattern, given) => [...text(given).matchAll(regExp(pattern, 'g'))].map(groups),

  // Numbers
  abs: given => Math.abs(toNumber(value(given))),
  ceil: given => Math.ceil(toNumber(value(given))),
  floor: given => Math.floor(toNumber(value(given))),
  max: (...args) => Math.max(...args.map(toNumber)),
  min: (...args) => Math.min(...args.map(toNumber)),
  pow: (base, exponent) => toNumber(value(base)) ** toNumber(value(exponent)),
  signum: given => Math.sign(toNumber(value(given))),
  parseint: (given, base) => Number.parseInt(text(given), toNumber(value(base))),
  sum: list =>
    toList(value(list))
      .map(toNumber)
      .reduce((total, item) => total + item, 0),

  // Lists, sets and maps
  length: given => (typeof given === 'string' ? [...given].length : entriesOf(value(given)).length),
  element: (list, index) => element(toList(value(list)), toNumber(value(index))),
  index: (list, item) => indexOf(toList(value(list)), value(item)),
  contains: (list, item) => toList(value(list)).some(each => isEqual(each, value(item))),
  concat: (...lists) => lists.flatMap(toList),
  flatten: list => flatten(toList(value(list))),
  compact: list => toList(value(list)).filter(item => item !== null && item !== ''),
  distinct: list => distinct(toList(value(list))),
  reverse: list => toList(value(list)).toReversed(),
  sort: list => toList(value(list)).map(toText).toSorted(),
  slice: (list, start, end) => toList(value(list)).slice(toNumber(value(start)), toNumber(value(end))),
  range: (...args) => range(args.map(toNumber)),
  chunklist: (list, size) => chunks(toList(value(list)), toNumber(value(size))),
  one: list => one(toList(value(list))),
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
  alltrue: list => toList(value(list)).every(toBoolean),
  anytrue: list => toList(value(list)).some(toBoolean),
  matchkeys: (values, keys, search) =>
    toList(value(values)).filter((_, index) =>
      toList(value(search)).some(item => isEqual(item, toList(value(keys))[index] ?? null)),
    ),
  setunion: (...sets) => toSet(sets.flatMap(toList)),
  setintersection: (first, ...sets) =>
    toSet(toList(value(first)).filter(item => sets.every(set => toList(set).some(each => isEqual(each, item))))),
  setsubtract: (first, second) =>
    toSet(toList(value(first)).filter(item => !toList(value(second)).some(each => isEqual(each, item)))),
  setproduct: (...sets) =>
    sets.reduce<readonly (readonly Value[])[]>(
      (rows, set) => limited(rows.flatMap(row => toList(set).map(item => [...row, item]))),
      [[]],
    ),
  keys: map => entriesOf(toMap(value(map))).map(([key]) => key),
  values: map => entriesOf(toMap(value(map))).map(([, item]) => item),
  lookup: (map, key, otherwise) => lookup(value(map), text(key), otherwise),
  merge: (...maps) => Object.fromEntries(maps.filter(map => map !== null).flatMap(map => Object.entries(toMap(map)))),
  zipmap: (keys, values) =>
    Object.fromEntries(toList(value(keys)).map((key, index) => [toText(key), toList(value(values))[index] ?? null])),
  transpose: map => transpose(toMap(value(map))),
  // Functions of Terraform before version 0.12.
  list: (...items) => items,
  map: (...pairs) =>
    Object.fromEntries(pairs.flatMap((key, at) => (at % 2 === 0 ? [[text(key), value(pairs[at + 1])]] : []))),

  // Conversions
  tostring: given => (given === null ? null : text(given)),
  tonumber: given => (given === null ? null : toNumber(value(given))),
  tobool: given => (given === null ? null : toBoolean(value(given))),
  tolist: given => (given === null ? null : toList(value(given))),
  toset: given => (given === null ? null : toSet(value(given))),
  tomap: given => (given === null ? null : toMap(value(given))),
  sensitive: given => value(given),
  nonsensitive: given => value(given),
  ephemeralasnull: given => value(given),
  jsonencode: given => JSON.stringify(sorted(value(given))),
  jsondecode: given => fromPlain(parseJson(text(given))),
  base64encode: given => Buffer.from(text(given)).toString('base64'),
  base64decode: given => Buffer.from(text(given), 'base64').toString(),
  urlencode: given => encodeURIComponent(text(given)).replaceAll('%20', '+'),
  md5: given => hash('md5', given),
  sha1: given => hash('sha1', given),
  sha256: given => hash('sha256', given),
  sha512: given => hash('sha512', given),
  basename: given => basename(text(given)),
  dirname: given => dirname(text(given)),
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

function text(given: Value | undefined): string {
  return toText(value(given))
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
    (
      _,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      position: string | undefined,
      verb,
    ) => {
      if (verb === '%') return '%'
      if (position !== undefined) next = Number(position) - 1
      const plain = formatOne(verb, value(args[next]), precision)
      next += 1
      const signed = flags.includes('+') && /[dfeg]/.test(verb) && !plain.startsWith('-') ? `+${plain}` : plain
      const size = bounded(Number(width ?? 0))
      if (flags.includes('-')) return signed.padEnd(size)
      if (!flags.includes('0') || !/[dfx]/i.test(verb)) return signed.padStart(size)
      const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(signed) ?? []
      return sign + digits.padStart(size - sign.length, '0')
    },
  )
}

function formatOne(verb: string, given: Value, precision: string | undefined): string {
  switch (verb) {
    case 's':
      return precision === undefined ? toText(given) : toText(given).slice(0, Number(precision))
    case 'v':
      return typeof given === 'object' ? JSON.stringify(sorted(given)) : toText(given)
    case 'q':
      return JSON.stringify(toText(given))
    case 't':
      return String(toBoolean(given))
    case 'd':
      return String(Math.trunc(toNumber(given)))
    case 'f':
      return toNumber(given).toFixed(Math.min(Number(precision ?? 6), 100))
    case 'x':
      return toNumber(given).toString(16)
    case 'X':
      return toNumber(given).toString(16).toUpperCase()
    case 'b':
      return toNumber(given).toString(2)
    case 'o':
      return toNumber(given).toString(8)
    case 'e':
      return toNumber(given).toExponential(Math.min(Number(precision ?? 6), 100))
    case 'g':
      return String(toNumber(given))
    default:
      throw new EvaluationError(`%${verb} is not a verb of format`)
  }
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
  const source = text(given)
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

function trim(given: string, set: string, side: 'start' | 'end'): string {
  const characters = [...given]
  const kept = (character: string) => !set.includes(character)
  const from = side === 'start' ? characters.findIndex(kept) : 0
  const to = side === 'end' ? characters.findLastIndex(kept) + 1 : characters.length
  return from === -1 ? '' : characters.slice(from, to).join('')
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

function distinct(list: readonly Value[]): readonly Value[] {
  return [...new Map(list.map(item => [JSON.stringify(item), item])).values()]
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

/** Terraform writes the keys of objects in order. */
function sorted(given: Value): Value {
  if (isList(given)) return given.map(sorted)
  return isMap(given) ? Object.fromEntries(entriesOf(given).map(([key, item]) => [key, sorted(item)])) : given
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    throw new EvaluationError('the string is not valid JSON')
  }
}

function hash(algorithm: string, given: Value | undefined): string {
  return createHash(algorithm).update(text(given)).digest('hex')
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
