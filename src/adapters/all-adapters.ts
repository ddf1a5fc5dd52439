import { attempt } from '../errors.ts'
import { memberOf } from '../table/untyped.ts'
import type { Adapter, ModelPackage } from './adapter.ts'
import { createTable } from './create-table.ts'
import { dataMapper } from './data-mapper.ts'
import { ddbSingleTable } from './ddb-single-table.ts'
import { dynamoDocumentBuilder } from './dynamo-document-builder.ts'
import { dynamoEasy } from './dynamo-easy.ts'
import { dynamoTs } from './dynamo-ts.ts'
import { dynamoTypes } from './dynamo-types.ts'
import { dynamodbEntityStore } from './dynamodb-entity-store.ts'
import { dynamodbOnetable } from './dynamodb-onetable.ts'
import { dynamodbToolbox } from './dynamodb-toolbox.ts'
import { dynamode } from './dynamode.ts'
import { dynamoose, dynamooseSchema } from './dynamoose.ts'
import { dynamooseLegacy } from './dynamoose-legacy.ts'
import { dynamox, tableInput } from './dynamox.ts'
import { dyngoose } from './dyngoose.ts'
import { electrodb } from './electrodb.ts'
import { typedorm } from './typedorm.ts'
import { vogels } from './vogels.ts'

/** Every adapter, in the order in which they are tried: those with a certain mark before those that only compare shapes. */
export const adapters: readonly Adapter[] = [
  dynamox,
  dynamoose,
  dynamooseLegacy,
  dynamooseSchema,
  electrodb,
  dynamodbOnetable,
  typedorm,
  dynamodbToolbox,
  dataMapper,
  dynamode,
  dyngoose,
  dynamoTypes,
  dynamoEasy,
  ddbSingleTable,
  dynamoDocumentBuilder,
  vogels,
  createTable,
  tableInput,
  dynamodbEntityStore,
  dynamoTs,
]

/** A package that model files are written with, with the title that people know. */
export type KnownPackage = ModelPackage & { readonly title: string }

/** The packages that adapters understand, by the name that model files import. */
export const modelPackages: ReadonlyMap<string, KnownPackage> = new Map(
  adapters.flatMap(({ library }) =>
    Object.entries(library?.packages ?? {}).map(([name, own]) => [name, { title: library?.title ?? name, ...own }]),
  ),
)

/** Packages for DynamoDB whose models lack what a table needs, or cannot be loaded. */
export const unreadablePackages: readonly string[] = ['dyna-record', 'dynameh', 'remult', 'tsynamo', 'type-dynamo']

/** The packages that a source file imports, from its text. */
export function importedPackages(source: string): readonly string[] {
  const specifiers = [...source.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])([^'"\n]+)\1/g)]
  return [...new Set(specifiers.map(([, , specifier = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier))]
}

/** The adapter that understands a value, or `undefined`. Never throws, not even for a value with throwing getters. */
export function findAdapter(value: unknown): Adapter | undefined {
  return answersToAnything(value) ? undefined : adapters.find(adapter => attempt(() => adapter.matches(value)))
}

// A proxy that has every property (a mock, an infrastructure binding) would match the first adapter.
function answersToAnything(value: unknown): boolean {
  return attempt(() => memberOf(value, Symbol('unknown member'))) !== undefined
}

/** Whether the library behind an adapter tries to reach DynamoDB while its models are loaded. */
export function connectsByItself(name: string): boolean {
  return adapters.some(adapter => adapter.name === name && adapter.connects === true)
}

/** Why a value that belongs to some library gives no table; `undefined` when nothing is known about it. Never throws. */
export function explainValue(value: unknown): string | undefined {
  for (const adapter of adapters) {
    const why = attempt(() => adapter.explain?.(value))
    if (why !== undefined) return why
  }
  return undefined
}
