import type { LoadedFile, PlainError } from './messages.ts'

/** A model file that could not be loaded or read. */
export function failedFile(file: string, failure: PlainError): LoadedFile {
  return { file, tables: [], problems: [], repeated: 0, belonging: [], unread: [], exports: [], failure }
}
