import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkConfig } from '../../src/config/check-config.ts'
import { project, runCli } from './support/run-cli.ts'

describe('init', () => {
  test('writes a config and says so', async () => {
    const cwd = await project()
    expect(await runCli(['init'], { cwd })).toMatchObject({ code: 0, stdout: 'wrote .dynamoxrc\n', stderr: '' })
    expect(readFileSync(join(cwd, '.dynamoxrc'), 'utf8')).toMatch(/^# dynamox: /)
    expect(await runCli(['show'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing to show: no model, and .dynamoxrc defines no tables'),
    })
  })

  test('a config that defines nothing yet is not asked for once more', async () => {
    const cwd = await project({ '.dynamoxrc': 'prefix: shop-\n' })
    expect(await runCli(['plan'], { cwd })).toMatchObject({
      code: 2,
      stderr: [
        'error: nothing to plan: no model, and .dynamoxrc defines no tables',
        '  give a model file, as in dynamox plan --model src/models/user.ts, or put models or tables into .dynamoxrc',
        '',
      ].join('\n'),
    })
    expect((await runCli(['update', 'users'], { cwd })).stderr).toContain(
      '\n  give a model file with --model, or put models or tables into .dynamoxrc\n',
    )
  })

  test('as JSON', async () => {
    const cwd = await project()
    const { stdout } = await runCli(['init', '--json'], { cwd })
    expect(JSON.parse(stdout)).toEqual({ version: 1, command: 'init', ok: true, path: join(cwd, '.dynamoxrc') })
  })

  test('finds the folder of the models', async () => {
    const cwd = await project()
    mkdirSync(join(cwd, 'models'))
    await runCli(['init'], { cwd })
    expect(parse(readFileSync(join(cwd, '.dynamoxrc'), 'utf8'))).toEqual({ models: 'models/**/*.{ts,js}' })
  })

  test('names the schema of the dynamox that is installed, here or above', async () => {
    const root = await project({
      'node_modules/dynamox/dist/config.schema.json': '{}',
      'packages/a/package.json': '{}',
    })
    const schemaOf = async (cwd: string) => {
      await runCli(['init'], { cwd })
      return parse(readFileSync(join(cwd, '.dynamoxrc'), 'utf8')).$schema
    }
    expect(await schemaOf(join(root, 'packages/a'))).toBe('../../node_modules/dynamox/dist/config.schema.json')
    expect(await schemaOf(root)).toBe('./node_modules/dynamox/dist/config.schema.json')
  })

  test('every line that is commented out is valid once it is not', async () => {
    const cwd = await project()
    await runCli(['init'], { cwd })
    const text = readFileSync(join(cwd, '.dynamoxrc'), 'utf8').replace(
      /^# (?=(?!dynamox)[ a-zA-Z]+:|\s+-|\s+[a-z])/gm,
      '',
    )
    expect(await checkConfig(parse(text))).toMatchObject({ config: { prefix: 'shop-', suffix: '-v2' } })
  })

  test('never writes beside package.json with a dynamox key', async () => {
    const cwd = await project({ 'package.json': '{ "dynamox": {} }' })
    expect(await runCli(['init'], { cwd })).toMatchObject({
      code: 2,
      stderr:
        'error: a config already exists here: package.json ("dynamox")\n  edit it, or remove it first; nothing was written\n',
    })
    expect(existsSync(join(cwd, '.dynamoxrc'))).toBe(false)
  })

  test('a folder that cannot be written to', async () => {
    const cwd = join(await project(), 'gone')
    const { code, stderr } = await runCli(['init'], { cwd })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: [
        `error: ${cwd}/.dynamoxrc cannot be written: ENOENT: no such file or directory`,
        "  run dynamox init in the project's folder, as a user who may write there",
        '',
      ].join('\n'),
    })
  })

  test.each(['.dynamoxrc', 'dynamox.config.ts'])('never writes beside %s', async file => {
    const cwd = await project({ [file]: 'prefix: x-\n' })
    expect(await runCli(['init'], { cwd })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `error: a config already exists here: ${file}\n  edit it, or remove it first; nothing was written\n`,
    })
  })
})
