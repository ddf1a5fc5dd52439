import { basename, dirname, resolve } from 'node:path'
import { connectsByItself } from '../adapters/all-adapters.ts'
import { DynamoxError, distinctProblems, type Problem } from '../errors.ts'
import { warningIds } from '../settings/validate.ts'
import { suggestion } from '../table/did-you-mean.ts'
import { definitionError, isUnder } from '../table/problems.ts'
import { isRecord, listed, textList } from '../table/untyped.ts'
import { type EffectiveSettings, effectiveSettings, protectedEnvironments } from './effective-settings.ts'
import {
  type FoundTables,
  groupTables,
  type TableGroup,
  tablesOfConfig,
  tablesOfFiles,
  together,
} from './group-tables.ts'
import { loadConfig } from './load-config.ts'
import {
  type Failure,
  isInputData,
  type LoadedModels,
  loadModels,
  placedProblems,
  requirements,
} from './load-models.ts'
import type { Loaded, LoadedConfig, LoadOptions, ResolvedTable } from './load-options.ts'
import { createLoader, type Loader } from './loader.ts'
import { skippedTexts } from './messages.ts'
import { ignoredNames, type Resolution, type ResolveContext, resolveTable } from './resolve-table.ts'
import { shownPath } from './shown-path.ts'
import { startAhead } from './worker-thread.ts'

/** `loadDefinitions` of the library; see index.ts. */
export async function loadDefinitions(options: LoadOptions = {}): Promise<Loaded> {
  const cwd = resolve(options.cwd ?? '.')
  const { allowNetwork, loadTimeoutMs: timeoutMs, signal, onOutput } = options
  const loader = createLoader({ cwd, allowNetwork, timeoutMs, signal, onOutput })
  try {
    const onText = (text: string) => {
      if (options.models === undefined && /\bmodels\b/.test(text)) startAhead()
    }
    const config = await loadConfig({ cwd, config: options.config, env: options.env, onText }, loader)
    const settings = await withValidAffixes(effectiveSettings(options, cwd, config), options.slug === true)
    const found = await findTables(options, cwd, config, settings, loader)
    const { groups, nameless } = groupTables(found.tables, { ...settings, table: options.table })
    const { picked, unknown } = choose(groups, options)
    const strict = options.strict ?? config?.value.strict ?? false
    // A table that cannot be read may be one of `names`, unless all of them were found. A file that cannot be read may
    // describe any table.
    const unread = options.names?.length && unknown.length === 0 ? [] : [...found.problems, ...nameless]
    const { tables, skipped, ...resolved } = resolveAll(
      picked,
      { unread, nameless, failures: found.failures },
      {
        settings,
        flags: options.flags,
        silence: config?.value.silence ?? [],
        ignore: config?.value.ignore,
        strict,
        environments: Object.keys(config?.value.environments ?? {}),
      },
    )
    const error = await located(resolved.error, cwd, config, found)
    // A table that cannot be read may be the one that is named.
    const isComplete = settings.modelsFromConfig && found.problems.length + found.failures.length === 0
    const unmatched = isComplete ? unmatchedNames(settings, config, cwd, groups) : []
    if (strict && unmatched.length > 0) throw notStrict(unmatched)
    if (error !== undefined && options.problems !== 'return') throw error
    const unknownError = unknown.length === 0 ? undefined : unknownTables(unknown, groups)
    if (unknownError !== undefined && options.unknownNames !== 'return') throw unknownError
    const adapters = new Set(found.tables.map(({ source }) => source.adapter))
    return {
      tables,
      config,
      target: settings.target,
      allowedAccounts: settings.allowedAccounts,
      protected: settings.protected,
      protectedEnvironments: protectedEnvironments(
        config,
        options,
        cwd,
        groups.map(({ baseName }) => baseName),
      ),
      warnings: [
        ...loader.warnings([...adapters].some(connectsByItself) ? 'expected' : 'unexpected'),
        ...found.warnings,
        ...skippedTexts(await placedProblems(skipped, found.files, cwd)),
        ...unmatched.map(({ path, message }) => `${path} ${message}`),
        ...unusedName(options, found),
      ],
      unknownNames: unknown,
      definedNames: groups.flatMap(({ baseName, name }) => [baseName, name]),
      discovered: found.discovered.map(({ shown, what }) => ({ file: shown, what })),
      hasDefinitions: groups.length > 0 || picked.length > 0,
      ...(unknownError === undefined ? {} : { unknownError }),
      ...(error === undefined ? {} : { error }),
    }
  } finally {
    loader.close()
  }
}

async function findTables(
  options: LoadOptions,
  cwd: string,
  config: LoadedConfig | undefined,
  settings: EffectiveSettings,
  loader: Loader,
): Promise<FoundTables & LoadedModels> {
  const configFolder = config === undefined ? cwd : dirname(config.path)
  const configFile = config === undefined ? '' : shownPath(config.path, cwd)
  const models = await loadModels(
    {
      models: settings.models,
      base: settings.modelsFromConfig ? configFolder : cwd,
      cwd,
      require: [
        ...requirements(options.require ?? [], cwd),
        ...requirements(textList(config?.value.require), configFolder),
      ],
      export: options.export,
      templates: {
        inputs: settings.inputs,
        region: settings.target.region,
        accountId: onlyOne(settings.allowedAccounts),
        strict: options.strict ?? config?.value.strict,
        given: options.inputs,
      },
    },
    loader,
  )
  const inConfig = await tablesOfConfig(settings.tables, configFile, settings.tablesPath)
  return { ...models, ...together([tablesOfFiles(models.files, cwd), inConfig]) }
}

const onlyOne = (values: readonly string[]): string | undefined => (values.length === 1 ? values[0] : undefined)

/** The tables selected by names and flags. With a key in the flags, a name that no source has defines a new table. */
function choose(groups: readonly TableGroup[], { names = [], flags }: LoadOptions) {
  const { picked, unknown } = pickTables(groups, names)
  // Tags may mark any number of tables, as those of one branch.
  if (Object.keys(flags ?? {}).every(field => field === 'tags')) return { picked, unknown }
  const [name] = unknown
  if (name !== undefined && names.length === 1 && flags?.partitionKey !== undefined)
    return { picked: [fromFlags(name)], unknown: [] }
  const selected = picked.length + unknown.length
  if (selected === 1) return { picked, unknown }
  const found = selected === 0 ? 'none is selected' : `${selected} are selected`
  throw new DynamoxError('usage', `definition flags apply to exactly one table, but ${found}`, {
    hint:
      selected === 0
        ? 'name the table and give it a --partition-key'
        : `name one of them: ${[...picked.map(group => group.baseName), ...unknown].join(', ')}`,
  })
}

// A name from the command line gets no prefix and no suffix.
function fromFlags(name: string): TableGroup {
  return {
    name,
    baseName: name,
    sides: [{ label: name, input: {}, assumed: [] }],
    sources: [{ file: 'flags', adapter: 'flags' }],
  }
}

/** The problems of files and tables that could not be read. */
interface Unread extends Pick<LoadedModels, 'failures'> {
  readonly unread: readonly Problem[]
  readonly nameless: readonly Problem[]
}

function resolveAll(
  groups: readonly TableGroup[],
  { unread, nameless, failures }: Unread,
  context: ResolveContext,
): { readonly tables: readonly ResolvedTable[]; readonly error?: DynamoxError; readonly skipped: readonly Problem[] } {
  const all = groups.map(group => ({ group, result: placed(group, resolveTable(group, context)) }))
  const tables = all.flatMap(({ result }) => result.table ?? [])
  // An invalid table of a template, or of a list of CreateTable inputs, is skipped with a warning, and its neighbours
  // are kept.
  const isLost = ({ group: { place, sources }, result }: (typeof all)[number]) =>
    result.table === undefined &&
    !context.strict &&
    tables.length > 0 &&
    (place !== undefined || sources.every(isInputData))
  const skipped = all.filter(isLost).flatMap(({ result }) => result.problems)
  const results = all.filter(each => !isLost(each))
  const broken = results.filter(({ result }) => result.table === undefined).map(({ group }) => group.name)
  // A problem in a layer applies to every table; report it once.
  const problems = distinctProblems([...unread, ...results.flatMap(({ result }) => result.problems)])
  const places = [...new Set(unread.map(({ path }) => path.split(' › ')[0] ?? path))]
  const warned = problems.some(({ rule }) => rule !== undefined && warningIds.includes(rule))
  const hint = warned
    ? 'a warning is an error with strict; silence one in the config by its id'
    : nameless.map(({ path }) => nameInConfig(path)).at(0)
  const definitions = problems.length === 0 ? undefined : definitionError([...places, ...broken], problems, hint)
  const error = allAtOnce(failures, definitions)
  return error === undefined ? { tables, skipped } : { tables, skipped, error }
}

/** A template's problems stand where the table does. */
function placed({ place }: TableGroup, result: Resolution): Resolution {
  if (place === undefined) return result
  const problems = result.problems.map(each => (isUnder(each.path, place.file) ? { place, ...each } : each))
  return { ...result, problems }
}

/** The error with the positions of its problems in the config and the model files. */
async function located(
  error: DynamoxError | undefined,
  cwd: string,
  config: LoadedConfig | undefined,
  { files }: Pick<LoadedModels, 'files'>,
): Promise<DynamoxError | undefined> {
  if (error === undefined) return undefined
  const { withPlaces } = await import('./find-place.ts')
  return withPlaces(error, {
    cwd,
    configs: configPaths(config),
    others: files.flatMap(({ file, isTemplate }) => (isTemplate ? [] : [file])),
  })
}

/** Makes prefix and suffix valid with `slugs`; without, throws `usage` for one that no table's name can hold. */
async function withValidAffixes(settings: EffectiveSettings, slugs: boolean): Promise<EffectiveSettings> {
  const { prefix, suffix } = settings
  const [wrong] = /[^a-zA-Z0-9_.-]/u.exec(prefix + suffix) ?? []
  if (wrong === undefined && !slugs) return settings
  // Loaded when needed: its hash takes milliseconds to load.
  const { slug } = await import('../table/slug.ts')
  if (slugs) return { ...settings, prefix: slug(prefix), suffix: slug(suffix) }
  const [name, text] = prefix.includes(wrong ?? '') ? (['prefix', prefix] as const) : (['suffix', suffix] as const)
  const holds = `the ${name} ${JSON.stringify(text)} holds ${JSON.stringify(wrong)}, which a table name cannot`
  // `feature/x` would follow the table's name without a separator.
  const separate = name === 'suffix' && /^[a-zA-Z0-9]/.test(text) ? `; a leading - separates it: -${text}` : ''
  throw new DynamoxError('usage', holds, { hint: `add --slug to use ${slug(text)} instead (slug in code)${separate}` })
}

/** How the config names a model, from its label: `src/cart.ts Cart`. */
function nameInConfig(label: string): string | undefined {
  const [, file, name] = /^(.*\.\w+) (\S+)$/.exec(label) ?? []
  return name === undefined
    ? undefined
    : `in the config, name it by its file and export: names: { "${file}#${name}": ... }`
}

/** The config and what it extends. */
const configPaths = (config: LoadedConfig | undefined): readonly string[] => config?.files.map(({ path }) => path) ?? []

/** Keys of `overrides`, `ignore`, `seed` and `names` that match no table. */
function unmatchedNames(
  { overrides, inputs }: EffectiveSettings,
  config: LoadedConfig | undefined,
  cwd: string,
  groups: readonly TableGroup[],
): readonly Problem[] {
  if (config === undefined) return []
  const { ignore, seed } = config.value
  const file = shownPath(config.path, cwd)
  const names = groups.flatMap(({ name, baseName }) => [baseName, name])
  const seeded = isRecord(seed) ? Object.keys(seed) : []
  const keys = [
    ...overrides
      .filter(({ mustMatch }) => mustMatch)
      .flatMap(({ label, names: given }) => given.map(name => ({ label, name }))),
    ...ignoredNames(ignore).map(name => ({ label: `${file} ignore`, name })),
    ...seeded.map(name => ({ label: `${file} seed`, name })),
  ]
  const models = groups
    .flatMap(({ sources }) => sources)
    .flatMap(each => [each.file, basename(each.file)].map(path => `${path}#${each.export}`))
  const ofModels = Object.keys(inputs.names ?? {}).filter(
    key => key.includes('#') && !models.some(model => `${model}.`.startsWith(`${key}.`)),
  )
  return [
    ...keys
      .filter(({ name }) => !names.includes(name))
      .map(({ label, name }) => ({ path: `${label}.${name}`, message: `matches no table${suggestion(name, names)}` })),
    ...ofModels.map(key => ({ path: `${file} names.${key}`, message: `matches no model${suggestion(key, models)}` })),
  ]
}

function notStrict(problems: readonly Problem[]): DynamoxError {
  const [first] = problems
  const message =
    first !== undefined && problems.length === 1
      ? `${first.path} ${first.message}`
      : `${problems.length} keys of the config match no table`
  return new DynamoxError('config', message, { problems, hint: 'without strict this is a warning' })
}

/** A warning when `--table` is given but every model has its own name. */
function unusedName({ table }: LoadOptions, { tables }: FoundTables): readonly string[] {
  if (table === undefined || tables.length === 0 || tables.some(({ input }) => input.table === undefined)) return []
  return [`the table name ${table} (--table) is not used: every model has a name of its own`]
}

/** Combines the problems of model files and definitions in one error, so that all can be fixed at once. */
export function allAtOnce(
  failures: readonly Failure[],
  definitions: DynamoxError | undefined,
): DynamoxError | undefined {
  // A broken import fails once for each file that imports it; report it once.
  const different = failures.filter(
    ({ error }, index) => index === failures.findIndex(other => other.error.message === error.message),
  )
  const [first, ...more] = different
  if (first === undefined) return definitions
  if (more.length === 0 && definitions === undefined) return first.error
  const problems = distinctProblems([...different.flatMap(problemsOf), ...(definitions?.problems ?? [])])
  const hints = new Set([...different.map(({ error }) => error.hint), ...(definitions ? [definitions.hint] : [])])
  return new DynamoxError('model', `the models have ${problems.length} problems`, {
    hint: hints.size === 1 ? first.error.hint : undefined,
    problems,
  })
}

/** The file's place, `src/models/user.ts:12`, is the start of each problem's path. */
function problemsOf({ file, error }: Failure): readonly Problem[] {
  const { message, problems = [], place: at } = error
  const [, place = file, text] = /^(.+?(?::\d+)+): (.*)$/s.exec(message) ?? []
  if (problems.length > 0) return problems.map(problem => ({ place: at, ...problem, path: `${place} ${problem.path}` }))
  const rest = message.startsWith(file) ? message.slice(file.length).replace(/^:? /, '') : message
  return [{ path: place, message: text ?? rest, place: at }]
}

/**
 * The tables in `names`, by resolved name or by the name before prefix and suffix; all tables when `names` is empty.
 */
export function pickTables(
  groups: readonly TableGroup[],
  names: readonly string[],
): { readonly picked: readonly TableGroup[]; readonly unknown: readonly string[] } {
  if (names.length === 0) return { picked: groups, unknown: [] }
  const isNamed = (group: TableGroup, name: string): boolean => group.name === name || group.baseName === name
  return {
    picked: groups.filter(group => names.some(name => isNamed(group, name))),
    unknown: names.filter(name => !groups.some(group => isNamed(group, name))),
  }
}

/** The error for names without a definition. */
export function unknownTables(unknown: readonly string[], groups: readonly TableGroup[]): DynamoxError {
  const known = groups.map(group => group.baseName)
  const [name = ''] = unknown
  const message =
    unknown.length === 1
      ? `table "${name}" is not defined${suggestion(name, [...known, ...groups.map(group => group.name)])}`
      : `the tables ${listed(unknown, 'and')} are not defined`
  const shown = known.slice(0, 12).join(', ')
  return new DynamoxError('usage', message, {
    hint:
      known.length === 0
        ? 'no table is defined; give its keys with --partition-key, or a model file with --model'
        : known.length === 1
          ? `the only defined table is ${shown}`
          : `the defined tables are ${shown}${known.length > 12 ? ` and ${known.length - 12} more` : ''}`,
  })
}
