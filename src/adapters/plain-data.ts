import type { Problem } from '../errors.ts'
import { definitionError } from '../table/definition-error.ts'
import { at } from '../table/path.ts'

/**
 * A copy that holds nothing but lists, plain objects and values, so that it can leave the thread it was made in.
 * @throws DynamoxError `definition`, naming every function, symbol and circle within.
 */
export function plainData(value: unknown, path: string): unknown {
  const problems: Problem[] = []
  const copy = copyOf(value, '', [], (field, message) => problems.push({ path: at(path, field), message }))
  if (problems.length > 0) throw definitionError(path, problems)
  return copy
}

type Report = (field: string, message: string) => void

function copyOf(value: unknown, field: string, parents: readonly object[], report: Report): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') {
    return report(field, `a ${typeof value} cannot be part of a definition; write plain values`)
  }
  if (typeof value !== 'object' || value === null) return value
  if (parents.includes(value)) return report(field, 'the definition holds itself; write plain values')
  const inside = [...parents, value]
  if (Array.isArray(value)) return value.map((entry, index) => copyOf(entry, `${field}[${index}]`, inside, report))
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return Object.fromEntries(
    entries.map(([key, entry]) => [key, copyOf(entry, field === '' ? key : `${field}.${key}`, inside, report)]),
  )
}
