// Executes the README: files are written, commands run in order in one folder, and what they print is compared.
//
//   ```ts            first line `// src/models/user.ts` (`#` in YAML and shell): the block is that file
//   ```console       `$ command` lines, each followed by what it prints on stdout and stderr together
//
// In expected output, times and ports stand for any time and any port. A block of another kind is not executed, and only
// the kinds listed below may be in the README.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dynamox-readme-')))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

// `npx dynamox` in the README runs the project's own build, and a user's folder has dynamox installed, and jiti with it.
mkdirSync(join(folder, 'shims'))
writeFileSync(
  join(folder, 'shims/npx'),
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
mkdirSync(join(folder, 'node_modules'))
symlinkSync(root, join(folder, 'node_modules/dynamox'))
symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'))
writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')

function blocks(): Block[] {
  const found: Block[] = []
  let open: { language: string; line: number; lines: string[] } | undefined
  for (const [index, line] of readme.split('\n').entries()) {
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
    .replaceAll(folder, '')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:0')
    .replace(/\b\d+(\.\d+)? (ms|s)\b/g, '0 ms')
    .replace(/"durationMs": \d+/g, '"durationMs": 0')
    .replace(/[ \t]+$/gm, '')
    .trim()

function shell(command: string): Promise<string> {
  // The first screen's commands install first; that half is done here already, and by continuous integration for real.
  const local = command.replace(/^npm ci && /, '')
  const path = `${join(folder, 'shims')}:${dirname(process.execPath)}:${process.env.PATH}`
  const child = spawn('sh', ['-c', `${local} 2>&1`], { cwd: folder, env: { ...cleanEnv(), PATH: path } })
  let output = ''
  child.stdout.on('data', data => {
    output += data
  })
  return new Promise(done => child.on('close', () => done(normalise(output))))
}

describe('README', () => {
  test('has only blocks that are executed, or files', () => {
    const others = blocks().filter(block => block.language !== 'console' && !fileName(block))
    expect(others.map(({ language, line }) => `line ${line}: ${language || 'no language'}`)).toEqual([])
  })

  for (const block of blocks()) {
    const name = fileName(block)
    if (name) {
      test(`line ${block.line}: ${name}`, () => {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), `${block.lines.join('\n')}\n`)
      })
    } else if (block.language === 'console') {
      for (const { command, output } of commands(block)) {
        // This very run; `.ci/run` executes it in a fresh clone.
        if (command === 'npm ci && npm test') continue
        test(`line ${block.line}: $ ${command}`, async () => {
          expect(await shell(command)).toBe(output)
        })
      }
    }
  }
})
