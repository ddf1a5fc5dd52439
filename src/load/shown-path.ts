import { isAbsolute, relative } from 'node:path'

/** A file the way messages name it: relative to `cwd` when it lies below it, else absolute; always with `/`. */
export function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file)
  const below = path !== '' && !path.startsWith('..') && !isAbsolute(path)
  return (below ? path : file).replaceAll('\\', '/')
}
