import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isFile } from '../../table/project-files.ts'

/** A program on the path. */
export function findOnPath(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  return (env.PATH ?? env.Path ?? '')
    .split(delimiter)
    .filter(folder => folder !== '')
    .flatMap(folder => endings.map(ending => join(folder, name + ending)))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return isFile(path)
  } catch {
    return false
  }
}
