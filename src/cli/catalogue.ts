import type { Command } from './command.ts'
import { completion } from './commands/completion.ts'
import { create } from './commands/create.ts'
import { deleteTables } from './commands/delete.ts'
import { describe } from './commands/describe.ts'
import { diff } from './commands/diff.ts'
import { exists } from './commands/exists.ts'
import { explain } from './commands/explain.ts'
import { exportTables } from './commands/export.ts'
import { init } from './commands/init.ts'
import { list } from './commands/list.ts'
import { local } from './commands/local.ts'
import { plan } from './commands/plan.ts'
import { pull } from './commands/pull.ts'
import { show } from './commands/show.ts'
import { update } from './commands/update.ts'
import { wait } from './commands/wait.ts'

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  create,
  exists,
  deleteTables,
  wait,
  plan,
  update,
  show,
  list,
  describe,
  exportTables,
  pull,
  diff,
  local,
  init,
  explain,
  completion,
]

// Other tools' words for the options without a command.
const wordsForOptions = {
  '--version': ['version', '-v', '-version', 'v'],
  '--help': ['usage', '-?', '/?', '-help', 'man'],
}

const calledElsewhere: ReadonlyMap<string, string> = new Map(
  [
    ...commands.map(({ name, otherWords = [] }) => [name, otherWords] as const),
    ...commands.flatMap(({ name, otherWordsWith = {} }) =>
      Object.entries(otherWordsWith).map(([option, words]) => [`${name} ${option}`, words] as const),
    ),
    ...Object.entries(wordsForOptions),
  ].flatMap(([meant, words]) => words.map(word => [word, meant] as const)),
)

/** The dynamox command for another tool's word; `undefined` for a word that no other tool uses. */
export function calledHere(word: string): string | undefined {
  return calledElsewhere.get(word.toLowerCase())
}
