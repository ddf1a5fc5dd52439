import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { afterCreation } from '../../src/formats/write/create-table.ts'
import type { WriteOptions } from '../../src/formats/write/written.ts'
import { writers } from '../../src/formats/writers.ts'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { compareTables } from '../../src/plan/compare-tables.ts'
import { toDefinition } from '../../src/settings/to-definition.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import { arbitraryTable } from '../support/arbitrary-tables.ts'
import { define, everything, global, manyRegions, off, searched } from './tables.ts'

// Definition → export → load → the same definition, for random tables with names that each format has to escape.
const folder = mkdtempSync(join(tmpdir(), 'dynamox-round-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const nasty = fc.constantFrom(
  ...["it's", '"quoted"', '${var.a}', '%{ if true }', '$${b}', '%%{c}', 'a\\b', '\\n', 'tab\there', 'line\nbreak'],
  ...[
    '# no comment',
    'a: b',
    '- x',
    'on',
    'No',
    'null',
    '~',
    '0123',
    '1e3',
    '12:30',
    '2024-01-01',
    '=',
    '<<',
    '!Ref x',
  ],
  ...[
    '&a',
    '*b',
    '{}',
    '[a]',
    '@at',
    '`tick`',
    '|',
    '>',
    '? k',
    'ü',
    '漢字',
    '😀',
    ' ',
    ' padded ',
    'a  b',
    '__proto__',
  ],
  ...['constructor', '${AWS::Region}', '\\${Sub}', '\u0085', '\u2028', "'''", '/* c */', 'for'],
)
const word = fc.oneof(nasty, fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }))
// Terraform normalises every text to NFC.
const attribute = word.map(name => name.normalize('NFC'))
const indexName = fc.stringMatching(/^[a-zA-Z0-9_.-]{3,20}$/)
const tableName = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9_.-]{3,20}$/),
  fc.constantFrom('on.', 'true', '123', '1e3', '---', 'null', 'users', 'Users', 'user_s', 'user-s', 'class', 'import'),
)
const tagText = fc.stringMatching(/^[a-zA-Z0-9 +=._:/@-]{1,20}$/)
const tagKey = tagText.filter(key => !/^aws:/i.test(key))

const table = fc
  .record({
    table: tableName,
    base: arbitraryTable,
    key: fc.uniqueArray(attribute, { minLength: 1, maxLength: 2 }),
    index: fc.option(fc.record({ name: indexName, key: attribute, held: fc.uniqueArray(attribute, { maxLength: 4 }) })),
    local: fc.option(fc.record({ name: indexName, key: attribute })),
    ttl: fc.option(attribute),
    tags: fc.dictionary(tagKey, tagText, { maxKeys: 4 }),
  })
  .map(({ table, base, key: [partition = 'pk', sort], index, local, ttl, tags }) => ({
    ...base,
    table,
    partitionKey: `${partition}:S`,
    ...(sort === undefined ? {} : { sortKey: `${sort}:N` }),
    globalIndexes: {
      ...base.globalIndexes,
      ...(index === null ? {} : { [index.name]: { partitionKey: `${index.key}:B`, projection: index.held } }),
    },
    ...(local === null || sort === undefined ? {} : { localIndexes: { [local.name]: { sortKey: `${local.key}:S` } } }),
    ...(base.kmsKeyId === undefined ? {} : { kmsKeyId: `arn:aws:kms:eu-west-1:123456789012:key/${base.kmsKeyId}` }),
    ttl: ttl ?? base.ttl,
    tags,
  }))
  .map(input => toDefinition(input, { path: 'random' }).definition)
  // Random names may be used with two types, or belong to two indexes.
  .filter(definition => definition !== undefined)

const tables = fc.uniqueArray(table, { minLength: 1, maxLength: 4, selector: ({ name }) => name })

interface Way {
  readonly format: string
  /** The file that the text is written to. */
  readonly file: string
  readonly options?: WriteOptions
  /** Leaves out what the format has no place for. */
  readonly fit?: (definition: TableDefinition) => TableDefinition
}

const ways: readonly Way[] = [
  { format: 'cloudformation', file: 'template.yaml' },
  { format: 'cloudformation', file: 'template.json', options: { file: 'template.json' } },
  { format: 'sam', file: 'sam.yaml' },
  { format: 'terraform', file: 'main.tf', fit: inTerraform },
  { format: 'serverless', file: 'serverless.yml' },
  { format: 'dynamox', file: 'tables.yaml' },
  { format: 'dynamox', file: 'tables.json', options: { file: 'tables.json' } },
  { format: 'create-table', file: 'create.json', fit: onCreation },
]

describe.each(ways)('$format in $file', way => {
  test('a table with every setting is read back', async () => {
    await roundTrip(way, [everything, off, searched, global, manyRegions])
  })

  test('random tables are read back', { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(tables, definitions => roundTrip(way, definitions)),
      { numRuns: 12 },
    )
  })
})

test('the same tables in any two formats are equal', async () => {
  const tables = [everything, off, searched, global].map(inTerraform).map(onCreation)
  const sources = await Promise.all(ways.map(way => load(way, tables)))
  const pairs = sources.flatMap(from => sources.map(to => [from, to] as const))
  for (const [from, to] of pairs) {
    const changes = from.tables.flatMap(({ definition }) => {
      const other = to.tables.find(each => each.definition.name === definition.name)?.definition
      return other === undefined ? [] : [compareTables({ definition }, { definition: other }).changes]
    })
    expect({ from: from.file, to: to.file, changes }).toEqual({
      from: from.file,
      to: to.file,
      changes: tables.map(() => []),
    })
  }
})

// In a template of CloudFormation, these would mark a part of a service.
test.each(['${self:a}', '${opt:a, "b"}', 'x\\${env:A}', '\\\\${file(a)}y', '${self:open'])(
  'text that looks like a variable of a service: %s',
  async ttl => {
    const definition = define({
      table: 'users',
      partitionKey: 'id',
      ttl,
      globalIndexes: { all: { partitionKey: `${ttl}:S` } },
    })
    await roundTrip({ format: 'serverless', file: 'serverless.yml' }, [definition])
  },
)

test('definitions in TypeScript are read back', async () => {
  await roundTrip({ format: 'dynamox', file: 'tables.ts', options: { file: 'tables.ts' } }, [
    everything,
    off,
    searched,
    global,
  ])
})

/** Writes the tables, and loads them again. */
async function load({ format, file, options = {} }: Way, definitions: readonly TableDefinition[]) {
  const text = (await writers.find(({ name }) => name === format)?.write(definitions, options))?.files[0]?.text ?? ''
  writeFileSync(join(folder, file), text)
  const { tables, warnings } = await loadDefinitions({ cwd: folder, config: false, models: [file], inputs: {} })
  return { file, text, tables, warnings }
}

async function roundTrip(way: Way, given: readonly TableDefinition[]) {
  const definitions = given.map(way.fit ?? same)
  const { text, ...loaded } = await load(way, definitions)
  expect(loaded.warnings, text).toEqual([])
  expect(loaded.tables.map(({ definition }) => definition.name).sort()).toEqual(
    definitions.map(({ name }) => name).sort(),
  )
  for (const definition of definitions) {
    const back = loaded.tables.find(each => each.definition.name === definition.name)?.definition ?? definition
    expect(
      back.assumed.filter(({ guess }) => guess),
      text,
    ).toEqual([])
    expect(compareTables({ definition }, { definition: back }).changes, text).toEqual([])
    expect(compareTables({ definition: back }, { definition }).changes, text).toEqual([])
  }
}

function same(definition: TableDefinition): TableDefinition {
  return definition
}

/** Terraform looks an alias up, which needs AWS. */
// Terraform has no vector indexes, few settings of replicas, and takes keys by their ARNs.
function inTerraform({ vectorIndexes: _, replicas, ...rest }: TableDefinition): TableDefinition {
  const kept = replicas?.map(({ region, kmsKeyId, pointInTimeRecovery: recovery, deletionProtection }) => ({
    region,
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    ...(recovery === undefined ? {} : { pointInTimeRecovery: recovery !== false }),
    ...(deletionProtection === undefined ? {} : { deletionProtection }),
  }))
  const definition: TableDefinition = { ...rest, ...(kept === undefined ? {} : { replicas: kept }) }
  return definition.kmsKeyId?.startsWith('alias/')
    ? { ...definition, kmsKeyId: `arn:aws:kms:eu-west-1:123456789012:key/own` }
    : definition
}

function onCreation(definition: TableDefinition): TableDefinition {
  const without = <Owner extends object>(owner: Owner) =>
    Object.fromEntries(Object.entries(owner).filter(([field]) => !afterCreation.includes(field))) as Owner
  return { ...without(definition), globalIndexes: definition.globalIndexes.map(without) }
}
