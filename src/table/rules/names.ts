import { listed, shorten } from '../untyped.ts'
import { type Finding, placedKeys, placedLists, placedNames, type Rule } from './rule.ts'

/** The rules for names of tables and indexes: 3 to 255 of `a-z A-Z 0-9 _ . -`, and no traces of unset variables. */
export const nameRules: readonly Rule[] = [
  {
    id: 'N1',
    aws: "The parameter 'TableName' is required but was not present in the request",
    *check({ name }) {
      if (name === '') yield { at: 'table', message: 'the table has no name; set "table"' }
    },
  },
  {
    id: 'N2',
    aws: "Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    *check({ name }) {
      if (name !== '') yield* length(name, 'table', 'table name')
    },
  },
  {
    id: 'N3',
    aws: "Value 'a b' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    *check({ name }) {
      yield* characters(name, 'table', 'table name')
    },
  },
  {
    id: 'N4',
    aws: "Value 'ab' at 'globalSecondaryIndexes.1.member.indexName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    *check(definition) {
      for (const { at, name } of placedNames(definition)) {
        yield* length(name, at, 'index name')
        yield* characters(name, at, 'index name')
      }
    },
  },
  {
    id: 'W-undefined-name',
    level: 'warning',
    *check(definition) {
      yield* unfilled(definition.name, 'table', 'table name')
      for (const { at, name } of placedNames(definition)) yield* unfilled(name, at, 'index name')
      for (const { at, role, key } of placedKeys(definition)) yield* unfilled(key.name, at, role, attributeSeparator)
      const { ttl } = definition
      if (typeof ttl === 'string') yield* unfilled(ttl, 'ttl', 'attribute', attributeSeparator)
      for (const { at, names } of placedLists(definition))
        for (const name of names) yield* unfilled(name, at, 'attribute', attributeSeparator)
    },
  },
]

/** Attributes may start with "_". */
const attributeSeparator = /[-.:#/]/

/** Texts that a program puts into a name by mistake. */
const strayValue = /undefined|\[object \w+\]|(?<![A-Za-z])(?:null|NaN)(?![a-z])/

/** Finds names built from an unset variable: `undefined-users`, `-users`, `app--users`. */
function* unfilled(name: string, at: string, part: string, separator = /[-._]/): Iterable<Finding> {
  const [stray] = strayValue.exec(name) ?? []
  const ends = [
    { where: 'starts', text: name[0] ?? '' },
    { where: 'ends', text: name.at(-1) ?? '' },
  ]
  const end = ends.find(({ text }) => name.length > 1 && separator.test(text))
  const [double] = /[-.]{2,}/.exec(name) ?? []
  const found = [
    stray && `contains "${stray}"`,
    end && `${end.where} with "${end.text}"`,
    double && `contains "${double}"`,
  ].find(text => text !== undefined)
  if (found !== undefined) yield { at, message: `${part} "${shorten(name)}" ${found}; is a variable not set?` }
}

function* length(name: string, at: string, what: string): Iterable<Finding> {
  if (name.length >= 3 && name.length <= 255) return
  const characters = name.length === 1 ? '1 character' : `${name.length} characters`
  yield { at, message: `${what} "${shorten(name)}" has ${characters}; DynamoDB allows 3 to 255` }
}

function* characters(name: string, at: string, what: string): Iterable<Finding> {
  if (/^[\w.-]*$/.test(name)) return
  const refused = [...new Set(name.match(/[^a-zA-Z0-9_.-]/gu))]
  const allowed = 'only letters a to z, digits, "_", "." and "-" are allowed'
  yield { at, message: `${what} "${shorten(name)}" contains ${listed(refused, 'and')}; ${allowed}` }
}
