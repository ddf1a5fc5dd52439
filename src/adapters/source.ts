import type { Source } from '../table/input.ts'
import type { AdapterContext } from './adapter.ts'

/** The source to be named in a table that this adapter read. */
export function sourceOf(adapter: string, context: AdapterContext): Source {
  return { file: context.file, ...(context.export === undefined ? {} : { export: context.export }), adapter }
}

/** What a message calls a value: its table name, else its export, else its file. */
export function labelOf(name: unknown, context: AdapterContext): string {
  return typeof name === 'string' && name !== '' ? name : (context.export ?? context.file)
}
