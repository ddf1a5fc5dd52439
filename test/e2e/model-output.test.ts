import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { root } from './support/cli.ts'

const run = promisify(execFile)

// A whole process of its own: what the worker prints must not reach the stdout that results go to.
const script = `
import { loadDefinitions } from ${JSON.stringify(pathToFileURL(join(root, 'dist/lib/index.js')).href)}
const { tables } = await loadDefinitions({ config: false, models: ['restless.ts', 'writes-to-descriptor.ts'] })
console.log(tables.map(table => table.definition.name).join())
`

test('model files print to stderr only, and leave nothing running', async () => {
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(root, 'test/load/broken'),
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
