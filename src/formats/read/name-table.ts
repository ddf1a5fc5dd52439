import { basename } from 'node:path'
import type { TemplateInputs } from '../../table/input.ts'

interface Naming {
  /** The table's logical id or label. */
  readonly id: string
  /** Other ids by which `--name` may call the table. */
  readonly aliases?: readonly string[] | undefined
  /** The resolved name; `undefined` when there is none. */
  readonly name?: string | undefined
  /** The reason for a missing name: `the parameter Stage has no value; give it with --param Stage=<value>`, or `the template gives it no name`. */
  readonly why: string
  /** The stack or service: the first part of a placeholder. A format without stacks has one only if the user names it. */
  readonly stack?: string | undefined
  readonly inputs: TemplateInputs
  /** The template, as messages name it. */
  readonly file: string
}

/** A table's name: `--name`, else its own, else a stable placeholder with a warning that says what is missing. */
export function nameTable({ id, aliases = [], name, why, stack, inputs, file }: Naming): {
  readonly name: string
  readonly warnings: readonly string[]
} {
  const given = [id, ...aliases].flatMap(each => givenName(each, file, inputs) ?? []).at(0)
  if (given !== undefined) return { name: given, warnings: [] }
  if (name !== undefined) return { name, warnings: [] }
  const placeholder = [stack, id]
    .filter(part => part !== undefined)
    .join('-')
    .replace(/[^a-zA-Z0-9_.-]+/g, '-')
    .replace(/-$/, '')
    .padStart(3, 't-')
    .slice(0, 255)
  const called = placeholder === id ? 'by its label' : placeholder
  const hint = why.includes('give it with') ? '' : `; give its name with --name ${id}=<table>`
  return { name: placeholder, warnings: [`${id} is called ${called} here: ${why}${hint}`] }
}

/** The name that the user gave with `--name` or in the config. */
export function givenName(id: string, file: string, { names = {} }: TemplateInputs): string | undefined {
  const keys = [`${file}#${id}`, `${basename(file)}#${id}`, id]
  return keys.flatMap(key => (Object.hasOwn(names, key) ? (names[key] ?? []) : [])).at(0)
}

/** The placeholder for a stack's name: the file's name without endings. */
export function stackOf(file: string): string {
  return basename(file).replace(/(\.template)?\.\w+$/i, '') || 'stack'
}
