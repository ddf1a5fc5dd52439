// Pictures of a real terminal, at several widths, with and without colour: what a user sees of the usual commands.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { project } from './support/cli.ts'
import { picture } from './support/picture.ts'
import { terminal } from './support/terminal.ts'

const config = (table: string) => `local: true
tables:
  - { table: users, partitionKey: id${table} }
`

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
