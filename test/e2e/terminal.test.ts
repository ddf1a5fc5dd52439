// A real terminal: spinner, colour, the delete prompt and Ctrl-C, against a slow engine.
import { describe, expect, test } from 'vitest'
import { startSlowEngine } from '../support/engines/slow-engine.ts'
import { dynamox, unique } from './support/cli.ts'
import { terminal } from './support/terminal.ts'

const esc = String.fromCharCode(27)

describe('in a terminal', () => {
  test('create shows a spinner while it waits and one line at the end', async () => {
    const engine = await startSlowEngine({ createTableMs: 700 })
    const name = unique('spin')
    const session = terminal(['create', name, '--partition-key', 'pk', '--endpoint', engine.endpoint])
    await session.until(/⠋|⠙|⠹|⠸|⠼|⠴|⠦|⠧|⠇|⠏/)
    expect(await session.ended).toMatchObject({ code: 0 })
    expect(session.raw()).toContain(`${esc}[`)
    expect(session.text()).toMatch(new RegExp(`${name}\\s+created`))
    expect(session.raw()).toContain(`${esc}[?25h`)
  })

  test('NO_COLOR leaves no colour', async () => {
    const engine = await startSlowEngine({ createTableMs: 300 })
    const session = terminal(['create', unique('plain'), '--partition-key', 'pk', '--endpoint', engine.endpoint], {
      env: { NO_COLOR: '1' },
    })
    await session.ended
    expect(session.raw()).not.toMatch(new RegExp(`${esc}\\[3[0-9]m`))
  })

  test('FORCE_COLOR beside NO_COLOR gives colour, without a warning from Node', async () => {
    const env = { NO_COLOR: '1', FORCE_COLOR: '1' }
    const { stdout, stderr } = await dynamox(['show', '--model', 'fixtures/dynamox/blog.ts'], { env })
    expect(stdout).toContain(`${esc}[1mauthors`)
    expect(stderr).toBe('')
  })

  test('delete asks; no keeps the table, yes deletes it', async () => {
    const engine = await startSlowEngine({ deleteTableMs: 100 })
    const name = unique('ask')
    const at = ['--endpoint', engine.endpoint]
    await dynamox(['create', name, '--partition-key', 'pk', ...at])

    const no = terminal(['delete', name, ...at])
    await no.until(/\?/)
    expect(no.text()).toContain(engine.endpoint)
    no.type('n\r')
    expect((await no.ended).code).not.toBe(70)
    expect((await dynamox(['exists', name, ...at])).code).toBe(0)

    const yes = terminal(['delete', name, ...at])
    await yes.until(/\?/)
    yes.type('y\r')
    expect(await yes.ended).toMatchObject({ code: 0 })
    expect((await dynamox(['exists', name, ...at])).code).toBe(1)
  })

  test('Ctrl-C at the prompt deletes nothing and exits 130', async () => {
    const engine = await startSlowEngine({})
    const name = unique('ctrl-c')
    const at = ['--endpoint', engine.endpoint]
    await dynamox(['create', name, '--partition-key', 'pk', ...at])
    const session = terminal(['delete', name, ...at])
    await session.until(/\?/)
    session.type('\u0003')
    expect(await session.ended).toMatchObject({ code: 130 })
    expect((await dynamox(['exists', name, ...at])).code).toBe(0)
  })

  test('Ctrl-C while waiting says what was sent and what state the table was left in', async () => {
    const engine = await startSlowEngine({ createTableMs: 30_000 })
    const name = unique('ctrl-c')
    const session = terminal(['create', name, '--partition-key', 'pk', '--endpoint', engine.endpoint])
    await session.until(/CREATING/)
    session.type('\u0003')
    expect(await session.ended).toMatchObject({ code: 130 })
    expect(session.text()).toMatch(/interrupted/)
    expect(session.text()).toMatch(/CREATING/)
  })

  test('SIGTERM is 143', async () => {
    const engine = await startSlowEngine({ createTableMs: 30_000 })
    const { start, finished } = await import('./support/cli.ts')
    const child = start(['create', unique('term'), '--partition-key', 'pk', '--endpoint', engine.endpoint])
    const ran = finished(child)
    await new Promise<void>(done => {
      child.stderr?.on('data', data => {
        if (/CREATING|create table|creating/i.test(String(data))) done()
      })
    })
    child.kill('SIGTERM')
    expect((await ran).code).toBe(143)
  })
})
