import { dirname, resolve } from 'node:path'
import { isDynamoxError, type Place } from '../../../errors.ts'
import { asRecord, isRecord } from '../../../table/untyped.ts'
import type { ReadContext, TemplateDocument, TemplateFile } from '../format.ts'

/**
 * A template with the files that `AWS::Include` names, as `aws cloudformation package` uploads them. What stands on S3
 * or does not exist stays a transform, as does what cannot be parsed, with a warning.
 */
export async function withIncludes(
  file: TemplateFile,
  context: ReadContext,
  warnings: string[],
  budget = { files: mostIncludes },
): Promise<TemplateDocument> {
  const document = await file.document()
  if (!file.text().includes('AWS::Include')) return document
  const origins = new WeakMap<object, object>()
  const included: TemplateDocument[] = []

  const filled = async (node: unknown): Promise<unknown> => {
    if (typeof node !== 'object' || node === null) return node
    const entries: [string, unknown][] = []
    for (const [key, value] of Object.entries(node)) {
      const part = key === 'Fn::Transform' ? await partOf(value) : undefined
      // Members beside the transform override those of the file.
      if (isRecord(part)) entries.unshift(...Object.entries(part))
      else entries.push([key, await filled(value)])
    }
    const copy = Array.isArray(node) ? entries.map(([, value]) => value) : Object.fromEntries(entries)
    origins.set(copy, node)
    return copy
  }

  const partOf = async (transform: unknown): Promise<unknown> => {
    const { Name: name, Parameters: parameters } = asRecord(transform)
    const location = isRecord(parameters) ? parameters.Location : undefined
    if (name !== 'AWS::Include' || typeof location !== 'string' || /^\w+:\/\//.test(location)) return undefined
    const opened = context.open(resolve(dirname(file.path), location))
    if (opened === undefined || opened.isFolder || budget.files === 0) return undefined
    budget.files -= 1
    const failure = await opened.document().then(
      () => undefined,
      (error: unknown) => error,
    )
    if (failure !== undefined) {
      if (!isDynamoxError(failure)) throw failure
      warnings.push(`${file.shown}: the file ${location} that it includes is not read: ${failure.message}`)
      return undefined
    }
    const part = await withIncludes(opened, context, warnings, budget)
    included.push(part)
    return part.data
  }

  const data = await filled(document.data)
  return {
    data,
    placeOf(holder, member): Place | undefined {
      const origin = (typeof holder === 'object' && holder !== null && origins.get(holder)) || holder
      return document.placeOf(origin, member) ?? included.flatMap(part => part.placeOf(holder, member) ?? []).at(0)
    },
  }
}

// Of the whole template: files that include themselves or each other would multiply.
const mostIncludes = 100
