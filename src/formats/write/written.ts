import type { Field } from '../../settings/setting.ts'
import type { TableDefinition } from '../../table/definition.ts'
import { upperFirst } from '../../table/text.ts'

/** A format that tables are written in. */
export interface Writer {
  /** As `--to` names it. */
  readonly name: string
  /** Whether it can also write what adopts a live table. */
  readonly adopts?: true
  write(tables: readonly TableDefinition[], options: WriteOptions): Promise<WrittenTemplate>
}

export interface WriteOptions {
  /** The file that the user named; its extension may choose a syntax. */
  readonly file?: string | undefined
  /** Whether the files go into a folder, so that each table may have one. */
  readonly folder?: boolean | undefined
  /** Also write what adopts a live table: resources to import, import blocks. */
  readonly import?: boolean | undefined
}

/** Tables in the words of a format. */
export interface WrittenTemplate {
  /** The first is the template itself; `path` is a file's usual name. */
  readonly files: readonly WrittenFile[]
  /** Settings that the format cannot express and cannot mention in a comment. */
  readonly notes: readonly string[]
}

export interface WrittenFile {
  readonly path: string
  readonly text: string
}

export const headline = 'Written by dynamox'

/**
 * A name for each table that is valid in code and used once: `UserEvents`, `user_events`. The names that the code derives
 * from it, such as `UserEventsKey`, are used once as well.
 */
export function identifiers(
  tables: readonly TableDefinition[],
  style: 'pascal' | 'camel' | 'snake',
  derived: (name: string, table: TableDefinition) => readonly string[] = () => [],
): ReadonlyMap<TableDefinition, string> {
  const used = new Set<string>()
  return new Map(
    tables.map(table => {
      const wanted = identifier(table.name, style)
      const forms = (name: string) => [name, ...derived(name, table)].map(form => form.toLowerCase())
      let name = wanted
      for (let count = 2; forms(name).some(form => used.has(form)); count += 1)
        name = `${wanted}${style === 'snake' ? '_' : ''}${count}`
      for (const form of forms(name)) used.add(form)
      return [table, name] as const
    }),
  )
}

const reserved = ['id', 'props', 'scope', 'cdk', 'dynamodb', 'iam', 'kinesis', 'kms', 'construct']

function identifier(name: string, style: 'pascal' | 'camel' | 'snake'): string {
  const split = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/)
  const words = split.filter(word => word !== '')
  // A name may start with a digit, or hold no letter at all.
  const safe = /^[A-Za-z]/.test(words[0] ?? '') ? words : ['table', ...words]
  if (style === 'snake') return safe.map(word => word.toLowerCase()).join('_')
  const pascal = safe.map(upperFirst).join('')
  if (style === 'pascal') return pascal
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1)
  // A variable hides nothing else, and may not be a word of the language, such as `class`.
  return reserved.includes(camel) || /^[a-z]{2,10}$/.test(camel) ? `${camel}Table` : camel
}

/** The members of the CreateTable request that have no field, as a sentence; empty when there are none. */
export function extraNotes({ extra = {} }: TableDefinition): readonly string[] {
  const members = Object.keys(extra)
  return members.length === 0 ? [] : [`not written, since this format has no place for it: ${members.join(', ')}`]
}

/** A setting's value, for people. */
export function valueText({ text }: Field, value: unknown): string {
  return text?.(value) ?? (typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** The text of a JSON file. */
export const jsonText = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`
