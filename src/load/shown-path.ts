import { isAbsolute, relative } from 'node:path'

/** A file's name in messages: relative to `cwd` when it is below it, else absolute; always with `/`. */
export function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file)
  const below = path !== '' && !path.startsWith('..') && !isAbsolute(path)
  return (below ? path : file).replaceAll('\\', '/')
}
