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
