import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/catalogue.ts'
import { exitCodes } from '../../src/cli/exit-code.ts'
import { partsOf } from '../../src/cli/options/option.ts'
import { optionEntries } from '../../src/cli/options/options.ts'
import { featureLabel } from '../../src/cli/serve/tools.ts'
import { engines } from '../../src/settings/engines.ts'
import type { Feature } from '../../src/table/capabilities.ts'

// The tables of the README and of docs/ agree with the data that the program runs on.
const section = (page: string, title: string) =>
  readFileSync(page, 'utf8')
    .split(/^## /m)
    .find(part => part.startsWith(`${title}\n`)) ?? ''

describe('tables of the documentation', () => {
  test('every command is in the README', () => {
    const table = section('README.md', 'Commands')
    const missing = commands.filter(({ name }) => !table.includes(`| \`dynamox ${name}`))
    expect(missing.map(({ name }) => name)).toEqual([])
  })

  test('every option is documented', () => {
    const text = section('docs/commands.md', 'Options') + section('docs/definitions.md', 'Flags')
    const missing = optionEntries
      .map(([, option]) => partsOf(option).long)
      .filter(flag => !['--help', '--version'].includes(flag) && !text.includes(flag))
    expect(missing).toEqual([])
  })

  test('every exit code is documented', () => {
    const text = readFileSync('docs/exit-codes.md', 'utf8')
    expect(
      [...new Set(Object.values(exitCodes))].filter(code => !new RegExp(`^\\| .*\\b${code}\\b`, 'm').test(text)),
    ).toEqual([])
  })

  test('what each engine does not keep', () => {
    const say = (features: readonly Feature[]) => features.map(featureLabel).join(', ')
    const rows = (['dynalite', 'dynamodb-local', 'extenddb', 'dynoxide', 'plain-dynalite'] as const).map(
      name => `| ${engines[name].label} | ${say(engines[name].ignores)} | ${say(engines[name].refuses) || 'nothing'} |`,
    )
    const table = section('docs/local.md', 'What the engines keep')
    expect(rows.filter(row => !table.includes(row))).toEqual([])
  })
})

describe('links of the documentation', () => {
  const pages = ['README.md', ...readdirSync('docs').map(name => `docs/${name}`)]
  const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly files: readonly string[] }
  // npm packs these whatever `files` says.
  const packed = [...files, 'README.md', 'LICENSE', 'package.json']
  const anchors = (page: string) =>
    [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    )

  test.each(pages)('%s links only to packed files and to headings that exist', page => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const broken = links
      .filter(link => !link.startsWith('https://'))
      .filter(link => {
        const [path = '', anchor] = link.split('#')
        const target = path === '' ? page : relative('.', join(dirname(page), path))
        const isPacked = packed.some(entry => target === entry || target.startsWith(`${entry}/`))
        return !isPacked || !existsSync(target) || (anchor !== undefined && !anchors(target).includes(anchor))
      })
    expect(broken).toEqual([])
  })

  test('the files that CONTRIBUTING names exist', () => {
    const named = [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/`((?:src|test|docs|bin|bench)\/[\w./-]+)`/g)]
    expect(named.map(([, path = '']) => path).filter(path => !existsSync(path))).toEqual([])
  })

  test('the README leads to every page', () => {
    const text = readFileSync('README.md', 'utf8')
    expect(pages.slice(1).filter(page => !text.includes(`](${page})`))).toEqual([])
  })
})
