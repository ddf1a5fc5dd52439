import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import type { Config, Environment } from '../config/config.ts'
import { attempt, DynamoxError } from '../errors.ts'
import { definedOnly, isRecord, mapMembers, textList } from '../table/untyped.ts'
import { configsIn } from './find-config.ts'
import type { ConfigFile, LoadedConfig } from './load-options.ts'
import { shownPath } from './shown-path.ts'

/**
 * A config with everything that it extends. The config itself is the strongest, then the last entry of `extends`. Maps
 * are merged key by key; lists and other values replace those of weaker files.
 * @param read reads and checks one config file (absolute path)
 */
export async function withBases(
  main: ConfigFile,
  cwd: string,
  read: (path: string) => Promise<Config>,
): Promise<LoadedConfig> {
  const layers = await layersOf(main, [main.path])
  const merged = layers.reduce<unknown>(
    (weaker, { path, value }) => mergeConfigs(weaker, rebased(value, dirname(path), dirname(main.path))),
    {},
  ) as Config
  return { path: main.path, value: merged, files: layers.toReversed() }

  /** The layers of a file, weakest first. */
  async function layersOf(file: ConfigFile, trail: readonly string[]): Promise<readonly ConfigFile[]> {
    const { extends: entries, $schema: _, ...value } = file.value
    const below: ConfigFile[] = []
    for (const entry of textList(entries)) {
      const path = find(entry, file.path, cwd)
      if (trail.includes(path)) throw circle([...trail.slice(trail.indexOf(path)), path], cwd)
      below.push(...(await layersOf({ path, value: await read(path) }, [...trail, path])))
    }
    return [...below, { path: file.path, value: file.path === main.path ? file.value : value }]
  }
}

/** The file of an entry of `extends`: a path, or a package. */
function find(entry: string, from: string, cwd: string): string {
  const path = resolve(dirname(from), entry)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isFile() === true) return path
  const [inFolder] = stats === undefined ? [] : configsIn(path)
  const found = inFolder ?? (/^[./]|^[A-Za-z]:[\\/]/.test(entry) ? undefined : findPackage(entry, from))
  if (found !== undefined) return found
  throw new DynamoxError('config', `${shownPath(from, cwd)}: extends: ${entry} not found`, {
    problems: [{ path: 'extends', message: `${entry} not found` }],
    hint: 'write a path relative to this file, or the name of an installed package',
  })
}

/** A package's main file or the file that its name leads to, else the config in its folder. */
function findPackage(name: string, from: string): string | undefined {
  const folders = createRequire(from).resolve.paths(name) ?? []
  const [inPackage] = folders.flatMap(folder => configsIn(join(folder, name)))
  return inPackage ?? attempt(() => createRequire(from).resolve(name))
}

function circle(trail: readonly string[], cwd: string): DynamoxError {
  const names = trail.map(path => shownPath(path, cwd))
  const message = `leads in a circle: ${names.join(' -> ')}`
  return new DynamoxError('config', `${names.at(-2)}: extends: ${message}`, {
    problems: [{ path: 'extends', message }],
  })
}

function mergeConfigs(weaker: unknown, stronger: unknown): unknown {
  if (!isRecord(weaker) || !isRecord(stronger)) return stronger
  const keys = new Set([...Object.keys(weaker), ...Object.keys(stronger)])
  return Object.fromEntries(
    [...keys].map(key => {
      const isGiven = Object.hasOwn(stronger, key) && stronger[key] !== undefined
      return [key, isGiven ? mergeConfigs(weaker[key], stronger[key]) : weaker[key]]
    }),
  )
}

/** The config with its relative paths as seen from another folder. */
function rebased(config: Config, from: string, to: string): Config {
  if (from === to) return config
  const move = (path: string): string => {
    const [, not = '', name = path] = /^(!?)(.*)$/s.exec(path) ?? []
    return `${not}${relative(to, resolve(from, name)).replaceAll('\\', '/')}`
  }
  const moved = (value: string | readonly string[]) => (typeof value === 'string' ? move(value) : value.map(move))
  const { seed, require, dataFolder, environments } = config
  const isThere = (name: string) => statSync(resolve(from, name), { throwIfNoEntry: false }) !== undefined
  const moveKey = (key: string) => {
    const [file = '', ...rest] = key.split('#')
    return isThere(file) ? [move(file), ...rest].join('#') : key
  }
  const common = <T extends Environment | Config>({ models, variableFiles, names, ...others }: T) => ({
    ...others,
    ...definedOnly({
      models: models === undefined ? undefined : moved(models),
      variableFiles: variableFiles === undefined ? undefined : moved(variableFiles),
      names: names && Object.fromEntries(Object.entries(names).map(([key, name]) => [moveKey(key), name])),
    }),
  })
  return {
    ...common(config),
    ...definedOnly({
      dataFolder: dataFolder === undefined ? undefined : move(dataFolder),
      require: require === undefined ? undefined : textList(require).map(name => (isThere(name) ? move(name) : name)),
      seed: isRecord(seed) ? mapMembers(seed, moved) : seed === undefined ? undefined : moved(seed),
      environments: environments && mapMembers(environments, common),
    }),
  }
}
