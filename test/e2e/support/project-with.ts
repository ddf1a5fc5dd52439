import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalEngineName } from '../../../src/local/engines/engine.ts'
import { dynamoDbLocalJar } from '../../support/engines/dynamodb-local.ts'
import { dynoxideProgram } from '../../support/engines/dynoxide.ts'
import { EngineUnavailable } from '../../support/engines/engine.ts'
import { extendDbProgram } from '../../support/engines/extenddb.ts'
import { project } from './cli.ts'

/** A project in which the engine is found as users have it: an npm package, or a jar named in the environment. */
export interface PlaceWithEngine {
  readonly cwd: string
  readonly env: Record<string, string>
}

/** Makes such a project of some files; skips, saying why, where the engine cannot be had. */
export async function projectWith(
  engine: LocalEngineName,
  files: Record<string, string>,
  skip: (why: string) => never,
): Promise<PlaceWithEngine> {
  const cwd = await project({ 'package.json': '{}', ...files })
  try {
    return { cwd, env: await install[engine](cwd) }
  } catch (error) {
    if (error instanceof EngineUnavailable && process.env.DYNAMOX_REQUIRE_ENGINES !== '1') return skip(error.message)
    throw error
  }
}

const install: Record<LocalEngineName, (cwd: string) => Promise<Record<string, string>>> = {
  dynalite: async () => ({}),
  'dynamodb-local': async () => ({ DYNAMODB_LOCAL_JAR: await dynamoDbLocalJar() }),
  extenddb: async cwd => putPackage(cwd, 'extenddb', await extendDbProgram()),
  dynoxide: async cwd => putPackage(cwd, 'dynoxide', await dynoxideProgram()),
}

function putPackage(cwd: string, name: string, program: string): Record<string, string> {
  const folder = join(cwd, 'node_modules', `@${name}/${process.platform}-${process.arch}`)
  mkdirSync(folder, { recursive: true })
  symlinkSync(program, join(folder, name))
  return {}
}
