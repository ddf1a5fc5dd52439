import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'
import { parseEndpoint } from '../aws/endpoint.ts'
import { attempt } from '../errors.ts'
import { type Discovery, discover, findDoubles } from '../load/discover.ts'
import { findInPackage, readManifest } from '../table/project-files.ts'
import { namesOrCount, plural } from '../table/text.ts'
import { definedOnly, grouped, memberOf } from '../table/untyped.ts'

/** Where requests go, as a config says it. */
type Place = Readonly<Partial<Record<'region' | 'profile' | 'endpoint', string>>>

/** A config for a project, from what lies in its folder. */
interface Proposal {
  readonly models: readonly string[]
  readonly target: Place
  readonly environments: Readonly<Record<string, Place>>
  /** How the installed test runners get the tables; one line each. */
  readonly tests: readonly string[]
  /** All that was found, with what it is: `src/models/*.ts`, `3 files: models of ElectroDB`. */
  readonly reasons: readonly (readonly [name: string, what: string])[]
  readonly found: readonly Discovery[]
}

/** Looks for models, templates, `.env` files and test runners. Runs nothing, and takes no credentials from files. */
export async function proposeConfig(folder: string): Promise<Proposal> {
  const all = await discover(folder, folder)
  const doubles = await findDoubles(all, folder)
  const found = all.filter(each => !doubles.some(({ file }) => file === each))
  const entries = entriesFor(found, folder)
  const places = envFiles(folder).map(name => ({ name, place: readPlace(join(folder, name)) }))
  const used = places.filter(({ place }) => Object.keys(place).length > 0)
  const runners = Object.entries(testRunners).filter(([name]) => isInstalled(name, folder))
  const common = commonFolders.find(name => existsSync(join(folder, name)))
  // Code that takes its library from a file of its own is not recognised, but its folder is.
  const others: readonly Entry[] =
    common === undefined || all.some(({ kind }) => kind === 'model')
      ? []
      : [{ pattern: `${common}/**/*.{ts,js}`, what: 'a folder of models' }]
  const general = used.filter(({ name }) => isGeneral(name)).flatMap(({ place }) => Object.entries(place))
  const { endpoint, ...elsewhere }: Place = Object.fromEntries(general)
  const local: Place = endpoint === undefined ? {} : { endpoint }
  const environments = used
    .filter(({ name }) => !isGeneral(name))
    .map(({ name, place }) => [name.slice('.env.'.length), place] as const)
  // Environments would inherit the endpoint of the developer's own machine.
  const isOwn = environments.length > 0 && endpoint !== undefined
  return {
    models: [...entries, ...others].map(({ pattern }) => pattern),
    target: isOwn ? elsewhere : { ...elsewhere, ...local },
    environments: Object.fromEntries([...(isOwn ? [['local', local] as const] : []), ...environments]),
    tests: runners.map(([name, use]) => `${name}: ${use}`),
    reasons: [
      ...[...entries, ...others].map(({ pattern, what }) => [pattern, what] as const),
      ...doubles.map(({ file, by, tables }) => [file.shown, doubleText(by, tables)] as const),
      ...used.map(({ name, place }) => [name, Object.keys(place).join(', ')] as const),
      ...runners.map(([name, use]) => [name, use] as const),
    ],
    found,
  }
}

function doubleText({ shown }: Discovery, tables: readonly string[]): string {
  return `left out: ${shown} defines ${namesOrCount(tables)} too; add it if it defines others`
}

const commonFolders = ['src/models', 'models', 'src/model', 'src/entities', 'src/db/models']

const testRunners: Readonly<Record<string, string>> = {
  vitest: "tests get these tables with globalSetup: ['dynamox/vitest']",
  jest: "tests get these tables with globalSetup: 'dynamox/jest/setup', globalTeardown: 'dynamox/jest/teardown'",
}

interface Entry {
  readonly pattern: string
  readonly what: string
}

/** A glob for each folder in which every file of an ending defines tables; other files by their names. */
function entriesFor(found: readonly Discovery[], folder: string): readonly Entry[] {
  const shown = (path: string) => relative(folder, path).replaceAll('\\', '/')
  const entries = found.map(({ path, what, kind }): Entry & { readonly path: string } => {
    const [name, parent, ending] = [shown(path), shown(dirname(path)), extname(path)]
    // The project's own folder can hold the files of a template, but more than these.
    if (path === folder) return { path, pattern: '*.tf', what }
    const siblings = readdirSync(dirname(path)).filter(each => extname(each) === ending)
    const isWhole = siblings.every(each => found.some(other => other.path === join(dirname(path), each)))
    const isGlob = kind === 'model' && parent !== '' && isWhole && !/[*?{}[\]()!+@]/.test(parent)
    return { path, pattern: isGlob ? `${parent}/*${ending}` : name, what }
  })
  return grouped(entries, ({ pattern }) => pattern).map(files => {
    const kinds = [...new Set(files.map(({ what }) => what))].join(', ')
    return { pattern: files[0].pattern, what: files.length === 1 ? kinds : `${plural(files.length, 'file')}: ${kinds}` }
  })
}

/** `.env`, `.env.local` and those of environments, in the order of their strength; samples hold no real values. */
function envFiles(folder: string): readonly string[] {
  const isSample = /^\.env\.(.*\.)?(example|sample|template|dist|defaults?|vault|keys|me)$/
  // A folder that cannot be read is reported when the config is written.
  const names = attempt(() => readdirSync(folder)) ?? []
  return names.filter(name => /^\.env(\.[\w-]+)?$/.test(name) && !isSample.test(name)).sort()
}

const isGeneral = (name: string) => name === '.env' || name === '.env.local'

function readPlace(file: string): Place {
  const text = attempt(() => readFileSync(file, 'utf8')) ?? ''
  const lines = text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#]*))/gm)
  const values = new Map([...lines].map(([, name = '', ...texts]) => [name, texts.find(each => each) ?? '']))
  const first = (names: readonly string[], accepts: (value: string) => boolean) =>
    names.map(name => values.get(name)).find(value => value !== undefined && accepts(value))
  const region = first(['AWS_REGION', 'AWS_DEFAULT_REGION'], value => /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(value))
  const profile = first(['AWS_PROFILE'], value => /^[\w.@+-]+$/.test(value))
  const endpoint = first(
    ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL', 'DYNAMODB_ENDPOINT', 'DYNAMODB_ENDPOINT_URL'],
    isEndpoint,
  )
  return definedOnly({ region, profile, endpoint })
}

/** Not a value that another program fills in, nor one with a password. */
function isEndpoint(value: string): boolean {
  return !value.includes('$') && attempt(() => parseEndpoint(value, basename(value))) !== undefined
}

function isInstalled(name: string, folder: string): boolean {
  if (findInPackage(folder, name, 'package.json') !== undefined) return true
  const manifest = readManifest(folder)
  return ['dependencies', 'devDependencies'].some(kind => memberOf(manifest, kind, name) !== undefined)
}

type Settings = Readonly<Record<string, unknown>>

interface Section {
  readonly about: string
  readonly settings?: Settings
  /** Written as comments, unless the settings hold them. */
  readonly examples?: Settings
}

/** The settings of a proposal, without comments. */
export function configOf({ models, target, environments }: Proposal): Settings {
  return {
    ...(models.length === 0 ? {} : { models: models.length === 1 ? models.join() : models }),
    ...target,
    ...(Object.keys(environments).length === 0 ? {} : { environments }),
  }
}

/** The config as the text of a file: settings and commented examples, as YAML, TypeScript or JavaScript; JSON without comments. */
export async function configText(proposal: Proposal, file: string, schema: string | undefined): Promise<string> {
  const ending = extname(basename(file)) || '.yml'
  const reference = schema === undefined ? {} : { $schema: schema }
  if (ending === '.json') return `${JSON.stringify({ ...reference, ...configOf(proposal) }, undefined, 2)}\n`
  const isCode = /^\.[cm]?[jt]s$/.test(ending)
  const write = isCode ? await codeWriter() : await yamlWriter()
  const mark = isCode ? '//' : '#'
  const commented = (text: string) => text.replaceAll(/^(?!$)/gm, `${mark} `)
  const all = sections(proposal).map(({ about, settings = {}, examples = {} }) => {
    const others = Object.entries(examples).filter(([name]) => !(name in settings))
    return [about, write(Object.fromEntries(others))]
      .map(commented)
      .concat(write(settings))
      .filter(text => text !== '')
      .join('\n')
  })
  if (!isCode) {
    const editors = schema === undefined ? [] : [`# For editors.\n${write(reference)}`]
    return `${[commented(head), ...editors, ...all].join('\n\n')}\n`
  }
  const isCommonJs = ending === '.cjs'
  const open = isCommonJs ? "const { defineConfig } = require('dynamox')" : "import { defineConfig } from 'dynamox'"
  const indented = all.join('\n\n').replaceAll(/^(?!$)/gm, '  ')
  return `${commented(head)}\n${open}\n\n${isCommonJs ? 'module.exports =' : 'export default'} defineConfig({\n${indented}\n})\n`
}

/** A config's lines of YAML, as a proposal shows them. */
export async function configLines(proposal: Proposal): Promise<readonly string[]> {
  const text = (await yamlWriter())(configOf(proposal))
  return text === '' ? [] : text.split('\n')
}

async function yamlWriter(): Promise<(settings: Settings) => string> {
  const { yamlText } = await import('../formats/write/yaml-text.ts')
  return settings => (Object.keys(settings).length === 0 ? '' : yamlText(settings).trimEnd())
}

async function codeWriter(): Promise<(settings: Settings) => string> {
  const { typescriptLiteral } = await import('../formats/write/code.ts')
  return settings =>
    Object.entries(settings)
      .map(([name, value]) => `${name}: ${typescriptLiteral(value)},`)
      .join('\n')
}

const head = `dynamox: where the tables are defined and where they live.
Everything is optional; flags are stronger than this file.`

function sections(proposal: Proposal): readonly Section[] {
  const { models = undefined, environments = undefined, ...target } = configOf(proposal)
  const order = {
    table: 'orders',
    partitionKey: 'customerId:S',
    sortKey: 'placedAt:N',
    globalIndexes: { 'by-status': { partitionKey: 'status', sortKey: 'placedAt:N', projection: 'KEYS_ONLY' } },
    ttl: 'expiresAt',
  }
  return [
    {
      about:
        'Files that define tables, relative to this file: models and templates. One file, folder or glob, or a list.',
      settings: models === undefined ? {} : { models },
      examples: { models: 'src/models/**/*.{ts,js}' },
    },
    {
      about:
        'Tables can be defined here as well. A key is name:type, with the types S (string), N (number) and B (binary).',
      examples: { tables: [order] },
    },
    { about: 'Put before and after every table name.', examples: { prefix: 'shop-', suffix: '-v2' } },
    {
      about:
        'Where to go; otherwise the standard AWS environment decides. With local, the embedded engine on .dynamox/local.',
      settings: target,
      examples: { region: 'eu-west-1', profile: 'shop', endpoint: 'http://localhost:8000', local: true },
    },
    {
      about: 'For every table that does not say otherwise.',
      examples: { defaults: { billingMode: 'PAY_PER_REQUEST', deletionProtection: true } },
    },
    {
      about: 'For single tables, stronger than their source.',
      examples: { overrides: { orders: { pointInTimeRecovery: true } } },
    },
    {
      about: 'Chosen with --env or DYNAMOX_ENV, and laid over the rest.',
      settings: environments === undefined ? {} : { environments },
      examples: {
        environments: {
          test: { local: true, prefix: 'test-' },
          prod: { region: 'eu-west-1', protected: true, allowedAccounts: ['123456789012'] },
        },
      },
    },
    {
      about: 'Nothing is changed in any other AWS account.',
      examples: { allowedAccounts: ['123456789012'] },
    },
    ...proposal.tests.map(about => ({ about })),
  ]
}
