import type { ControlPlane } from './control-plane.ts'
import type { TableState, Work } from './state.ts'

/** Adds a table whose engine ended, maybe in the middle of work: all of it ends now, and indexes are built from the start. */
export function resume(plane: ControlPlane, table: TableState, now: number): void {
  const others = table.pending.filter(work => !('index' in work) || work.kind === 'warmed')
  const ofIndexes = table.indexes.flatMap(({ status, definition: { name } }): Work[] => {
    if (status === 'CREATING' && table.status !== 'CREATING')
      return (['allocated', 'built'] as const).map(kind => ({ kind, index: name, at: now }))
    return status === 'DELETING' ? [{ kind: 'dropped', index: name, at: now }] : []
  })
  table.working = false
  for (const index of table.indexes) index.working = false
  table.pending = [...others.map(work => ({ ...work, at: now })), ...ofIndexes]
  plane.put(table)
}
