import type { Loaded } from './load-options.ts'
import { shownPath } from './shown-path.ts'

/** Why no table is defined, and how a config would define one; for messages of the command line and of test runners. */
export function nothingDefined({ config }: Pick<Loaded, 'config'>, cwd: string) {
  if (config === undefined)
    return { why: 'no model and no config with tables', into: 'write a config with dynamox init' }
  const file = shownPath(config.path, cwd)
  return { why: `no model, and ${file} defines no tables`, into: `put models or tables into ${file}` }
}
