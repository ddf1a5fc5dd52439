import { join } from 'node:path'
import { EngineUnavailable } from './engine.ts'
import { cachedPackage } from './package-cache.ts'

const binary = {
  name: '@dynoxide/linux-x64',
  version: '1.2.1',
  sha512: 'sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1+jTtofqwn4NWQ2k0Tn5mNTjgUg==',
  members: ['dynoxide'],
}

/** The dynoxide program. */
export async function dynoxideProgram(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`
  if (platform !== 'linux-x64') throw new EngineUnavailable(`this test has it for linux-x64 only, this is ${platform}`)
  return join(await cachedPackage(binary), 'dynoxide')
}
