import { dirname } from 'node:path'
import type { Feature } from '../../table/capabilities.ts'
import { loadSettings } from '../load.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'

/** Which engines can be used here, how to get the others, and what each does not do as AWS does. */
export async function listEngines(run: Run): Promise<Result> {
  const { localEngines } = await import('../../local/engines/registry.ts')
  const { localRoot } = await import('../../local/store.ts')
  const { engines } = await import('../../settings/engines.ts')
  const { flags, io } = run
  const { config } = await loadSettings(run)
  const root = localRoot(config === undefined ? io.cwd : dirname(config.path))
  const places = { root, jar: flags.jar, env: io.env }
  const found = await Promise.all(
    localEngines.map(async ({ name, find }) => ({ name, ...engines[name], ...(await find(places)) })),
  )
  return {
    exit: 0,
    extra: {
      engines: found.map(engine => ({
        name: engine.name,
        usable: engine.usable,
        ...(engine.usable ? { found: engine.found } : { why: engine.why, hint: engine.hint }),
        ignores: engine.ignores,
        refuses: engine.refuses,
      })),
    },
    lines: style =>
      found.flatMap(engine => [
        `${style.bold(engine.name)}  ${engine.usable ? style.good('usable') : style.warning('not here')}  ${style.dim(engine.usable ? engine.found : engine.why)}`,
        ...(engine.usable ? [] : [`  get it: ${engine.hint}`]),
        ...wrapped('ignores', engine.ignores),
        ...wrapped('refuses', engine.refuses),
      ]),
  }
}

/** `  ignores: ttl, tags`, at most 80 columns wide. */
function wrapped(verb: string, features: readonly Feature[]): string[] {
  const lines: string[] = []
  for (const [at, feature] of features.entries()) {
    const word = `${feature}${at < features.length - 1 ? ',' : ''}`
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < 79) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`${at === 0 ? `  ${verb}:` : '   '} ${word}`)
  }
  return lines.length === 0 ? [`  ${verb}: nothing`] : lines
}
