import { createHash } from 'node:crypto'

// A table's name has at most 255 characters; leave most of them to the name itself.
const longest = 60

/** Whether a text may be part of a table's name. */
export const isNamePart = (text: string) => /^[a-zA-Z0-9_.-]*$/.test(text)

/**
 * A text as part of a table's name: `-feature/x` becomes `-feature-x-217d2b`. The end is a hash of the text, so that
 * `feature/x` and `feature-x` stay different; a valid text stays as it is. The same text always gives the same part.
 */
export function slug(text: string): string {
  if (isNamePart(text) && text.length <= longest) return text
  const [, lead = '', body = '', trail = ''] = /^([_.-]*)(.*?)([_.-]*)$/s.exec(text) ?? []
  const words = body
    .replace(/[^a-zA-Z0-9_.-]+/g, '-')
    .slice(0, longest - 20)
    .replace(/^-+|-+$/g, '')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 6)
  return `${lead.slice(0, 6)}${words === '' ? hash : `${words}-${hash}`}${trail.slice(0, 6)}`
}
