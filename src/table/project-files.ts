import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { attempt } from '../errors.ts'
import { asRecord, type UntypedRecord } from './untyped.ts'

/** The endings of configs that are code. */
export const scriptEndings = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']
/** The endings of configs that are data. */
export const dataEndings = ['json', 'yaml', 'yml']

/** The file names that hold a dynamox config; two in one folder are an error. */
export const configFiles: readonly string[] = [
  '.dynamoxrc',
  ...[...dataEndings, ...scriptEndings].map(ending => `.dynamoxrc.${ending}`),
  ...[...scriptEndings, ...dataEndings].map(ending => `dynamox.config.${ending}`),
]

/** A folder and those that it lies in, nearest first. */
export function foldersUpward(from: string): readonly string[] {
  const folder = resolve(from)
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...foldersUpward(parent)]
}

/** The file or folder of a name that is nearest to `from`: in it, or in a folder above. */
export function findUpward(from: string, name: string): string | undefined {
  return foldersUpward(from)
    .map(folder => join(folder, name))
    .find(existsSync)
}

/** A file of an installed package, or the package's folder: in the nearest `node_modules` that holds it. */
export function findInPackage(from: string, name: string, file = ''): string | undefined {
  return findUpward(from, join('node_modules', name, file))
}

/** The folder's package.json; empty when there is none or it cannot be read. */
export function readManifest(folder: string): UntypedRecord {
  return asRecord(attempt(() => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))))
}

/** Whether the path is a file. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** Whether the path is a folder. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** Whether a path is a folder itself, or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  const below = relative(folder, path)
  return !/^\.\.(?:[\\/]|$)/.test(below) && !isAbsolute(below)
}
