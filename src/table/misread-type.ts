import type { KeyType } from './definition.ts'
import { show } from './untyped.ts'

/** Why `name:word` is not a key: the word was surely meant as a type, and is none of S, N and B; `undefined` for plain names. */
export function misreadType(text: string): string | undefined {
  const colon = text.lastIndexOf(':')
  if (colon < 1) return undefined
  const word = text.slice(colon + 1).trim()
  if (!isTypeWord(word)) return undefined
  const meant = typeOfWord.get(word.toLowerCase())
  const asName = `attribute of that name is written ${show(`${text}:S`)}`
  const start = `${show(text)}: ${word} is not a key type; `
  return meant === undefined
    ? `${start}key attributes are S (string), N (number) or B (binary); an ${asName}`
    : `${start}did you mean "${text.slice(0, colon)}:${meant}"? An ${asName}`
}

/** One letter, a word for a type, or capitals: an attribute is not called `pk:BOOL`. */
function isTypeWord(word: string): boolean {
  return (
    /^([A-Za-z]|[A-Z]{2,4})$/.test(word) || otherWords.has(word.toLowerCase()) || typeOfWord.has(word.toLowerCase())
  )
}

const typeOfWord: ReadonlyMap<string, KeyType> = new Map([
  ['s', 'S'],
  ['string', 'S'],
  ['n', 'N'],
  ['number', 'N'],
  ['b', 'B'],
  ['binary', 'B'],
])

const otherWords = new Set(['ss', 'ns', 'bs', 'bool', 'boolean', 'l', 'list', 'm', 'map', 'set', 'null'])
