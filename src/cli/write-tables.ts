import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { DynamoxError, fileReason } from '../errors.ts'
import type { Writer, WrittenFile } from '../formats/write/written.ts'
import { writerNames, writers } from '../formats/writers.ts'
import type { TableDefinition } from '../table/definition.ts'
import type { Invocation } from './command.ts'
import { createFile, createFolderOf, replaceFile } from './replace-file.ts'
import type { Result } from './report/report.ts'

/**
 * Writes tables in the format of `--to` to stdout, or to the file or folder of `--out`. A file with other content is
 * replaced only with `--force`.
 */
export async function writeTables(
  run: Invocation,
  tables: readonly TableDefinition[],
  usual?: string,
): Promise<Pick<Result, 'extra' | 'lines' | 'warnings'>> {
  const { flags, report } = run
  const { name, adopts, write } = writerOf(flags.to ?? usual)
  if (flags.import === true && adopts !== true) {
    throw new DynamoxError('usage', `--import cannot be combined with --to ${name}`, {
      hint: 'CloudFormation, SAM, serverless and Terraform adopt live tables this way; a CDK stack adopts them with cdk import',
    })
  }
  const out = flags.out === '-' ? undefined : flags.out
  const folder = out !== undefined && isFolder(resolve(run.io.cwd, out), out)
  const file = folder || out === undefined ? undefined : basename(out)
  const { files, notes } = await write(tables, { file, folder, import: flags.import })
  for (const note of notes) report.warn(note)
  if (out === undefined) return { extra: { format: name, files }, lines: () => linesOf(files), warnings: notes }
  const target = folder ? out : dirname(out)
  const placed = files.map(({ path, text }, at) => ({
    path: join(target, at === 0 && file !== undefined ? file : path),
    text,
  }))
  return { ...save(run, placed, name), warnings: notes }
}

/** The writer of a format. Throws `usage` without one. */
export function writerOf(name: string | undefined): Writer {
  const writer = writers.find(each => each.name === name)
  if (writer !== undefined) return writer
  throw new DynamoxError('usage', 'no format given', { hint: `add --to with one of ${writerNames.join(', ')}` })
}

function isFolder(path: string, given: string): boolean {
  return /[\\/]$/.test(given) || (existsSync(path) && statSync(path).isDirectory())
}

function linesOf(files: readonly WrittenFile[]): readonly string[] {
  const [first, second] = files
  if (first !== undefined && second === undefined) return first.text.replace(/\n$/, '').split('\n')
  throw new DynamoxError('usage', `${files.length} files cannot be written to the terminal or a pipe`, {
    hint: 'name a folder for them: --out infra/',
  })
}

/** Checks every file before the first is written, so that a refused run leaves nothing behind. */
function save({ io, flags }: Invocation, files: readonly WrittenFile[], format: string) {
  const found = files.map(({ path, text }) => {
    const full = resolve(io.cwd, path)
    const old = readOld(full, path)
    return { path, full, text, old, action: old === undefined ? 'created' : old === text ? 'unchanged' : 'replaced' }
  })
  const taken = found.find(({ action }) => action === 'replaced')
  if (taken !== undefined && flags.force !== true) {
    throw new DynamoxError('usage', `${taken.path} already exists and has other content; nothing was written`, {
      hint: 'add --force to replace it, or name another file with --out',
    })
  }
  for (const { path, full, text, action } of found) {
    if (action === 'unchanged') continue
    try {
      createFolderOf(full, io.cwd)
      if (action === 'created') createFile(full, text, io.cwd)
      else replaceFile(full, text, io.cwd)
    } catch (cause) {
      throw new DynamoxError('usage', `${path} cannot be written: ${fileReason(cause)}`, {
        hint: 'name a file in a folder that you may write to: --out <file or folder>',
        cause,
      })
    }
  }
  const width = Math.max(...found.map(({ path }) => path.length))
  return {
    extra: { format, files: found.map(({ path, action }) => ({ path, action })) },
    lines: () => found.map(({ path, action }) => `${path.padEnd(width)}  ${action}`),
  }
}

function readOld(file: string, shown: string): string | undefined {
  if (!existsSync(file)) return undefined
  if (!statSync(file).isFile())
    throw new DynamoxError('usage', `${shown} is not a regular file`, { hint: 'leave out --out to write to stdout' })
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new DynamoxError('usage', `${shown} cannot be read: ${fileReason(cause)}`, { cause })
  }
}
