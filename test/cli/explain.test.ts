import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readExplanations } from '../../src/cli/explanations.ts'
import { rules, warningIds } from '../../src/settings/validate.ts'
import { runCli } from './support/run-cli.ts'

const explanations = readExplanations()
const ids = explanations.map(({ id }) => id)

describe('every rule is explained', () => {
  test('rules of definitions and warnings are explained', () => {
    expect([...rules.map(({ id }) => id), ...warningIds].filter(id => !ids.includes(id))).toEqual([])
  })

  test('ids that the code for inputs uses are explained', () => {
    const written = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .flatMap(file => [...readFileSync(join('src', file), 'utf8').matchAll(/'((?:[A-Z]\d{1,2})|(?:W-[a-z-]+))'/g)])
      .map(([, id = '']) => id)
    expect([...new Set(written)].filter(id => !ids.includes(id))).toEqual([])
    expect(new Set(written).size).toBeGreaterThan(50)
  })

  test('every explained id is used', () => {
    const known = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .map(file => readFileSync(join('src', file), 'utf8'))
      .join('\n')
    expect(ids.filter(id => !known.includes(`'${id}'`))).toEqual([])
  })

  test('every row of docs/rules.md is read', () => {
    const text = readFileSync('docs/rules.md', 'utf8')
    expect(text.match(/^\| `/gm)).toHaveLength(ids.length)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('explain', () => {
  test('a warning, in any case', async () => {
    expect((await runCli(['explain', 'w-LOCAL-index'])).stdout).toBe(
      `W-local-index  a warning; silence it in the config: silence: [W-local-index]
  Local indexes limit the items of one partition key value to 10 GB, and cannot be added, changed or removed later.
  Use a global index, or silence the warning if the limits are fine.
`,
    )
  })
  test('a rule of DynamoDB, as JSON', async () => {
    const { code, stdout } = await runCli(['explain', 'L1', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'explain',
      ok: true,
      rules: [explanations.find(({ id }) => id === 'L1')],
    })
  })
  test('without an id: all of them', async () => {
    expect((await runCli(['explain'])).stdout.trimEnd().split('\n')).toHaveLength(ids.length)
  })
  test('an unknown id', async () => {
    expect(await runCli(['explain', 'W-local-indx'])).toMatchObject({
      code: 2,
      stderr:
        'error: "W-local-indx" is not a rule id; did you mean "W-local-index"?\n  dynamox explain lists all of them\n',
    })
  })
  test('several ids are a usage error that names a command for each', async () => {
    expect(await runCli(['explain', 'L1', 'L2'])).toMatchObject({
      code: 2,
      stderr:
        'error: explain takes one rule id, but got 2\n  one after the other: dynamox explain L1; dynamox explain L2\n',
    })
  })
})
