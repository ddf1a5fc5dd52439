import type { Loaded, LoadedTarget } from '../load/load-options.ts'
import { commands } from './catalogue.ts'
import type { Command, Io } from './command.ts'
import { type OptionSpec, partsOf } from './options/option.ts'
import { belongsTo, type Flags, optionEntries, optionsOf } from './options/options.ts'

/**
 * Prints the completions of the last word, one line each with its meaning, for the scripts of `dynamox completion`.
 * Never fails: where nothing can be found, nothing is suggested.
 */
export async function complete(given: readonly string[], io: Io): Promise<number> {
  const words = joined(given)
  const before = words.slice(0, -1)
  const current = words.at(-1) ?? ''
  const command = commands.find(({ name }) => before.includes(name))
  const valued = optionOf(current.startsWith('--') && current.includes('=') ? current : before.at(-1))
  const isName = valued?.read === undefined && !current.startsWith('-')
  // The shell completes files itself.
  if (
    before.includes('--') ||
    (isName && command?.takes === 'sources') ||
    (valued !== undefined && takesFile(valued))
  ) {
    io.stdout.write(':0\n')
    return 0
  }
  const environments = valued !== undefined && partsOf(valued).long === '--env' ? await environmentsOf(before, io) : []
  const names = isName && command !== undefined ? await namesFor(command, before, io) : []
  await suggest(words, { environments, names })
  return 0
}

/** bash hands over `--env=dev` as three words. */
function joined(words: readonly string[]): readonly string[] {
  const found: string[] = []
  for (const [index, word] of words.entries()) {
    const last = found.at(-1) ?? ''
    if (index > 0 && (word === '=' || (words[index - 1] === '=' && last.startsWith('--'))))
      found[found.length - 1] = last + word
    else found.push(word)
  }
  return found
}

const optionOf = (word = ''): OptionSpec | undefined =>
  optionEntries
    .map(([, option]) => option)
    .find(option => {
      const { long, short } = partsOf(option)
      return option.read !== undefined && [long, short].includes(word.split('=')[0])
    })

const takesFile = ({ flags }: OptionSpec) => /<[^>]*(file|glob|folder)/.test(flags)

/** The words that a command takes besides options. */
async function namesFor(command: Command, words: readonly string[], io: Io): Promise<readonly string[]> {
  const { takes } = command
  if (typeof takes === 'object') return takes.values()
  return takes === 'tables' || takes === 'table' ? tablesOf(command, words, io) : []
}

interface Found {
  readonly environments: readonly string[]
  readonly names: readonly string[]
}

/** Prints what fits, by the library that the shells' scripts come from. */
async function suggest(words: readonly string[], { environments, names }: Found): Promise<void> {
  const { RootCommand } = await import('@bomb.sh/tab')
  const root = new RootCommand()
  const offer = (values: readonly string[]) => (add: (value: string, meaning: string) => void) => {
    for (const value of values) add(value, '')
  }
  const declare = (holder: InstanceType<typeof RootCommand> | ReturnType<typeof root.command>, option: OptionSpec) => {
    const { long, short } = partsOf(option)
    const name = long.slice(2)
    const alias = short?.slice(1)
    const values = name === 'env' ? environments : (option.choices ?? [])
    if (option.read === undefined) holder.option(name, option.meaning, alias)
    else holder.option(name, option.meaning, offer(values), alias)
    if (option.no !== undefined) holder.option(`no-${name}`, option.no)
  }
  for (const entry of optionEntries) if (commands.every(command => belongsTo(command, entry))) declare(root, entry[1])
  for (const command of commands) {
    const holder = root.command(command.name, command.summary)
    for (const option of optionsOf(command)) declare(holder, option)
    holder.argument('words', offer(names), command.takes === 'tables')
  }
  const help = root.command('help', 'print the help of a command')
  help.argument('command', offer(commands.map(({ name }) => name)))
  root.parse([...words])
}

async function flagsOf(words: readonly string[], { env }: Io): Promise<Flags> {
  const { parseArguments } = await import('./program.ts')
  const parsed = await parseArguments(words, env).catch(nothing)
  return parsed?.kind === 'run' ? parsed.flags : {}
}

const nothing = () => undefined

async function environmentsOf(words: readonly string[], io: Io): Promise<readonly string[]> {
  const { config } = await flagsOf(words.slice(0, -1), io)
  const { readConfig } = await import('./load.ts')
  const found = await readConfig({ cwd: io.cwd, config, timeoutMs: quickMs }).catch(nothing)
  return Object.keys(found?.config?.value.environments ?? {})
}

// A completion that takes longer is of no use.
const quickMs = 2_000

/** The defined tables; for commands that take plain names, also the live ones where the endpoint is local. */
async function tablesOf(command: Command, words: readonly string[], io: Io): Promise<readonly string[]> {
  const { loadDefinitions } = await import('../load/load-definitions.ts')
  const { region, profile, endpoint, local, config, model: models, env } = await flagsOf(words, io)
  const loaded = await loadDefinitions({
    ...{ region, profile, endpoint, local, config, models, env, problems: 'return', loadTimeoutMs: quickMs },
    cwd: io.cwd,
    onOutput: nothing,
  }).catch(nothing)
  const target = loaded?.target ?? { endpoint, local }
  const live = command.reads === 'names' ? await liveTables(target, loaded, io).catch(nothing) : undefined
  const known = loaded?.tables.map(({ definition }) => definition.name) ?? []
  const defined = loaded?.tables.map(({ baseName }) => baseName) ?? []
  return [...defined, ...(live ?? []).filter(name => !known.includes(name))]
}

/** The tables of an endpoint on this machine that answers at once; AWS is not asked. */
async function liveTables(wanted: LoadedTarget, loaded: Loaded | undefined, io: Io): Promise<readonly string[]> {
  const { resolveTarget } = await import('../aws/target.ts')
  const { isLocalEndpoint } = await import('../aws/endpoint.ts')
  const target = resolveTarget(wanted, io.env)
  const endpoint = target.kind === 'local' ? await servedEndpoint(loaded, io) : target.endpoint
  if (!isLocalEndpoint(endpoint)) return []
  const { createApi } = await import('../aws/create-api.ts')
  return createApi({ ...resolveTarget({ endpoint }, {}) }).list({ signal: AbortSignal.timeout(500) })
}

/** The endpoint at which another process serves the project's store. */
async function servedEndpoint(loaded: Loaded | undefined, io: Io): Promise<string | undefined> {
  const { dataRoot, placeOf } = await import('../local/store.ts')
  const { readLock, standing } = await import('../local/lock.ts')
  const holder = readLock(placeOf(dataRoot({ config: loaded?.config }, io.cwd), 'dynalite').lock)
  return typeof holder === 'object' && standing(holder) !== 'dead' ? holder.endpoint : undefined
}
