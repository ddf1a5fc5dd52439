import type { UpdateTableCommandInput, VectorIndexUpdate } from '@aws-sdk/client-dynamodb'
import { vectorIndexes as setting, vectorIndexInput } from '../../settings/vector-indexes.ts'
import type { TableDefinition, VectorIndex } from '../../table/definition.ts'
import { type AwsError, limit, notFound, validation } from './answer.ts'
import { judgeDefinition, judgeSearch, redefined } from './judge-create.ts'
import { definitionOf, keyTypes, type TableState, type VectorState } from './state.ts'

/** The vector indexes of a new table; without any, the member is left out. */
export function newVectors(
  indexes: Readonly<Record<string, VectorIndex>>,
  status: VectorState['status'],
): Pick<TableState, 'vectors'> {
  const vectors = Object.entries(indexes).map(([name, definition]) => ({ name, definition, status }))
  return vectors.length === 0 ? {} : { vectors }
}

export const describeVectors = ({ vectors = [], arn }: TableState) =>
  vectors.map(({ name, definition, status, backfilling }) => ({
    ...vectorIndexInput([name, definition]),
    IndexStatus: status,
    IndexArn: `${arn}/index/${name}`,
    Backfilling: backfilling,
  }))

/** The rules that need the state of the table's vector indexes. */
export function judgeVectors(table: TableState, input: UpdateTableCommandInput): AwsError | undefined {
  for (const { Create: create, Delete: drop } of input.VectorIndexUpdates ?? []) {
    const name = (create ?? drop)?.IndexName ?? ''
    const isKnown = (table.vectors ?? []).some(each => each.name === name)
    if (drop !== undefined && !isKnown) return notFound(`Index ${name} for table ${table.name}`)
    if (create === undefined) continue
    const before = definitionOf(table)
    const names = [...before.localIndexes, ...before.globalIndexes].map(each => each.name)
    if (isKnown || names.includes(name)) return validation('Attempting to create an index which already exists')
    if ((table.vectors ?? []).length >= 5)
      return { ...limit('Number of vector secondary indexes exceeds per-table limit of 5'), isStatic: true }
    const attribute = create.VectorAttribute?.AttributeName ?? ''
    const type = keyTypes(before).get(attribute)
    if (type !== undefined)
      return redefined(attribute, type, `VectorIndexSchema:[VectorAttribute: key{${attribute}:L:${create.Dimensions}}]`)
    const after: TableDefinition = {
      ...before,
      vectorIndexes: { ...before.vectorIndexes, ...readVector(create, input) },
    }
    const refusal = judgeSearch(create, input.AttributeDefinitions ?? []) ?? judgeDefinition(after, before)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** A vector index of an UpdateTable call, by its name. */
export function readVector(
  create: NonNullable<VectorIndexUpdate['Create']>,
  { AttributeDefinitions }: UpdateTableCommandInput,
): Readonly<Record<string, VectorIndex>> {
  const read = setting.aws?.read({ VectorIndexes: [create], AttributeDefinitions }, '', () => undefined)
  return (read?.vectorIndexes ?? {}) as Readonly<Record<string, VectorIndex>>
}
