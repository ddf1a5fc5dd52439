import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { attempt, DynamoxError } from '../errors.ts'
import { findUpward } from '../table/project-files.ts'

/**
 * Writes a file atomically: a temporary file replaces it and keeps its permissions. Throws `usage` for a symbolic link
 * that leads out of the project around `cwd`, because a repository could contain such a link.
 */
export function replaceFile(path: string, text: string, cwd: string): void {
  const file = targetOf(resolve(cwd, path), projectAround(cwd))
  writeBeside(file, text, temporary => renameSync(temporary, file))
}

/** Writes a new file atomically; fails with EEXIST if the file exists, even as a symbolic link. */
export function createFile(path: string, text: string, cwd: string): void {
  const given = resolve(cwd, path)
  const file = join(targetOf(dirname(given), projectAround(cwd)), basename(given))
  writeBeside(file, text, temporary => linkSync(temporary, file))
}

/** Makes the folder of a file that is to be written. Throws `usage` for one that leads out of the project. */
export function createFolderOf(path: string, cwd: string): void {
  mkdirSync(targetOf(dirname(resolve(cwd, path)), projectAround(cwd)), { recursive: true })
}

function writeBeside(file: string, text: string, place: (temporary: string) => void): void {
  const temporary = join(dirname(file), `.dynamox-${Date.now().toString(36)}.tmp`)
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: modeOf(file) })
    place(temporary)
  } catch (error) {
    // Name the file in the error instead of the temporary file, which the user does not know.
    if (error instanceof Error) error.message = error.message.replace(/, \w+ '.*'$/, '')
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** The root of the repository, else of the package, else the folder itself. */
function projectAround(cwd: string): string {
  const mark = findUpward(cwd, '.git') ?? findUpward(cwd, 'package.json')
  return mark === undefined ? resolve(cwd) : dirname(mark)
}

/** The real file behind links within the project. A path outside the project was chosen by the user and is allowed. */
function targetOf(file: string, project: string): string {
  if (!isWithin(file, project)) return file
  const folder = realFolder(dirname(file))
  const real = isLink(file) ? attempt(() => realpathSync(file)) : join(folder, basename(file))
  if (real !== undefined && isWithin(real, realpathSync(project))) return real
  throw new DynamoxError('usage', `${file} is reached through a symbolic link that leads out of the project`, {
    hint: 'remove the link, or name the file that it leads to',
  })
}

/** The real path of a folder, whose last parts need not exist yet. */
const realFolder = (folder: string): string =>
  existsSync(folder) ? realpathSync(folder) : join(realFolder(dirname(folder)), basename(folder))

const isWithin = (file: string, folder: string) => file.startsWith(folder.endsWith(sep) ? folder : folder + sep)

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

function modeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mode ?? 0o666
}
