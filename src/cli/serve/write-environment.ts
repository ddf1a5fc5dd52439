import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DynamoxError, messageOf } from '../../errors.ts'
import { mergeEnvironment } from '../../local/environment.ts'

/** Puts the variables into an environment file, whose other lines stay. Throws `usage` when it cannot be written. */
export async function writeEnvironment(
  cwd: string,
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const file = resolve(cwd, name)
  try {
    await writeFile(file, mergeEnvironment(await textOf(file), env))
  } catch (cause) {
    const why = messageOf(cause)
    throw new DynamoxError('usage', `the environment could not be written to ${name}: ${why}`, {
      hint: 'name a file in a folder that is there: --write-env .env.local',
      cause,
    })
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
