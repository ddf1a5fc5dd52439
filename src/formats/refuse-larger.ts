import { DynamoxError } from '../errors.ts'

/**
 * Refuses a text that is larger than any real template and would take long to parse. `limit` is in characters.
 * @throws DynamoxError `model`
 */
export function refuseLarger(text: string, limit: number, shown: string): void {
  if (text.length <= limit) return
  const size = (characters: number) => `${(characters / 1_000_000).toFixed(1)} MB`
  throw new DynamoxError('model', `${shown} is too large: ${size(text.length)}, at most ${size(limit)}`)
}
