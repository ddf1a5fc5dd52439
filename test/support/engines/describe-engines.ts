import { describe, inject, test } from 'vitest'
import { engines as capabilities } from '../../../src/settings/engines.ts'
import type { Capabilities } from '../../../src/table/capabilities.ts'
import { exampleCredentials, localRegion } from '../../../src/table/local-credentials.ts'
import type { EngineAddress } from './engine.ts'
import type { ProvidedEngine } from './global-setup.ts'

/** An engine that runs already, shared by all test files: use table names of your own. */
export interface EngineUnderTest extends EngineAddress {
  readonly name: string
  readonly capabilities: Capabilities
}

/**
 * One suite on each engine. Where an engine cannot run, its tests are skipped and the suite's name says why;
 * with DYNAMOX_REQUIRE_ENGINES=1 that is a failure.
 */
export function describeEngines(name: string, suite: (engine: EngineUnderTest) => void): void {
  for (const engine of inject('engines')) {
    const title = `${name} (${engine.name})`
    if (!('unavailable' in engine)) describe(title, () => suite(underTest(engine, engine)))
    else if (process.env.DYNAMOX_REQUIRE_ENGINES === '1') missing(title, engine.unavailable)
    else describe.skip(`${title}: skipped, ${engine.unavailable}`, () => suite(underTest(engine, nowhere)))
  }
}

const underTest = (engine: ProvidedEngine, address: EngineAddress): EngineUnderTest => ({
  name: engine.name,
  capabilities: capabilities[engine.capabilities],
  endpoint: address.endpoint,
  region: address.region,
  credentials: address.credentials,
})

// Port 9 discards: a suite builds its clients while it is collected, and sends nothing.
const nowhere: EngineAddress = { endpoint: 'http://127.0.0.1:9', region: localRegion, credentials: exampleCredentials }

function missing(title: string, reason: string): void {
  describe(title, () => {
    test('the engine runs', () => {
      throw new Error(`DYNAMOX_REQUIRE_ENGINES is set, and the engine cannot run here: ${reason}`)
    })
  })
}
