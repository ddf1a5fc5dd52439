// Pictures of a real terminal, at several widths, with and without colour: what a user sees of the usual commands.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { project } from './support/cli.ts'
import { terminal } from './support/terminal.ts'

const config = (table: string) => `local: true
tables:
  - { table: users, partitionKey: id${table} }
`

/** The screen, with colours as names in angle brackets, and without times, ports and spinner frames. */
function picture(raw: string): string {
  const esc = String.fromCharCode(27)
  const names: Readonly<Record<string, string>> = {
    1: 'bold',
    2: 'dim',
    31: 'red',
    32: 'green',
    33: 'yellow',
    36: 'cyan',
  }
  const codes = new RegExp(`${esc}\\[([0-9;?]*)([A-Za-z])`, 'g')
  return raw
    .replace(codes, (_, code: string, kind: string) => {
      // What stood on the line before, such as a spinner, is erased.
      if (kind === 'K' || kind === 'J') return '\u0000'
      if (kind !== 'm') return ''
      return names[code] === undefined ? '<>' : `<${names[code]}>`
    })
    .replaceAll('\r', '')
    .split('\n')
    .map(line => line.slice(line.lastIndexOf('\u0000') + 1))
    .map(line =>
      line
        .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:0')
        .replace(/\d+\.\d s/g, '0.0 s')
        .trimEnd(),
    )
    .join('\n')
}

describe.each([40, 80, 120])('%i columns', columns => {
  test.each([{}, { NO_COLOR: '1' }])('%o', async (look: Record<string, string>) => {
    const cwd = await project({ '.dynamoxrc': config('') })
    const show = async (...args: string[]) => {
      const session = terminal(args, { cwd, env: look, columns })
      const { code } = await session.ended
      return `$ dynamox ${args.join(' ')}\n${picture(session.raw())}exit ${code}\n`
    }
    const define = (table: string) => writeFileSync(join(cwd, '.dynamoxrc'), config(table))
    const shown = [await show('create'), await show('plan')]
    define(', globalIndexes: { by-mail: { partitionKey: mail } }')
    shown.push(await show('plan'), await show('create'), await show('update', '--yes'))
    define(', sortKey: at')
    shown.push(await show('update'))
    define(', partitonKey: x')
    shown.push(await show('show'), await show('completion', '--help'))
    expect(shown.join('\n')).toMatchSnapshot()
  })
})
