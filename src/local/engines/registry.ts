import { DynamoxError } from '../../errors.ts'
import { unsupported } from '../guard-requests.ts'
import { dynalite } from './dynalite.ts'
import { dynamodbLocal } from './dynamodb-local.ts'
import type { EngineFinding, EnginePlaces, LocalEngine, LocalEngineName } from './engine.ts'
import { dynoxide, extenddb } from './packaged-programs.ts'

/** All engines, the default first. */
export const localEngines: readonly LocalEngine[] = [dynalite, dynamodbLocal, extenddb, dynoxide]

/** The engine of that name, found and ready to start. Throws `config`, with how to get it, when it was not found. */
export async function findEngine(
  name: LocalEngineName,
  places: EnginePlaces,
): Promise<Extract<EngineFinding, { usable: true }>> {
  const engine = localEngines.find(each => each.name === name) ?? dynalite
  const finding = await engine.find(places)
  if (finding.usable) return finding
  throw new DynamoxError('config', `the engine ${name} cannot be used here: ${finding.why}`, { hint: finding.hint })
}

/**
 * The speed for `--realistic`, as a multiple of AWS's: 1 for `true`, `undefined` for changes without delay. Throws
 * `usage` for a number that is not valid, or an engine without such a mode.
 */
export function speedOf(engine: LocalEngineName, realistic: boolean | number = false): number | undefined {
  if (realistic === false) return undefined
  if (engine !== 'dynalite') throw unsupported('--realistic', engine, 'dynalite')
  const speed = realistic === true ? 1 : realistic
  if (speed > 0 && Number.isFinite(speed)) return speed
  throw new DynamoxError('usage', `realistic must be true, false or a number above 0, not ${speed}`)
}
