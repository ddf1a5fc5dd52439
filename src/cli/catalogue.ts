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

// Words of other tools, by the command that does the same here.
const meant: Readonly<Record<string, readonly string[]>> = {
  list: ['ls', 'tables', 'list-tables', 'dir'],
  delete: ['rm', 'del', 'remove', 'destroy', 'drop', 'down', 'delete-table', 'clean'],
  create: ['new', 'add', 'make', 'mk', 'create-table', 'bootstrap', 'ensure'],
  update: ['apply', 'deploy', 'migrate', 'up', 'push', 'sync', 'alter', 'upgrade', 'update-table'],
  plan: ['preview', 'dry-run', 'status'],
  diff: ['compare', 'delta'],
  'plan --check': ['drift', 'check-drift'],
  show: ['validate', 'lint', 'print', 'definitions', 'cat'],
  'local --admin': ['scan', 'query', 'items', 'admin', 'ui', 'browse'],
  describe: ['info', 'inspect', 'get', 'describe-table', 'table'],
  exists: ['check', 'has', 'test'],
  local: ['start', 'serve', 'server', 'run', 'dev', 'watch', 'offline'],
  init: ['setup', 'config', 'configure', 'install'],
  pull: ['import', 'introspect', 'fetch', 'introspection'],
  export: ['generate', 'convert', 'synth'],
  explain: ['why', 'rule', 'rules', 'doc', 'docs'],
  completion: ['completions', 'autocomplete', 'complete'],
  'local --seed': ['seed', 'populate'],
  'local --reset': ['reset', 'clear', 'truncate'],
  '--version': ['version', '-v', '-version', 'v'],
  '--help': ['usage', '-?', '/?', '-help', 'man'],
}

/** The dynamox command for another tool's word; `undefined` for a word that no other tool uses. */
export function calledHere(word: string): string | undefined {
  return Object.entries(meant).find(([, words]) => words.includes(word.toLowerCase()))?.[0]
}
