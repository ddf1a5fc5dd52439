// Two checkouts side by side, both built and with their packages installed: what they consist of, and what they take.
//   node bench/compare.js <before> <after> [--rounds 15] [--only structure]
// Run it with the Node that is to be measured. Everything is run in turn within a round; the ratios are medians of those.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { folder, isThere, peer, quantile, ratios, rounds, run, startEngine, withProfile } from './measure.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, only: { type: 'string' } },
})
const [before, after] = positionals.map(path => resolve(path))
if (after === undefined) throw new Error('give two folders: node bench/compare.js <before> <after>')
const count = Number(values.rounds ?? 15)
const node = process.execPath
const dynamox = (place, ...args) => [node, join(place, 'bin/dynamox.js'), ...args]

const modelText = `import { defineModel, string } from 'dynamox'
export const User: object = defineModel({ table: 'users', partitionKey: 'pk', attributes: { pk: string() } })`

print(['structure', before, after], [...rowsOf(structure(before), structure(after))])
if (values.only !== 'structure') print([`Node ${process.versions.node}`, before, after], await times())

function structure(place) {
  const source = join(place, 'src')
  const files = readdirSync(source, { recursive: true }).filter(file => file.endsWith('.ts'))
  const lines = files.map(file => readFileSync(join(source, file), 'utf8').split('\n').length - 1)
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))
  const installed = install(place)
  return {
    'source files': files.length,
    lines: lines.reduce((sum, value) => sum + value, 0),
    'median lines': quantile(lines, 0.5),
    'longest file': Math.max(...lines),
    'files under 30 lines': lines.filter(value => value < 30).length,
    'import circles': circles(source, files).length,
    'dependencies, for development': `${Object.keys(dependencies).length}, ${Object.keys(devDependencies).length}`,
    'installed packages': installed.packages,
    'installed size': `${installed.megabytes.toFixed(1)} MB`,
  }
}

/** Circles of imports, of types and of `import()` too: one for each file that closes one. */
function circles(source, files) {
  const importsOf = file =>
    [
      ...readFileSync(join(source, file), 'utf8')
        .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
        .matchAll(/\b(?:from\s+|import\s+|import\(\s*)['"](\.[^'"]+\.ts)['"]/g),
    ].map(([, path]) => relative(source, resolve(source, dirname(file), path)))
  const done = new Set()
  const found = []
  const visit = (file, path) => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file])
    if (done.has(file) || path.includes(file) || !files.includes(file)) return
    for (const next of importsOf(file)) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return found
}

function install(place) {
  const target = join(folder, `install-${place === before ? 'before' : 'after'}`)
  mkdirSync(target)
  writeFileSync(join(target, 'package.json'), '{ "private": true }')
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', target], {
      cwd: place,
      stdio: 'pipe',
    }),
  )
  execFileSync('npm', ['install', '--no-audit', '--no-fund', join(target, packed.filename)], {
    cwd: target,
    stdio: 'pipe',
  })
  const lock = JSON.parse(readFileSync(join(target, 'package-lock.json'), 'utf8'))
  const size = execFileSync('du', ['-sk', join(target, 'node_modules')], { encoding: 'utf8' })
  return { packages: Object.keys(lock.packages).length - 1, megabytes: Number.parseInt(size, 10) / 1024 }
}

async function times() {
  const engine = await startEngine(0, 0)
  const { endpoint } = engine
  await run(dynamox(after, 'create', 'users', '--partition-key', 'pk', '--endpoint', endpoint))
  // As on AWS: the keys come from a profile.
  const exists = place => [...withProfile(), ...dynamox(place, 'exists', 'users', '--endpoint', endpoint)]
  const awsCli = ['aws', 'dynamodb', 'describe-table', '--table-name', 'users', '--endpoint-url', endpoint]
  const model = join(folder, 'user.ts')
  writeFileSync(model, modelText)
  const plain = join(folder, 'user.mjs')
  const library = JSON.stringify(join(after, 'dist/lib/index.js'))
  writeFileSync(plain, `${modelText.replace("'dynamox'", library).replace(': object', '')}\nconsole.log(User)\n`)
  const show = place => dynamox(place, 'show', '--model', model)
  const measured = await rounds(count, {
    bare: [node, peer('bare.cjs'), endpoint, 'describe', 'users'],
    ...(isThere('aws', '--version') ? { aws: awsCli } : {}),
    empty: [node, '-e', '0'],
    plain: [node, plain],
    'exists before': exists(before),
    'exists after': exists(after),
    'version before': dynamox(before, '--version'),
    'version after': dynamox(after, '--version'),
    'help before': dynamox(before, '--help'),
    'help after': dynamox(after, '--help'),
    'show before': show(before),
    'show after': show(after),
  })
  engine.stop()
  const first = await firstRuns([node, plain], show)
  const against = (all, what, base) =>
    ['before', 'after'].map(side => `${quantile(ratios(all[`${what} ${side}`], all[base]), 0.5).toFixed(2)}x`)
  return [
    [
      `exists, keys in a profile, against a bare signed request (${quantile(measured.bare, 0.5).toFixed(0)} ms)`,
      ...against(measured, 'exists', 'bare'),
    ],
    ...('aws' in measured ? [['the same against the AWS CLI', ...against(measured, 'exists', 'aws')]] : []),
    ['--version against node -e 0', ...against(measured, 'version', 'empty')],
    ['--help against node -e 0', ...against(measured, 'help', 'empty')],
    ['show with a model, second run, against plain JavaScript', ...against(measured, 'show', 'plain')],
    ['the same, first run', ...against(first, 'show', 'plain')],
  ]
}

/** Each with an empty cache folder. */
async function firstRuns(plain, show) {
  const all = { plain: [], 'show before': [], 'show after': [] }
  for (let round = 0; round < Math.ceil(count / 2); round += 1) {
    all.plain.push((await run(plain)).ms)
    for (const [side, place] of [
      ['before', before],
      ['after', after],
    ]) {
      const cache = join(folder, 'fresh')
      rmSync(cache, { recursive: true, force: true })
      mkdirSync(cache)
      all[`show ${side}`].push((await run(show(place), { more: { XDG_CACHE_HOME: cache, TMPDIR: cache } })).ms)
    }
  }
  return all
}

function rowsOf(one, other) {
  return Object.keys(one).map(name => [name, String(one[name]), String(other[name])])
}

function print(head, rows) {
  const line = cells => `| ${cells.join(' | ')} |`
  console.log([line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n'))
}
