import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { chooseLooks } from '../../src/cli/report/choose-report.ts'

const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY })
const yes = { stdout: true, stderr: true }
const no = { stdout: false, stderr: false }

describe('colour and spinners', () => {
  test.each<[string, { tty?: boolean; out?: boolean; color?: boolean; env?: Record<string, string> }, object]>([
    ['a terminal', {}, { colour: yes, spinner: true }],
    ['a pipe', { tty: false }, { colour: no, spinner: false }],
    ['only stdout piped', { out: false }, { colour: { stdout: false, stderr: true }, spinner: true }],
    ['--no-color', { color: false }, { colour: no, spinner: true }],
    ['NO_COLOR', { env: { NO_COLOR: '1' } }, { colour: no, spinner: true }],
    ['NO_COLOR that is empty', { env: { NO_COLOR: '' } }, { colour: yes, spinner: true }],
    ['a dumb terminal', { env: { TERM: 'dumb' } }, { colour: no, spinner: false }],
    ['CI', { env: { CI: 'true' } }, { colour: no, spinner: false }],
    ['CI=false', { env: { CI: 'false' } }, { colour: yes, spinner: true }],
    ['FORCE_COLOR in a pipe', { tty: false, env: { FORCE_COLOR: '1' } }, { colour: yes, spinner: false }],
    ['FORCE_COLOR in CI', { tty: false, env: { FORCE_COLOR: '1', CI: '1' } }, { colour: yes, spinner: false }],
    ['FORCE_COLOR over NO_COLOR', { env: { FORCE_COLOR: '', NO_COLOR: '1' } }, { colour: yes, spinner: true }],
    ['FORCE_COLOR=0', { env: { FORCE_COLOR: '0' } }, { colour: no, spinner: true }],
    ['--no-color over FORCE_COLOR', { color: false, env: { FORCE_COLOR: '1' } }, { colour: no, spinner: true }],
  ])('%s', (_, { tty = true, out = tty, color = true, env = {} }, looks) => {
    expect(chooseLooks({ stdout: stream(out), stderr: stream(tty), env }, color)).toEqual(looks)
  })
})
