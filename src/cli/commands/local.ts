import { DynamoxError } from '../../errors.ts'
import type { Loaded } from '../../load/load-options.ts'
import type { LocalServer } from '../../local/engines/engine.ts'
import type { Command, Invocation } from '../command.ts'
import { exitCodes } from '../exit-code.ts'
import type { Result } from '../report/report.ts'
import type { Serving } from '../serve/serving.ts'

export const local: Command = {
  name: 'local',
  summary: "serve a local DynamoDB with the project's tables, or run a command against one",
  exit0: 'done, or stopped by Ctrl-C or SIGTERM',
  takes: 'program',
  reads: 'optional',
  destroys: true,
  options: ['recreate'],
  otherWords: ['start', 'serve', 'server', 'run', 'dev', 'watch', 'offline'],
  otherWordsWith: {
    '--admin': ['scan', 'query', 'items', 'admin', 'ui', 'browse'],
    '--seed': ['seed', 'populate'],
    '--reset': ['reset', 'clear', 'truncate'],
  },
  insteadOfNames: words => `put a command to run after --: dynamox local -- ${words.join(' ')}`,
  examples: [
    ['dynamox local', 'on port 8000, until Ctrl-C'],
    ['dynamox local --in-memory -- npx vitest run', "exits with the command's code"],
    ['dynamox local --engines', 'which engines can be used here'],
  ],

  /** Serves a local DynamoDB with the project's tables until it is stopped, or until the given program ends. */
  async run(invocation) {
    const { flags, io, report, signal, program } = invocation
    if (flags.engines === true) return (await import('../serve/tools.ts')).listEngines(invocation)
    checkFlags(invocation)
    const { findEngine, speedOf } = await import('../../local/engines/registry.ts')
    const { parseAllowed } = await import('../../local/guard-requests.ts')
    const { dataRoot } = await import('../../local/store.ts')
    const { loadHere } = await import('../serve/serving.ts')
    const loaded = await loadHere(invocation)
    if (flags.reset === true || flags.recreate === true) await guardStore(invocation, loaded)
    const root = dataRoot(loaded, io.cwd)
    const name = flags.engine ?? 'dynalite'
    const allowed = parseAllowed(name, flags.allowHost, flags.allowOrigin)
    const speed = speedOf(name, flags.realistic)
    const inMemory = flags.inMemory === true
    const engine = await findEngine(name, { root, jar: flags.jar, env: io.env })
    const admin = flags.admin === true ? await (await import('../serve/tools.ts')).findAdmin(root, io.env) : undefined
    if (flags.reset === true) {
      ;(await import('../../local/store.ts')).resetStore(root, name)
      report.note(`--reset removed all tables that ${name} kept for this project`)
    }
    const port = flags.port ?? (program === undefined ? 8000 : 0)
    const server = await engine.start({ root, inMemory, port, keepAlive: true, allowed, speed, signal })
    try {
      return await serve(invocation, loaded, server, { name, root, inMemory, admin })
    } finally {
      await server.close()
    }
  },
}

/** The store may hold the tables of a protected environment, which --reset and --recreate would destroy. */
async function guardStore(run: Invocation, loaded: Loaded): Promise<void> {
  const { guardProtected } = await import('../consent.ts')
  const names = loaded.protectedEnvironments.flatMap(({ tables }) => tables)
  await guardProtected({ ...run, loaded }, names)
}

type Place = Pick<Serving, 'name' | 'root' | 'inMemory'> & { readonly admin: string | undefined }

async function serve(
  run: Invocation,
  loaded: Loaded,
  server: LocalServer,
  { admin, ...place }: Place,
): Promise<Result> {
  const { flags, signal, program } = run
  const { aborted, bringUp, connectTo, reportFor, tellReady, watch } = await import('../serve/serving.ts')
  // Suggested commands must use this engine instead of the project's own target; once the program has ended, its store.
  const here = { ...flags, endpoint: server.endpoint }
  const isKept = !place.inMemory && (flags.engine ?? 'dynalite') === 'dynalite'
  const later = program !== undefined && isKept ? { ...flags, local: true } : here
  const serving: Serving = {
    ...run,
    flags: here,
    complete: (text, other = later) => run.complete(text, other),
    report: await reportFor(run),
    loaded,
    ...place,
    server,
    ...connectTo(server, place.name),
  }
  const result = await bringUp(serving)
  // Tables that differ from their definitions are still usable; any other failure ends the command.
  if (result.exit > 1) return result
  if (signal.aborted) return { exit: exitCodes.interrupted }
  await tellReady(serving, result)
  const tools = await import('../serve/tools.ts')
  if (program !== undefined) return tools.runProgram(run, server, program)

  const tool = admin === undefined ? undefined : await tools.openAdmin(serving, server, admin)
  try {
    const served = flags.watch === true ? watch(serving) : aborted(signal)
    const crash = await Promise.race([served, ...(server.crashed === undefined ? [] : [server.crashed])])
    if (crash !== undefined) throw crash
  } finally {
    await tool?.kill()
  }
  // Ctrl-C is the normal end of this command, not an error.
  return { exit: 0 }
}

function checkFlags({ flags, program }: Invocation): void {
  if (program === undefined) return
  for (const flag of ['watch', 'admin'] as const) {
    if (flags[flag] === true) {
      throw new DynamoxError('usage', `--${flag} cannot be combined with a command to run`)
    }
  }
}
