/** The path of a field for messages: the definition, then the field: `users › globalIndexes.by-status`. */
export function at(path: string, field: string): string {
  if (field === '') return path
  return path === '' ? field : `${path} › ${field}`
}
