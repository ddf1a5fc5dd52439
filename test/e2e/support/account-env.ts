import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineUnderTest } from '../../support/engines/describe-engines.ts'

/**
 * The keys that an engine is signed to with, where people keep them: in the environment, and before ExtendDB, which
 * checks signatures, in a profile. That one is the SDK's to read, and so ExtendDB sees the requests that AWS would.
 */
export function accountEnv({ name, region, credentials }: EngineUnderTest): Record<string, string> {
  const { accessKeyId, secretAccessKey } = credentials
  if (name !== 'extenddb')
    return { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const folder = mkdtempSync(join(tmpdir(), 'dynamox-profile-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'credentials')
  writeFileSync(file, `[engine]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`)
  return { AWS_REGION: region, AWS_PROFILE: 'engine', AWS_SHARED_CREDENTIALS_FILE: file }
}
