import { plural } from '../../table/text.ts'

/** An age for people, in its largest unit: `5 min`, `3 h`, `9 days`. */
export function formatAge(ms: number): string {
  const hours = ms / 3_600_000
  if (hours >= 48) return plural(Math.floor(hours / 24), 'day')
  if (hours >= 2 || hours === 1) return `${Math.floor(hours)} h`
  return ms < 120_000 ? `${Math.floor(ms / 1000)} s` : `${Math.floor(ms / 60_000)} min`
}

/** `812 bytes`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB']
  if (bytes < 1000) return plural(bytes, 'byte')
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1] ?? ''}`
}

/** Rows as aligned columns, two spaces apart, without trailing blanks. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/**
 * Makes text from files and servers safe to print: control characters, which could redraw the terminal, become visible
 * escapes. Line breaks and tabs stay, and so do chalk's colour codes when `colour` is set.
 */
export function visible(text: string, colour = false): string {
  return text.replace(/\p{Cc}\[(?:1|2|22|3[1-3]|39)m|[\p{Cc}\p{Bidi_C}]/gu, found => {
    const [first = ''] = found
    if (found === '\n' || found === '\t' || (colour && found.length > 1 && first === '\u001b')) return found
    return escaped(first) + visible(found.slice(1))
  })
}

/** Like `visible`, for JSON text, in which only some control characters are already escaped. */
export function visibleJson(text: string): string {
  return text.replace(/[\u007f-\u009f\p{Bidi_C}]/gu, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
