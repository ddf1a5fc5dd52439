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

  test('a config that defines nothing yet does not lead to the hint to write one', async () => {
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

  test('--json has the path, the findings and the config', async () => {
    const cwd = await project()
    const { stdout } = await runCli(['init', '--json'], { cwd })
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      command: 'init',
      ok: true,
      path: join(cwd, '.dynamoxrc'),
      found: [],
      config: {},
    })
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

  test.each([
    ['.dynamoxrc', /^# (?=[$a-zA-Z]+:|\s)/gm],
    ['dynamox.config.ts', /^ {2}\/\/ (?=[$a-zA-Z]+: |\s|[\]}])/gm],
  ])('every line of %s that is commented out is valid once it is not', async (file, comment) => {
    const cwd = await project()
    await runCli(['init', '--out', file], { cwd })
    const text = readFileSync(join(cwd, file), 'utf8').replace(comment, '')
    // Without the sentences, TypeScript's literals are YAML as well.
    const literals = text.replace(/^ *\/\/.*|^import.*|^export default defineConfig\(|\)$/gm, '')
    const config = parse(file.endsWith('.ts') ? literals : text.replace(/^dynamox: .*$/m, ''))
    expect(await checkConfig(config)).toMatchObject({
      config: { models: 'src/models/**/*.{ts,js}', prefix: 'shop-', suffix: '-v2', overrides: { orders: {} } },
    })
    expect(Object.keys(config)).toHaveLength(12)
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
        'error: .dynamoxrc cannot be written: no such file or folder',
        '  choose a folder that exists and that you may write to',
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

const toolbox = "import { Table } from 'dynamodb-toolbox'\nexport const t = new Table({})\n"
const own =
  "import { defineTable } from 'dynamox'\nexport const T = defineTable({ table: 'users', partitionKey: 'id' })\n"
const template = 'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  T:\n    Type: AWS::DynamoDB::Table\n'
const deployed =
  'Resources:\n  T: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: users, PrimaryKey: { Name: id, Type: String } } }\n'
const terraform = 'resource "aws_dynamodb_table" "t" {\n  name = "users"\n}\n'
const input = '{ "TableName": "users", "KeySchema": [], "AttributeDefinitions": [] }'
const vitest = { 'node_modules/vitest/package.json': '{}' }

describe('init finds', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, object]>([
    ['a folder of models', { 'src/models/a.ts': own, 'src/models/b.ts': toolbox }, { models: 'src/models/*.ts' }],
    ['a model beside other code', { 'src/a.ts': own, 'src/server.ts': 'listen()' }, { models: 'src/a.ts' }],
    ['a model beside its test', { 'src/a.ts': own, 'src/a.test.ts': own }, { models: 'src/a.ts' }],
    ['models of two endings', { 'm/a.ts': own, 'm/b.mjs': own }, { models: ['m/*.ts', 'm/*.mjs'] }],
    ['a model in the folder itself', { 'a.ts': own }, { models: 'a.ts' }],
    ['a folder with the signs of a glob', { 'app/[id]/a.ts': own }, { models: 'app/[id]/a.ts' }],
    ['code of an unknown library', { 'models/a.js': "require('./db')" }, { models: 'models/**/*.{ts,js}' }],
    ['a template', { 'infra/t.yaml': template }, { models: 'infra/t.yaml' }],
    ['Terraform beside other things', { 'main.tf': terraform, 'a.ts': own }, { models: ['*.tf', 'a.ts'] }],
    ['Terraform in its folder', { 'infra/main.tf': terraform }, { models: 'infra' }],
    ['a CreateTable input', { 'db/users.json': input }, { models: 'db/users.json' }],
    ['installed packages and builds', { 'node_modules/x/a.js': own, 'dist/a.js': own }, {}],
    ['a region', { '.env': 'A=1\nexport AWS_REGION = "eu-west-1" # here\n' }, { region: 'eu-west-1' }],
    [
      'all that .env says, and no credentials',
      { '.env': "AWS_PROFILE='shop'\r\nAWS_SECRET_ACCESS_KEY=x\r\nDYNAMODB_ENDPOINT=http://localhost:8000\r\n" },
      { profile: 'shop', endpoint: 'http://localhost:8000' },
    ],
    [
      '.env.local is stronger',
      { '.env': 'AWS_REGION=eu-west-1', '.env.local': 'AWS_REGION=eu-west-3' },
      { region: 'eu-west-3' },
    ],
    [
      'environments, which must not go to the endpoint of .env',
      { '.env': 'AWS_ENDPOINT_URL=http://localhost:8000', '.env.production': 'AWS_REGION=us-east-1' },
      { environments: { local: { endpoint: 'http://localhost:8000' }, production: { region: 'us-east-1' } } },
    ],
    [
      'values of no use',
      { '.env': 'AWS_REGION=$REGION\nAWS_PROFILE=\nAWS_ENDPOINT_URL=http://u:secret@h:1\n#AWS_REGION=eu-west-1\n' },
      {},
    ],
    ['a sample', { '.env.example': 'AWS_REGION=eu-west-1' }, {}],
    ['a test runner', vitest, {}],
  ])('%s', async (_, files, config) => {
    const cwd = await project(files)
    const { stdout } = await runCli(['init', '--json'], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({ ok: true })
    expect(JSON.parse(stdout).config).toEqual(config)
    const text = readFileSync(join(cwd, '.dynamoxrc'), 'utf8')
    expect(parse(text) ?? {}).toEqual(config)
    expect(text.includes("globalSetup: ['dynamox/vitest']")).toBe(files === vitest)
    expect(text).not.toMatch(/secret|SECRET/)
  })

  test('the proposal is shown', async () => {
    const cwd = await project({
      'package.json': '{ "devDependencies": { "jest": "^30" } }',
      'src/models/a.ts': own,
      'src/models/b.ts': own,
      'infra/t.yaml': template,
      '.env': 'AWS_REGION=eu-west-1',
    })
    expect(await runCli(['init', '--yes'], { cwd, tty: true })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('wrote .dynamoxrc'),
      stderr: `found
  infra/t.yaml     CloudFormation template
  src/models/*.ts  2 files: models of dynamox
  .env             region
  jest             tests get these tables with globalSetup: 'dynamox/jest/setup', globalTeardown: 'dynamox/jest/teardown'
.dynamoxrc, with the other settings as comments
  models:
    - infra/t.yaml
    - src/models/*.ts
  region: eu-west-1
`,
    })
  })

  test.each(['.dynamoxrc', 'dynamox.config.ts', 'dynamox.config.cjs', 'dynamox.config.json'])(
    '%s is read as it was proposed',
    async file => {
      const cwd = await project({ 'a.ts': own, '.env': 'AWS_REGION=eu-west-1' })
      expect(await runCli(['init', '--out', file], { cwd })).toMatchObject({ code: 0, stdout: `wrote ${file}\n` })
      const { stdout } = await runCli(['show', '--json'], { cwd })
      expect(JSON.parse(stdout).tables).toMatchObject([{ name: 'users' }])
    },
  )

  test('of two sources of one table, the template is proposed, and this is said', async () => {
    const cwd = await project({
      'infra/t.yaml': deployed,
      'infra/u.yaml': deployed,
      'src/models/a.ts': own,
      'src/models/b.ts': own.replaceAll('users', 'orders'),
      'src/data.json': '{ "TableName": "users", "KeySchema": [], "AttributeDefinitions": [] }',
    })
    const { stderr } = await runCli(['init', '--yes'], { cwd })
    expect(stderr).toBe(`found
  infra/t.yaml     CloudFormation template
  src/models/b.ts  models of dynamox
  infra/u.yaml     left out: infra/t.yaml defines users too; add it if it defines others
  src/data.json    left out: infra/t.yaml defines users too; add it if it defines others
  src/models/a.ts  left out: infra/t.yaml defines users too; add it if it defines others
.dynamoxrc, with the other settings as comments
  models:
    - infra/t.yaml
    - src/models/b.ts
`)
  })

  test('init works in the folder of --out', async () => {
    const cwd = await project({ 'packages/shop/m/a.ts': own, 'b.ts': own })
    expect(await runCli(['init', '--out', 'packages/shop'], { cwd })).toMatchObject({
      stdout: 'wrote packages/shop/.dynamoxrc\n',
    })
    expect(parse(readFileSync(join(cwd, 'packages/shop/.dynamoxrc'), 'utf8'))).toEqual({ models: 'm/*.ts' })
  })

  test('an --out name that no command would find is refused', async () => {
    const cwd = await project()
    expect(await runCli(['init', '--out', 'shop.yml'], { cwd })).toMatchObject({
      code: 2,
      stderr: `error: shop.yml is not a valid name for a config
  use .dynamoxrc (YAML), or dynamox.config with the ending .ts, .js, .yml or .json
`,
    })
  })

  test.each([
    ['y\r', 0],
    ['yes\r', 0],
    ['n\r', 2],
    ['\r', 2],
  ])('%j at the question', async (typed, code) => {
    const cwd = await project({ 'a.ts': own })
    const run = await runCli(['init'], { cwd, tty: true, input: typed })
    expect(run.code).toBe(code)
    expect(run.stderr).toContain('Write .dynamoxrc? (y/N)')
    expect(run.stderr.includes('not confirmed; nothing was changed')).toBe(code === 2)
    expect(existsSync(join(cwd, '.dynamoxrc'))).toBe(code === 0)
  })
})
