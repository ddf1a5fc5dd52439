import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { settings } from '../settings/catalogue.ts'
import { quick, type TableRequest, updatesIn, type Work } from '../settings/step.ts'

const hasIndexes = (input: CreateTableCommandInput) =>
  input.GlobalSecondaryIndexes !== undefined || input.VectorIndexes !== undefined

// Measured on AWS in October 2026. `leastMs` is low for creations and deletions, because local engines have their own
// times.
const create: Work = {
  name: 'create',
  expected: '2-6 s',
  leastMs: 2_000,
  isOf: ({ api, input }) => api === 'CreateTable' && !hasIndexes(input),
}
const createWithIndexes: Work = {
  name: 'create-with-indexes',
  expected: '14-22 s',
  leastMs: 2_000,
  isOf: ({ api, input }) => api === 'CreateTable' && hasIndexes(input),
}
const deletion: Work = {
  name: 'delete',
  expected: '4-6 s',
  leastMs: 2_000,
  isOf: ({ api }) => api === 'DeleteTable',
}
export const indexDrop: Work = {
  name: 'drop-index',
  expected: '3-5 s',
  leastMs: 3_000,
  isOf: request => updatesIn(request, 'GlobalSecondaryIndexUpdates').some(({ Delete }) => Delete !== undefined),
}
export const indexBuild: Work = {
  name: 'build-index',
  expected: '8-17 min, longer with data',
  leastMs: 480_000,
  isOf: request => updatesIn(request, 'GlobalSecondaryIndexUpdates').some(({ Create }) => Create !== undefined),
}

const works: readonly Work[] = [
  quick,
  ...[create, createWithIndexes, deletion, indexDrop, indexBuild],
  ...settings.flatMap(setting => setting.works ?? []),
]

/** The name of a kind of work at AWS; each kind has a typical duration. */
export type WorkName = string

/** How long each kind of work takes. */
export const durations: Readonly<Record<WorkName, Pick<Work, 'expected' | 'leastMs'>>> = Object.fromEntries(
  works.map(work => [work.name, work]),
)

/** The work that a request starts. Of several works in one call, the longest. */
export function longestWork(request: TableRequest): Work {
  const started = works.filter(work => work.isOf(request))
  return started.reduce((longest, work) => (work.leastMs > longest.leastMs ? work : longest), quick)
}

export function workOf(request: TableRequest): WorkName {
  return longestWork(request).name
}
