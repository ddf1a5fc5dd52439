import type { Outcome } from '../../apply/events.ts'
import { DynamoxError, type ErrorCode } from '../../errors.ts'
import { plural } from '../../table/text.ts'

/** From this number on, tables that end alike are one line. */
const manyAlike = 6

// Failures that many tables of a run usually share; other failures are reported as they happen.
const sharedCauses: readonly ErrorCode[] = ['interrupted', 'network', 'credentials']

/** Whether other tables of the run probably end in the same way. */
export function endsAlike({ action, error }: Outcome): boolean {
  return action === 'skipped' || (error !== undefined && sharedCauses.includes(error.code))
}

/** Outcomes that differ only in the table's name, merged when they are many; others stay as they are. */
export function mergeAlike(outcomes: readonly Outcome[]): readonly Outcome[] {
  const groups = grouped(outcomes, outcome => `${outcome.action} ${outcome.status} ${withoutName(outcome)}`)
  return groups.flatMap(group => {
    const [first] = group
    if (first === undefined || group.length < manyAlike) return group
    return [{ ...first, name: tableNames(group.map(({ name }) => name)) }]
  })
}

/** The errors of the outcomes; those that differ only in the table's name become one. */
export function mergeErrors(outcomes: readonly Outcome[]): readonly DynamoxError[] {
  return grouped(outcomes, withoutName).flatMap(([first, ...others]) => {
    if (first?.error === undefined) return []
    if (others.length === 0) return [first.error]
    const names = [first, ...others].map(({ name }) => name)
    const { code, hint } = first.error
    const named = hint?.replaceAll(` ${first.name} `, names.length < manyAlike ? ` ${names.join(' ')} ` : ' <table> ')
    return [new DynamoxError(code, `${tableNames(names)}: ${withoutName(first)}`, { hint: named })]
  })
}

/** `users, orders`; of many tables the first three, and how many more. */
export function tableNames(tables: readonly string[]): string {
  const shown = tables.length < 5 ? tables : [...tables.slice(0, 3), plural(tables.length - 3, 'more table')]
  return shown.join(', ')
}

function withoutName({ error, name }: Outcome): string {
  return error?.message.replace(`${name}: `, '') ?? ''
}

function grouped(outcomes: readonly Outcome[], keyOf: (outcome: Outcome) => string): readonly (readonly Outcome[])[] {
  const groups = new Map<string, Outcome[]>()
  for (const outcome of outcomes) groups.set(keyOf(outcome), [...(groups.get(keyOf(outcome)) ?? []), outcome])
  return [...groups.values()]
}
