import type { KeyAttribute, LocalIndex, Projection, TableDefinition } from '../../table/definition.ts'
import { typeNames } from '../../table/parse-key.ts'
import { headline, type WrittenTemplate } from './written.ts'

/** An entity relationship diagram of Mermaid: tables and their indexes with the key attributes of each. */
export function writeMermaid(tables: readonly TableDefinition[]): WrittenTemplate {
  const lines = [`%% ${headline}`, 'erDiagram', ...tables.flatMap(tableLines)]
  return { files: [{ path: 'tables.mmd', text: `${lines.join('\n')}\n` }], notes: [] }
}

function tableLines(table: TableDefinition): string[] {
  const indexes = [
    ...table.globalIndexes.map(index => ({ index, kind: 'global index' })),
    ...table.localIndexes.map(index => ({ index, kind: 'local index' })),
    ...Object.entries(table.vectorIndexes ?? {}).map(
      ([name, { partitionKey, filters, projection = 'ALL', ...rest }]) => ({
        index: { name, partitionKey, sortKey: [], filters, projection },
        kind: `vector index on ${rest.attribute} (${rest.dimensions}, ${rest.distance})`,
      }),
    ),
  ]
  return [
    ...entity(table.name, table),
    ...indexes.flatMap(({ index, kind }) => [
      ...entity(`${table.name}/${index.name}`, index),
      `  ${text(table.name)} ||--|| ${text(`${table.name}/${index.name}`)} : ${text(`${kind}, ${projectionText(index.projection)}`)}`,
    ]),
  ]
}

interface Entity extends Pick<LocalIndex, 'partitionKey' | 'sortKey'> {
  /** Of a vector index. */
  readonly filters?: readonly KeyAttribute[]
}

function entity(name: string, { partitionKey, sortKey, filters = [] }: Entity): string[] {
  return [
    `  ${text(name)} {`,
    ...partitionKey.map(key => attribute(key, 'partition key', ' PK')),
    ...sortKey.map(key => attribute(key, 'sort key', ' PK')),
    ...filters.map(key => attribute(key, 'filter', '')),
    '  }',
  ]
}

/** A name that Mermaid cannot take as an attribute is written in the comment: `pk` would be a mark of a key. */
function attribute({ name, type }: KeyAttribute, role: string, mark: string): string {
  const word = name.replaceAll(/[^\w-]/g, '_')
  const shown = /^[A-Za-z_]/.test(word) && !/^[pfu]k$/i.test(word) ? word : `_${word}`
  return `    ${typeNames[type]} ${shown}${mark} ${text(shown === name ? role : `${role}: ${name}`)}`
}

const projectionText = (projection: Projection) =>
  typeof projection === 'string' ? projection : `INCLUDE ${projection.join(', ')}`

/** Mermaid has no escapes in its strings. */
const text = (value: string) => `"${value.replaceAll(/["\\%]/g, "'").replaceAll(/[\p{Cc}]/gu, ' ')}"`
