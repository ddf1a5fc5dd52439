import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { DynamoxError } from '../errors.ts'
import type { Run } from './run.ts'

/**
 * A model file among the table names is one that `--model` was forgotten for, or what a shell made of a glob: its first
 * file is the model, all others are taken for names. Throws `usage`.
 */
export async function refuseModelFiles({ io, command, flags }: Run, names: readonly string[]): Promise<void> {
  const { isModelFile } = await import('../load/expand-models.ts')
  // A table may be called users.json; no table can have a slash in its name.
  const files = names.filter(name => isModelFile(name) && (/[\\/]/.test(name) || existsSync(resolve(io.cwd, name))))
  const [first] = files
  if (first === undefined) return
  throw new DynamoxError('usage', `${first} is a model file, not the name of a table`, {
    hint:
      flags.model !== undefined || files.length > 3
        ? `quote a glob, as in --model 'src/models/*.ts', or give each file a --model of its own`
        : `give it with --model: dynamox ${command} ${files.map(file => `--model ${file}`).join(' ')}`,
  })
}
