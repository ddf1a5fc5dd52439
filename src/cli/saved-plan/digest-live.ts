import { isGiven } from '../../table/assumed.ts'
import type { TableDefinition, Throughput } from '../../table/definition.ts'
import type { LiveTable } from '../../table/live.ts'
import { isRecord } from '../../table/untyped.ts'
import { digestOf } from './saved-plan.ts'

/** A digest of what a table is, without what is `apart`; `null` for one that is not there, or on its way out. */
export function digestLive(live: LiveTable | undefined, apart: readonly string[]): string | null {
  if (live === undefined || live.status === 'DELETING') return null
  const { assumed: _assumed, globalIndexes, localIndexes, ...table } = live.definition
  const leaving = Object.entries(live.indexes).flatMap(([name, { status }]) => (status === 'DELETING' ? [name] : []))
  const indexes = globalIndexes.map(index => [index.name, without(index, `globalIndexes.${index.name}.`, apart)])
  return digestOf(
    canonical({
      table: without(table, '', apart),
      globalIndexes: Object.fromEntries(indexes),
      localIndexes: Object.fromEntries(localIndexes.map(index => [index.name, index])),
      leaving: leaving.sort(),
    }),
  )
}

const warm = ['warmReadUnits', 'warmWriteUnits'] as const
const capacity = ['readCapacity', 'writeCapacity'] as const

/** On a busy table AWS raises warm throughput and auto scaling moves capacity: who does not speak of them does not mind. */
export function setApart(definition: TableDefinition, live: LiveTable | undefined): string[] {
  const named = definition.globalIndexes.map(index => [`globalIndexes.${index.name}.`, index] as const)
  const unnamed = (live?.definition.globalIndexes ?? [])
    .filter(({ name }) => !definition.globalIndexes.some(index => index.name === name))
    .map(({ name }) => [`globalIndexes.${name}.`, {}] as const)
  const owners: readonly (readonly [string, Throughput])[] = [['', definition], ...named, ...unnamed]
  return owners.flatMap(([parent, owner]) => {
    const given = (field: keyof Throughput) => owner[field] !== undefined && isGiven(definition, `${parent}${field}`)
    const fields = [...warm.filter(field => !given(field)), ...(capacity.some(given) ? [] : capacity)]
    return fields.map(field => `${parent}${field}`)
  })
}

function without(owner: object, parent: string, apart: readonly string[]): object {
  return Object.fromEntries(Object.entries(owner).filter(([field]) => !apart.includes(`${parent}${field}`)))
}

/** The same value for the same content: members sorted, absent ones left out, and projections in any order. */
function canonical(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return key === 'projection' ? [...value].sort() : value.map(each => canonical(each))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, canonical(member, name)]),
  )
}
