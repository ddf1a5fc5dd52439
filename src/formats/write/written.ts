import { settingFields } from '../../settings/catalogue.ts'
import type { Field } from '../../settings/setting.ts'
import type { TableDefinition } from '../../table/definition.ts'
import { memberOf } from '../../table/untyped.ts'

export interface WriteOptions {
  /** The file that the user named; its extension may choose a syntax. */
  readonly file?: string | undefined
  /** Whether the files go into a folder, so that each table may have one. */
  readonly folder?: boolean | undefined
  /** Also write what adopts live tables: resources to import, import blocks. */
  readonly import?: boolean | undefined
}

export interface WrittenTemplate {
  /** The first is the template itself. `path` is the usual name of the file. */
  readonly files: readonly WrittenFile[]
  /** Parts that the format cannot express and that its text cannot mention in a comment: `users: ...`. */
  readonly notes: readonly string[]
}

export interface WrittenFile {
  readonly path: string
  readonly text: string
}

/** Writes tables as one or several files. */
export type Write = (tables: readonly TableDefinition[], options: WriteOptions) => WrittenTemplate

export const headline = 'Written by dynamox export; see https://www.npmjs.com/package/dynamox'

/** A name for each table that is valid in code and used once: `UserEvents`, `user_events`. */
export function identifiers(
  tables: readonly TableDefinition[],
  style: 'pascal' | 'camel' | 'snake',
): ReadonlyMap<TableDefinition, string> {
  const used = new Set<string>()
  return new Map(
    tables.map(table => {
      const wanted = identifier(table.name, style)
      let name = wanted
      for (let count = 2; used.has(name.toLowerCase()); count += 1)
        name = `${wanted}${style === 'snake' ? '_' : ''}${count}`
      used.add(name.toLowerCase())
      return [table, name] as const
    }),
  )
}

function identifier(name: string, style: 'pascal' | 'camel' | 'snake'): string {
  const split = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/)
  const words = split.filter(word => word !== '')
  // A name may start with a digit, or hold no letter at all.
  const safe = /^[A-Za-z]/.test(words[0] ?? '') ? words : ['table', ...words]
  if (style === 'snake') return safe.map(word => word.toLowerCase()).join('_')
  const pascal = safe.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return style === 'pascal' ? pascal : pascal.charAt(0).toLowerCase() + pascal.slice(1)
}

/** Members of the CreateTable request that no field stands for, as a sentence; empty when there are none. */
export function extraNotes({ extra = {} }: TableDefinition): readonly string[] {
  const members = Object.keys(extra)
  return members.length === 0 ? [] : [`not written, since this format has no place for it: ${members.join(', ')}`]
}

/** A sentence for each setting among `fields` that the table or one of its indexes turns on. */
export function settingNotes(definition: TableDefinition, fields: readonly string[], why: string): readonly string[] {
  return Object.entries<Field>(settingFields).flatMap(([field, { label, text = String }]) => {
    if (!fields.includes(field)) return []
    return [definition, ...definition.globalIndexes].flatMap(owner => {
      const value = memberOf(owner, field)
      if (value === undefined || value === false) return []
      const shown = typeof value === 'object' ? JSON.stringify(value) : text(value)
      return [`${owner === definition ? '' : `index ${owner.name}: `}${label} (${shown}) ${why}`]
    })
  })
}
