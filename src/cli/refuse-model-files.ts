import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { DynamoxError } from '../errors.ts'
import type { Run } from './run.ts'

/** A model file among the table names is one that `--model` was forgotten for. Throws `usage`. */
export async function refuseModelFiles({ io, command }: Run, names: readonly string[]): Promise<void> {
  const { isModelFile } = await import('../load/expand-models.ts')
  // A table may be called users.json; no table can have a slash in its name.
  const files = names.filter(name => isModelFile(name) && (/[\\/]/.test(name) || existsSync(resolve(io.cwd, name))))
  const [first] = files
  if (first === undefined) return
  const given = files.length < 4 ? files.map(file => `--model ${file}`).join(' ') : "--model 'src/models/*.ts'"
  throw new DynamoxError('usage', `${first} is a model file, not the name of a table`, {
    hint: `give it with --model: dynamox ${command} ${given}`,
  })
}
