// Runs the README's first command the way a newcomer does: a fresh clone, an empty npm cache.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check } from './checks.js'

const folder = mkdtempSync(join(tmpdir(), 'dynamox-clone-'))
const command = /^\$ (npm ci && npx dynamox create .*)$/m.exec(readFileSync('README.md', 'utf8'))?.[1]

await check(`in a fresh clone: ${command}`, () => {
  if (!command) throw new Error('the README no longer starts with npm ci && npx dynamox create')
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${process.cwd()}`, join(folder, 'clone')])
  const output = execFileSync('sh', ['-c', `${command} 2>&1`], {
    cwd: join(folder, 'clone'),
    encoding: 'utf8',
    env: { ...process.env, npm_config_cache: join(folder, 'npm') },
  })
  if (!/^authors\s+created/m.test(output)) throw new Error(`no table was created:\n${output}`)
})
rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
