/**
 * The lines on which the elements of a JSON text's lists begin: those of the list that the text is (under `undefined`),
 * or of the lists that are the values of its map, by key. The text is known to be valid.
 */
export function jsonLines(text: string): ReadonlyMap<string | undefined, readonly number[]> {
  const found = new Map<string | undefined, number[]>()
  const isList = /^\s*\[/.test(text)
  const elementDepth = isList ? 1 : 2
  let depth = 0
  let line = 1
  let key: string | undefined
  let expecting = false
  const element = () => {
    if (!expecting || depth !== elementDepth) return
    const lines = found.get(key) ?? []
    lines.push(line)
    found.set(key, lines)
    expecting = false
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '\n') line += 1
    else if (character === '"') {
      const end = endOfString(text, at)
      element()
      // In a map's own depth a string before a colon is a key; a value there is no list, and nobody's element.
      if (!isList && depth === 1) key = JSON.parse(text.slice(at, end + 1))
      at = end
    } else if (character === '[' || character === '{') {
      element()
      depth += 1
      expecting = depth === elementDepth && character === '['
    } else if (character === ']' || character === '}') {
      depth -= 1
      expecting = false
    } else if (character === ',') expecting = depth === elementDepth
    else if (character.trim() !== '' && character !== ':') element()
  }
  return found
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
