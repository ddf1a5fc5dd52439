import type { ControlPlane } from './control-plane.ts'
import type { TableState, Work } from './state.ts'

/**
 * Adds a table whose engine ended, perhaps in the middle of work. The work then ends at its planned time (`in time`),
 * or at once (`now`); indexes are built from the start.
 */
export function resume(plane: ControlPlane, table: TableState, now: number, ends: 'in time' | 'now'): void {
  const timeOf = (work: Work | undefined) => (ends === 'in time' ? Math.max(work?.at ?? now, now) : now)
  const others = table.pending.filter(work => !('index' in work) || work.kind === 'warmed')
  const ofIndexes = table.indexes.flatMap(({ status, definition: { name } }): Work[] => {
    const again = (kind: 'allocated' | 'built' | 'dropped'): Work => {
      const begun = table.pending.find(work => work.kind === kind && work.index === name)
      return { kind, index: name, at: timeOf(begun) }
    }
    if (status === 'CREATING' && table.status !== 'CREATING') return [again('allocated'), again('built')]
    return status === 'DELETING' ? [again('dropped')] : []
  })
  table.working = false
  for (const index of table.indexes) index.working = false
  table.pending = [...others.map(work => ({ ...work, at: timeOf(work) })), ...ofIndexes].sort((a, b) => a.at - b.at)
  plane.put(table)
}
