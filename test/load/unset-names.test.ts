import { describe, expect, test } from 'vitest'
import * as library from '../../src/index.ts'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { exportedNames } from '../../src/load/worker/locate-error.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const load = (text: string, file = 'm.ts') =>
  failure(loadDefinitions({ cwd: folder({ [file]: text }), models: [file] }))

test('a name from a variable that is not set', async () => {
  const text = `import { defineTable } from 'dynamox'
export const A = defineTable({
  table: process.env.NO_SUCH_TABLE as string,
  partitionKey: 'id',
})`
  expect((await load(text)).message).toBe('m.ts:3:3: A › table: is undefined; is an environment variable not set?')
})

describe('a misspelt export of dynamox', () => {
  test.each([
    [
      'm.ts',
      "import { defineTabel } from 'dynamox'\nexport const A = defineTabel({})",
      'm.ts:2:18',
      'defineTabel',
      'defineTable',
    ],
    [
      'm.mjs',
      "import * as d from 'dynamox'\nexport const A = d.defineModle({})",
      'm.mjs:2:20',
      'defineModle',
      'defineModel',
    ],
    ['m.cjs', "const { strng } = require('dynamox')\nexports.a = strng()", 'm.cjs:2:13', 'strng', 'string'],
  ])('%s', async (file, text, place, name, meant) => {
    expect((await load(text, file)).message).toBe(
      `${place}: dynamox does not export "${name}"; did you mean "${meant}"?`,
    )
  })

  test('a function that is not of dynamox stays as it is', async () => {
    const text = "import 'dynamox'\nconst strung = undefined as unknown as () => void\nstrung()"
    expect((await load(`${text}`)).message).toMatch(/^m\.ts:3:1: /)
    expect((await load('const defineTabel = 5\ndefineTabel()', 'm.cjs')).message).toBe(
      'm.cjs:2:1: TypeError: defineTabel is not a function',
    )
  })

  test('the list of export names matches the library', () => {
    expect([...exportedNames].sort()).toEqual(Object.keys(library).sort())
  })
})
