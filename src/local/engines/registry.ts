import { DynamoxError } from '../../errors.ts'
import { dynalite } from './dynalite.ts'
import { dynamodbLocal } from './dynamodb-local.ts'
import { dynoxide } from './dynoxide.ts'
import type { EngineFinding, EnginePlaces, LocalEngine, LocalEngineName } from './engine.ts'
import { extenddb } from './extenddb.ts'

/** Every engine that can be started here or elsewhere, the default first. */
export const localEngines: readonly LocalEngine[] = [dynalite, dynamodbLocal, extenddb, dynoxide]

/** The engine of that name, found and ready to start. Throws `config`, saying how to get it, when it is not here. */
export async function findEngine(
  name: LocalEngineName,
  places: EnginePlaces,
): Promise<Extract<EngineFinding, { usable: true }>> {
  const engine = localEngines.find(each => each.name === name) ?? dynalite
  const finding = await engine.find(places)
  if (finding.usable) return finding
  throw new DynamoxError('config', `the engine ${name} cannot be used here: ${finding.why}`, { hint: finding.hint })
}
