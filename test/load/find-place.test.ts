import { describe, expect, test } from 'vitest'
import type { DynamoxError } from '../../src/errors.ts'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { placeText } from '../../src/table/problems.ts'
import { folder } from './support/folder.ts'

/** The place of every problem, and the text that stands there. */
async function places(files: Readonly<Record<string, string>>, options = {}) {
  const error = (await loadDefinitions({ cwd: folder(files), ...options }).catch(thrown => thrown)) as DynamoxError
  return (error.problems ?? []).map(({ place }) =>
    place === undefined ? undefined : `${placeText(place)} ${place.source.slice(place.column - 1).slice(0, 12)}`,
  )
}

describe('configs', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'YAML, with dots in names and an anchor',
      {
        '.dynamoxrc': `tables:
  - table: orders
    partitonKey: id
  - table: users
    partitionKey: id
    globalIndexes: &all
      by-a: { partitionKey: a }
      by-a.x: { partitionKey: 'a:Q' }
  - { table: carts, partitionKey: id, globalIndexes: *all }
`,
      },
      ['.dynamoxrc:3:5 partitonKey:', '.dynamoxrc:8:17 partitionKey', '.dynamoxrc:8:17 partitionKey'],
    ],
    [
      'JSON with tabs',
      {
        '.dynamoxrc.json': '{\n\t"tables": [\n\t\t{ "table": "a-b",\n\t\t  "partitionKey": 5 }\n\t],\n\t"prefx": 1\n}',
      },
      ['.dynamoxrc.json:6:2 "prefx": 1', '.dynamoxrc.json:4:5 "partitionKe'],
    ],
    [
      'package.json',
      {
        'package.json':
          '{ "tables": 1,\n "dynamox": { "tables": [{ "table": "abc", "partitionKey": "id", "tll": "x" }] } }',
      },
      ['package.json:2:66 "tll": "x" }'],
    ],
    [
      'keys that are quoted in paths, and layers',
      { '.dynamoxrc': 'environments:\n  "my env":\n    regoin: x\noverrides:\n  orders: { ttl: 5 }\n' },
      ['.dynamoxrc:3:5 regoin: x', '.dynamoxrc:5:13 ttl: 5 }'],
    ],
    [
      'a script',
      {
        'dynamox.config.mjs': `const shared = { ttl: 5 }
const orders = { table: 'orders', partitionKey: 'id', ...shared }
export default { tables: [orders], prefx: 'a' }`,
      },
      ["dynamox.config.mjs:3:36 prefx: 'a' }", 'dynamox.config.mjs:1:18 ttl: 5 }'],
    ],
  ])('%s', async (_, files, expected) => {
    expect(await places(files)).toEqual(expected)
  })
})

describe('models', () => {
  test.each<[string, string, string, string[]]>([
    [
      'a list in JSON',
      'm.json',
      '[{ "table": "abc", "partitionKey": "id" },\n { "table": "abd", "partitionKey": "id:X" }]',
      ['m.json:2:20 "partitionKe'],
    ],
    ['a field of a table in YAML', 'm.yaml', 'table: abc\npartitionKey: id\nttl: 5\n', ['m.yaml:3:1 ttl: 5']],
    [
      'named exports of CommonJS',
      'm.cjs',
      "const key = 'id'\nmodule.exports = {\n  a: { table: 'abc', partitionKey: key, ttl: 5 },\n}\n",
      ['m.cjs:3:41 ttl: 5 },'],
    ],
    [
      'an assignment to exports',
      'm.cjs',
      "exports.users = { table: 'abc', partitionKey: 'id',\n  ttl: 5 }\n",
      ['m.cjs:2:3 ttl: 5 }'],
    ],
    [
      'a name that is exported later, with a type assertion',
      'm.ts',
      "type T = string\nconst made = { table: 'abc', partitionKey: 'id', ttl: 5 } as { table: T }\nexport { made as users }\n",
      ['m.ts:2:50 ttl: 5 } as '],
    ],
    [
      'a missing member is placed where it is missing',
      'm.js',
      "export const users = {\n  TableName: 'abc',\n  KeySchema: [{ KeyType: 'HASH' }],\n  AttributeDefinitions: [], BillingMode: 'PAY_PER_REQUEST' }\n",
      ["m.js:3:15 { KeyType: '"],
    ],
  ])('%s', async (_, file, text, expected) => {
    expect(await places({ [file]: text }, { models: [file] })).toEqual(expected)
  })
})
