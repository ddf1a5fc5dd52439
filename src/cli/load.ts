import { DynamoxError } from '../errors.ts'
import type { Loaded, LoadOptions } from '../load/load-options.ts'
import { shownPath } from '../load/shown-path.ts'
import type { TableLayer } from '../table/input.ts'
import type { CommandName } from './command-specs.ts'
import { options as specs } from './program.ts'
import type { Run } from './run.ts'

// What these do has nothing to do with how a definition could be better.
const namesOnly: readonly CommandName[] = ['exists', 'delete', 'wait']

interface LoadNeeds {
  readonly names?: readonly string[] | undefined
  /** Hands back names that no definition has instead of refusing them. */
  readonly plainNames?: boolean | undefined
  /** Definition flags, for exactly one table. */
  readonly layer?: TableLayer | undefined
}

/** Definitions, config and target settings, by the flags that say so. Warnings go to the report. */
export async function load(run: Run, { names, plainNames, layer }: LoadNeeds = {}): Promise<Loaded> {
  const { resolveDefinitions } = await import('../load/resolve-definitions.ts')
  const { flags, io } = run
  const loaded = await resolveDefinitions({
    ...targetFlags(run),
    models: flags.model,
    names,
    unknownNames: plainNames === true ? 'return' : 'error',
    problems: run.command === 'show' ? 'return' : 'error',
    prefix: flags.prefix,
    suffix: flags.suffix,
    flags: layer,
    require: flags.require,
    export: flags.export,
    table: flags.table,
    allowNetwork: flags.allowNetwork,
    strict: namesOnly.includes(run.command) ? false : flags.strict,
    signal: run.signal,
    onOutput: text => io.stderr.write(text),
  })
  for (const message of loaded.warnings) run.report.warn(message)
  if (!namesOnly.includes(run.command)) {
    for (const { definition, warnings, onCreation } of loaded.tables) {
      // What matters only while a table is made is said when one is: see workOn.
      const now = run.command === 'show' ? warnings : warnings.filter(message => !onCreation.includes(message))
      for (const message of now) run.report.warn(message, definition.name)
    }
  }
  return loaded
}

/** Config and target settings alone: no model file is read. */
export async function loadSettings(run: Run): Promise<Loaded> {
  const { effectiveSettings } = await import('../load/effective-settings.ts')
  const options = { ...targetFlags(run), signal: run.signal }
  const { config, warnings } = await readConfig(options)
  const settings = effectiveSettings(options, options.cwd, config)
  return { ...settings, config, tables: [], warnings, unknownNames: [], definedNames: [], hasDefinitions: false }
}

/** Looking for a config costs next to nothing; what reads one is loaded when there is one. */
async function readConfig(
  options: LoadOptions & { readonly cwd: string },
): Promise<Pick<Loaded, 'config' | 'warnings'>> {
  const { findConfig } = await import('../load/find-config.ts')
  const path = findConfig(options)
  if (path === undefined) return { config: undefined, warnings: [] }
  const { createLoader } = await import('../load/loader.ts')
  const { loadConfig } = await import('../load/load-config.ts')
  const loader = createLoader(options)
  try {
    return { config: await loadConfig({ ...options, config: path }, loader), warnings: loader.warnings('unexpected') }
  } finally {
    await loader.close()
  }
}

/** Whether neither a model nor a config is in play, so that nothing can define a table. */
export async function definesNothing({ flags, io }: Run): Promise<boolean> {
  if (flags.model !== undefined) return false
  const { findConfig } = await import('../load/find-config.ts')
  return findConfig({ cwd: io.cwd, config: flags.config }) === undefined
}

function targetFlags({ flags, io }: Run) {
  const { config, region, profile, endpoint, local } = flags
  if (endpoint !== undefined && local === true) {
    throw new DynamoxError('usage', '--endpoint and --local name two targets', { hint: 'give one of them' })
  }
  return { cwd: io.cwd, config, env: flags.env ?? (io.env.DYNAMOX_ENV || undefined), region, profile, endpoint, local }
}

/** The definitions that names and flags ask for: at least one, or the error that says what to give. */
export async function loadDefined(run: Run, layer?: TableLayer): Promise<Loaded> {
  const { command, names } = run
  const loaded = await load(run, { names, layer, plainNames: true })
  if (loaded.unknownNames.length > 0) {
    const { refuseModelFiles } = await import('./refuse-model-files.ts')
    await refuseModelFiles(run, loaded.unknownNames)
    // What could not be read may be what was asked for.
    if (loaded.error !== undefined) throw loaded.error
    throw loaded.hasDefinitions ? await unknownName(run) : undefinedName(run, loaded)
  }
  warnOfAffixes(run, loaded)
  if (loaded.tables.length > 0) return loaded
  if (loaded.error !== undefined) throw loaded.error
  throw new DynamoxError('usage', `nothing to ${command}: ${whyNothing(run, loaded)}`, {
    hint: `give a model file, as in dynamox ${command} --model src/models/user.ts, or ${intoConfig(run, loaded)}`,
  })
}

/** A name given by hand is taken as it is; whoever asks for a prefix as well may expect something else. */
function warnOfAffixes({ flags, report }: Run, { tables }: Loaded): void {
  const byHand = tables.find(({ sources }) => sources[0]?.adapter === 'flags')
  for (const option of ['prefix', 'suffix'] as const) {
    if (byHand === undefined || !flags[option]) continue
    report.warn(`--${option} is for names of models and config; this one was given by hand`, byHand.baseName)
  }
}

function undefinedName(run: Run, loaded: Loaded): DynamoxError {
  const [name = ''] = loaded.unknownNames
  const others = `a model file with --model, or ${intoConfig(run, loaded)}`
  // Only some commands take a definition as flags.
  const takesKeys = specs.partitionKey.commands.includes(run.command)
  const hint = takesKeys ? `its keys, as in dynamox create ${name} --partition-key pk:S, ${others}` : others
  return new DynamoxError('usage', `nothing defines ${name}: ${whyNothing(run, loaded)}`, { hint: `give ${hint}` })
}

function whyNothing({ io }: Run, { config }: Loaded): string {
  return config === undefined
    ? 'no model, and no config with tables'
    : `no model, and ${shownPath(config.path, io.cwd)} defines no tables`
}

function intoConfig({ io }: Run, { config }: Loaded): string {
  return config === undefined
    ? 'write a config with dynamox init'
    : `put models or tables into ${shownPath(config.path, io.cwd)}`
}

/** The error for names that no definition has: loading once more the strict way, for its "did you mean". */
export async function unknownName(run: Run): Promise<unknown> {
  return load(run, { names: run.names }).then(
    () => new DynamoxError('usage', `no definition has the name ${run.names.join(', ')}`),
    (thrown: unknown) => thrown,
  )
}
