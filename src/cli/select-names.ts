import { DynamoxError } from '../errors.ts'
import type { Loaded } from '../load/load-options.ts'
import { definesNothing, load, loadSettings, unknownName } from './load.ts'
import type { Run } from './run.ts'

/**
 * The tables that `exists`, `delete` and `wait` are about. Where nothing defines tables, names are plain table names;
 * where something does, a name that it lacks is refused by `delete` and taken as a plain name, with a note, by the others.
 */
export async function selectNames(run: Run): Promise<{ readonly loaded: Loaded; readonly names: readonly string[] }> {
  const { names, flags, command, report } = run
  if (flags.plain === true) {
    if (flags.model !== undefined) throw new DynamoxError('usage', '--plain takes names literally and reads no --model')
    if (names.length === 0) throw nothing(command, '--plain needs table names')
    await refuseImpossible(run, names)
    return { loaded: await loadSettings(run), names }
  }
  const loaded = (await definesNothing(run))
    ? { ...(await loadSettings(run)), unknownNames: names }
    : await load(run, { names, plainNames: true })
  const defined = loaded.tables.map(({ definition }) => definition.name)
  const plain = loaded.unknownNames
  await refuseImpossible(run, plain)
  if (loaded.hasDefinitions && plain.length > 0) {
    if (command === 'delete') throw await unknownName(run)
    for (const name of plain) {
      const { suggestion } = await import('../table/did-you-mean.ts')
      report.note(`${name}: not defined here, taken as a plain name${suggestion(name, loaded.definedNames)}`)
    }
  }
  const selected = [...new Set([...defined, ...plain])]
  if (selected.length === 0) throw nothing(command, 'no names, no model and no config with tables')
  return { loaded, names: selected }
}

/** No table can have such a name; the ARN of another account's table may stand for one. */
async function refuseImpossible(run: Run, names: readonly string[]): Promise<void> {
  const impossible = names.filter(each => !/^[a-zA-Z0-9_.-]{3,255}$/.test(each) && !each.startsWith('arn:'))
  const [name] = impossible
  if (name === undefined) return
  const { refuseModelFiles } = await import('./refuse-model-files.ts')
  await refuseModelFiles(run, impossible)
  const shown = name.length > 60 ? `${name.slice(0, 57)}...` : name
  throw new DynamoxError('usage', `${JSON.stringify(shown)} cannot be the name of a table`, {
    hint: 'DynamoDB takes 3 to 255 letters a to z, digits, "_", "." and "-"',
  })
}

function nothing(command: string, why: string): DynamoxError {
  return new DynamoxError('usage', `nothing to work on: ${why}`, {
    hint: `give table names, as in dynamox ${command} users, or a model file with --model`,
  })
}
