// Reading a model file: the first time, and with what the first time left behind.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dynamox, folder, peer, ratios, root, rounds, run, spread } from '../measure.js'

const fields = `
  table: 'users',
  partitionKey: 'pk',
  sortKey: 'sk',
  attributes: { pk: string(), sk: string(), email: string(), status: string(), age: number() },
  globalIndexes: {
    'email-index': { partitionKey: 'email' },
    'by-status': { partitionKey: 'status', sortKey: 'age', projection: ['email'] },
  },
`
const imports = `import { defineModel, number, string } from 'dynamox'\n`

export async function measure({ rounds: count }) {
  const project = join(folder, 'project')
  mkdirSync(join(project, 'node_modules'), { recursive: true })
  symlinkSync(root, join(project, 'node_modules/dynamox'))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(project, 'user.ts'),
    `${imports}interface Row { pk: string }\nexport const User = defineModel({${fields}})\nexport type User = Row\n`,
  )
  writeFileSync(
    join(project, 'user.mjs'),
    `${imports}export const User = defineModel({${fields}})\nconsole.log(User)\n`,
  )
  const show = dynamox('show', '--model', join(project, 'user.ts'))
  const plain = [process.execPath, join(project, 'user.mjs')]
  const first = { plain: [], dynamox: [] }
  for (let round = 0; round < count; round++) {
    first.plain.push((await run(plain)).ms)
    const place = join(folder, 'fresh')
    rmSync(place, { recursive: true, force: true })
    mkdirSync(place)
    rmSync(join(project, 'node_modules/.cache'), { recursive: true, force: true })
    first.dynamox.push((await run(show, { cwd: project, more: { TMPDIR: place, XDG_CACHE_HOME: place } })).ms)
  }
  const jiti = [process.execPath, peer('jiti.cjs'), join(project, 'user.ts')]
  const tsx = installTsx()
  const withTsx = tsx === undefined ? {} : { tsx: [process.execPath, tsx, join(project, 'run.ts')] }
  writeFileSync(join(project, 'run.ts'), "import { User } from './user.ts'\nconsole.log(User)\n")
  const cold = []
  for (const ms of first.plain.slice(0, 5)) {
    for (const place of [folder, project]) rmSync(join(place, 'node_modules/.cache'), { recursive: true, force: true })
    rmSync(join(root, 'node_modules/.cache/jiti'), { recursive: true, force: true })
    cold.push((await run(jiti, { more: { JITI_REBUILD_FS_CACHE: 'true' } })).ms / ms)
  }
  const later = await rounds(count, { plain, dynamox: show, jiti, ...withTsx })
  const peers = ['jiti', ...Object.keys(withTsx)].map(
    name => `${name} ${spread(ratios(later[name], later.plain), 'x')}`,
  )
  return [
    {
      what: '`dynamox show --model user.ts` against the same model as plain JavaScript in node, second run',
      measured: spread(ratios(later.dynamox, later.plain), 'x'),
      target: '<= 2x',
      peers: [...peers, ...(tsx === undefined ? ['tsx not measured'] : [])],
    },
    {
      what: 'first run',
      measured: spread(ratios(first.dynamox, first.plain), 'x'),
      target: '<= 4x',
      peers: [`jiti ${spread(cold, 'x')}`],
    },
  ]
}

/** tsx is no part of this project: installed for the measurement, where that can be done. */
function installTsx() {
  const place = join(folder, 'tsx')
  mkdirSync(place)
  writeFileSync(join(place, 'package.json'), '{ "private": true }')
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', 'tsx'], { cwd: place, stdio: 'pipe' })
    return join(place, 'node_modules/tsx/dist/cli.mjs')
  } catch {
    return undefined
  }
}
