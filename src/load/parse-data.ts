import { extname } from 'node:path'
import { findJsonError } from './find-json-error.ts'
import { parseJson } from './parse-json.ts'
import { parseYaml } from './parse-yaml.ts'
import type { SyntaxPlace } from './syntax-error.ts'

const dataFile = /\.(json|ya?ml)$/i

/** Whether a file is data (JSON, YAML) rather than code: read without running anything. */
export function isDataFile(file: string): boolean {
  return dataFile.test(file)
}

/** JSON or YAML, by the file's ending; without one (`.dynamoxrc`) either will do. */
export async function parseData(text: string, path: string, place: SyntaxPlace): Promise<unknown> {
  if (/\.ya?ml$/i.test(path)) return parseYaml(text, place)
  if (extname(path).toLowerCase() === '.json') return parseJson(text, place)
  const looksLikeJson = /^\uFEFF?\s*\{/.test(text)
  // A text in braces may be YAML flow as well; only a comment shows that JSON was meant.
  if (looksLikeJson && (isJson(text) || findJsonError(text)?.comment)) return parseJson(text, place)
  return parseYaml(text, place)
}

const isJson = (text: string): boolean => findJsonError(text.replace(/^\uFEFF/, '')) === undefined
