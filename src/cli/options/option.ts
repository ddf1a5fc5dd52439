import { longestTimerMs } from '../../apply/clock.ts'
import { DynamoxError } from '../../errors.ts'
import { didYouMean } from '../../table/did-you-mean.ts'
import { escapeRegExp } from '../../table/text.ts'
import { isRecord } from '../../table/untyped.ts'

/** The properties of a command that determine its options and how it is run. */
export interface Policy {
  readonly name: string
  /** The arguments besides options: table names, two sources, another program's command line after `--`, or one word. */
  readonly takes: 'tables' | 'table' | 'sources' | 'program' | 'nothing' | Word
  /**
   * `definitions`: at least one table from models and config; `names`: the same, or plain table names; `optional`: any
   * defined tables; `config`: only the target settings. Absent when it reads none of them.
   */
  readonly reads?: 'definitions' | 'names' | 'optional' | 'config'
  /** Definition flags may define a table, or override one's settings. */
  readonly defines?: true
  /** Sends requests to the DynamoDB target given by the options. */
  readonly contacts?: true
  /** Creates, changes or deletes tables; prints the target first. */
  readonly changes?: true
  /** Spends most of its time waiting for tables, without requests. */
  readonly waits?: true
  /** Plans how live tables come to their definitions. */
  readonly plans?: true
  /** Writes tables in a format of `--to`. */
  readonly writes?: true
  /** May destroy data: asks first, and refuses in a protected environment. */
  readonly destroys?: true
  /** Its options besides those that follow from the fields above. */
  readonly options?: readonly string[]
  /** The meanings of options that mean something else here. */
  readonly meanings?: Readonly<Partial<Record<string, string>>>
}

/** The only argument of a command. */
export interface Word {
  /** `<shell>`, or `[rule id]` for a word that may be left out. */
  readonly usage: `<${string}>` | `[${string}]`
  readonly what: string
  readonly example: string
  /** The suggestions of completion. */
  values(): readonly string[]
}

export type OptionGroup = 'What to work on' | 'Where' | 'Serving' | 'How' | 'Consent' | 'Definition' | 'Output'

/** One option: its syntax, meaning, group and value parser. */
export interface OptionSpec<Value = unknown> {
  /** `-m, --model <file or glob>`: short form, long form and value name. */
  readonly flags: string
  readonly meaning: string
  readonly group: OptionGroup
  /** Whether it belongs to a command because of what that does; other commands name it among their `options`. */
  readonly on?: ((command: Policy) => boolean) | undefined
  /**
   * Parses a value; `previous` is the value of an earlier occurrence. Absent for an option without a value. Throws
   * `usage`.
   */
  readonly read?: (text: string, long: string, previous: unknown) => Value
  /** The meaning of `--no-<name>`, if there is such an option. */
  readonly no?: string | undefined
  /** The value of the option without one: `--realistic` is `--realistic=1x`. */
  readonly preset?: string | undefined
  /** The environment variable used when the option is not given. */
  readonly env?: string | undefined
  /** Whether it decides which tables definitions give, or their names; a selection among live tables refuses it. */
  readonly picks?: boolean
  /** The only values that are allowed, when there are few. */
  readonly choices?: readonly string[]
  /** The type of the value, for `Flags`; never set. */
  readonly value?: Value
}

/** Creates the options of one group. */
export function inGroup(group: OptionGroup) {
  type Where = OptionSpec['on']
  const make = <Value>(flags: string, meaning: string, on: Where, more: object): OptionSpec<Value> => ({
    flags,
    meaning,
    group,
    on,
    ...more,
  })
  /** An option whose kind says everything about its value. */
  const kind =
    <Value>(read: OptionSpec<Value>['read']) =>
    (flags: string, meaning: string, on?: Where) =>
      make<Value>(flags, meaning, on, { read })
  return {
    /** Without a value. */
    flag: (flags: string, meaning: string, on?: Where, more: Pick<OptionSpec, 'no'> = {}) =>
      make<boolean>(flags, meaning, on, more),
    text: (flags: string, meaning: string, on?: Where, more: Pick<OptionSpec, 'env'> = {}) =>
      make<string>(flags, meaning, on, { read: (text: string) => text, ...more }),
    /** A text, or `false` for `--no-...`; `no` is the help text of the latter. */
    textOrNo: (flags: string, meaning: string, on: Where, no: string) =>
      make<string | false>(flags, meaning, on, { read: (text: string) => text, no }),
    /** Repeatable. */
    list: kind<readonly string[]>(add),
    /** Repeatable `name=value` pairs. */
    pairs: kind<Readonly<Record<string, string>>>(addPair),
    count: kind<number>(readCount),
    port: kind<number>(readPort),
    /** Milliseconds. */
    duration: kind<number>(parseDuration),
    /** Milliseconds. */
    age: kind<number>(readAge),
    /** A number above 0, with or without an `x` behind it; `preset` stands for the option without a value. */
    factor: (flags: string, meaning: string, on: Where, preset: string) =>
      make<number>(flags, meaning, on, { read: readFactor, preset }),
    choice: <const Choice extends string>(flags: string, meaning: string, choices: readonly Choice[], on?: Where) =>
      make<Choice>(flags, meaning, on, {
        choices,
        read: (text: string, long: string) => choose(text, long, choices),
      }),
  }
}

/** The parts of `-m, --model <file or glob>`. */
export function partsOf({ flags }: Pick<OptionSpec, 'flags'>): { readonly long: string; readonly short?: string } {
  const [, short, long = ''] = /^(?:(-\w), )?(--[\w-]+)/.exec(flags) ?? []
  return { long, ...(short === undefined ? {} : { short }) }
}

function add(text: string, _long: string, previous: unknown): readonly string[] {
  return [...(Array.isArray(previous) ? previous : []), text]
}

function addPair(text: string, long: string, previous: unknown): Readonly<Record<string, string>> {
  const at = text.indexOf('=')
  if (at < 1) throw wrong(long, text, 'must be name=value', `for example ${long} Stage=dev`)
  // The first equals sign counts: values may hold more of them.
  return { ...(isRecord(previous) ? previous : {}), [text.slice(0, at)]: text.slice(at + 1) } as Record<string, string>
}

function wrong(long: string, text: string, what: string, hint?: string): DynamoxError {
  return new DynamoxError('usage', `${long} ${JSON.stringify(text)} ${what}`, { hint })
}

function choose<Choice extends string>(text: string, long: string, choices: readonly Choice[]): Choice {
  const plain = (word: string) => word.toLowerCase().replaceAll('-', '_')
  const found = choices.find(choice => plain(choice) === plain(text))
  if (found !== undefined) return found
  const meant = didYouMean(text, choices) ?? abbreviated(plain(text), choices)
  const hint = meant === undefined ? undefined : `did you mean ${meant}?`
  throw wrong(long, text, `is not one of ${choices.join(', ')}`, hint)
}

/** The only choice that the letters abbreviate: `terraform` for `tf`. */
function abbreviated(letters: string, choices: readonly string[]): string | undefined {
  const wanted = new RegExp(`^${[...letters].map(escapeRegExp).join('.*')}`, 'u')
  const [only, other] = choices.filter(choice => wanted.test(choice.toLowerCase()))
  return other === undefined ? only : undefined
}

function readCount(text: string, long: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number
  throw wrong(long, text, 'is not a whole number above 0')
}

function readFactor(text: string, long: string): number {
  const number = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1])
  if (number > 0 && Number.isFinite(number)) return number
  throw wrong(long, text, 'is not a number above 0', `for example ${long}=10x`)
}

function readPort(text: string, long: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw wrong(long, text, 'is not a valid port (0-65535)')
}

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 24 * 3_600_000,
  w: 7 * 24 * 3_600_000,
}

/** `30` and `30s` are seconds, `5m` minutes, `1h` hours, `500ms` milliseconds. Returns milliseconds; throws `usage`. */
export function parseDuration(text: string, flag: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? []
  const value = Math.round(Number(amount) * (milliseconds[unit] ?? Number.NaN))
  if (value > 0 && value <= longestTimerMs) return value
  const what = value === 0 ? 'must be above 0' : value > longestTimerMs ? 'is over 24 days' : 'is not a valid duration'
  throw wrong(flag, text, what, 'give seconds or a number with a unit: 30, 30s, 5m, 1h')
}

/** `30m`, `12h`, `7d`, `2w`. Without a unit it would be guessed, and more tables might match. */
function readAge(text: string, long: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(text.trim()) ?? []
  const value = Number(amount) * (milliseconds[unit] ?? Number.NaN)
  if (value > 0) return value
  throw wrong(long, text, 'is not a valid age', 'give a number with a unit: 30m (minutes), 12h, 7d, 2w')
}
