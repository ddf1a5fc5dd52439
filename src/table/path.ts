/** Where something is, in the user's words: the definition, then the field in it: `users › globalIndexes.by-status`. */
export function at(path: string, field: string): string {
  if (field === '') return path
  return path === '' ? field : `${path} › ${field}`
}
