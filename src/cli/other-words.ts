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
