import type { TableDefinition } from '../definition.ts'
import { listed, shorten } from '../untyped.ts'
import type { Finding, Rule } from './rule.ts'

/** What AWS takes as tags: at most 50, keys of 1 to 128 and values of 0 to 256 characters. */
export const tagRules: readonly Rule[] = [
  {
    id: 'A1',
    level: 'problem',
    aws: 'Number of Tags exceed the current limit for the provided ResourceArn',
    *check(definition) {
      const count = tags(definition).length
      if (count > 50) yield { at: 'tags', message: `${count} tags; a table takes 50` }
    },
  },
  {
    id: 'A2',
    level: 'problem',
    aws: 'The Tag Key provided is invalid, Key: X / The Tag Value provided is invalid, Value: X',
    *check(definition) {
      for (const [key, value] of tags(definition)) {
        const at = `tags.${key}`
        yield* length(key, at, 'key', 1, 128)
        yield* characters(key, at, 'key')
        yield* length(value, at, 'value', 0, 256)
        yield* characters(value, at, 'value')
      }
    },
  },
  {
    id: 'A3',
    level: 'problem',
    aws: 'Tag Key cannot be prefixed with aws:, Key: X',
    *check(definition) {
      for (const [key] of tags(definition)) {
        if (/^aws:/i.test(key))
          yield { at: `tags.${key}`, message: 'tag keys that begin with "aws:" are reserved for AWS' }
      }
    },
  },
]

function tags(definition: TableDefinition): readonly (readonly [string, string])[] {
  return Object.entries(definition.tags ?? {})
}

function* length(text: string, at: string, what: string, min: number, max: number): Iterable<Finding> {
  const count = [...text].length
  if (count >= min && count <= max) return
  yield { at, message: `the ${what} "${shorten(text)}" has ${count} characters; AWS takes ${min} to ${max}` }
}

function* characters(text: string, at: string, what: string): Iterable<Finding> {
  const refused = [...new Set(text.match(/[^\p{L}\p{M}\p{N}\p{Z}_.:/=+\-@]/gu))]
  if (refused.length === 0) return
  const allowed = 'letters, digits, spaces and + - = . _ : / @ are allowed'
  yield { at, message: `the ${what} "${shorten(text)}" holds ${listed(refused, 'and')}; ${allowed}` }
}
