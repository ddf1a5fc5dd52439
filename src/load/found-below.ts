import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { attempt } from '../errors.ts'
import { discover } from './discover.ts'
import { configsIn } from './find-config.ts'
import { shownPath } from './shown-path.ts'

/** An option that names what defines tables, and what that is. */
export interface Found {
  readonly option: string
  readonly what: string
}

// This is for a hint, which must not take long in a large folder.
const mostEntries = 2_000

/** Finds the configs, folders of models and templates below a folder, as in the packages of a monorepo. */
export async function foundBelow(folder: string): Promise<readonly Found[]> {
  const folders = subfolders(folder).flatMap(each => [each, ...subfolders(each)])
  const configs = folders.flatMap(configsIn).map(path => ({ option: optionFor('config', path), what: 'a config' }))
  const definitions = (await discover(folder, folder, mostEntries)).map(({ path, what, kind }) => ({
    option: optionFor('model', kind === 'template' ? path : dirname(path)),
    what,
  }))
  const found = [...configs, ...definitions]
  return found.filter(({ option }, index) => found.findIndex(each => each.option === option) === index)

  function optionFor(name: 'config' | 'model', path: string): string {
    return `--${name} ${path === folder ? '.' : shownPath(path, folder)}`
  }
}

function subfolders(folder: string): readonly string[] {
  const entries = attempt(() => readdirSync(folder, { withFileTypes: true })) ?? []
  return entries
    .filter(entry => entry.isDirectory() && !/^(node_modules$|\.)/.test(entry.name))
    .map(({ name }) => join(folder, name))
}
