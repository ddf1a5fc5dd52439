import type { KeyAttribute, LocalIndex } from './definition.ts'

type Keys = Pick<LocalIndex, 'partitionKey' | 'sortKey'>

/** A key for people: `pk S, sk S`; several attributes in one role are joined: `tenant S + status S, at N`. */
export function summariseKeys({ partitionKey, sortKey }: Keys): string {
  return [partitionKey, sortKey]
    .filter(keys => keys.length > 0)
    .map(summariseRole)
    .join(', ')
}

/** An index in a few words: `by-status (status S, age N; email, name)`; a projection of ALL is not shown. */
export function summariseIndex(index: LocalIndex): string {
  const { name, projection } = index
  if (projection === 'ALL') return `${name} (${summariseKeys(index)})`
  const held = projection === 'KEYS_ONLY' ? 'keys only' : projection.join(', ')
  return `${name} (${summariseKeys(index)}; ${held})`
}

function summariseRole(keys: readonly KeyAttribute[]): string {
  return keys.map(({ name, type }) => `${name} ${type}`).join(' + ')
}
