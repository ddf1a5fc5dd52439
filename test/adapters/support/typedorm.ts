import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createJiti } from 'jiti'
import { createCompiler } from '../../../src/load/worker/compile.ts'
import { installModuleHelpers } from '../../../src/load/worker/module-helpers.ts'
import { fixtures } from './fixtures.ts'

type EntityClass = new () => object

/** What the fixtures export. */
interface Exports {
  readonly staffTable: object
  readonly parcelTable: object
  readonly Employee: EntityClass
  readonly Parcel: EntityClass
  readonly Vehicle: EntityClass
  readonly Trip: EntityClass
  readonly Member: EntityClass
  readonly Payment: EntityClass
  readonly connection: { readonly globalTable: object }
}

interface Connection {
  readonly entityManager: {
    create(entity: object): Promise<unknown>
    findOne(type: EntityClass, key: object): Promise<unknown>
    find(type: EntityClass, key: object, options: object): Promise<{ readonly items: readonly unknown[] }>
  }
}

// TypeDORM's ES modules import one another without extensions, which Node does not resolve.
const require = createRequire(import.meta.url)

/** A connection of TypeDORM over the given client. */
export function connect(options: {
  readonly name: string
  readonly table: object
  readonly entities: readonly EntityClass[]
  readonly client: DynamoDBClient
}): Connection {
  const { client, ...rest } = options
  const { DocumentClientV3 } = require('@typedorm/document-client')
  return require('@typedorm/core').createConnection({ ...rest, documentClient: new DocumentClientV3(client) })
}

/** Imports a model file with decorators into this process, compiled as the loader's worker compiles it. */
export async function importDecorated(file: string): Promise<Exports> {
  installModuleHelpers()
  const { transform } = createCompiler()
  const jiti = createJiti(import.meta.url, { interopDefault: false, fsCache: false, transform })
  return jiti.import<Exports>(join(fixtures, file))
}
