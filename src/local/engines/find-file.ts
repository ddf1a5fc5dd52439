import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'

/** A file of an installed npm package, looked for in `node_modules` from `root` upwards. */
export function findInPackage(root: string, name: string, file: string): string | undefined {
  const start = resolve(root)
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name, file)
    if (isFile(candidate)) return candidate
    if (folder === dirname(folder)) return undefined
  }
}

/** A program on the path. */
export function findOnPath(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  return (env.PATH ?? env.Path ?? '')
    .split(delimiter)
    .filter(folder => folder !== '')
    .flatMap(folder => endings.map(ending => join(folder, name + ending)))
    .find(isExecutable)
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isFile(path)
  } catch {
    return false
  }
}
