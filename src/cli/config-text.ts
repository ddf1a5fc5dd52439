import { basename, extname } from 'node:path'
import type { Proposal } from './propose-config.ts'

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
