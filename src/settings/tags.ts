import type { ListTagsOfResourceOutput, TableDescription } from '@aws-sdk/client-dynamodb'
import { DynamoxError } from '../errors.ts'
import { isGiven, type TableDefinition } from '../table/definition.ts'
import type { Finding } from '../table/rules/rule.ts'
import { isRecord, listed, shorten, show } from '../table/untyped.ts'
import { awsText, listOf, structure } from './aws-shape.ts'
import { leftAlone } from './change.ts'
import { type FieldCheck, mustBe, wrong } from './checks.ts'
import type { Ask, Found, Setting, Sides } from './setting.ts'
import { type Step, step } from './step.ts'

type Tags = Readonly<Record<string, string>>

declare module '../table/definition.ts' {
  interface FollowUpSettings {
    /** Tags by key; live tags that are not named stay. */
    readonly tags?: Tags | undefined
  }
}

const textMap: FieldCheck = {
  wanted: 'a map from key to value',
  schema: { type: 'object', additionalProperties: { type: 'string' } },
  complaints(value, wanted = textMap.wanted) {
    if (Array.isArray(value)) return mustBe(`${wanted}, such as { team: shop }`, value)
    if (!isRecord(value)) return mustBe(wanted, value)
    return Object.entries(value).flatMap(([key, entry]) =>
      typeof entry === 'string' ? [] : wrong(`must be a string, not ${show(entry)}; put it in quotes`, `.${key}`),
    )
  },
}

// Reads may be outdated for some seconds after a tag was written.
const until = { kind: 'setting', field: 'tags' } as const

export const tags: Setting<'tags'> = {
  fields: {
    tags: {
      check: textMap,
      label: 'tags',
      description: 'Tags by key: up to 50, each value a string.',
      // These engines drop the tags in CreateTable; only TagResource keeps them.
      ignoredBy: ['plain-dynalite', 'dynamodb-local'],
      flag: { spec: '--tag <key=value>', meaning: 'a tag; repeatable', value: 'list', parseEntry },
      mergesByKey: true,
      asReported: (value = {}) => value,
      text: value =>
        Object.entries(value)
          .map(([key, text]) => `${key}=${text}`)
          .join(', ') || 'none',
    },
  },
  rules: [
    {
      id: 'A1',
      aws: 'Number of Tags exceed the current limit for the provided ResourceArn',
      plain: true,
      *check(definition) {
        const count = entriesOf(definition).length
        if (count > 50) yield { at: 'tags', message: `${count} tags; a table can have at most 50` }
      },
    },
    {
      id: 'A2',
      aws: 'The Tag Key provided is invalid, Key: X / The Tag Value provided is invalid, Value: X',
      plain: true,
      *check(definition) {
        for (const [key, value] of entriesOf(definition)) {
          const at = `tags.${key}`
          yield* invalid(key, at, 'Key', 1, 128)
          yield* invalid(value, at, 'Value', 0, 256)
        }
      },
    },
    {
      id: 'A3',
      aws: 'Tag Key cannot be prefixed with aws:, Key: X',
      plain: true,
      *check(definition) {
        for (const [key] of entriesOf(definition)) {
          if (!isReserved(key)) continue
          const message = 'tag keys that start with "aws:" are reserved for AWS'
          yield { at: `tags.${key}`, message, aws: `Tag Key cannot be prefixed with aws:, Key: ${key}` }
        }
      },
    },
  ],
  createMembers(definition) {
    const entries = entriesOf(definition)
    return entries.length === 0 ? {} : { Tags: entries.map(([Key, Value]) => ({ Key, Value })) }
  },
  followUp: {
    field: 'tags',
    title: 'tags',
    requests: ['TagResource', 'UntagResource'],
    read: readPages,
  },
  /** Tags to set and, with `pruneTags`, to remove. `from` holds the live values of the affected keys. */
  compare({ desired, live }, { pruneTags }) {
    if (desired.tags === undefined || !live.read.includes('tags') || !isGiven(desired, 'tags')) return []
    const current = live.definition.tags ?? {}
    const set = Object.fromEntries(Object.entries(desired.tags).filter(([key, value]) => current[key] !== value))
    const drop = pruneTags === true ? unnamed({ desired, live }) : []
    if (Object.keys(set).length === 0 && drop.length === 0) return []
    const touched = Object.entries(current).filter(([key]) => key in set || drop.includes(key))
    return [{ kind: 'modify-tags', set, drop, from: Object.fromEntries(touched) }]
  },
  leftAlone({ desired, live }, { pruneTags }) {
    const isRead = desired.tags !== undefined && live.read.includes('tags')
    return isRead && pruneTags !== true ? leftAlone(unnamed({ desired, live }), 'tag') : []
  },
  /**
   * One call sets all tags, since each tag write locks the table's tags for a second or two; a second call removes
   * tags.
   */
  steps(changes, { arn }) {
    if (arn === undefined) return []
    return changes.flatMap((change): Step[] => {
      if (change.kind !== 'modify-tags') return []
      const set = Object.entries(change.set)
      const steps: Step[] = []
      if (set.length > 0) {
        const Tags = set.map(([Key, Value]) => ({ Key, Value }))
        const summary = `set tags ${set.map(([key, value]) => `${key}=${value}`).join(', ')}`
        steps.push(step('~', summary, { api: 'TagResource', input: { ResourceArn: arn, Tags } }, [change], { until }))
      }
      if (change.drop.length > 0) {
        const input = { ResourceArn: arn, TagKeys: [...change.drop] }
        const summary = `remove tags ${change.drop.join(', ')}`
        steps.push(step('-', summary, { api: 'UntagResource', input }, [change], { until, destroys: true }))
      }
      return steps
    })
  },
  isCarriedOut({ api, input }, { definition: { tags: live = {} } }) {
    if (api === 'TagResource') return (input.Tags ?? []).every(({ Key, Value }) => live[Key ?? ''] === Value)
    if (api === 'UntagResource') return (input.TagKeys ?? []).every(key => live[key] === undefined)
    return true
  },
  aws: {
    members: { Tags: listOf(structure({ Key: awsText, Value: awsText })) },
    read({ Tags: given }, _, report) {
      if (!Array.isArray(given)) return {}
      const tags = new Map<string, unknown>()
      for (const [index, entry] of given.entries()) {
        const { Key: key, Value: text } = isRecord(entry) ? entry : {}
        if (text === undefined) report(`Tags[${index}].Value`, 'is missing', 'A2')
        if (key === undefined) report(`Tags[${index}].Key`, 'is missing', 'A2')
        else if (tags.has(String(key))) report(`Tags[${index}]`, `the key ${show(key)} is given twice; keep one`, 'A3')
        else tags.set(String(key), text)
      }
      return { tags: Object.fromEntries(tags) }
    },
  },
}

function entriesOf(definition: TableDefinition): readonly (readonly [string, string])[] {
  return Object.entries(definition.tags ?? {})
}

const isReserved = (key: string) => /^aws:/i.test(key)

/** Live tags that the definition does not name; AWS's own (`aws:`) cannot be removed and do not count. */
function unnamed({ desired, live }: Pick<Sides, 'desired' | 'live'>): string[] {
  const named = desired.tags ?? {}
  return Object.keys(live.definition.tags ?? {}).filter(key => !(key in named) && !isReserved(key))
}

/** All pages. Tags whose key starts with `aws:` belong to AWS and cannot be changed, so they are left out. */
async function readPages(ask: Ask, { TableArn }: TableDescription): Promise<Found> {
  const pages: ListTagsOfResourceOutput[] = []
  let token: string | undefined
  do {
    const input = { ResourceArn: TableArn, ...(token === undefined ? {} : { NextToken: token }) }
    const found = await ask('ListTagsOfResource', input, page => {
      pages.push(page)
      return { settings: {} }
    })
    if (found?.settings === undefined) return found
    token = pages.at(-1)?.NextToken
  } while (token !== undefined)
  const own = pages.flatMap(({ Tags = [] }) => Tags).filter(({ Key }) => Key !== undefined && !isReserved(Key))
  return { settings: { tags: Object.fromEntries(own.map(({ Key, Value }) => [Key, Value ?? ''])) } }
}

function* invalid(text: string, at: string, part: 'Key' | 'Value', min: number, max: number): Iterable<Finding> {
  const what = `the ${part.toLowerCase()} "${shorten(text)}"`
  const aws = `The Tag ${part} provided is invalid, ${part}: ${text}`
  const count = [...text].length
  if (count < min || count > max)
    yield { at, message: `${what} has ${count} characters; AWS allows ${min} to ${max}`, aws }
  const refused = [...new Set(text.match(/[^\p{L}\p{M}\p{N}\p{Z}_.:/=+\-@]/gu))]
  const allowed = 'only letters, digits, spaces and + - = . _ : / @ are allowed'
  if (refused.length > 0) yield { at, message: `${what} contains ${listed(refused, 'and')}; ${allowed}`, aws }
}

/** `key=value`; a value may hold further equals signs and may be empty, as on AWS. */
function parseEntry(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new DynamoxError('usage', `--tag ${JSON.stringify(text)} is not key=value`, {
    hint: 'for example --tag team=shop',
  })
}
