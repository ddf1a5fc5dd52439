import { createRequire } from 'node:module'
import { join } from 'node:path'
import { DynamoxError, messageOf } from '../../errors.ts'
import { placeOnLine } from '../../table/problems.ts'
import { asRecord, isRecord, type UntypedRecord } from '../../table/untyped.ts'

/** HCL in Terraform's JSON form, by `@cdktn/hcl2json`. @throws DynamoxError `model`, with line and column */
export async function parseHcl(text: string, file: string, root: string): Promise<UntypedRecord> {
  const parse = await loadParser(file, root)
  try {
    const value: unknown = await parse(file, text)
    return asRecord(value)
  } catch (cause) {
    throw syntaxError(messageOf(cause), file, text)
  }
}

type Parse = typeof import('@cdktn/hcl2json')['parse']

const name = '@cdktn/hcl2json'

// An optional peer: it is twice as large as dynamox, and only Terraform users need it. With npx, it is the project that
// has it.
async function loadParser(file: string, root: string): Promise<Parse> {
  for (const from of [import.meta.url, join(root, 'package.json')]) {
    try {
      const loaded: unknown = createRequire(from)(name)
      if (isRecord(loaded) && typeof loaded.parse === 'function') return loaded.parse as Parse
    } catch (error) {
      if (!isRecord(error) || error.code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  throw new DynamoxError('model', `${file}: Terraform files are read with ${name}, which is not installed`, {
    hint: `npm install --save-dev ${name}; or give the output of terraform show -json, which needs no parser`,
  })
}

/** `parse config: [main.tf:2,7-3,1: Invalid expression; Expected the start of an expression.]` */
function syntaxError(message: string, file: string, text: string): DynamoxError {
  const [, line, column, what = '', why = ''] =
    /:(\d+),(\d+)(?:-[\d,]+)?: ([^;\]]*)(?:; ([^.\]]*))?/.exec(message) ?? []
  if (line === undefined) {
    const isDeep = /call stack|unreachable|out of bounds/i.test(message)
    return new DynamoxError(
      'model',
      `${file}: ${isDeep ? 'this file is nested too deeply' : `not valid HCL: ${message}`}`,
    )
  }
  const place = placeOnLine(file, text, Number(line), Number(column))
  const hint = why === '' ? undefined : lowerFirst(why)
  return new DynamoxError('model', `${file}:${line}:${column}: ${lowerFirst(what)}`, { hint, place })
}

const lowerFirst = (words: string) => words.replace(/^[A-Z](?![A-Z])/, letter => letter.toLowerCase())
