import type { YAMLError } from 'yaml'

interface Explained {
  readonly offset: number
  readonly message: string
}

/** Where a YAML text is wrong and why, in words for somebody who wrote a config and knows no YAML grammar. */
export function explainYamlError([error, next]: readonly [YAMLError, ...YAMLError[]], text: string): Explained {
  const [offset] = error.pos
  switch (error.code) {
    case 'BLOCK_AS_IMPLICIT_KEY': {
      const [, end] = next?.code === 'MULTILINE_IMPLICIT_KEY' ? next.pos : error.pos
      const line = firstLetter(text, end)
      if (line > offset) return { offset: line, message: 'this line is indented too deep' }
      return { offset, message: 'a value with ": " in it has to stand in quotes' }
    }
    case 'MULTILINE_IMPLICIT_KEY':
      return { offset, message: noColon(text, offset) }
    case 'MISSING_CHAR':
      return { offset, message: missing(error.message, text, offset) }
    case 'BAD_INDENT':
      return { offset, message: badIndent(error.message) }
    case 'BAD_SCALAR_START':
      return { offset, message: `a value that begins with ${text.charAt(offset)} has to stand in quotes` }
    case 'BLOCK_IN_FLOW':
      return { offset, message: 'a "," is missing here, or a brace or bracket is not closed' }
    case 'DUPLICATE_KEY':
      return { offset, message: `the key ${/^[^\s:]*/.exec(text.slice(offset))?.[0] ?? ''} is there twice` }
    case 'TAB_AS_INDENT':
      return { offset, message: 'this line is indented with a tab; YAML takes spaces' }
    case 'MULTIPLE_DOCS':
      return { offset, message: 'a second document (---) begins here; one file holds one' }
    case 'UNEXPECTED_TOKEN':
      return { offset, message: `${JSON.stringify(text.slice(offset).split(/\s/)[0])} is not expected here` }
    default:
      return { offset, message: lowerFirst(error.message.trimEnd()) }
  }
}

/** Of the line that holds the offset. */
function firstLetter(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return start + text.slice(start).search(/\S|$/)
}

function noColon(text: string, offset: number): string {
  const [line = ''] = text.slice(offset).split('\n')
  const glued = /^([\w-]+):(?=\S)/.exec(line)
  return glued === null ? 'there is no ":" between key and value' : `"${glued[1]}:" needs a space after it`
}

function missing(message: string, text: string, offset: number): string {
  const [, quote] = /closing (["'])/.exec(message) ?? []
  if (quote !== undefined) return `a ${quote} is opened and never closed`
  const [, bracket] = /end with a ([\]}])/.exec(message) ?? []
  if (bracket !== undefined) return `a ${bracket} is missing`
  if (message.includes('- indicator'))
    return 'this line is indented neither like the "-" of the list nor like what follows it'
  return message.includes('map keys') ? noColon(text, offset) : lowerFirst(message)
}

function badIndent(message: string): string {
  const [, bracket] = /end with a ([\]}])/.exec(message) ?? []
  if (bracket === undefined) return 'this line is not indented like the ones that it belongs to'
  return `a ${bracket} is missing before this line, or stands at its beginning without being indented`
}

// As our own errors begin; not a word in capitals.
function lowerFirst(text: string): string {
  return text.replace(/^[A-Z](?![A-Z])/, letter => letter.toLowerCase())
}
