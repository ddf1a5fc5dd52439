import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { attempt, DynamoxError } from '../errors.ts'
import { nothingDefined } from '../load/find-config.ts'
import type { Loaded, LoadOptions, ResolvedTable } from '../load/load-options.ts'
import type { LoaderOptions } from '../load/loader.ts'
import type { TableLayer } from '../table/input.ts'
import { plural } from '../table/text.ts'
import { show } from '../table/untyped.ts'
import type { Invocation } from './command.ts'
import type { Affixes } from './live-tables.ts'
import type { Flags } from './options/options.ts'

/**
 * Loads definitions, config and target settings as the flags say; all definitions when no names are given. Warnings go to
 * the report.
 *
 * @param layer definition flags, for exactly one table
 */
export async function load(run: Invocation, names?: readonly string[], layer?: TableLayer): Promise<Loaded> {
  const { loadDefinitions } = await import('../load/load-definitions.ts')
  const { command, flags, io } = run
  // Commands that take only names do not print warnings about definitions.
  const namesOnly = command.reads === 'names'
  const shows = command.contacts !== true && command.reads === 'definitions'
  const loaded = await loadDefinitions({
    ...targetFlags(run),
    models: flags.model,
    names,
    unknownNames: 'return',
    problems: shows ? 'return' : 'error',
    prefix: flags.prefix === false ? '' : flags.prefix,
    suffix: flags.suffix === false ? '' : flags.suffix,
    slug: flags.slug,
    flags: layer,
    require: flags.require,
    export: flags.export,
    table: flags.table,
    inputs: {
      parameters: flags.param,
      stage: flags.stage,
      stackName: flags.stackName,
      variables: flags.var,
      variableFiles: flags.varFile,
      names: flags.name,
    },
    allowNetwork: flags.allowNetwork,
    strict: namesOnly ? false : flags.strict,
    loadTimeoutMs: shows ? flags.timeout : undefined,
    signal: run.signal,
    onOutput: text => io.stderr.write(text),
  })
  run.report.defined(loaded.tables)
  for (const line of foundLines(loaded.discovered)) run.report.note(line)
  for (const message of loaded.warnings) run.report.warn(message)
  if (namesOnly) return loaded
  // `workOn` prints warnings about creation when a table is created.
  const now = loaded.tables.flatMap(({ definition, warnings, onCreation }) =>
    warnings
      .filter(message => shows || !onCreation.includes(message))
      .map(message => ({ message, table: definition.name })),
  )
  const assumed = now.filter(({ message }) => assumedIn(message) !== undefined)
  const brief = !shows && assumed.length > mostAssumed
  for (const each of now) if (!brief || !assumed.includes(each)) run.report.warn(each.message, each.table)
  if (brief) run.report.warn(assumedText(assumed))
  return shows && loaded.tables.some(({ definition }) => (definition.replicas ?? []).length > 0)
    ? withoutOwnRegion(run, loaded)
    : loaded
}

/**
 * The tables without those that have a replica in their own region, which may be named by the standard AWS environment
 * and files. Commands that contact AWS find out before they send anything.
 */
async function withoutOwnRegion({ io }: Invocation, loaded: Loaded): Promise<Loaded> {
  const { resolveTarget } = await import('../aws/target.ts')
  const { ownRegion } = await import('../settings/global-table-rules.ts')
  // A target that cannot be resolved does not matter here: nothing is sent.
  const target = attempt(() => resolveTarget(loaded.target, io.env))
  const own = target?.kind === 'aws' ? target.region : undefined
  const isOwn = ({ definition: { replicas = [], witness } }: ResolvedTable) =>
    witness === own || replicas.some(({ region }) => region === own)
  const wrong = loaded.tables.find(isOwn)
  if (own === undefined || wrong === undefined) return loaded
  const { file } = wrong.sources[0] ?? { file: '' }
  const message = `${file}: ${wrong.definition.name} › replicas: ${ownRegion(own)}`
  return {
    ...loaded,
    tables: loaded.tables.filter(table => !isOwn(table)),
    error: loaded.error ?? new DynamoxError('definition', message),
  }
}

// More assumptions are counted; `show` and the JSON document have all.
const mostAssumed = 3

const assumedIn = (message: string) => /\[(W-assumed-[\w-]+)\]$/.exec(message)?.[1]

function assumedText(assumed: readonly { readonly message: string; readonly table: string }[]): string {
  const tables = new Set(assumed.map(({ table }) => table))
  const ids = [...new Set(assumed.map(({ message }) => assumedIn(message)))]
  const what = `${assumed.length} settings of ${plural(tables.size, 'table')} are assumed, because their libraries do not define them`
  return `${what}; dynamox show lists them, and silence: [${ids.join(', ')}] in the config hides them`
}

/** Loads only config and target settings, no model files. */
export async function loadSettings(run: Invocation): Promise<Loaded & Affixes> {
  const { effectiveSettings, protectedEnvironments } = await import('../load/effective-settings.ts')
  const options = { ...targetFlags(run), signal: run.signal }
  const { config, warnings } = await readConfig(options)
  const settings = effectiveSettings(options, options.cwd, config)
  return {
    ...settings,
    // The models are not loaded: any name may be one of theirs.
    protectedEnvironments: protectedEnvironments(
      config,
      options,
      options.cwd,
      settings.models.length > 0 ? run.names : [],
    ),
    config,
    tables: [],
    warnings,
    unknownNames: [],
    definedNames: [],
    discovered: [],
    hasDefinitions: false,
  }
}

/** Searching for a config is cheap; the code that reads it is loaded only if there is one. */
export async function readConfig(options: LoadOptions & LoaderOptions): Promise<Pick<Loaded, 'config' | 'warnings'>> {
  const { findConfig } = await import('../load/find-config.ts')
  const path = findConfig(options)
  if (path === undefined) return { config: undefined, warnings: [] }
  const { createLoader } = await import('../load/loader.ts')
  const { loadConfig } = await import('../load/load-config.ts')
  const loader = createLoader(options)
  try {
    return { config: await loadConfig({ ...options, config: path }, loader), warnings: loader.warnings('unexpected') }
  } finally {
    loader.close()
  }
}

function targetFlags({ flags, io }: Invocation) {
  const { config, env, region, profile, endpoint, local } = flags
  if (endpoint !== undefined && local === true) {
    throw new DynamoxError('usage', '--endpoint and --local cannot be combined')
  }
  return { cwd: io.cwd, config, env, region, profile, endpoint, local }
}

/** The definitions selected by names and flags; without any, throws an error that says what to give. */
export async function loadDefined(run: Invocation, layer?: TableLayer): Promise<Loaded> {
  const { command, names } = run
  const loaded = await load(run, names, layer)
  if (loaded.unknownNames.length > 0) {
    await refuseModelFiles(run, loaded.unknownNames)
    // A model that failed to load may define the name.
    if (loaded.error !== undefined) throw loaded.error
    if (!loaded.hasDefinitions) await refuseImpossible(run, loaded.unknownNames)
    throw loaded.hasDefinitions ? unknownName(run, loaded) : await undefinedName(run, loaded)
  }
  warnOfAffixes(run, loaded)
  if (loaded.tables.length > 0) return loaded
  if (loaded.error !== undefined) throw loaded.error
  const { why, into } = nothingDefined(loaded, run.io.cwd)
  const { list, give, example } = await whatIsHere(run, loaded)
  throw new DynamoxError('usage', `nothing to ${command.name}: ${why}`, {
    hint: `${list}give ${give}, as in dynamox ${command.name} ${example}, or ${into}`,
  })
}

// A hint names no more of them.
const mostShown = 3

const mostFoundLines = 20

/** A line for each file that was found in folders, or for each kind when the files are many. */
function foundLines(discovered: Loaded['discovered']): readonly string[] {
  if (discovered.length <= mostFoundLines) return discovered.map(({ file, what }) => `found ${file} (${what})`)
  const kinds = [...new Set(discovered.map(({ what }) => what))]
  return kinds.map(kind => `found ${plural(discovered.filter(({ what }) => what === kind).length, 'file')} (${kind})`)
}

/** The files in the folder that could define tables, for a hint. */
async function whatIsHere({ flags, io }: Invocation, { config }: Loaded) {
  const nothing = { list: '', give: 'a model file', example: '--model src/models/user.ts' }
  if (config !== undefined || flags.config === false || flags.model !== undefined) return nothing
  const { foundBelow } = await import('../load/found-below.ts')
  const found = await foundBelow(io.cwd)
  const [first] = found
  if (first === undefined) return nothing
  const shown = found.slice(0, mostShown).map(({ option, what }) => `${option} (${what})`)
  const more = found.length > mostShown ? ` and ${found.length - mostShown} more` : ''
  return { list: `found here: ${shown.join(', ')}${more}; `, give: 'one', example: first.option }
}

/** Warns that a prefix or suffix is not applied to a name from the command line. */
function warnOfAffixes({ flags, report }: Invocation, { tables }: Loaded): void {
  const byHand = tables.find(({ sources }) => sources[0]?.adapter === 'flags')
  for (const option of ['prefix', 'suffix'] as const) {
    if (byHand === undefined || !flags[option]) continue
    report.warn(`--${option} is not applied to a name given on the command line`, byHand.baseName)
  }
}

async function undefinedName(run: Invocation, loaded: Loaded): Promise<DynamoxError> {
  const [name = ''] = loaded.unknownNames
  const { why, into } = nothingDefined(loaded, run.io.cwd)
  const others = `a model file with --model, or ${into}`
  const keys = `its keys, as in dynamox create ${name} --partition-key pk:S, ${others}`
  const hint = run.command.defines === true ? keys : others
  const { list } = await whatIsHere(run, loaded)
  return new DynamoxError('usage', `nothing defines ${name}: ${why}`, { hint: `${list}give ${hint}` })
}

/** The error for names without a definition, beside tables that have one. */
function unknownName({ command, flags }: Invocation, loaded: Loaded): DynamoxError {
  const { message = 'tables are not defined', hint } = loaded.unknownError ?? {}
  const plain = command.reads === 'names' ? ['--plain takes names literally'] : []
  return new DynamoxError('usage', message, { hint: [hint, ...environmentOf(flags, loaded), ...plain].join('; ') })
}

/** The environment whose prefix and suffix an unknown name has. */
function environmentOf(flags: Flags, { config, unknownNames: [name = ''] }: Loaded): readonly string[] {
  const environments = Object.entries(config?.value.environments ?? {})
  const found = environments.find(([, { prefix = '', suffix = '' }]) => {
    return prefix + suffix !== '' && name.startsWith(prefix) && name.endsWith(suffix)
  })
  return found === undefined || found[0] === flags.env ? [] : [`${name} looks like a table of --env ${found[0]}`]
}

/**
 * The tables for `exists`, `delete` and `wait`. Without definitions, names are plain table names. With definitions, an
 * unknown name is refused by `delete`, and used as a plain table name by the others.
 */
export async function selectNames(
  run: Invocation,
): Promise<{ readonly loaded: Loaded; readonly names: readonly string[] }> {
  const { names, flags, command, report } = run
  if (flags.plain === true) {
    if (flags.model !== undefined) throw new DynamoxError('usage', '--plain and --model cannot be combined')
    if (names.length === 0)
      throw new DynamoxError('usage', '--plain needs table names', { hint: `dynamox ${command.name} users` })
    await refuseImpossible(run, names)
    return { loaded: await loadSettings(run), names }
  }
  const loaded = await loadAny(run)
  const defined = loaded.tables.map(({ definition }) => definition.name)
  const plain = loaded.unknownNames
  await refuseImpossible(run, plain)
  if (loaded.hasDefinitions && plain.length > 0) {
    if (command.changes === true) throw unknownName(run, loaded)
    const { suggestion } = await import('../table/did-you-mean.ts')
    for (const name of plain) {
      report.note(`${name}: not defined here; taken as a plain table name${suggestion(name, loaded.definedNames)}`)
    }
  }
  const selected = [...new Set([...defined, ...plain])]
  if (selected.length === 0)
    throw new DynamoxError('usage', 'nothing to work on: no names, no model and no config with tables', {
      hint: `give table names, as in dynamox ${command.name} users, or a model file with --model`,
    })
  return { loaded, names: selected }
}

/** All definitions, if any, and the settings; names without a definition are `unknownNames`. */
export async function loadAny(run: Invocation): Promise<Loaded> {
  const { names, flags, io } = run
  const { findConfig } = await import('../load/find-config.ts')
  const isDefined = flags.model !== undefined || findConfig({ cwd: io.cwd, config: flags.config }) !== undefined
  return isDefined ? load(run, names) : { ...(await loadSettings(run)), unknownNames: names }
}

/** Refuses names that no table can have. ARNs are allowed, for tables of other accounts. */
async function refuseImpossible(run: Invocation, names: readonly string[]): Promise<void> {
  const impossible = names.filter(each => !/^[a-zA-Z0-9_.-]{3,255}$/.test(each) && !each.startsWith('arn:'))
  const [name] = impossible
  if (name === undefined) return
  await refuseModelFiles(run, impossible)
  const isPattern = run.command.options?.includes('match') === true && /[*?]/.test(name)
  throw new DynamoxError('usage', `${show(name)} is not a valid table name`, {
    hint: isPattern
      ? `tables are deleted by pattern with --match: dynamox delete --match '${name}'`
      : 'a table name has 3 to 255 letters a to z, digits, "_", "." and "-"',
  })
}

/**
 * Refuses model files among the names: either `--model` is missing, or the shell expanded a glob, so that only its
 * first file belongs to `--model`. Throws `usage`.
 */
async function refuseModelFiles({ io, command, flags }: Invocation, names: readonly string[]): Promise<void> {
  const { isModelFile } = await import('../load/expand-models.ts')
  // A table may be called users.json, but a table name contains no slash.
  const files = names.filter(name => isModelFile(name) && (/[\\/]/.test(name) || existsSync(resolve(io.cwd, name))))
  const [first] = files
  if (first === undefined) return
  if (!existsSync(resolve(io.cwd, first)))
    throw new DynamoxError('usage', `${first} is neither a table name nor a file that exists`, {
      hint: `a model file that exists is given with --model: dynamox ${command.name} --model src/models/user.ts`,
    })
  throw new DynamoxError('usage', `${first} is a model file, not a table name`, {
    hint:
      flags.model !== undefined || files.length > 3
        ? `quote a glob, as in --model 'src/models/*.ts', or give each file its own --model`
        : `give it with --model: dynamox ${command.name} ${files.map(file => `--model ${file}`).join(' ')}`,
  })
}
