// Executes the README and every page of docs/: files are written, commands run in order, and what they print is compared.
// Each page has a folder of its own. A page that says "Examples on this page use ... of the [README]" starts with the
// README's files.
//
//   ```ts            first line `// src/models/user.ts` (`#` in YAML and shell): the block is that file
//   ```console       `$ command` lines, each followed by what it prints on stdout and stderr together
//
// In expected output, times and ports stand for any time and any port, and /home/ann/shop for the page's folder. Only the
// kinds listed above may be on a page.
import { spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { cleanEnv, root } from './support/cli.ts'

interface Block {
  readonly language: string
  readonly line: number
  readonly lines: readonly string[]
}

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).flatMap(name => (name.endsWith('.md') ? `docs/${name}` : [])),
]
const read = (page: string) => readFileSync(join(root, page), 'utf8')
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'dynamox-readme-')))
afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }))

// `npx dynamox` on a page runs the project's own build, and a user's folder has dynamox installed, and jiti with it.
const shims = join(scratch, 'shims')
mkdirSync(shims)
writeFileSync(
  join(shims, 'npx'),
  [
    '#!/bin/sh',
    'case "$1" in',
    `jiti) script="${join(root, 'node_modules/jiti/lib/jiti-cli.mjs')}";;`,
    `*) script="${join(root, 'bin/dynamox.js')}";;`,
    'esac',
    'shift',
    `exec "${process.execPath}" "$script" "$@"`,
    '',
  ].join('\n'),
  { mode: 0o755 },
)

/** A project folder for the examples of one page. */
function projectFor(page: string): string {
  const folder = join(scratch, page.replaceAll(/[/.]/g, '-'))
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  symlinkSync(root, join(folder, 'node_modules/dynamox'))
  for (const name of ['electrodb', '@aws-sdk'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  if (/^Examples on this page use the .* of the \[README\]/m.test(read(page)))
    for (const block of blocks(read('README.md'))) writeBlock(folder, block)
  return folder
}

function writeBlock(folder: string, block: Block): void {
  const name = fileName(block)
  if (!name) return
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), `${block.lines.join('\n')}\n`)
}

function blocks(text: string): Block[] {
  const found: Block[] = []
  let open: { language: string; line: number; lines: string[] } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^```(\S*)$/.exec(line)
    if (fence && open) {
      found.push(open)
      open = undefined
    } else if (fence) open = { language: fence[1] ?? '', line: index + 1, lines: [] }
    else open?.lines.push(line)
  }
  return found
}

const fileName = ({ lines }: Block) => /^(?:\/\/|#) (\S+\.\w+|\.\w+rc)$/.exec(lines[0] ?? '')?.[1]

/** `$ command` and the lines up to the next one. */
function commands({ lines }: Block): { command: string; output: string }[] {
  const found: { command: string; output: string[] }[] = []
  for (const line of lines) {
    if (line.startsWith('$ ')) found.push({ command: line.slice(2), output: [] })
    else found.at(-1)?.output.push(line)
  }
  return found.map(({ command, output }) => ({ command, output: normalise(output.join('\n')) }))
}

// Tables are worked on side by side: what is told of each, meanwhile and in the end, comes in any order.
const unordered = [/^[\w-]+: (create|delete) table /, /^[\w-]+ +(created|deleted) /]

function sortAlike(text: string): string {
  return unordered.reduce((sorted, form) => {
    const lines = sorted.split('\n')
    const told = lines.filter(line => form.test(line)).sort()
    return lines.map(line => (form.test(line) ? told.shift() : line)).join('\n')
  }, text)
}

const normalise = (text: string) => sortAlike(clean(text))

const clean = (text: string) =>
  stripVTControlCharacters(text)
    .replaceAll(new RegExp(`${scratch}/[\\w-]+`, 'g'), '/home/ann/shop')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:0')
    .replace(/\b\d+(\.\d+)? (ms|s)\b/g, '0 ms')
    .replace(/"durationMs": \d+/g, '"durationMs": 0')
    .replace(/[ \t]+$/gm, '')
    .trim()

function shell(command: string, folder: string): Promise<string> {
  const local = command.replace(/^npm ci && /, '')
  const path = `${shims}:${dirname(process.execPath)}:${process.env.PATH}`
  const child = spawn('sh', ['-c', `${local} 2>&1`], { cwd: folder, env: { ...cleanEnv(), PATH: path } })
  let output = ''
  child.stdout.on('data', data => {
    output += data
  })
  return new Promise(done => child.on('close', () => done(normalise(output))))
}

// `.ci/run` installs for real: the tests in a fresh clone, the first example in another, the package in an empty folder.
const installs = ['npm ci && npm test', 'npm install --save-dev dynamox']

describe.each(pages)('%s', page => {
  const all = blocks(read(page))
  const folder = projectFor(page)

  test('has only blocks that are executed, or files', () => {
    const others = all.filter(block => block.language !== 'console' && !fileName(block))
    expect(others.map(({ language, line }) => `line ${line}: ${language || 'no language'}`)).toEqual([])
  })

  for (const block of all) {
    const name = fileName(block)
    if (name) test(`line ${block.line}: ${name}`, () => writeBlock(folder, block))
    else if (block.language === 'console') {
      for (const { command, output } of commands(block)) {
        if (installs.includes(command)) continue
        test(`line ${block.line}: $ ${command}`, async () => {
          expect(await shell(command, folder)).toBe(output)
        })
      }
    }
  }
})
