import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

// A whole process of its own: what the worker prints must not reach the stdout that results go to.
const script = `
import { createJiti } from ${JSON.stringify(pathToFileURL(resolve('node_modules/jiti/lib/jiti.mjs')).href)}
const jiti = createJiti(${JSON.stringify(resolve('test/load/output.test.ts'))})
const { loadDefinitions } = await jiti.import(${JSON.stringify(resolve('src/load/load-definitions.ts'))})
const { tables } = await loadDefinitions({ config: false, models: ['restless.ts', 'writes-to-descriptor.ts'] })
console.log(tables.map(table => table.definition.name).join())
`

test('model files print to stderr only, and leave nothing running', async () => {
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], {
    cwd: 'test/load/broken',
  })
  expect(stdout).toBe('users\n')
  expect(stderr).toBe(
    [
      'restless: to stdout',
      'restless: written to stdout',
      'restless: to stderr',
      'straight to the descriptor',
      'and once more',
      '',
    ].join('\n'),
  )
})
