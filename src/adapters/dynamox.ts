import { type BrandedTable, tableBrand } from '../table/brand.ts'
import type { SourcedTable } from '../table/input.ts'
import { isRecord } from '../table/untyped.ts'
import type { Adapter } from './adapter.ts'
import { plainData } from './plain-data.ts'
import { labelOf, sourceOf } from './source.ts'

// Another copy of dynamox may be of another version, or JavaScript may have got round the types.
type Branded = Partial<BrandedTable>

/** What `defineTable` and `defineModel` make, of whichever copy of dynamox. */
export const dynamox: Adapter = {
  name: 'dynamox',
  matches: value => branded(value) !== undefined,
  toDefinitions(value, context) {
    const { input, warnings = [] } = branded(value) ?? {}
    const label = labelOf(isRecord(input) ? input.table : undefined, context)
    return [
      {
        input: plainData(input, label) as SourcedTable['input'],
        source: sourceOf('dynamox', context),
        assumed: [],
        ...(warnings.length === 0 ? {} : { warnings }),
      },
    ]
  },
}

function branded(value: unknown): Branded | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  // Its own: loaders wrap a module so that it answers for its default export, and would hide the other exports.
  if (!Object.hasOwn(value, tableBrand)) return undefined
  const data: unknown = Reflect.get(value, tableBrand)
  // A proxy that answers to every name is no table: what it answers with has no `input` of its own.
  return isRecord(data) && Object.hasOwn(data, 'input') && isRecord(data.input) ? (data as Branded) : undefined
}
