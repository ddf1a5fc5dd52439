import type { Assumption } from '../table/definition.ts'
import type { TableLayer } from '../table/input.ts'
import { isRecord, type UntypedRecord } from '../table/untyped.ts'

/** The layer without what was merely assumed. */
export function withoutAssumed(layer: TableLayer, assumed: readonly Assumption[]): TableLayer {
  let rest: UntypedRecord = { ...layer }
  for (const { path } of assumed) {
    const [, map = path, place] = /^(globalIndexes|localIndexes)\.(.+)$/.exec(path) ?? []
    const indexes = rest[map]
    if (place === undefined || !isRecord(indexes)) {
      rest = { ...rest, [map]: undefined }
      continue
    }
    // Names of indexes may hold dots.
    const [, index = place, field] = Object.hasOwn(indexes, place) ? [] : (/^(.+)\.([^.]+)$/.exec(place) ?? [])
    const { [index]: its, ...left } = indexes
    const keeps = field !== undefined && isRecord(its)
    rest = { ...rest, [map]: keeps ? { ...left, [index]: { ...its, [field]: undefined } } : left }
  }
  return rest
}
