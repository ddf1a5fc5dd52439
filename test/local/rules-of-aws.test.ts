// Every rule of AWS's control plane that is known, against the embedded engine as clients meet it: over HTTP.
import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { loadDynalite } from '../../src/local/load-dynalite.ts'
import { serveStore } from '../../src/local/serve-store.ts'
import { type Call, many, name, type RuleCase } from './rules/case.ts'
import { indexRules, keyRules } from './rules/keys-and-indexes.ts'
import { arnRules, combinationRules, replicaRules, stateRules, untriedRules, updateRules } from './rules/requests.ts'
import { settingRules, throughputRules, vectorRules } from './rules/settings.ts'
import { call } from './support/call.ts'
import { settingsFor } from './support/teams.ts'

const cases: readonly RuleCase[] = [
  ...[keyRules, indexRules, throughputRules, settingRules, vectorRules],
  ...[updateRules, combinationRules, replicaRules, stateRules, arnRules, untriedRules],
].flat()

/** The rules that the engine cannot meet. */
const outOfReach = ['It asks no KMS, so it takes every key name and records it.']

// Names, keys, indexes, projections, throughput, caps, warm throughput, streams, encryption, class, protection, tags, TTL,
// backups and policies, vectors, replicas, update requests.
const counts = {
  N: 4,
  K: 12,
  G: 7,
  L: 4,
  P: 6,
  T: 10,
  O: 3,
  W: 4,
  S: 4,
  E: 2,
  C: 1,
  D: 1,
  A: 5,
  X: 2,
  R: 2,
  V: 5,
  M: 2,
  U: 11,
}

test('each rule that is known has a case', () => {
  const ids = Object.entries(counts).flatMap(([letter, last]) => many(last, at => `${letter}${at + 1}`))
  expect(ids.filter(id => !cases.some(({ rule }) => rule === id))).toEqual([])
})

test('the documentation lists the rules that the engine does not meet', () => {
  const differing = cases.flatMap(({ differs }) => differs ?? [])
  const page = readFileSync('docs/local.md', 'utf8')
  expect([...differing, ...outOfReach].filter(line => !page.includes(`\n- ${line}\n`))).toEqual([])
})

const { data: _, ...inMemory } = settingsFor('')
const engine = await serveStore(await loadDynalite(), inMemory, 0)
afterAll(() => engine.close(undefined))

/** What is answered: `Type: message`, or `taken`. */
async function answerTo([operation, input]: Call, table: string): Promise<string> {
  const named = JSON.parse(JSON.stringify(input).replaceAll(name, table))
  const { __type, message = '' } = (await call(`http://127.0.0.1:${engine.port}`, operation, named)) as {
    __type?: string
    message?: string
  }
  return __type === undefined ? 'taken' : `${__type.replace(/^.*#/, '')}: ${message}`.replaceAll(table, name)
}

const numbered = cases.map((each, at) => [each.rule, at, each] as const)

test.each(numbered)('rule %s (case %i)', async (_rule, at, { given = [], breaks, says, takes }) => {
  const table = `case-${at}`
  for (const each of given) expect(await answerTo(each, table)).toBe('taken')
  const answer = await answerTo(breaks, table)
  if (typeof says === 'string') expect(answer).toBe(says)
  else expect(answer).toMatch(says)
  expect(await answerTo(takes, table)).toBe('taken')
})

test.each(['SearchVectors', 'RestoreTableToPointInTime', 'TransactWriteItems'])(
  '%s is refused by name',
  async operation => {
    const answer = await call(`http://127.0.0.1:${engine.port}`, operation, {})
    expect(answer).toEqual({
      __type: 'com.amazon.coral.service#UnknownOperationException',
      message: `the embedded engine does not support ${operation}`,
    })
  },
)
