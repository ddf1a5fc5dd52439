import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { dynamox, project, root } from './support/cli.ts'

// Without dynamox in the project (npx, a global install) the running copy stands in, for every import that it has.
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object }
const imports = Object.keys(exports).map(name => `dynamox${name.slice(1)}`)

test.each(['ts', 'cts', 'mts'])('a model in .%s imports every export of dynamox', async extension => {
  const code = [
    `import { defineTable } from 'dynamox'`,
    ...imports.map((name, index) => `import * as own${index} from '${name}'`),
    `const found = [${imports.map((_, index) => `Object.keys(own${index}).length > 0`).join(', ')}]`,
    `export const User = defineTable({ table: 'users-' + found.join('-'), partitionKey: 'pk' })`,
  ]
  const cwd = await project({ [`user.${extension}`]: code.join('\n') })
  const { json } = await dynamox(['show', '--json', '--model', `user.${extension}`], { cwd })
  expect(json.tables.map(({ name }) => name)).toEqual([`users-${imports.map(() => 'true').join('-')}`])
})

test('a missing subpath is named as it was written', async () => {
  const cwd = await project({ 'user.ts': `import { startLocal } from 'dynamox/vitests'\nexport const a = startLocal` })
  const { code, stderr } = await dynamox(['show', '--model', 'user.ts'], { cwd })
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      "error: user.ts:1:29: Cannot find module 'dynamox/vitests'\n  1 | import { startLocal } from 'dynamox/vitests'\n    |                             ^\n",
  })
})

test("required and imported copies share one default client and recognise each other's errors", async () => {
  const imported = await import(pathToFileURL(join(root, 'dist/lib/index.js')).href)
  const required = createRequire(import.meta.url)(join(root, 'dist/lib/index.cjs'))
  const client = new imported.DynamoxClient({ endpoint: 'http://127.0.0.1:8000' })
  imported.setDefaultClient(client)
  expect(required.getDefaultClient()).toBe(client)
  expect(required.isDynamoxError(new imported.DynamoxError('usage', 'no'))).toBe(true)
  expect(Object.keys(required).sort()).toEqual(Object.keys(imported).sort())
})
