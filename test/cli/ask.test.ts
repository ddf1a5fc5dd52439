import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { ask } from '../../src/cli/consent.ts'

function terminal() {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin })
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  return { stdin, stderr }
}

describe('a question', () => {
  test.each([
    ['y\r', 'y'],
    ['  users \r', 'users'],
    ['\r', ''],
    ['n\n', 'n'],
  ])('%j', async (typed, answer) => {
    const io = terminal()
    const asked = ask(io, 'Delete users? (y/N) ')
    io.stdin.write(typed)
    expect(await asked).toBe(answer)
    expect(String(io.stderr.read())).toContain('Delete users? (y/N) ')
  })

  test('the end of the input and Ctrl-D do not count as an answer', async () => {
    const ended = terminal()
    const asked = ask(ended, 'Delete users? ')
    ended.stdin.end()
    expect(await asked).toBeUndefined()
    const typed = terminal()
    const again = ask(typed, 'Delete users? ')
    typed.stdin.write('\u0004')
    expect(await again).toBeUndefined()
  })

  test('Ctrl-C is an interruption', async () => {
    const io = terminal()
    const asked = ask(io, 'Delete users? ')
    io.stdin.write('\u0003')
    await expect(asked).rejects.toMatchObject({ code: 'interrupted' })
  })

  test('a signal is an interruption as well', async () => {
    const io = terminal()
    const stop = new AbortController()
    const asked = ask(io, 'Delete users? ', stop.signal)
    stop.abort()
    await expect(asked).rejects.toMatchObject({ code: 'interrupted' })
  })
})
