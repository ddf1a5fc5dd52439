import { dirname } from 'node:path'
import { DynamoxError } from '../../errors.ts'
import type { Loaded } from '../../load/load-options.ts'
import type { LocalServer } from '../../local/engines/engine.ts'
import { exitCodes } from '../exit-code.ts'
import { load } from '../load.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'
import { connectTo, type Serving } from '../serve/serving.ts'

/** Serves a local DynamoDB with the project's tables until it is stopped, or while another program runs. */
export async function local(run: Run): Promise<Result> {
  const { flags, io, signal, program } = run
  if (flags.engines === true) return (await import('../serve/list-engines.ts')).listEngines(run)
  checkFlags(run)
  const { findEngine } = await import('../../local/engines/registry.ts')
  const { localRoot } = await import('../../local/store.ts')
  const loaded = await load(run)
  const root = localRoot(loaded.config === undefined ? io.cwd : dirname(loaded.config.path))
  const name = flags.engine ?? 'dynalite'
  const inMemory = flags.inMemory === true
  const engine = await findEngine(name, { root, jar: flags.jar, env: io.env })
  const admin = flags.admin === true ? await (await import('../serve/admin.ts')).findAdmin(root, io.env) : undefined
  if (flags.reset === true) (await import('../../local/store.ts')).resetStore(root, name)
  const port = flags.port ?? (program === undefined ? 8000 : 0)
  const server = await engine.start({ root, inMemory, port, keepAlive: true, signal })
  try {
    return await serve(run, loaded, server, { name, root, inMemory, admin })
  } finally {
    await server.close()
  }
}

type Place = Pick<Serving, 'name' | 'root' | 'inMemory'> & { readonly admin: string | undefined }

async function serve(run: Run, loaded: Loaded, server: LocalServer, { admin, ...place }: Place): Promise<Result> {
  const { flags, signal, program } = run
  const { bringUp, reportFor, tellReady } = await import('../serve/bring-up.ts')
  // Commands that are suggested are for this engine, wherever those of the project go.
  const told: Run = { ...run, flags: { ...flags, endpoint: server.endpoint }, report: await reportFor(run) }
  const serving: Serving = { ...place, server, ...connectTo(server, place.name) }
  const result = await bringUp(told, loaded, serving)
  // Tables that differ from their definitions can be worked with; any other trouble cannot.
  if (result.exit > 1) return result
  if (signal.aborted) return { exit: exitCodes.interrupted }
  await tellReady(told, serving, result)
  if (program !== undefined) return (await import('../serve/run-program.ts')).runProgram(run, server, program)

  const tool =
    admin === undefined ? undefined : await (await import('../serve/admin.ts')).openAdmin(told, server, admin)
  try {
    if (flags.watch === true) await (await import('../serve/watch.ts')).watch(told, loaded, serving)
    else await aborted(signal)
  } finally {
    await tool?.kill()
  }
  // To be stopped is how this command ends.
  return { exit: 0 }
}

function checkFlags({ flags, program }: Run): void {
  if (program === undefined) return
  for (const flag of ['watch', 'admin'] as const) {
    if (flags[flag] === true) throw new DynamoxError('usage', `--${flag} is for serving, not for running a command`)
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
