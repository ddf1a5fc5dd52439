import type { DataApi } from '../../apply/data-api.ts'
import { createApi } from '../../aws/create-api.ts'
import { createDataApi } from '../../aws/create-data-api.ts'
import type { Target } from '../../aws/target.ts'
import type { LocalEngineName, LocalServer } from '../../local/engines/engine.ts'
import { locate } from '../connect.ts'
import type { Connection } from '../run.ts'

/** An engine that runs for this command, and the ways to it. */
export interface Serving {
  readonly name: LocalEngineName
  /** The folder that holds `.dynamox/local`. */
  readonly root: string
  readonly inMemory: boolean
  readonly server: LocalServer
  readonly connection: Connection
  readonly data: DataApi
}

export function connectTo(
  { endpoint, region, credentials }: LocalServer,
  engine: LocalEngineName,
): Pick<Serving, 'connection' | 'data'> {
  const target: Target = { kind: 'local', engine, endpoint, region, credentials }
  const api = createApi(target)
  const connection = { api, target, where: () => locate(api, target), close: async () => {} }
  return { connection, data: createDataApi(target) }
}
