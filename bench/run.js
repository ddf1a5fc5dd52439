// Measures dynamox beside its peers and writes the tables into bench/results.md and docs/speed.md.
//   npm run bench                        everything, some ten minutes
//   npm run bench -- --only startup      one part of it: startup, show, wait, many, fake, local
//   npm run bench -- --rounds 7          fewer rounds
//   npm run bench -- --node <binary>     with another Node; prints the tables and writes nothing
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './measure.js'

const parts = ['startup', 'show', 'wait', 'many', 'fake', 'local']
const text = { type: 'string' }
const { values } = parseArgs({ options: { only: text, rounds: text, node: text, print: { type: 'boolean' } } })
if (values.node !== undefined) {
  const { only, rounds } = values
  const args = Object.entries({ only, rounds }).flatMap(([name, value]) => (value ? [`--${name}`, value] : []))
  const { status } = spawnSync(values.node, [import.meta.filename, '--print', ...args], { stdio: 'inherit' })
  process.exit(status ?? 1)
}
const rounds = Number(values.rounds ?? 15)
const wanted = values.only === undefined ? parts : values.only.split(',')
const unknown = wanted.filter(part => !parts.includes(part))
if (unknown.length > 0) throw new Error(`unknown part ${unknown.join(', ')}; expected one of ${parts.join(', ')}`)

const results = join(root, 'bench/results.md')
const [model] = cpus()
const machine = `${cpus().length} x ${model?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${arch()}, Node ${process.versions.node}`

for (const part of wanted) {
  console.error(`measuring ${part} ...`)
  const { measure } = await import(`./rows/${part}.js`)
  const rows = await measure({ rounds })
  const day = new Date().toISOString().slice(0, 10)
  const table = ['| what | measured | target | peers |', '|---|---|---|---|', ...rows.map(toLine)]
  const foot = `${day}, ${machine}${['startup', 'show', 'local'].includes(part) ? `, ${rounds} rounds` : ''}.`
  if (!values.print) put(results, part, [...table, '', foot])
  console.error([...table, '', foot, ''].join('\n'))
}
if (!values.print) {
  const measured = readFileSync(results, 'utf8')
  const tables = measured
    .slice(measured.indexOf('\n## '))
    .replace(/<!-- .* -->\n*/g, '')
    .trim()
  put(join(root, 'docs/speed.md'), 'speed', [tables])
}

function toLine({ what, measured, target, peers }) {
  return `| ${what} | ${measured} | ${target} | ${peers.join('; ')} |`
}

/** Replaces what stands between two marks; a file without them is left as it is. */
function put(file, name, lines) {
  const text = readFileSync(file, 'utf8')
  const [from, to] = [`<!-- bench ${name} -->`, `<!-- /bench ${name} -->`]
  const [start, end] = [text.indexOf(from), text.indexOf(to)]
  if (start < 0 || end < 0) return
  writeFileSync(file, [text.slice(0, start), from, '\n\n', lines.join('\n'), '\n\n', text.slice(end)].join(''))
}
