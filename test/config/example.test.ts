import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { environmentSchema as environment, configSchema as schema } from '../../src/config/schema.ts'
import { parseData } from '../../src/load/parse-data.ts'
import { globalIndexFields, localIndexFields, tableFields } from '../../src/settings/fields.ts'
import { toDefinition } from '../../src/settings/to-definition.ts'

const read = (text: string, file: string) => parseData(text, file, { code: 'config', file })

describe('.dynamoxrc.example', async () => {
  const text = readFileSync('.dynamoxrc.example', 'utf8')
  const value = await read(text, '.dynamoxrc')
  const checked = await checkConfig(value)
  const config = 'config' in checked ? checked.config : {}

  test('is a good config', () => {
    expect(checked).toEqual({ config: value })
  })

  test('shows every key, each under a comment', () => {
    expect(Object.keys(config).sort()).toEqual(Object.keys(schema.shape).sort())
    const paragraphs = text.split(/\n\n+/)
    const uncommented = Object.keys(config).filter(
      key => !paragraphs.some(paragraph => paragraph.startsWith('#') && paragraph.includes(`\n${key}:`)),
    )
    expect(uncommented).toEqual([])
  })

  test('shows every key of an environment', () => {
    const shown = new Set(Object.values(config.environments ?? {}).flatMap(each => Object.keys(each)))
    const own = Object.keys(environment.shape).filter(key => !tableFields.includes(key))
    expect(own.filter(key => !shown.has(key))).toEqual(['tables', 'suffix'].filter(key => !shown.has(key)))
  })

  test('shows every field of a table and of an index', () => {
    const tables = [...(config.tables ?? []), config.defaults ?? {}]
    const fields = new Set(tables.flatMap(table => Object.keys(table)))
    expect(tableFields.filter(field => !fields.has(field))).toEqual([])
    const indexes = tables.flatMap(table => Object.values('globalIndexes' in table ? (table.globalIndexes ?? {}) : {}))
    expect(Object.keys(indexes[0] ?? {}).every(field => globalIndexFields.includes(field))).toBe(true)
    expect(localIndexFields).toEqual(['sortKey', 'projection'])
  })

  test('its tables are good', () => {
    for (const table of config.tables ?? []) expect(toDefinition(table, { path: table.table }).problems).toEqual([])
  })
})
