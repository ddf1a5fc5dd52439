import { relative } from 'node:path'
import { isWithin } from '../table/project-files.ts'

/** A file's name in messages: relative to `cwd` when it is below it, else absolute; always with `/`. */
export function shownPath(file: string, cwd: string): string {
  const path = isWithin(file, cwd) ? relative(cwd, file) : ''
  return (path || file).replaceAll('\\', '/')
}
