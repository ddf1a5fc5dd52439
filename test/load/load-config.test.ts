// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configs hold such placeholders
import { chownSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findConfig } from '../../src/load/find-config.ts'
import { loadConfig } from '../../src/load/load-config.ts'
import { createLoader } from '../../src/load/loader.ts'
import { configFiles } from '../../src/table/project-files.ts'
import { failure } from './support/fails.ts'
import { folder } from './support/folder.ts'

const workspaces = JSON.stringify({ workspaces: ['packages/*'] })

describe('which config counts', () => {
  test.each<[string, Record<string, string | null>, string, string | undefined]>([
    ['none', {}, '.', undefined],
    ['one in the working directory', { '.dynamoxrc': '' }, '.', '.dynamoxrc'],
    ['one in package.json', { 'package.json': '{"dynamox":{}}' }, '.', 'package.json'],
    ['a package.json without the key', { 'package.json': '{}' }, '.', undefined],
    ['a package.json that is broken', { 'package.json': '{' }, '.', undefined],
    [
      'the nearest',
      { '.git': null, '.dynamoxrc': '', 'a/dynamox.config.ts': '', 'a/b/c': null },
      'a/b/c',
      'a/dynamox.config.ts',
    ],
    ['at the root of the repository', { '.git': null, '.dynamoxrc': '', 'a/package.json': '{}' }, 'a', '.dynamoxrc'],
    [
      'in a worktree, whose .git is a file',
      { '.git': 'gitdir: x', '.dynamoxrc': '', 'a/b': null },
      'a/b',
      '.dynamoxrc',
    ],
    ['not above the repository', { '.dynamoxrc': '', 'repo/.git': null, 'repo/a': null }, 'repo/a', undefined],
    [
      'at the root of the workspace, without a repository',
      { 'package.json': workspaces, '.dynamoxrc': '', 'packages/a/package.json': '{}' },
      'packages/a',
      '.dynamoxrc',
    ],
    [
      'at the root of a pnpm workspace',
      { 'pnpm-workspace.yaml': '', '.dynamoxrc': '', 'a/package.json': '{}' },
      'a',
      '.dynamoxrc',
    ],
    [
      'up to the nearest package.json',
      { 'package.json': '{}', '.dynamoxrc': '', 'src/a': null },
      'src/a',
      '.dynamoxrc',
    ],
    [
      'not above the nearest package.json',
      { '.dynamoxrc': '', 'a/package.json': '{}', 'a/src': null },
      'a/src',
      undefined,
    ],
    ['without any root: only the working directory', { '.dynamoxrc': '', a: null }, 'a', undefined],
    ['a folder of that name is none', { '.dynamoxrc': null }, '.', undefined],
  ])('%s', (_, files, cwd, found) => {
    const root = folder(files)
    expect(findConfig({ cwd: join(root, cwd) })).toBe(found && join(root, found))
  })

  test.each(configFiles)('%s is found', name => {
    const root = folder({ [name]: '' })
    expect(findConfig({ cwd: root })).toBe(join(root, name))
  })

  test('is never searched for above the home folder', () => {
    const root = folder({ '.git': null, '.dynamoxrc': '', 'home/me/app': null })
    expect(findConfig({ cwd: join(root, 'home/me/app'), home: join(root, 'home/me') })).toBeUndefined()
    expect(findConfig({ cwd: join(root, 'home/me/app'), home: '/elsewhere' })).toBe(join(root, '.dynamoxrc'))
  })
})

describe('--config and --no-config', () => {
  test('--config names a file', () => {
    const root = folder({ 'config/tables.yaml': '', '.dynamoxrc': '' })
    expect(findConfig({ cwd: root, config: 'config/tables.yaml' })).toBe(join(root, 'config/tables.yaml'))
  })
  test('--no-config uses none', () => {
    expect(findConfig({ cwd: folder({ '.dynamoxrc': '' }), config: false })).toBeUndefined()
  })
  test('a file that does not exist', async () => {
    expect(await failure(() => findConfig({ cwd: folder({}), config: 'no.yaml' }))).toEqual({
      code: 'config',
      message: 'config file no.yaml not found',
      hint: 'check the path after --config, or leave it out to search for one',
    })
  })
})

test('two in one folder are an error that names both', async () => {
  const root = folder({
    '.git': null,
    '.dynamoxrc': '',
    'dynamox.config.ts': '',
    'package.json': '{"dynamox":{}}',
    a: null,
  })
  expect(await failure(() => findConfig({ cwd: root }))).toEqual({
    code: 'config',
    message: '3 configs in one folder: .dynamoxrc, dynamox.config.ts, package.json ("dynamox")',
    hint: 'keep one of them, or name the one to use with --config',
  })
  expect(findConfig({ cwd: root, config: '.dynamoxrc' })).toBe(join(root, '.dynamoxrc'))
})

describe('environment variables in YAML and JSON', () => {
  const load = async (files: Record<string, string>, variables: Record<string, string>, env?: string) => {
    const cwd = folder(files)
    const loader = createLoader({ cwd })
    const config = await loadConfig({ cwd, variables, env }, loader)
    return config?.value
  }
  test.each<[string, Record<string, string>, Record<string, string>, object]>([
    ['a value', { '.dynamoxrc': 'prefix: ${STAGE}-' }, { STAGE: 'dev' }, { prefix: 'dev-' }],
    ['a default', { '.dynamoxrc': 'prefix: ${STAGE:-dev}-' }, {}, { prefix: 'dev-' }],
    ['a default for an empty one', { '.dynamoxrc': 'prefix: ${STAGE:-dev}-' }, { STAGE: '' }, { prefix: 'dev-' }],
    ['an empty default', { '.dynamoxrc': "prefix: '${STAGE:-}'" }, {}, { prefix: '' }],
    ['nothing but comments', { '.dynamoxrc': '# prefix', 'package.json': '{' }, {}, {}],
    ['JSON', { '.dynamoxrc.json': '{"prefix":"${A}${B}"}' }, { A: 'a', B: 'b' }, { prefix: 'ab' }],
    ['package.json', { 'package.json': '{"dynamox":{"models":["${A}/*.ts"]}}' }, { A: 'a' }, { models: ['a/*.ts'] }],
    [
      "variables of IAM's policies stay",
      { '.dynamoxrc': "defaults: { tags: { a: '${aws:username} $HOME' } }" },
      {},
      { defaults: { tags: { a: '${aws:username} $HOME' } } },
    ],
    [
      'scripts have their own way',
      { 'dynamox.config.mjs': "export default { prefix: '${A}' }" },
      {},
      { prefix: '${A}' },
    ],
  ])('%s', async (_, files, variables, expected) => {
    expect(await load(files, variables)).toEqual(expected)
  })

  test('one that is not set is an error', async () => {
    const files = { '.dynamoxrc': 'prefix: a-\nenvironments: { dev: { prefix: "${STAGE}", suffix: -b } }' }
    expect(await failure(load(files, {}, 'dev'))).toMatchObject({
      code: 'config',
      message: '.dynamoxrc:2:24: environments.dev.prefix: the environment variable STAGE is not set',
      hint: 'set it, or give a default, as in ${NAME:-default}',
    })
    // Only the environment that is chosen needs its variables.
    for (const env of [undefined, 'prod'])
      expect(await load(files, {}, env)).toEqual({ prefix: 'a-', environments: { dev: { suffix: '-b' } } })
  })

  test.each(['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'GITHUB_TOKEN', 'DB_PASSWORD', 'OPENAI_API_KEY'])(
    'a secret is not read, so that it is sent nowhere: %s',
    async name => {
      const variables = { [name]: 'hidden', SECRET_TABLE: 'users' }
      const files = (text: string) => ({ '.dynamoxrc': `endpoint: "https://example.com/${text}"` })
      const error = await failure(load(files(`\${${name}}`), variables))
      expect(error.message).toBe(
        `.dynamoxrc:1:1: endpoint: the environment variable ${name} may hold a secret, and is not read from here`,
      )
      expect(error.hint).toBe('use a variable whose name does not suggest a secret')
      // A default would hide that the value is ignored.
      expect((await failure(load(files(`\${${name}:-none}`), variables))).message).toBe(error.message)
      expect(await load(files('${SECRET_TABLE}'), variables)).toEqual({ endpoint: 'https://example.com/users' })
    },
  )

  test.each(['__proto__', 'constructor', 'toString'])('names of JavaScript are only names: %s', async name => {
    expect((await failure(load({ '.dynamoxrc': `prefix: "\${${name}}"` }, {}))).message).toMatch(/ is not set$/)
  })

  test('another environment whose protection depends on a variable that is not set is protected', async () => {
    const files = { '.dynamoxrc': 'environments: { prod: { protected: "${PROTECT}", prefix: "${P}" } }' }
    expect(await load(files, {})).toEqual({ environments: { prod: { protected: true } } })
    expect(await load(files, { PROTECT: 'false', P: 'p' })).toEqual({
      environments: { prod: { protected: false, prefix: 'p' } },
    })
  })

  test('several that are not set are reported together', async () => {
    expect(await failure(load({ '.dynamoxrc': 'prefix: ${A}\nsuffix: ${B}${C}' }, {}))).toMatchObject({
      message: '.dynamoxrc: 3 environment variables are missing',
      problems: [
        'prefix: the environment variable A is not set',
        'suffix: the environment variable B is not set',
        'suffix: the environment variable C is not set',
      ],
    })
  })

  test('a value that is only a variable has the type of its key', async () => {
    const text = `local: ${'${LOCAL}'}
concurrency: ${'${N:-4}'}
allowedAccounts: ${'${ACCOUNT}'}
defaults: { readCapacity: '${'${N:-4}'}', ttl: '${'${N:-4}'}', pointInTimeRecovery: '${'${LOCAL}'}', tags: { n: '${'${N:-4}'}' } }
`
    expect(await load({ '.dynamoxrc': text }, { LOCAL: 'true', ACCOUNT: '012345678901' })).toEqual({
      local: true,
      concurrency: 4,
      allowedAccounts: '012345678901',
      defaults: { readCapacity: 4, ttl: '4', pointInTimeRecovery: true, tags: { n: '4' } },
    })
  })
})

describe('files of others', () => {
  const load = (cwd: string, variables: Record<string, string> = {}) =>
    loadConfig({ cwd, variables }, createLoader({ cwd }))

  // Only root may give files away; the check itself is the same for every user.
  const asRoot = userInfo().uid === 0
  test.runIf(asRoot).each(['.dynamoxrc', '.'])('%s that another user owns is refused', async owned => {
    const cwd = folder({ '.dynamoxrc': 'prefix: a-' })
    chownSync(join(cwd, owned), 12345, 12345)
    expect(await failure(load(cwd))).toEqual({
      code: 'config',
      message: '.dynamoxrc is not used: it or its folder belongs to another user',
      hint: `if you trust it, set DYNAMOX_TRUST_CONFIG=${cwd}; --no-config runs without it`,
    })
    const file = { path: join(cwd, '.dynamoxrc'), value: { prefix: 'a-' } }
    const trusted = { ...file, files: [file] }
    expect(await load(cwd, { DYNAMOX_TRUST_CONFIG: `/elsewhere:${cwd}` })).toEqual(trusted)
    expect(await load(cwd, { DYNAMOX_TRUST_CONFIG: '*' })).toEqual(trusted)
    expect(await load(cwd, { SUDO_UID: '12345' })).toEqual(trusted)
  })

  test("cosmiconfig's own config is not looked for", async () => {
    const cwd = folder({ '.dynamoxrc': 'prefix: a-', '.config/config.cjs': 'globalThis.dynamoxTest = "ran"' })
    const before = process.cwd()
    process.chdir(cwd)
    try {
      expect(await load(cwd)).toMatchObject({ value: { prefix: 'a-' } })
      expect(globalThis).not.toHaveProperty('dynamoxTest')
    } finally {
      process.chdir(before)
    }
  })

  test('$import is not a key', async () => {
    const cwd = folder({ '.dynamoxrc': '$import: ./other.yaml', 'other.yaml': 'prefix: a-' })
    expect((await failure(load(cwd))).message).toBe('.dynamoxrc: $import: unknown key')
  })
})
